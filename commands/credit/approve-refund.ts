import { z } from 'zod'
import type { FactOfType } from '../../src/events/ledger-event.js'
import { documentIdSchema, moneySchema } from '../../src/events/text.js'
import { compare } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { folioAfter } from '../consequences.js'
import { accept, acceptNumbered, refuse } from '../decision.js'
import { factOf, firstFact } from '../first-fact.js'
import { refundableNote } from '../platform/refund-conditions.js'
import {
  moneyRefusal,
  requestedRefund,
  requestedTask,
} from '../platform/refund-order-on-platform.js'
import { refundOf } from './refund.js'
import {
  refundedDocument,
  refundedDocumentSchema,
  refundedPayment,
  refundedPaymentSchema,
} from './refund-credit.js'
import { waitingApproval } from './waiting-approval.js'

/**
 * The second pair of eyes says yes. The refund is decided anew, on the day and with what it reserved free for it again;
 * where it is refused by now, that is the answer, and the approval stays waiting (N6).
 */
export const approveRefund = folioCommand({
  name: 'approve-refund',
  area: 'credit',
  summary: 'Approves a refund that somebody else asked for, and pays it out',
  rows: ['N6', 'L12'],
  input: z.strictObject({ approvalId: documentIdSchema }),
  output: z.strictObject({
    approvalId: documentIdSchema,
    payment: refundedPaymentSchema.nullable().describe('Null where a store gives it back.'),
    document: refundedDocumentSchema,
    task: z
      .strictObject({ taskId: documentIdSchema, amount: moneySchema, href: z.string() })
      .nullable()
      .describe('What is on its way to a store; null where it was paid out from here.'),
  }),
  document: ({ approvalId }) => approvalId,
  books: () => DEFAULT_BOOKS,
  decide({ approvalId }, context) {
    const { folio, principal, today } = context
    const request = waitingApproval(approvalId, folio)
    if ('code' in request) return refuse(request)
    const { documentId, requestedBy, amount } = request
    if (requestedBy === principal) {
      return refuse({ code: 'approval_by_requester', approval: approvalId, requestedBy })
    }
    const approved: FactOfType<'RefundApproved'> = {
      type: 'RefundApproved',
      data: { approvalId, documentId, approvedBy: principal, approvedOn: today },
    }
    const free = { ...context, folio: folioAfter(folio, [approved]) }
    if (request.refund.kind === 'refund_order_on_platform') {
      const found = refundableNote(documentId, free)
      if ('code' in found) return refuse(found)
      if (compare(amount, found.amount) > 0) {
        const { amount: remaining } = found
        return refuse({ code: 'refund_exceeds_remaining_credit', remaining, requested: amount })
      }
      // What was approved is what is given back, whatever the note has free by now.
      const exact = { ...found, amount }
      const refusal = moneyRefusal(exact, free)
      if (refusal !== null) return refuse(refusal)
      return accept(approved, requestedRefund(exact, request.refund, free))
    }
    const { kind: _kind, ...asked } = request.refund
    const refund = refundOf({ ...asked, documentId, amount }, free)
    if ('code' in refund) return refuse(refund)
    return acceptNumbered([refund.number], (number) => [approved, refund.fact(number)])
  },
  answer: (facts) => {
    const { approvalId } = firstFact(facts, 'RefundApproved').data
    const [, refund] = facts
    if (refund?.type === 'PlatformRefundRequested') {
      const { creditNoteId: documentId, remaining } = refund.data
      const document = refundedDocument({ documentId, documentKind: 'credit_note', remaining })
      return { approvalId, payment: null, document, task: requestedTask(refund.data) }
    }
    const { data } = factOf(facts, 'CreditRefunded')
    const document = refundedDocument(data)
    return { approvalId, payment: refundedPayment(data), document, task: null }
  },
})
