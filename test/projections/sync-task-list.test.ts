import { expect, test } from 'vitest'
import { syncTaskList } from '../../projections/sync-task-list.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { INSTANCE, noteId, orderId } from '../support/ledger-story.js'
import { project } from '../support/project.js'
import {
  attemptFailed,
  attemptStarted,
  captureRequested,
  orderCaptured,
  platformRefundDeclined,
  platformRefundRecorded,
  platformRefundRequested,
  refundId,
  syncDismissed,
  syncRetried,
  syncTaskWithdrawn,
  taskId,
} from '../support/store-story.js'

const AT = '2026-03-01T10:00:00.000Z'
const asked = platformRefundRequested({ folio: 1, amount: '60.00' })
const started = attemptStarted({ folio: 1 })
const task = (...facts: LedgerFact[]) => project(syncTaskList, [asked, ...facts])

test('a refund that is asked for is due', () => {
  expect(task()).toEqual([
    {
      taskId: taskId(1),
      books: 'default',
      instance: INSTANCE,
      orderId: orderId(1),
      orderNumber: '1001',
      platformOrderId: '1',
      kind: 'Refund',
      documentId: noteId(1),
      documentNumber: 'RINV/2026/00011',
      currency: 'GBP',
      amount: '60.00',
      state: 'Due',
      notBefore: null,
      shutUntil: null,
      attempts: 0,
      failures: 0,
      setback: null,
      detail: null,
      candidates: [],
      remoteId: null,
      requestedBy: 'bob',
      requestedAt: AT,
      changedAt: AT,
      reason: null,
      by: null,
      sortKey: `${AT} ${taskId(1)}`,
    },
  ])
})

test('an order to be marked as paid has no document, and the sum that was received', () => {
  expect(project(syncTaskList, [captureRequested({ folio: 1 })])).toMatchObject([
    { kind: 'Mark as paid', documentId: null, documentNumber: null, amount: '120.00' },
  ])
})

test('an attempt shuts the lane until its answer, or until what became of it is known', () => {
  const shutUntil = started.data.shutUntil
  expect(task(started)).toMatchObject([{ state: 'In flight', attempts: 1, shutUntil }])
  const unknown = attemptFailed({ folio: 1, then: 'look', setback: 'unknown' })
  expect(task(started, unknown)).toMatchObject([
    { state: 'Unknown', shutUntil, failures: 1, setback: 'unknown', detail: null },
  ])
  const none = attemptFailed({ folio: 1, then: 'again', setback: 'not_found' })
  expect(task(started, unknown, none)).toMatchObject([
    { state: 'Due', shutUntil: null, failures: 2, setback: 'not_found' },
  ])
})

test('what the store asked to wait for is waited for, and then forgotten', () => {
  const notBefore = '2026-03-01T10:10:00.000Z'
  const limited = attemptFailed({ folio: 1, then: 'again', setback: 'limited', notBefore })
  expect(task(started, limited)).toMatchObject([{ state: 'Due', notBefore }])
  expect(task(started, limited, attemptStarted({ folio: 1, attempt: 2 }))).toMatchObject([
    { state: 'In flight', notBefore: null, attempts: 2, failures: 0 },
  ])
})

test('what gave up says why, and what could be it, until somebody takes it up again', () => {
  const candidates = ['501', '502']
  const gaveUp = attemptFailed({
    ...{ folio: 1, then: 'person', setback: 'uncertain', detail: 'Two of them', candidates },
  })
  expect(task(started, gaveUp)).toMatchObject([
    { state: 'Waits for a person', setback: 'uncertain', detail: 'Two of them', candidates },
  ])
  expect(task(started, gaveUp, syncRetried({ folio: 1 }))).toMatchObject([
    {
      ...{ state: 'Due', attempts: 1, failures: 0, setback: null, detail: null, candidates: [] },
      ...{ reason: 'Once more', by: 'eve' },
    },
  ])
})

test.each([
  ['Refused', attemptFailed({ folio: 1, then: 'end' }), { setback: 'refused', reason: null }],
  ['Dismissed', syncDismissed({ folio: 1 }), { reason: 'Paid by bank', by: 'eve' }],
  ['Withdrawn', syncTaskWithdrawn({ folio: 1 }), { reason: 'invoices_not_paid', by: null }],
  [
    'Done',
    platformRefundRecorded({ folio: 1, task: 1, online: '60.00' }),
    { remoteId: refundId(1), by: null },
  ],
])('%s, it is over', (state, ended, more) => {
  const over = { state, notBefore: null, shutUntil: null, ...more }
  expect(task(started, ended)).toMatchObject([over])
})

test('adopted by a person, it says who', () => {
  const adopted = platformRefundRecorded({ folio: 1, task: 1, online: '60.00', by: 'eve' })
  expect(task(started, adopted)).toMatchObject([{ state: 'Done', by: 'eve', reason: 'Seen there' }])
  // An answer after that says nothing of the person who had retried it.
  const retried = attemptFailed({ folio: 1, then: 'person' })
  const answered = platformRefundRecorded({ folio: 1, task: 1, online: '60.00' })
  expect(task(started, retried, syncRetried({ folio: 1 }), answered)).toMatchObject([
    { state: 'Done', by: 'eve', reason: 'Once more' },
  ])
})

test('a refund that no task asked for is none of its business', () => {
  expect(project(syncTaskList, [platformRefundRecorded({ folio: 1, online: '60.00' })])).toEqual([])
})

test('an order that is marked as paid has its transaction', () => {
  const captured = [captureRequested({ folio: 1 }), orderCaptured({ folio: 1 })]
  expect(project(syncTaskList, captured)).toMatchObject([{ state: 'Done', remoteId: '9001' }])
})

test('a decline waits for a person from the beginning', () => {
  const declined = platformRefundDeclined({ folio: 1, online: '40.00' })
  expect(project(syncTaskList, [declined])).toMatchObject([
    {
      taskId: taskId(1, 2),
      kind: 'Declined refund',
      documentId: noteId(1),
      amount: '40.00',
      state: 'Waits for a person',
      detail: 'The card has expired',
      remoteId: refundId(1),
      // Nobody asked for it: whoever read it at the store has brought it.
      requestedBy: 'tester',
    },
  ])
  expect(project(syncTaskList, [declined, syncDismissed({ folio: 1, task: 2 })])).toMatchObject([
    { state: 'Dismissed', by: 'eve' },
  ])
})

test.each([
  started,
  attemptFailed({ folio: 1, then: 'again' }),
  syncRetried({ folio: 1 }),
  syncDismissed({ folio: 1 }),
  syncTaskWithdrawn({ folio: 1 }),
  orderCaptured({ folio: 1 }),
  platformRefundRecorded({ folio: 1, task: 1, online: '60.00' }),
])('$type of a task that is not there is a gap', (fact) => {
  expect(() => project(syncTaskList, [fact])).toThrow(
    `${fact.type} 0 of s needs sync task ${taskId(1)}`,
  )
})
