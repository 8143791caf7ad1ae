/** The parameters that lists share, parsed from the texts of a query string. */
import { z } from 'zod'
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, sortKeyIn } from './list-page.js'

const POSITION_DIGITS_MAX = 20
const CURSOR_LENGTH_MAX = 1_000
const NAME_LENGTH_MAX = 60

/** A name to filter by. PostgreSQL knows no U+0000, and a lone surrogate is no text. */
export const nameParameter = z
  .string()
  .max(NAME_LENGTH_MAX)
  .refine((name) => name.isWellFormed() && !name.includes('\u0000'), 'is no name')

export const pageParameters = z.strictObject({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `is a number from 1 to ${PAGE_LIMIT_MAX}`)
    .transform((digits) => parseInt(digits, 10))
    .refine((limit) => limit <= PAGE_LIMIT_MAX, `is a number from 1 to ${PAGE_LIMIT_MAX}`)
    .default(PAGE_LIMIT_DEFAULT),
  after: z
    .string()
    .max(CURSOR_LENGTH_MAX)
    .refine((cursor) => sortKeyIn(cursor) !== null, 'is no cursor that a page gave as its next')
    .nullable()
    .default(null),
  /** Waits until the read model holds the event at this position (H5). */
  minPosition: z
    .string()
    .max(POSITION_DIGITS_MAX)
    .regex(/^\d+$/, 'is a position, such as a command answers with')
    .transform((digits) => BigInt(digits))
    .optional(),
  books: nameParameter.optional(),
})

export const directionParameter = z.enum(['out', 'in'])
export const currencyParameter = z.string().regex(/^[A-Z]{3}$/, 'is a currency, such as GBP')
export const flagParameter = z.enum(['true', 'false']).transform((flag) => flag === 'true')

/** M: each list can be narrowed to an instance and to synced documents. */
export const originParameters = {
  instance: z.uuid().optional(),
  synced: flagParameter.optional(),
}
