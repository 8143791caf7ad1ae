/** Four eyes (N6): nobody approves what they asked for, once is decided, and what waits is drawn. */
import type { EventOfType } from '../../src/events/ledger-event.js'
import { type Money, units } from './arithmetic.js'
import type { CreditItem, Documents } from './documents.js'
import type { FolioFunds } from './funds.js'
import type { Report } from './report.js'

type Approval = {
  data: EventOfType<'RefundApprovalRequested'>['data']
  credit: CreditItem | null
  decided: 'approved' | 'declined' | null
}

export function createApprovals(report: Report, documents: Documents, funds: FolioFunds) {
  const approvals = new Map<string, Approval>()
  /** Approved, and not yet refunded: the refund stands in the same append. */
  let owed: Approval | null = null

  /** Through a store it may go back as store credit too. */
  function draw(
    { approvalId, refund }: Approval['data'],
    credit: CreditItem,
    amount: bigint,
  ): void {
    if (refund.kind === 'refund_order_on_platform') funds.send(credit, amount, approvalId)
    else funds.give(credit, amount, approvalId)
  }

  function request({ data }: EventOfType<'RefundApprovalRequested'>): void {
    const { approvalId, documentId, amount, threshold, documentSum } = data
    if (approvals.has(approvalId)) report('approval_twice', approvalId, 'was asked for before')
    const credit = documents.creditOf(documentId, approvalId)
    approvals.set(approvalId, { data, credit, decided: null })
    if (credit === null) return
    if (units(amount) <= 0n) report('approval_figures', approvalId, `is ${amount.amount}`)
    credit.waiting += units(amount)
    documents.checkFree(credit, approvalId)
    draw(data, credit, units(amount))
    const sum = credit.refunded + credit.waiting + credit.underWay
    if (units(documentSum) !== sum || sum <= units(threshold)) {
      const sentence = `says ${documentSum.amount} above ${threshold.amount}`
      report('approval_figures', approvalId, `${sentence}, given back and waiting are ${sum} units`)
    }
    if (data.party !== credit.party || data.direction !== credit.direction)
      report('approval_figures', approvalId, `is of another party or side than ${credit.id}`)
  }

  function decide(event: EventOfType<'RefundApproved' | 'RefundDeclined'>): void {
    const { approvalId, documentId } = event.data
    const approval = approvals.get(approvalId)
    if (
      approval === undefined ||
      approval.decided !== null ||
      approval.data.documentId !== documentId
    ) {
      report('approval_twice', approvalId, 'waits for no decision')
      return
    }
    const { credit, data } = approval
    const isApproved = event.type === 'RefundApproved'
    const by = 'approvedBy' in event.data ? event.data.approvedBy : null
    if (by === data.requestedBy) report('approval_by_requester', approvalId, `${by} asked for it`)
    approval.decided = isApproved ? 'approved' : 'declined'
    if (credit !== null) {
      credit.waiting -= units(data.amount)
      draw(data, credit, -units(data.amount))
    }
    if (isApproved) owed = approval
  }

  return {
    request,
    decide,
    /** A refund that was approved in the same append pays exactly what was asked for, or asks a store for it. */
    paid: (of: string, paid: Money): void => {
      if (owed === null) return
      const { documentId, amount, approvalId } = owed.data
      if (documentId !== of || amount.amount !== paid.amount) {
        const sentence = `${paid.amount} of ${of}, ${amount.amount} was approved`
        report('approval_without_refund', approvalId, sentence)
      }
      owed = null
    },
    endAppend: (): void => {
      if (owed !== null) report('approval_without_refund', owed.data.approvalId, 'is not paid')
      owed = null
    },
  }
}
