/**
 * What a store is to be told of an order, each attempt at it, its answers, and what the store did by itself
 * (architecture 7). All of it stands in the order's folio; only what moves money or value posts.
 */
import { z } from 'zod'
import { event } from './event.js'
import { entrySchema } from './parts.js'
import { creditKindSchema } from './payment-events.js'
import {
  daySchema,
  documentIdSchema,
  instantSchema,
  moneySchema,
  slugSchema,
  text,
  textOrEmpty,
  uuidSchema,
} from './text.js'

/** A platform's own name for something of its own. */
export const remoteIdSchema = text(50)
/** What an adapter, a store, or a person says of something that went wrong. */
export const DETAIL_LENGTH_MAX = 500
const detailSchema = textOrEmpty(DETAIL_LENGTH_MAX)
const REFUND_ITEMS_MAX = 1000
/** Of one refund. */
export const PAYMENTS_MAX = 20

/** The order at its store, as its sync is listed. */
const storeOrder = {
  books: slugSchema,
  instance: uuidSchema,
  orderId: documentIdSchema,
  orderNumber: text(50),
  platformOrderId: text(50),
}

/** The document whose refund the task is about: what it had drawn of it is free once the task is over (B4). `null`: none. */
const taskDocument = { documentId: documentIdSchema.nullable() }

/** What a refund gives back, in the store's own names for its lines (B11). */
export const refundItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('item'),
    platformLine: remoteIdSchema,
    quantity: z.int().min(1),
    /** Goods back for less than they were sold for. */
    lessBy: moneySchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('wrapping'),
    platformLine: remoteIdSchema,
    quantity: z.int().min(1),
  }),
  z.strictObject({
    kind: z.enum(['shipping', 'handling', 'fee']),
    platformLine: remoteIdSchema,
    amount: moneySchema,
  }),
  z.strictObject({ kind: z.literal('order'), amount: moneySchema }),
])
export type RefundItem = z.infer<typeof refundItemSchema>

/** One payment of a refund: which provider gives it back, or, offline, has nothing to do with it. */
export const refundPaymentSchema = z.strictObject({
  provider: text(100),
  amount: moneySchema,
  isOffline: z.boolean(),
})
export type RefundPayment = z.infer<typeof refundPaymentSchema>

/** `give_back`: money is to leave through the store; `record`: it was given back here, and the store is only told (B10). */
export const refundPurposeSchema = z.enum(['give_back', 'record'])

/** A refund of a credit note at its store is asked for; its credit is reserved from now on (B4). */
export const platformRefundRequested = event(
  'PlatformRefundRequested',
  z.strictObject({
    taskId: documentIdSchema,
    ...storeOrder,
    creditNoteId: documentIdSchema,
    creditNoteNumber: text(40),
    purpose: refundPurposeSchema,
    amount: moneySchema,
    /** What of the amount is tax. */
    tax: moneySchema,
    items: z.array(refundItemSchema).min(1).max(REFUND_ITEMS_MAX),
    /** For staff, in the order's refund history. */
    description: text(500),
    /** The providers that a person chose; `null`: back where the money came from. */
    providers: z.array(text(100)).max(PAYMENTS_MAX).nullable(),
    /** What the note has left to use while it is under way. */
    remaining: moneySchema,
    requestedBy: text(200),
  }),
)

/** The order is to be marked as paid at its store (P2, P3). */
export const captureRequested = event(
  'CaptureRequested',
  z.strictObject({
    taskId: documentIdSchema,
    ...storeOrder,
    /** `completed`: what completed the order asked for it, in the same append. */
    cause: z.enum(['asked', 'completed']),
    /** What the ledger received for the order. */
    received: moneySchema,
    requestedBy: text(200),
  }),
)

/** What made the task is not so any more; nothing of it was sent (P3). */
export const syncTaskWithdrawn = event(
  'SyncTaskWithdrawn',
  z.strictObject({ taskId: documentIdSchema, ...taskDocument, reason: slugReason() }),
)

