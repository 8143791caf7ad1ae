/** The forms in which both versions of the API write values. */
import { z } from 'zod'

/** V2: decimal text with four digits. */
export const v2AmountSchema = z.string().regex(/^-?\d+\.\d{4}$/)

/** V2: an exchange rate, decimal text with ten digits. */
export const v2RateSchema = z.string().regex(/^\d+\.\d{10}$/)

/** V2: RFC 2822, always in UTC. */
export const v2DateSchema = z
  .string()
  .regex(
    /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} \+0000$/,
  )

/** V3: RFC 3339. */
export const v3DateSchema = z.iso.datetime({ offset: true })

/** V3: a number of at most three digits after the point; two, but for the currencies that have others. */
export const v3AmountSchema = z
  .number()
  .refine((value) => Math.abs(value * 1_000 - Math.round(value * 1_000)) < 1e-3, 'Too many digits.')

export const v3AmountNotNegativeSchema = v3AmountSchema.nonnegative()

export const idSchema = z.int().positive()

export const currencySchema = z.string().regex(/^[A-Z]{3}$/)

export const emptyMetaSchema = z.strictObject({})

export const paginationSchema = z.strictObject({
  pagination: z.strictObject({
    total: z.int().nonnegative(),
    count: z.int().nonnegative(),
    per_page: z.int().positive(),
    current_page: z.int().positive(),
    total_pages: z.int().nonnegative(),
    links: z.strictObject({
      previous: z.string().optional(),
      current: z.string(),
      next: z.string().optional(),
    }),
  }),
})

export function v2Date(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000')
}

export function v3Date(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, '+00:00')
}
