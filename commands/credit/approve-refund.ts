import { z } from 'zod'
import type { FactOfType } from '../../src/events/ledger-event.js'
import { documentIdSchema } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { folioAfter } from '../consequences.js'
import { acceptNumbered, refuse } from '../decision.js'
import { factOf, firstFact } from '../first-fact.js'
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
    payment: refundedPaymentSchema,
    document: refundedDocumentSchema,
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
    const { kind: _kind, ...asked } = request.refund
    const refund = refundOf(
      { ...asked, documentId, amount },
      { ...context, folio: folioAfter(folio, [approved]) },
    )
    if ('code' in refund) return refuse(refund)
    return acceptNumbered([refund.number], (number) => [approved, refund.fact(number)])
  },
  answer: (facts) => {
    const { approvalId } = firstFact(facts, 'RefundApproved').data
    const { data } = factOf(facts, 'CreditRefunded')
    return { approvalId, payment: refundedPayment(data), document: refundedDocument(data) }
  },
})
