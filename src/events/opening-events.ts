/** J42: what the books begin with, one entry with open items by party (L29). */
import { z } from 'zod'
import { event } from './event.js'
import { directionSchema, entrySchema, LINES_MAX, partySchema } from './parts.js'
import {
  daySchema,
  documentIdSchema,
  exchangeRateSchema,
  moneySchema,
  slugSchema,
  text,
} from './text.js'

/** A document of the time before: what it still asks, or still has to give. */
const openingItemSchema = z.strictObject({
  documentId: documentIdSchema,
  kind: z.enum(['invoice', 'prepayment']),
  direction: directionSchema,
  /** The number it has had. */
  number: text(40),
  party: partySchema,
  documentDate: daySchema,
  dueDate: daySchema.optional(),
  amount: moneySchema,
  booksAmount: moneySchema,
  exchangeRate: exchangeRateSchema,
})
export type OpeningItem = z.infer<typeof openingItemSchema>

export const openingBalancesPosted = event(
  'OpeningBalancesPosted',
  z.strictObject({
    books: slugSchema,
    date: daySchema,
    items: z.array(openingItemSchema).max(LINES_MAX),
    entry: entrySchema,
  }),
)
