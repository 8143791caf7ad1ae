/** Money in and out over an account (L4), matched with the bank later (J16 to J18). */
import { z } from 'zod'
import { event } from './event.js'
import { directionSchema, entrySchema, partySchema } from './parts.js'
import { daySchema, documentIdSchema, moneySchema, slugSchema, text, uuidSchema } from './text.js'

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
  /** The document date; the entry has the posting date. */
  date: daySchema,
  reference: text(200).optional(),
  entry: entrySchema,
})

/** J13 and J14; with money beyond the due amount J15; for bills J36 and J37. */
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
    online: z.strictObject({ gateway: text(100), transaction: text(200) }).optional(),
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
