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
  exchangeRateSchema,
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

/** A line of an order; imported, it says what its platform calls it by when it is refunded (B11). */
export const orderLineSchema = lineSchema.extend({ platformLine: text(50).optional() })
export type OrderLine = z.infer<typeof orderLineSchema>

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
  /** Books currency for one unit of the order's currency; `null`: none was known then (L20). */
  exchangeRate: exchangeRateSchema.nullable(),
  prices: pricesSchema,
  lines: z.array(orderLineSchema).min(1).max(LINES_MAX),
  storeCredit: moneySchema.optional(),
  giftCertificates: moneySchema.optional(),
  payments: z.array(orderPaymentSchema).max(100),
  /** Why no tax was charged, where none was. */
  untaxedReason: text(200).optional(),
  /** The order that this one took the place of, as its store numbers it (L16). */
  replaces: text(50).optional(),
})
export type OrderContent = z.infer<typeof orderContentSchema>

const orderIdentity = { orderId: documentIdSchema, books: slugSchema }

/** The order's totals: by our own pricing for one placed by hand, the platform's own for an imported one. */
const orderTotals = { totals: totalsSchema }

export const orderPlaced = event(
  'OrderPlaced',
  orderContentSchema.extend({ ...orderIdentity, ...orderTotals }),
)

/** How far an imported order was carried by its workflow, and why no further (L28). */
const carriedSchema = z.strictObject({
  until: z.enum(['order', 'draft_invoice', 'posted_invoice', 'registered_payment']),
  /** What it waits for, or the refusal that stopped it; `null`: the workflow goes no further. */
  waits: text(60).nullable(),
  /** The invoice that the workflow made of it. */
  invoice: documentIdSchema.nullable(),
})
export type Carried = z.infer<typeof carriedSchema>

/** A line of the order that says something else than its posted invoices, less what notes took back (L16). */
const lineDifferenceSchema = z.strictObject({
  /** The order's line, counted from 0. */
  line: z.int().min(0),
  ordered: z.strictObject({ quantity: decimalSchema, gross: moneySchema }),
  invoiced: z.strictObject({ quantity: decimalSchema, gross: moneySchema }),
  credited: z.strictObject({ quantity: decimalSchema, gross: moneySchema }),
  /** Above zero: it can still be invoiced; below: it is to be credited. */
  difference: moneySchema,
})
export type LineDifference = z.infer<typeof lineDifferenceSchema>

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
    /** Older than its instance's start date: visible, without postings (L29). */
    isHistory: z.literal(true).optional(),
    carried: carriedSchema.optional(),
    /** Only where the order was changed after it was invoiced. */
    differences: z.array(lineDifferenceSchema).max(LINES_MAX).optional(),
    /** This state was known already: it is here again because it could be carried further. */
    isRepeat: z.literal(true).optional(),
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
