import type { Approval } from '../../src/aggregates/approval.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { Refusal } from '../refusal.js'

/** What waits for a decision, which is made once (N6). */
export function waitingApproval(
  approvalId: string,
  { approvals }: Pick<Folio, 'approvals'>,
): Approval['request'] | Refusal {
  const approval = approvals.get(approvalId)
  if (approval === undefined) return { code: 'approval_not_found', approval: approvalId }
  const { status, request } = approval
  if (status === 'waiting') return request
  return { code: 'approval_decided_already', approval: approvalId, status }
}