/** What one attempt sends. */
export const sendingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('refund'),
    payments: z.array(refundPaymentSchema).min(1).max(PAYMENTS_MAX),
    /** In place of what the store would reckon (B3). */
    override: z.strictObject({ total: moneySchema, tax: moneySchema }).nullable(),
  }),
  z.strictObject({ kind: z.literal('capture_record'), amount: moneySchema }),
  z.strictObject({ kind: z.literal('payment_confirmation') }),
])
export type Sending = z.infer<typeof sendingSchema>

/** Before anything leaves: without this event nothing may. */
export const attemptStarted = event(
  'AttemptStarted',
  z.strictObject({
    taskId: documentIdSchema,
    /** Counted from 1 over the whole task. */
    attempt: z.int().min(1),
    sending: sendingSchema,
    /** Until then whatever becomes of it can still show at the store: the order's lane stays shut. */
    shutUntil: instantSchema,
  }),
)

/** Why an attempt, or the question before it, came to nothing. */
export const setbackSchema = z.enum([
  /** The store said no. */
  'refused',
  /** The store does not offer what was asked of it. */
  'not_offered',
  'not_authorised',
  /** The store wants fewer requests. */
  'limited',
  /** The store could not be asked, or answered nothing that is understood. */
  'unavailable',
  /** Nothing left in time. */
  'not_sent',
  /** No answer: it may have been done. */
  'unknown',
  /** After an unknown answer, twice: the store has nothing of it. */
  'not_found',
  /** The store has something that could be it, and could be something else. */
  'uncertain',
  /** The store reckons another amount than the ledger (B3, P6). */
  'amount_differs',
  /** None of the ways the store offers sends the money back where it came from (B3). */
  'method_not_offered',
  /** The books have no account that the money could leave. */
  'account_missing',
  /** What asked for it is not so any more. */
  'ground_gone',
])
export type Setback = z.infer<typeof setbackSchema>

/** What the store said, or did not say, and what becomes of the task. */
export const attemptFailed = event(
  'AttemptFailed',
  z.strictObject({
    taskId: documentIdSchema,
    ...taskDocument,
    /** `null`: it was asked before any attempt. */
    attempt: z.int().min(1).nullable(),
    setback: setbackSchema,
    status: z.int().min(100).max(599).nullable(),
    detail: detailSchema,
    /** The two figures, where they are what it is about. */
    figures: z.strictObject({ ledger: moneySchema, store: moneySchema }).nullable(),
    /** What the store has that could be it. */
    candidates: z.array(remoteIdSchema).max(100),
    /** `again`, not before `notBefore`; `look`: the store is looked at; `person`: somebody decides; `end`: it is over. */
    then: z.enum(['again', 'look', 'person', 'end']),
    notBefore: instantSchema.nullable(),
  }),
)

/** A person wants it tried again (S3). */
export const syncRetried = event(
  'SyncRetried',
  z.strictObject({
    taskId: documentIdSchema,
    reason: text(500),
    /** For an order to be marked as paid: what the store has open is captured, whatever was received here (P6). */
    acceptsDifference: z.boolean(),
    by: text(200),
  }),
)

/** A person lets it go; what it reserved can be used again (S3). */
export const syncDismissed = event(
  'SyncDismissed',
  z.strictObject({ taskId: documentIdSchema, ...taskDocument, reason: text(500), by: text(200) }),
)

/** How the ledger knows of something at the store. */
const knownBySchema = z.enum([
  /** The store's own answer. */
  'answer',
  /** Found at the store after an unknown answer, with marker, amount and items. */
  'read_back',
  /** Pulled, and nothing of ours until then. */
  'pull',
  /** A person said so. */
  'person',
])

const storeRefund = {
  platformRefundId: remoteIdSchema,
  createdAt: instantSchema,
  /** The day of the books then. */
  createdOn: daySchema,
  amount: moneySchema,
  tax: moneySchema,
  payments: z
    .array(refundPaymentSchema.extend({ isDeclined: z.boolean() }))
    .min(1)
    .max(PAYMENTS_MAX),
}
export const storeRefundSchema = z.strictObject(storeRefund)
export type StoreRefund = z.infer<typeof storeRefundSchema>

