/** What BigCommerce's schemas are made of. All numbers are text by then (exact-json.ts). */
import { z } from 'zod'
import { isCurrency } from '../../money/currency.js'

/** A number, or a number as text. */
export const wireId = z.string().regex(/^\d{1,18}$/, { message: 'is no id' })

/** `0`, empty and null name nothing. */
export const wireIdOrNone = z
  .union([wireId, z.literal('')])
  .nullish()
  .transform((id) => (id === null || id === undefined || /^0*$/.test(id) ? null : id))

export const wireText = z.string().nullish()

export const wireFlag = z.union([
  z.boolean(),
  z.enum(['1', 'true']).transform(() => true),
  z.enum(['0', 'false', '']).transform(() => false),
])

export const wireCurrency = z.string().refine(isCurrency, { message: 'is no currency of ISO 4217' })

/** What an answer without content, and one with an empty list, both say. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullable()
    .transform((items) => items ?? [])
}
