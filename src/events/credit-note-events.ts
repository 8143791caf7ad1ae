/** Credit notes, linked to an invoice or ad hoc (L5, L6, L11). They move no money. */
import { z } from 'zod'
import { event } from './event.js'
import {
  contactSchema,
  creditLineSchema,
  directionSchema,
  entrySchema,
  LINES_MAX,
  partySchema,
  pricesSchema,
  roundingSchema,
  taxTotalSchema,
  totalsSchema,
} from './parts.js'
import { orderReferenceSchema } from './invoice-events.js'
import {
  daySchema,
  documentIdSchema,
  exchangeRateSchema,
  moneySchema,
  slugSchema,
  text,
} from './text.js'

export const creditNoteContentSchema = z.strictObject({
  creditNoteId: documentIdSchema,
  books: slugSchema,
  direction: directionSchema,
  /** The invoice it takes back; `null` for an ad-hoc note. */
  invoice: z.strictObject({ invoiceId: documentIdSchema, number: text(40) }).nullable(),
  order: orderReferenceSchema.nullable(),
  party: partySchema,
  billTo: contactSchema.nullable(),
  supplierReference: text(100).optional(),
  documentDate: daySchema,
  reason: text(500),
  currency: z.string().length(3),
  /** The invoice's own rate, for what is taken back was booked with it; `null` in an ad-hoc draft without one (L20). */
  exchangeRate: exchangeRateSchema.nullable(),
  prices: pricesSchema,
  rounding: roundingSchema,
  lines: z.array(creditLineSchema).min(1).max(LINES_MAX),
  taxes: z.array(taxTotalSchema).max(LINES_MAX),
  totals: totalsSchema,
  /** Whether its quantity may be invoiced again (L2). */
  invoiceableAgain: z.boolean(),
})
export type CreditNoteContent = z.infer<typeof creditNoteContentSchema>

export const creditNoteDrafted = event('CreditNoteDrafted', creditNoteContentSchema)

/** The whole draft as it reads now. */
export const creditNoteDraftEdited = event('CreditNoteDraftEdited', creditNoteContentSchema)

export const creditNoteDraftDiscarded = event(
  'CreditNoteDraftDiscarded',
  z.strictObject({ creditNoteId: documentIdSchema }),
)

/** J7 for `out`, J34 for `in`. Taxes are cumulative over the invoice's notes (L6), so they are final only here. */
export const creditNotePosted = event(
  'CreditNotePosted',
  creditNoteContentSchema.extend({ exchangeRate: exchangeRateSchema, entry: entrySchema }),
)

/**
 * J41: the opposite of the note's own entry and of all that it settled (J8). Only of a note on which nothing hangs.
 */
export const creditNoteVoided = event(
  'CreditNoteVoided',
  z.strictObject({
    creditNoteId: documentIdSchema,
    /** Its own invoice, which is due again by `settled`. */
    invoiceId: documentIdSchema.nullable(),
    settled: moneySchema,
    reason: text(500),
    entry: entrySchema,
  }),
)

/** J8, J35: a linked note settles what its own invoice still asks, in the same append, under its trigger's number. */
export const creditSettled = event(
  'CreditSettled',
  z.strictObject({
    creditNoteId: documentIdSchema,
    invoiceId: documentIdSchema,
    amount: moneySchema,
    entry: entrySchema,
  }),
)
