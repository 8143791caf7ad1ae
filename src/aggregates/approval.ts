import type { FactOfType } from '../events/ledger-event.js'

/** A refund that waits for a second pair of eyes, or has been decided (N6). */
export type Approval = Readonly<{
  status: 'waiting' | 'approved' | 'declined'
  request: FactOfType<'RefundApprovalRequested'>['data']
}>
