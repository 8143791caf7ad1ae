import { expect, test } from 'vitest'
import { creditNoteList } from '../../projections/credit-note-list.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  allocationApplied,
  allocationConcluded,
  allocationId,
  allocationReleased,
  allocationReserved,
  allocationReversed,
  creditNoteVoided,
  refundApprovalRequested,
  refundDecided,
} from '../support/credit-story.js'
import {
  creditNoteDrafted,
  creditNotePosted,
  creditRefunded,
  creditSettled,
  invoiceId,
  noteId,
  PARTY,
} from '../support/ledger-story.js'
import { project } from '../support/project.js'
import {
  attemptFailed,
  attemptStarted,
  platformRefundDeclined,
  platformRefundPaid,
  platformRefundRecorded,
  platformRefundRequested,
  refundId,
  syncDismissed,
  syncTaskWithdrawn,
  taskId,
} from '../support/store-story.js'

const drafted = creditNoteDrafted({ folio: 1, total: '60.00' })
const posted = creditNotePosted({ folio: 1, total: '60.00' })
const edited: LedgerFact = {
  type: 'CreditNoteDraftEdited',
  data: creditNoteDrafted({ folio: 1, total: '30.00' }).data,
}
const discarded: LedgerFact = {
  type: 'CreditNoteDraftDiscarded',
  data: { creditNoteId: noteId(1) },
}

test('a draft has no number and no credit', () => {
  expect(project(creditNoteList, [drafted])).toEqual([
    {
      creditNoteId: noteId(1),
      books: 'default',
      direction: 'out',
      number: null,
      invoiceId: invoiceId(1),
      invoiceNumber: 'INV/2026/00001',
      billToName: 'Ada Byron',
      party: PARTY,
      documentDate: '2026-03-10',
      postingDate: null,
      reason: 'returned',
      currency: 'GBP',
      taxExcluded: '50.00',
      total: '60.00',
      refunded: '0.00',
      allocated: '0.00',
      reserved: '0.00',
      remaining: '0.00',
      available: '0.00',
      held: [],
      platformRefundId: null,
      platformRefundStatus: null,
      recordedOnly: '0.00',
      toBePaid: '0.00',
      status: 'Draft',
      orderId: null,
      orderNumber: null,
      instance: null,
      synced: false,
      sortKey: `2026-03-10 ~ ${noteId(1)}`,
    },
  ])
})

test('an edited draft reads as it does now', () => {
  expect(project(creditNoteList, [drafted, edited])).toMatchObject([
    { total: '30.00', status: 'Draft' },
  ])
})

test('a discarded draft is gone', () => {
  expect(project(creditNoteList, [drafted, discarded])).toEqual([])
})

test('posted, its whole total is remaining credit', () => {
  expect(project(creditNoteList, [drafted, posted])).toMatchObject([
    { number: 'RINV/2026/00011', postingDate: '2026-03-10', remaining: '60.00', status: 'Open' },
  ])
})

test('an ad-hoc note is linked to no invoice', () => {
  expect(project(creditNoteList, [creditNotePosted({ folio: 1, invoice: null })])).toMatchObject([
    { invoiceId: null, invoiceNumber: null },
  ])
})

test('what settles its invoice, and what is paid out, is no longer there', () => {
  expect(
    project(creditNoteList, [posted, creditSettled({ folio: 1, amount: '20.00' })]),
  ).toMatchObject([{ remaining: '40.00', status: 'Open' }])
  expect(
    project(creditNoteList, [
      posted,
      creditSettled({ folio: 1, amount: '20.00' }),
      creditRefunded({ folio: 1, amount: '40.00' }),
    ]),
  ).toMatchObject([{ remaining: '0.00', status: 'Settled' }])
})

test('the refund of an overpayment is none of this list', () => {
  const refunded = creditRefunded({ folio: 1, amount: '5.00', document: 'overpayment' })
  expect(project(creditNoteList, [posted, refunded])).toMatchObject([{ remaining: '60.00' }])
})

test.each([
  edited,
  discarded,
  creditSettled({ folio: 1, amount: '1.00' }),
  creditRefunded({ folio: 1, amount: '1.00' }),
])('$type of a note that is not there is a gap', (fact) => {
  expect(() => project(creditNoteList, [fact])).toThrow(
    `${fact.type} 0 of s needs credit note ${noteId(1)}`,
  )
})

