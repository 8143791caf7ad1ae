import { expect, test } from 'vitest'
import { prepaymentList } from '../../projections/prepayment-list.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  allocationApplied,
  allocationConcluded,
  allocationReserved,
  openingBalancesPosted,
  openingId,
  paymentReversed,
  prepaymentId,
  prepaymentRegistered,
  refundApprovalRequested,
  refundDecided,
} from '../support/credit-story.js'
import {
  creditNotePosted,
  creditRefunded,
  orderId,
  overpaymentId,
  PARTY,
  paymentId,
  paymentRegistered,
} from '../support/ledger-story.js'
import { project } from '../support/project.js'
import {
  platformRefundDeclined,
  platformRefundPaid,
  platformRefundRecorded,
  platformRefundRequested,
  syncDismissed,
} from '../support/store-story.js'

const source = 'prepayment' as const
const prepaid = prepaymentRegistered({ folio: 1, amount: '100.00', order: true })

test('money for an order stands with its gateway and all that is left of it', () => {
  expect(project(prepaymentList, [prepaid])).toEqual([
    {
      documentId: prepaymentId(1),
      books: 'default',
      kind: 'Prepayment',
      direction: 'out',
      number: 'PRE/2026/00011',
      party: PARTY,
      orderId: orderId(1),
      orderNumber: '1001',
      date: '2026-03-01',
      paymentId: paymentId(1),
      currency: 'GBP',
      amount: '100.00',
      refunded: '0.00',
      allocated: '0.00',
      reserved: '0.00',
      remaining: '100.00',
      available: '100.00',
      held: [],
      status: 'Open',
      gateway: 'stripe',
      transaction: 'ch_1_1',
      sortKey: `2026-03-01 PRE/000000002026/000000000011 ${prepaymentId(1)}`,
    },
  ])
})

test('what was paid beyond an invoice is one too; a payment of just the due amount makes none', () => {
  expect(project(prepaymentList, [paymentRegistered({ folio: 1, over: '5.00' })])).toMatchObject([
    {
      documentId: overpaymentId(1),
      kind: 'Overpayment',
      number: 'OVP/2026/00001',
      amount: '5.00',
      remaining: '5.00',
      orderId: null,
      gateway: null,
    },
  ])
  expect(project(prepaymentList, [paymentRegistered({ folio: 1 })])).toEqual([])
})

test('so is a prepayment of the time before the books', () => {
  expect(project(prepaymentList, [openingBalancesPosted(1)])).toMatchObject([
    {
      documentId: openingId(1, 1, 'pre'),
      kind: 'Prepayment',
      number: 'OLD-50.00',
      date: '2025-12-01',
      paymentId: null,
      amount: '50.00',
      available: '50.00',
    },
  ])
})

test('tells what was refunded, what was allocated, what is held and what is left', () => {
  const here = { folio: 1, source, amount: '10.00' }
  const away = { folio: 1, to: 2, allocation: 2, source, amount: '20.00' }
  const reserved = { folio: 1, to: 3, allocation: 3, source, amount: '30.00' }
  const waits = { folio: 1, source, amount: '5.00' }
  const facts: LedgerFact[] = [
    prepaid,
    allocationApplied(here),
    allocationReserved(away),
    allocationApplied(away),
    allocationConcluded(away),
    allocationReserved(reserved),
    refundApprovalRequested(waits),
    refundDecided('RefundApproved', waits),
    creditRefunded({
      folio: 1,
      payment: 2,
      amount: '5.00',
      document: 'overpayment',
      documentId: prepaymentId(1),
    }),
  ]
  expect(project(prepaymentList, facts)).toMatchObject([
    {
      amount: '100.00',
      refunded: '5.00',
      allocated: '30.00',
      reserved: '30.00',
      remaining: '65.00',
      available: '35.00',
      status: 'Open',
    },
  ])
})

test('is settled when nothing is left, and reversed when its payment was none', () => {
  const all = allocationApplied({ folio: 1, source, amount: '100.00' })
  expect(project(prepaymentList, [prepaid, all])).toMatchObject([
    { status: 'Settled', remaining: '0.00' },
  ])
  const reversed = paymentReversed({
    folio: 1,
    credit: { documentId: prepaymentId(1), amount: '100.00' },
  })
  expect(project(prepaymentList, [prepaid, reversed])).toMatchObject([
    { status: 'Reversed', remaining: '0.00', available: '0.00', amount: '100.00' },
  ])
  expect(() => project(prepaymentList, [reversed])).toThrow(
    `PaymentReversed 0 of s needs credit ${prepaymentId(1)}`,
  )
})

test('has nothing to do with credit notes', () => {
  expect(
    project(prepaymentList, [
      creditNotePosted({ folio: 1 }),
      creditRefunded({ folio: 1, amount: '10.00' }),
      paymentReversed({ folio: 1, applied: '10.00' }),
    ]),
  ).toEqual([])
})

test('what a store gives back of it is refunded, and what it cannot is there again', () => {
  const back = { folio: 1, document: prepaymentId(1), online: '60.00' }
  const refunded = [prepaid, platformRefundRecorded(back), platformRefundPaid(back)]
  expect(project(prepaymentList, refunded)).toMatchObject([
    { refunded: '60.00', remaining: '40.00', available: '40.00', status: 'Open' },
  ])
  const declined = platformRefundDeclined(back)
  expect(project(prepaymentList, [...refunded, declined])).toMatchObject([
    { refunded: '0.00', remaining: '100.00', available: '100.00' },
  ])
})

test('what is asked for of a note at its store is none of its business', () => {
  const asked = platformRefundRequested({ folio: 1, amount: '60.00' })
  expect(project(prepaymentList, [asked, syncDismissed({ folio: 1 })])).toEqual([])
})
