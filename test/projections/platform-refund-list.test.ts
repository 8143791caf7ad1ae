import { expect, test } from 'vitest'
import { platformRefundList } from '../../projections/platform-refund-list.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { prepaymentId } from '../support/credit-story.js'
import { INSTANCE, noteId, orderId } from '../support/ledger-story.js'
import { project } from '../support/project.js'
import {
  platformRefundDeclined,
  platformRefundPaid,
  platformRefundRecorded,
  platformRefundSeen,
  refundId,
  taskId,
} from '../support/store-story.js'

const rows = (...facts: LedgerFact[]) => project(platformRefundList, facts)
const seen = platformRefundSeen({ folio: 1, online: '60.00', held: 'task_open' })
const recorded = platformRefundRecorded({ folio: 1, task: 1, online: '40.00', offline: '20.00' })
const paid = platformRefundPaid({ folio: 1, online: '40.00' })

test('a refund that cannot be placed is held, and says why', () => {
  expect(rows(seen)).toEqual([
    {
      instance: INSTANCE,
      platformRefundId: refundId(1),
      books: 'default',
      platformOrderId: '1',
      orderId: orderId(1),
      orderNumber: '1001',
      createdAt: '2026-03-20T09:00:00.000Z',
      currency: 'GBP',
      amount: '60.00',
      documentId: null,
      documentNumber: null,
      status: 'Held',
      held: 'task_open',
      toBePaid: '0.00',
      paymentStatus: 'partially refunded',
      knownBy: null,
      taskId: null,
      sortKey: `2026-03-20T09:00:00.000Z ${INSTANCE} ${refundId(1)}`,
    },
  ])
  const other = platformRefundSeen({ folio: 1, online: '60.00', held: 'no_invoice' })
  expect(rows(seen, other)).toMatchObject([{ status: 'Held', held: 'no_invoice' }])
})

test('placed, it has its document, and waits no more', () => {
  expect(rows(seen, recorded)).toMatchObject([
    {
      ...{ status: 'Recorded', held: null, documentId: noteId(1), taskId: taskId(1) },
      ...{ knownBy: 'answer', toBePaid: '20.00', documentNumber: 'RINV/2026/00001' },
    },
  ])
})

test('it is refunded where money left through the store, until that was declined', () => {
  expect(rows(recorded, paid)).toMatchObject([{ status: 'Refunded' }])
  const declined = platformRefundDeclined({ folio: 1, online: '40.00' })
  expect(rows(recorded, paid, declined)).toMatchObject([
    { status: 'Declined', paymentStatus: 'captured' },
  ])
})

test('money that came ahead of an invoice can go back too', () => {
  const document = prepaymentId(1)
  expect(rows(platformRefundRecorded({ folio: 1, document, online: '60.00' }))).toMatchObject([
    { documentId: document },
  ])
})

test.each([paid, platformRefundDeclined({ folio: 1, online: '40.00' })])(
  '$type of a refund that was never recorded is a gap',
  (fact) => {
    expect(() => rows(fact)).toThrow(`${fact.type} 0 of s needs platform refund ${refundId(1)}`)
  },
)