/** There is a refund at the store that the ledger cannot place by itself, or not yet (B9). It counts in B1 and B5. */
export const platformRefundSeen = event(
  'PlatformRefundSeen',
  z.strictObject({
    ...storeOrder,
    ...storeRefund,
    held: z.enum([
      /** One of ours is under way: it could be that. */
      'task_open',
      /** Several notes could be what it belongs to. */
      'several_notes',
      /** A draft over it waits to be posted. */
      'note_drafted',
      /** A person has discarded the draft over it. */
      'note_discarded',
      /** In another currency than its document, or its payments are not its amount. */
      'amounts_differ',
      /** No invoice can bear a note over it. */
      'no_invoice',
      /** What it gave back was given back before. */
      'credit_used',
      /** It carries our marker, and is not what was asked for. */
      'differs_from_task',
      /** The books have no account that its money can leave. */
      'no_account',
    ]),
    paymentStatus: text(50),
  }),
)

/** A refund at the store, for good (B4): its id stands on the document that it gives back. */
export const platformRefundRecorded = event(
  'PlatformRefundRecorded',
  z.strictObject({
    ...storeOrder,
    ...storeRefund,
    taskId: documentIdSchema.nullable(),
    documentId: documentIdSchema,
    documentKind: creditKindSchema,
    documentNumber: text(40),
    knownBy: knownBySchema,
    /** Who tied it to the document, where a person did. */
    by: text(200).nullable(),
    reason: text(500).nullable(),
    /** What the store only recorded, and is still to be paid from here (B10). */
    toBePaid: moneySchema,
    paymentStatus: text(50),
  }),
)

/** J21, J23: what the store gave back of it through a gateway, or as store credit. */
export const platformRefundPaid = event(
  'PlatformRefundPaid',
  z.strictObject({
    platformRefundId: remoteIdSchema,
    books: slugSchema,
    instance: uuidSchema,
    orderId: documentIdSchema,
    documentId: documentIdSchema,
    documentKind: creditKindSchema,
    documentNumber: text(40),
    /** Both together leave the document. */
    online: moneySchema,
    storeCredit: moneySchema,
    accounts: z.array(slugSchema).max(PAYMENTS_MAX),
    /** What the document has left. */
    remaining: moneySchema,
    entry: entrySchema,
  }),
)

/** J22: what was accepted was declined later; the remaining credit is back, and somebody is to see to it (B8). */
export const platformRefundDeclined = event(
  'PlatformRefundDeclined',
  z.strictObject({
    /** The task for whoever sees to it. */
    taskId: documentIdSchema,
    ...storeOrder,
    platformRefundId: remoteIdSchema,
    documentId: documentIdSchema,
    documentKind: creditKindSchema,
    documentNumber: text(40),
    declined: moneySchema,
    message: detailSchema,
    payments: storeRefund.payments,
    remaining: moneySchema,
    paymentStatus: text(50),
    entry: entrySchema,
  }),
)

/** The store shows the order as paid (P2). It posts nothing (J25). */
export const orderCaptured = event(
  'OrderCaptured',
  z.strictObject({
    taskId: documentIdSchema,
    ...storeOrder,
    knownBy: knownBySchema,
    by: text(200).nullable(),
    reason: text(500).nullable(),
    /** As it was told: a transaction recorded, or the order's status moved on; `shown`: it was so before. */
    way: z.enum(['capture_record', 'payment_confirmation', 'shown']),
    transaction: remoteIdSchema.nullable(),
    amount: moneySchema,
    paymentStatus: text(50),
  }),
)

/** Bypasses only the ledger's own *order refunded already* (B6). */
export const forceRefundSet = event(
  'ForceRefundSet',
  z.strictObject({
    orderId: documentIdSchema,
    forceRefund: z.boolean(),
    reason: text(500),
    by: text(200),
  }),
)

/** Names the condition that fell. */
function slugReason() {
  return text(60)
}
