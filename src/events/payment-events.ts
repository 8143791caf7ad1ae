/** Money in and out over an account (L4), matched with the bank later (J16 to J18). */
import { z } from 'zod'
import { event } from './event.js'
import { directionSchema, entrySchema, partySchema } from './parts.js'
import {
  daySchema,
  documentIdSchema,
  exchangeRateSchema,
  moneySchema,
  ratePercentSchema,
  slugSchema,
  text,
  uuidSchema,
} from './text.js'

/** `received`: money came in; `paid`: money went out. */
export const flowSchema = z.enum(['received', 'paid'])
export type Flow = z.infer<typeof flowSchema>

/** The documents that have a remaining credit (N2). */
export const creditKindSchema = z.enum(['credit_note', 'prepayment', 'overpayment'])
export type CreditKind = z.infer<typeof creditKindSchema>

/** What every movement of money says. `account` is the one chosen; `heldIn` is where the entry put the money (M). */
export const moneyMovementSchema = z.strictObject({
  paymentId: documentIdSchema,
  direction: directionSchema,
  flow: flowSchema,
  party: partySchema,
  account: slugSchema,
  heldIn: slugSchema,
  /** `awaited`: in payment until it is matched with the bank, or the cheque is cleared. */
  matching: z.enum(['awaited', 'none']),
  amount: moneySchema,
  /** The day's rate, for money in another currency than the books' (L20). */
  exchangeRate: exchangeRateSchema.optional(),
  /** The document date; the entry has the posting date. */
  date: daySchema,
  reference: text(200).optional(),
  entry: entrySchema,
})

/** A gateway's own transaction. */
const onlineSchema = z.strictObject({ gateway: text(100), transaction: text(200) })

/** J13, J14 and J26; with money beyond the due amount J15; for bills J36 and J37. */
export const paymentRegistered = event(
  'PaymentRegistered',
  moneyMovementSchema.extend({
    invoiceId: documentIdSchema,
    invoiceNumber: text(40),
    /** What of the amount settles the invoice. */
    applied: moneySchema,
    /** What is beyond it: a credit document of its own. */
    overpayment: z
      .strictObject({ documentId: documentIdSchema, number: text(40), amount: moneySchema })
      .optional(),
    /** Money taken by a gateway; offline where it is missing. */
    online: onlineSchema.optional(),
  }),
)

/** J12, J38: money before any invoice asked for it, a credit of its own (L13). */
export const prepaymentRegistered = event(
  'PrepaymentRegistered',
  moneyMovementSchema.extend({
    prepayment: z.strictObject({ documentId: documentIdSchema, number: text(40) }),
    /** The order it was paid for; `null`: it belongs to the party alone. */
    order: z.strictObject({ orderId: documentIdSchema, number: text(50) }).nullable(),
    online: onlineSchema.optional(),
    /** Where deposits are taxed when they come: what of the amount is tax, under which code (J12). */
    tax: z
      .strictObject({ code: text(40), ratePercent: ratePercentSchema, amount: moneySchema })
      .optional(),
  }),
)

/** J30: a payment bounced, or was wrong. What it settled is due again; an overpayment out of it is gone (L25). */
export const paymentReversed = event(
  'PaymentReversed',
  z.strictObject({
    paymentId: documentIdSchema,
    paymentNumber: text(40),
    /** The invoice that is due again; `null` for a prepayment. */
    invoiceId: documentIdSchema.nullable(),
    /** What of it had settled the invoice. */
    applied: moneySchema,
    /** The overpayment or prepayment that is gone. */
    credit: z.strictObject({ documentId: documentIdSchema, amount: moneySchema }).nullable(),
    direction: directionSchema,
    flow: flowSchema,
    account: slugSchema,
    amount: moneySchema,
    date: daySchema,
    reason: text(500),
    entry: entrySchema,
  }),
)

/** What the bank's statement shows for a payment or refund: J16, J17, and with charges J18. */
export const paymentReconciled = event(
  'PaymentReconciled',
  z.strictObject({
    reconciliationId: documentIdSchema,
    paymentId: documentIdSchema,
    /** The invoice that the payment settles; `null` for a refund. */
    invoiceId: documentIdSchema.nullable(),
    /** The credit document that the refund gave back; `null` for a payment. */
    documentId: documentIdSchema.nullable(),
    flow: flowSchema,
    account: slugSchema,
    date: daySchema,
    /** What stands on the statement: the payment's amount less the bank's charges (more for money paid out). */
    statementAmount: moneySchema,
    charges: moneySchema.optional(),
    reference: text(200).optional(),
    entry: entrySchema,
  }),
)

/** The remaining credit of a credit document, paid out or received back (N5): J19, J20, J39. */
export const creditRefunded = event(
  'CreditRefunded',
  moneyMovementSchema.extend({
    documentId: documentIdSchema,
    documentKind: creditKindSchema,
    documentNumber: text(40),
    instance: uuidSchema.optional(),
    /** What the document has left after this refund. */
    remaining: moneySchema,
  }),
)
