/** The order of a folio: a sale placed by hand or imported (L1). Orders post nothing. */
import { z } from 'zod'
import { event } from './event.js'
import {
  contactSchema,
  LINES_MAX,
  lineSchema,
  partySchema,
  pricesSchema,
  totalsSchema,
} from './parts.js'
import {
  daySchema,
  decimalSchema,
  documentIdSchema,
  instantSchema,
  moneySchema,
  slugSchema,
  text,
  textOrEmpty,
  uuidSchema,
} from './text.js'

/** Money the source says has come or been spent on the order so far. Information: it books nothing by itself. */
const orderPaymentSchema = z.strictObject({
  method: text(100),
  gateway: text(100).optional(),
  transaction: text(200).optional(),
  amount: moneySchema,
})

/** What an order says, whoever says it. */
export const orderContentSchema = z.strictObject({
  number: text(50),
  placedOn: daySchema,
  /** The source's own local time, as it came, where it names one. */
  placedAt: text(40).optional(),
  party: partySchema,
  billTo: contactSchema.nullable(),
  shipTo: contactSchema.nullable(),
  paymentMethod: text(100).optional(),
  gateway: text(100).optional(),
  currency: z.string().length(3),
  /** Books currency for one unit of the order's currency. */
  exchangeRate: decimalSchema,
  prices: pricesSchema,
  lines: z.array(lineSchema).min(1).max(LINES_MAX),
  storeCredit: moneySchema.optional(),
  giftCertificates: moneySchema.optional(),
  payments: z.array(orderPaymentSchema).max(100),
  /** Why no tax was charged, where none was. */
  untaxedReason: text(200).optional(),
})
export type OrderContent = z.infer<typeof orderContentSchema>

const orderIdentity = { orderId: documentIdSchema, books: slugSchema }

/** The order's totals: by our own pricing for one placed by hand, the platform's own for an imported one. */
const orderTotals = { totals: totalsSchema }

export const orderPlaced = event(
  'OrderPlaced',
  orderContentSchema.extend({ ...orderIdentity, ...orderTotals }),
)

/** The state of an order as a platform showed it; again with each newer state (L1). */
export const orderImported = event(
  'OrderImported',
  orderContentSchema.extend({
    ...orderIdentity,
    ...orderTotals,
    instance: uuidSchema,
    platformOrderId: text(50),
    /** The platform's own modification date: an older state than the one recorded is ignored. */
    modifiedAt: instantSchema,
    status: textOrEmpty(50),
    paymentStatus: textOrEmpty(50),
  }),
)

/** What is not invoiced yet will not be (L2, L15). It posts nothing. */
export const orderCancelled = event(
  'OrderCancelled',
  z.strictObject({ orderId: documentIdSchema, reason: text(500) }),
)

/**
 * A document of a foreign file was taken over into this folio. The fingerprint of its content tells the same document
 * again from another one with the same number. How a credit note was split up stands here too, so that a run after a
 * crash, or over another file with the same document, completes exactly what the first began.
 */
export const sourceDocumentRecorded = event(
  'SourceDocumentRecorded',
  z.strictObject({
    books: slugSchema,
    format: slugSchema,
    number: text(50),
    fingerprint: text(100),
    /** Credit notes on invoices of earlier documents, one a folio, and the lines that no invoice answers for. */
    linked: z
      .array(
        z.strictObject({
          folio: uuidSchema,
          lines: z
            .array(
              z.strictObject({
                invoiceLine: z.int().min(0),
                quantity: decimalSchema,
                unitPrice: decimalSchema,
              }),
            )
            .max(LINES_MAX),
        }),
      )
      .max(LINES_MAX),
    adHoc: z.array(lineSchema).max(LINES_MAX),
  }),
)
