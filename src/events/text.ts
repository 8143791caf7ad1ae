/**
 * The schemas that every event and every command is made of. Text is well-formed Unicode without U+0000 and every field
 * has a maximum (H2): EventStoreDB stores what PostgreSQL refuses, and one such name would stop every projection.
 *
 * A `pattern` in `meta` is for whoever reads the OpenAPI document: it says as much of the rule beside it as a regular
 * expression can, in the syntax that ECMAScript and RE2 share, and never refuses what the rule takes.
 */
import { z } from 'zod'
import { DECIMAL_TEXT, RATE_TEXT, canonicalDecimal } from '../money/quantity.js'
import { isMoney } from '../money/money.js'

/** Text of at least one and at most `max` UTF-16 units. */
export function text(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\u0000'), {
      message: 'is not well-formed Unicode without U+0000',
    })
    .meta({ pattern: '^[^\\x00]*$' })
}

/** Like {@link text}, and may be empty. */
export function textOrEmpty(max: number) {
  return z.literal('').or(text(max))
}

/** No, two or three digits after the point, as the currencies of ISO 4217 have; no leading zero, no minus zero. */
const AMOUNT_PATTERN =
  '^(?:-?[1-9]\\d{0,14}(?:\\.\\d{2,3})?|0(?:\\.\\d{2,3})?|-0\\.(?:0{1,2}[1-9]|0?[1-9]\\d|[1-9]\\d\\d))$'

/** `{ amount: '12.30', currency: 'GBP' }`, canonical: all digits of the currency, no exponent, no minus zero. */
export const moneySchema = z
  .strictObject({
    amount: z.string().max(24).meta({ pattern: AMOUNT_PATTERN }),
    currency: z.string().length(3).meta({ pattern: '^[A-Z]{3}$' }),
  })
  .refine(({ amount, currency }) => isMoney(amount, currency), {
    message: 'is not canonical decimal text with all digits of its currency, such as 12.30 GBP',
  })

/** Canonical decimal text of at most 12 digits before and 6 after the point. */
export const decimalSchema = z
  .string()
  // Aborts, for what is no number at all must not reach the check below.
  .regex(DECIMAL_TEXT, { abort: true })
  .refine((value) => canonicalDecimal(value) === value, {
    message: 'is not canonical decimal text, such as 1.5 for 1.50',
  })
  .meta({ pattern: '^(?:0|-?[1-9]\\d{0,11}|-?(?:0|[1-9]\\d{0,11})\\.\\d{0,5}[1-9])$' })

/** Books currency for one unit of another: canonical decimal text of at most 12 digits before and after the point. */
export const exchangeRateSchema = z
  .string()
  .regex(RATE_TEXT, { abort: true })
  .refine((value) => canonicalDecimal(value) === value, {
    message: 'is not canonical decimal text, such as 0.5 for 0.50',
  })

/** A rate in percent: `'17.5'`, `'0'`. */
export const ratePercentSchema = decimalSchema
  .refine((value) => !value.startsWith('-'), { message: 'is negative' })
  .meta({ pattern: '^(?:0|[1-9]\\d{0,11}|(?:0|[1-9]\\d{0,11})\\.\\d{0,5}[1-9])$' })

/** A calendar day of the books, `2026-11-22`, that exists. */
export const daySchema = z.iso
  .date()
  .refine((day) => day >= '1900-01-01', { message: 'is before 1900' })
  .meta({ pattern: '^(?:19|[2-9]\\d)\\d\\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$' })

/** An instant in UTC with milliseconds, `2026-11-22T17:05:00.000Z`. */
export const instantSchema = z.iso.datetime({ precision: 3 })

/** Names of accounts and books: `outstanding-receipts`. */
export const slugSchema = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  .max(60)

export const uuidSchema = z.uuid().lowercase().meta({ format: 'uuid' })

/** `<folio>-i1`: a document's id carries its folio. */
export const documentIdSchema = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-[a-z]{1,3}[1-9]\d{0,5}$/)
