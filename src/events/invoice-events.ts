/** Customer invoices (`out`) and vendor bills (`in`): drafted, edited, discarded, posted (L2, L3). */
import { z } from 'zod'
import { event } from './event.js'
import {
  contactSchema,
  directionSchema,
  entrySchema,
  LINES_MAX,
  partySchema,
  pricedLineSchema,
  pricesSchema,
  roundingSchema,
  taxTotalSchema,
  totalsSchema,
} from './parts.js'
import {
  daySchema,
  documentIdSchema,
  exchangeRateSchema,
  slugSchema,
  text,
  uuidSchema,
} from './text.js'

/** The order a document belongs to, as its lists show it. */
export const orderReferenceSchema = z.strictObject({
  orderId: documentIdSchema,
  number: text(50),
  placedOn: daySchema,
  instance: uuidSchema.optional(),
  platformOrderId: text(50).optional(),
})

export const invoiceContentSchema = z.strictObject({
  invoiceId: documentIdSchema,
  books: slugSchema,
  direction: directionSchema,
  order: orderReferenceSchema.nullable(),
  party: partySchema,
  billTo: contactSchema.nullable(),
  /** The supplier's own number of a bill; refused the second time (L26). */
  supplierReference: text(100).optional(),
  documentDate: daySchema,
  dueDate: daySchema,
  currency: z.string().length(3),
  /** Books currency for one unit of the document's; `null` in a draft for which none is known yet (L20). */
  exchangeRate: exchangeRateSchema.nullable(),
  prices: pricesSchema,
  rounding: roundingSchema,
  lines: z.array(pricedLineSchema).min(1).max(LINES_MAX),
  taxes: z.array(taxTotalSchema).max(LINES_MAX),
  totals: totalsSchema,
  note: text(2000).optional(),
})
export type InvoiceContent = z.infer<typeof invoiceContentSchema>

export const invoiceDrafted = event('InvoiceDrafted', invoiceContentSchema)

/** The whole draft as it reads now. */
export const invoiceDraftEdited = event('InvoiceDraftEdited', invoiceContentSchema)

export const invoiceDraftDiscarded = event(
  'InvoiceDraftDiscarded',
  z.strictObject({ invoiceId: documentIdSchema }),
)

/** J1 to J6 for `out`; J33 for `in`. */
export const invoicePosted = event(
  'InvoicePosted',
  invoiceContentSchema.extend({ exchangeRate: exchangeRateSchema, entry: entrySchema }),
)