const held = (...facts: LedgerFact[]) =>
  project(creditNoteList, [posted, ...facts]).map(({ remaining, available, reserved, held }) => ({
    remaining,
    available,
    reserved,
    held,
  }))
const away = { folio: 1, to: 2, amount: '20.00' }
const waits = { folio: 1, amount: '15.00' }

test('what is reserved for another folio is still there, but cannot be used', () => {
  expect(held(allocationReserved(away))).toEqual([
    {
      remaining: '60.00',
      available: '40.00',
      reserved: '20.00',
      held: [`${allocationId(1, 2001)} 20.00`],
    },
  ])
})

test('it is gone when its folio concludes what the other one applied', () => {
  // On the other folio's stream, which this list does not follow for credits.
  expect(held(allocationReserved(away), allocationApplied(away))).toMatchObject([
    { remaining: '60.00', available: '40.00' },
  ])
  const rows = project(creditNoteList, [
    posted,
    allocationReserved(away),
    allocationApplied(away),
    allocationConcluded(away),
  ])
  expect(rows).toMatchObject([
    { remaining: '40.00', available: '40.00', reserved: '0.00', held: [], allocated: '20.00' },
  ])
})

test('and back when it is released, applied before or not', () => {
  const back = [{ remaining: '60.00', available: '60.00', reserved: '0.00', held: [] }]
  const released = allocationReleased({ ...away, cause: 'reversed' })
  expect(held(allocationReserved(away), released)).toEqual(back)
  expect(held(allocationReserved(away), allocationConcluded(away), released)).toEqual(back)
})

test('an allocation within the folio draws at once, and gives back at once', () => {
  const here = { folio: 1, amount: '60.00' }
  const rows = project(creditNoteList, [posted, allocationApplied(here)])
  expect(rows).toMatchObject([
    { status: 'Settled', remaining: '0.00', available: '0.00', allocated: '60.00' },
  ])
  expect(
    project(creditNoteList, [posted, allocationApplied(here), allocationReversed(here)]),
  ).toMatchObject([{ status: 'Open', remaining: '60.00', available: '60.00', allocated: '0.00' }])
})

test('what waits for approval cannot be used until somebody decides', () => {
  const requested = refundApprovalRequested(waits)
  expect(held(requested)).toMatchObject([{ remaining: '60.00', available: '45.00' }])
  for (const how of ['RefundApproved', 'RefundDeclined'] as const) {
    expect(held(requested, refundDecided(how, waits))).toMatchObject([
      { remaining: '60.00', available: '60.00', held: [] },
    ])
  }
})

test('a refund of an approved amount draws it, and what else is held stays', () => {
  expect(
    held(
      allocationReserved(away),
      refundApprovalRequested(waits),
      refundDecided('RefundApproved', waits),
      creditRefunded({ folio: 1, amount: '15.00' }),
    ),
  ).toMatchObject([{ remaining: '45.00', available: '25.00', reserved: '20.00' }])
})

test('a voided note has nothing left', () => {
  expect(
    project(creditNoteList, [posted, creditNoteVoided({ folio: 1, total: '60.00' })]),
  ).toMatchObject([{ status: 'Voided', total: '60.00', remaining: '0.00', available: '0.00' }])
})

test('what becomes of a prepayment is none of its business', () => {
  const source = 'prepayment' as const
  expect(
    project(creditNoteList, [
      allocationApplied({ folio: 1, source, amount: '5.00' }),
      refundApprovalRequested({ folio: 1, source, amount: '5.00' }),
    ]),
  ).toEqual([])
})

const atStore = (...facts: LedgerFact[]) =>
  project(creditNoteList, [posted, ...facts]).map((note) => ({
    remaining: note['remaining'],
    available: note['available'],
    refunded: note['refunded'],
    held: note['held'],
    id: note['platformRefundId'],
    status: note['platformRefundStatus'],
    toBePaid: note['toBePaid'],
  }))
const asked = platformRefundRequested({ folio: 1, amount: '60.00' })
const underWay = {
  remaining: '60.00',
  available: '0.00',
  refunded: '0.00',
  held: [`${taskId(1)} 60.00`],
  id: null,
  status: 'Requested',
  toBePaid: '0.00',
}
const untouched = { ...underWay, available: '60.00', held: [], status: null }

