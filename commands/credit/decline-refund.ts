import { z } from 'zod'
import { documentIdSchema, text } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { firstFact } from '../first-fact.js'
import { waitingApproval } from './waiting-approval.js'

/** What it reserved can be used again; where the invoice of its note is due, the note settles that first (J8, N6). */
export const declineRefund = folioCommand({
  name: 'decline-refund',
  area: 'credit',
  summary: 'Declines a refund that waits: what it reserved can be used again',
  rows: ['N6', 'L11'],
  input: z.strictObject({ approvalId: documentIdSchema, reason: text(500) }),
  output: z.strictObject({ approvalId: documentIdSchema, documentId: documentIdSchema }),
  document: ({ approvalId }) => approvalId,
  books: () => DEFAULT_BOOKS,
  decide({ approvalId, reason }, { folio, principal, today }) {
    const request = waitingApproval(approvalId, folio)
    if ('code' in request) return refuse(request)
    const { documentId } = request
    return accept({
      type: 'RefundDeclined',
      data: { approvalId, documentId, declinedBy: principal, declinedOn: today, reason },
    })
  },
  answer: (facts) => {
    const { approvalId, documentId } = firstFact(facts, 'RefundDeclined').data
    return { approvalId, documentId }
  },
})
