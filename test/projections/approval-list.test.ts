import { expect, test } from 'vitest'
import { approvalList } from '../../projections/approval-list.js'
import { approvalId, refundApprovalRequested, refundDecided } from '../support/credit-story.js'
import { noteId, PARTY } from '../support/ledger-story.js'
import { project } from '../support/project.js'

const asked = refundApprovalRequested({ folio: 1, amount: '60.00' })

test('what waits says how it is to be given back', () => {
  expect(project(approvalList, [asked])).toEqual([
    {
      approvalId: approvalId(1),
      books: 'default',
      documentId: noteId(1),
      documentKind: 'credit_note',
      documentNumber: 'RINV/2026/00001',
      direction: 'out',
      party: PARTY,
      refundKind: 'refund_credit',
      currency: 'GBP',
      amount: '60.00',
      documentSum: '60.00',
      threshold: '1.00',
      status: 'Waiting',
      requestedBy: 'bob',
      role: 'operator',
      requestedOn: '2026-03-20',
      decidedBy: null,
      decidedOn: null,
      reason: null,
      sortKey: `2026-03-20 RINV/000000002026/000000000001 ${approvalId(1)}`,
    },
  ])
  const refund = { kind: 'refund_order_on_platform' as const, description: 'Came back' }
  expect(project(approvalList, [{ ...asked, data: { ...asked.data, refund } }])).toMatchObject([
    { refundKind: 'refund_order_on_platform' },
  ])
})

test.each([
  ['RefundApproved', { status: 'Approved', decidedBy: 'eve', reason: null }],
  ['RefundDeclined', { status: 'Declined', decidedBy: 'eve', reason: 'no' }],
] as const)('%s, it waits no more', (how, row) => {
  const decided = refundDecided(how, { folio: 1, amount: '60.00' })
  expect(project(approvalList, [asked, decided])).toMatchObject([row])
  expect(() => project(approvalList, [decided])).toThrow(`needs approval ${approvalId(1)}`)
})
