/** Four eyes on refunds above a threshold (N6). What waits reserves its credit; it posts nothing. */
import { z } from 'zod'
import { event } from './event.js'
import { creditKindSchema } from './payment-events.js'
import { directionSchema, partySchema } from './parts.js'
import {
  daySchema,
  documentIdSchema,
  exchangeRateSchema,
  moneySchema,
  slugSchema,
  text,
} from './text.js'

/** What is to be done once somebody else says so. Each way of giving money back is a kind. */
const waitingRefundSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('refund_credit'),
    date: daySchema.optional(),
    account: slugSchema.optional(),
    reference: text(200).optional(),
    exchangeRate: exchangeRateSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('refund_order_on_platform'),
    description: text(500),
    providers: z.array(text(100)).max(20).optional(),
  }),
])

export const refundApprovalRequested = event(
  'RefundApprovalRequested',
  z.strictObject({
    approvalId: documentIdSchema,
    books: slugSchema,
    documentId: documentIdSchema,
    documentKind: creditKindSchema,
    documentNumber: text(40),
    direction: directionSchema,
    party: partySchema,
    amount: moneySchema,
    /** What can be used of the document while it waits. */
    remaining: moneySchema,
    refund: waitingRefundSchema,
    requestedBy: text(200),
    role: text(40),
    requestedOn: daySchema,
    /** What was and would be given back of the document with it, and up to where the role may do so alone. */
    documentSum: moneySchema,
    threshold: moneySchema,
  }),
)

/** The refund itself follows in the same append, decided anew. */
export const refundApproved = event(
  'RefundApproved',
  z.strictObject({
    approvalId: documentIdSchema,
    documentId: documentIdSchema,
    approvedBy: text(200),
    approvedOn: daySchema,
  }),
)

/** What it reserved can be used again. */
export const refundDeclined = event(
  'RefundDeclined',
  z.strictObject({
    approvalId: documentIdSchema,
    documentId: documentIdSchema,
    declinedBy: text(200),
    declinedOn: daySchema,
    reason: text(500),
  }),
)
