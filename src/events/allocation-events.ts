/**
 * A credit on an open invoice, and back (L7). Within one folio it is applied at once. Across two it is reserved on the
 * credit's folio, applied or refused on the invoice's, and then concluded or released on the credit's again
 * (architecture 1): whatever is lost in between, neither side is over-used and somebody can finish it.
 */
import { z } from 'zod'
import { event } from './event.js'
import { creditKindSchema } from './payment-events.js'
import { directionSchema, entrySchema, partySchema } from './parts.js'
import {
  daySchema,
  documentIdSchema,
  moneySchema,
  ratePercentSchema,
  slugSchema,
  text,
} from './text.js'

/** The credit as the invoice's folio must know it, which cannot ask. */
export const allocatedCreditSchema = z.strictObject({
  allocationId: documentIdSchema,
  documentId: documentIdSchema,
  documentKind: creditKindSchema,
  documentNumber: text(40),
  direction: directionSchema,
  party: partySchema,
  books: slugSchema,
  /** In the document's currency; `booksAmount` with the rate that the credit was booked with (J40). */
  amount: moneySchema,
  booksAmount: moneySchema,
  /** What the document then has left to use, all else that is drawn taken off. */
  remaining: moneySchema,
  /** Tax that was due when the deposit came: it is taken back here (J12). */
  tax: z
    .strictObject({
      code: text(40),
      ratePercent: ratePercentSchema,
      amount: moneySchema,
      booksAmount: moneySchema,
    })
    .optional(),
  /** Money that a gateway took: it counts as an online payment of the invoice (C3). */
  online: z.strictObject({ gateway: text(100), transaction: text(200) }).optional(),
})
export type AllocatedCredit = z.infer<typeof allocatedCreditSchema>

const invoiceReference = { invoiceId: documentIdSchema, invoiceNumber: text(40) }

/** On the credit's folio: drawn, until the invoice's folio has answered. Posts nothing. */
export const allocationReserved = event(
  'AllocationReserved',
  z.strictObject({ credit: allocatedCreditSchema, ...invoiceReference, date: daySchema }),
)

/** On the invoice's folio: J10, J11, and J40 between two rates. Within one folio it draws on the credit itself. */
export const allocationApplied = event(
  'AllocationApplied',
  z.strictObject({
    credit: allocatedCreditSchema,
    ...invoiceReference,
    date: daySchema,
    /** What the invoice then still asks. */
    due: moneySchema,
    entry: entrySchema,
  }),
)

/** On the invoice's folio: the reservation will never be applied. */
export const allocationRefused = event(
  'AllocationRefused',
  z.strictObject({
    allocationId: documentIdSchema,
    documentId: documentIdSchema,
    invoiceId: documentIdSchema,
    /** The broken rule and the figures that explain it, as the caller is told. */
    code: text(60),
    figures: z.record(text(60), z.union([text(200), z.int(), moneySchema, z.null()])),
  }),
)

/** On the credit's folio: the invoice's folio applied it, under this number. */
export const allocationConcluded = event(
  'AllocationConcluded',
  z.strictObject({
    allocationId: documentIdSchema,
    documentId: documentIdSchema,
    number: text(40),
  }),
)

/** On the credit's folio: what was reserved can be used again. */
export const allocationReleased = event(
  'AllocationReleased',
  z.strictObject({
    allocationId: documentIdSchema,
    documentId: documentIdSchema,
    amount: moneySchema,
    cause: z.enum(['refused', 'reversed']),
  }),
)

/** On the invoice's folio: J9, the opposite of what was applied. Within one folio the credit is back at once. */
export const allocationReversed = event(
  'AllocationReversed',
  z.strictObject({
    allocationId: documentIdSchema,
    documentId: documentIdSchema,
    ...invoiceReference,
    amount: moneySchema,
    date: daySchema,
    reason: text(500),
    entry: entrySchema,
  }),
)