test('asked for at its store, it is held for the task, whatever becomes of the attempts', () => {
  expect(atStore(asked)).toEqual([underWay])
  for (const then of ['again', 'look', 'person'] as const) {
    const failed = attemptFailed({ folio: 1, then })
    expect(atStore(asked, attemptStarted({ folio: 1 }), failed)).toEqual([underWay])
  }
})

test.each([
  ['refused', attemptFailed({ folio: 1, then: 'end' })],
  ['withdrawn', syncTaskWithdrawn({ folio: 1 })],
  ['dismissed', syncDismissed({ folio: 1 })],
])('%s, the task lets it go', (_how, ended) => {
  expect(atStore(asked, ended)).toEqual([untouched])
})

test('a store that is only told of what was given back here holds nothing', () => {
  const told = platformRefundRequested({ folio: 1, amount: '60.00', purpose: 'record' })
  expect(atStore(told)).toMatchObject([{ available: '60.00', held: [], status: 'Requested' }])
})

const online = { folio: 1, online: '40.00', storeCredit: '20.00' }
const done = [
  asked,
  platformRefundRecorded({ ...online, task: 1 }),
  platformRefundPaid(online),
] as const

test('what the store gave back is refunded, with the store’s id for it', () => {
  const id = refundId(1)
  const rows = [{ ...untouched, remaining: '0.00', available: '0.00', refunded: '60.00', id }].map(
    (row) => ({ ...row, status: 'Refunded' }),
  )
  expect(atStore(...done)).toEqual(rows)
  // Found by a pull, no task let it go.
  expect(atStore(...done.slice(1))).toEqual(rows)
})

test('what was declined is there again, and says so for good', () => {
  const declined = platformRefundDeclined({ folio: 1, online: '40.00' })
  const back = { remaining: '40.00', available: '40.00', refunded: '20.00', status: 'Declined' }
  expect(atStore(...done, declined)).toMatchObject([back])
  expect(atStore(...done, declined, syncDismissed({ folio: 1, task: 2 }))).toMatchObject([back])
})

test('what the store only recorded is to be paid from here, as far as anything is left', () => {
  const recorded = platformRefundRecorded({ folio: 1, offline: '50.00' })
  const paid = (amount: string) => creditRefunded({ folio: 1, amount })
  const status = 'Recorded'
  expect(atStore(recorded)).toMatchObject([{ remaining: '60.00', status, toBePaid: '50.00' }])
  expect(atStore(recorded, paid('20.00'))).toMatchObject([{ toBePaid: '30.00' }])
  expect(atStore(recorded, paid('60.00'))).toMatchObject([{ toBePaid: '0.00' }])
  const here = { folio: 1, amount: '45.00' }
  expect(atStore(recorded, allocationApplied(here))).toMatchObject([{ toBePaid: '15.00' }])
  expect(atStore(recorded, allocationApplied(here), allocationReversed(here))).toMatchObject([
    { toBePaid: '50.00' },
  ])
  const settled = creditSettled({ folio: 1, amount: '20.00' })
  expect(atStore(recorded, settled)).toMatchObject([{ toBePaid: '40.00' }])
  const voided = creditNoteVoided({ folio: 1, total: '60.00' })
  expect(atStore(recorded, voided)).toMatchObject([{ toBePaid: '0.00', status }])
})

test.each([
  asked,
  syncDismissed({ folio: 1 }),
  syncTaskWithdrawn({ folio: 1 }),
  attemptFailed({ folio: 1, then: 'end' }),
  platformRefundRecorded(online),
  platformRefundPaid(online),
  platformRefundDeclined(online),
])('$type of a note that is not there is a gap too', (fact) => {
  expect(() => project(creditNoteList, [fact])).toThrow(
    `${fact.type} 0 of s needs credit note ${noteId(1)}`,
  )
})

test('what a task for no document comes to is none of its business', () => {
  const none = { folio: 1, note: null }
  expect(
    atStore(syncDismissed(none), syncTaskWithdrawn(none), attemptFailed({ ...none, then: 'end' })),
  ).toEqual([untouched])
})
