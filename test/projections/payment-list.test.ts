import { expect, test } from 'vitest'
import { paymentList } from '../../projections/payment-list.js'
import { paymentReversed, prepaymentId, prepaymentRegistered } from '../support/credit-story.js'
import {
  creditRefunded,
  INSTANCE,
  invoiceId,
  noteId,
  orderId,
  PARTY,
  paymentId,
  paymentReconciled,
  paymentRegistered,
} from '../support/ledger-story.js'
import { project } from '../support/project.js'
import { platformRefundDeclined, platformRefundPaid, refundId } from '../support/store-story.js'

test('shows a payment over a bank account as in payment', () => {
  expect(
    project(paymentList, [paymentRegistered({ folio: 1, amount: '120.00', over: '5.00' })]),
  ).toEqual([
    {
      paymentId: paymentId(1),
      books: 'default',
      kind: 'Payment',
      number: 'PAY/2026/00011',
      date: '2026-03-02',
      direction: 'out',
      flow: 'received',
      account: 'bank',
      party: PARTY,
      documentId: invoiceId(1),
      documentNumber: 'INV/2026/00001',
      currency: 'GBP',
      amount: '125.00',
      status: 'In Payment',
      reconciledOn: null,
      reference: 'PAY-1-1',
      instance: null,
      sortKey: `2026-03-02 PAY/000000002026/000000000011 ${paymentId(1)}`,
    },
  ])
})

test('cash is paid at once', () => {
  expect(project(paymentList, [paymentRegistered({ folio: 1, account: 'cash' })])).toMatchObject([
    { status: 'Paid', reconciledOn: null },
  ])
})

test('shows a refund with the document whose credit it paid out', () => {
  expect(
    project(paymentList, [creditRefunded({ folio: 1, payment: 2, amount: '40.00' })]),
  ).toMatchObject([
    {
      kind: 'Refund',
      flow: 'paid',
      documentId: noteId(1),
      documentNumber: 'RINV/2026/00011',
      amount: '40.00',
    },
  ])
})

test('what the bank has shown is paid', () => {
  const rows = project(paymentList, [
    paymentRegistered({ folio: 1 }),
    paymentReconciled({ folio: 1, date: '2026-03-09' }),
  ])
  expect(rows).toMatchObject([{ status: 'Paid', reconciledOn: '2026-03-09' }])
})

test('the reconciliation of a payment that is not there is a gap', () => {
  expect(() => project(paymentList, [paymentReconciled({ folio: 1 })])).toThrow(
    `PaymentReconciled 0 of s needs payment ${paymentId(1)}`,
  )
})

test('a prepayment is money in for a document of its own', () => {
  expect(project(paymentList, [prepaymentRegistered({ folio: 1, amount: '40.00' })])).toMatchObject(
    [
      {
        kind: 'Prepayment',
        number: 'PAY/2026/00011',
        documentId: prepaymentId(1),
        documentNumber: 'PRE/2026/00011',
        amount: '40.00',
        flow: 'received',
        status: 'Paid',
      },
    ],
  )
})

test('a reversed payment stays in the list', () => {
  const paid = paymentRegistered({ folio: 1, amount: '120.00' })
  const reversed = paymentReversed({ folio: 1, applied: '120.00' })
  expect(project(paymentList, [paid, reversed])).toMatchObject([
    { status: 'Reversed', amount: '120.00' },
  ])
  expect(() => project(paymentList, [reversed])).toThrow(
    `PaymentReversed 0 of s needs payment ${paymentId(1)}`,
  )
})

const storeRefund = platformRefundPaid({ folio: 1, online: '40.00', storeCredit: '20.00' })

test('what a store gave back is a refund, paid at once, over the account it left first', () => {
  const paymentId = `${orderId(1)}:${refundId(1)}`
  expect(project(paymentList, [storeRefund])).toEqual([
    {
      paymentId,
      books: 'default',
      kind: 'Refund',
      number: 'PAY/2026/50101',
      date: '2026-03-20',
      direction: 'out',
      flow: 'paid',
      account: 'gateway-stripe',
      party: null,
      documentId: noteId(1),
      documentNumber: 'RINV/2026/00001',
      currency: 'GBP',
      amount: '60.00',
      status: 'Paid',
      reconciledOn: null,
      reference: refundId(1),
      instance: INSTANCE,
      sortKey: `2026-03-20 PAY/000000002026/000000050101 ${paymentId}`,
    },
  ])
  const asCredit = platformRefundPaid({ folio: 1, storeCredit: '20.00' })
  expect(project(paymentList, [asCredit])).toMatchObject([{ account: 'store-credit' }])
})

test('of a closed period it shows the day that it was made', () => {
  const entry = { ...storeRefund.data.entry, movedFrom: '2026-02-27' }
  expect(
    project(paymentList, [{ ...storeRefund, data: { ...storeRefund.data, entry } }]),
  ).toMatchObject([{ date: '2026-02-27' }])
})

test('declined later, it stays in the list and says so', () => {
  const declined = platformRefundDeclined({ folio: 1, online: '40.00' })
  expect(project(paymentList, [storeRefund, declined])).toMatchObject([
    { status: 'Declined', amount: '60.00' },
  ])
  expect(() => project(paymentList, [declined])).toThrow(
    `PlatformRefundDeclined 0 of s needs payment ${orderId(1)}:${refundId(1)}`,
  )
})
