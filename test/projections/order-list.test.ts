import { expect, test } from 'vitest'
import { orderList } from '../../projections/order-list.js'
import {
  invoicePosted,
  INSTANCE,
  orderId,
  orderImported,
  orderPlaced,
  PARTY,
} from '../support/ledger-story.js'
import { project } from '../support/project.js'
import {
  forceRefundSet,
  orderCaptured,
  platformRefundDeclined,
  platformRefundRecorded,
  platformRefundSeen,
  refundId,
} from '../support/store-story.js'

test('shows an order placed by hand', () => {
  expect(project(orderList, [orderPlaced({ folio: 1, total: '120.00' })])).toEqual([
    {
      orderId: orderId(1),
      books: 'default',
      number: '1001',
      orderDate: '2026-03-01',
      billToName: 'Ada Byron',
      party: PARTY,
      currency: 'GBP',
      total: '120.00',
      invoiced: '0.00',
      status: 'Open',
      waits: null,
      replaces: null,
      platformOrderId: null,
      platformStatus: null,
      paymentStatus: null,
      refundedAtStore: '0.00',
      storeRefunds: [],
      forceRefund: false,
      instance: null,
      synced: false,
      sortKey: `2026-03-01 000000001001 ${orderId(1)}`,
    },
  ])
})

test('shows an imported order as synced, with what the platform says of it', () => {
  expect(project(orderList, [orderImported({ folio: 1 })])).toMatchObject([
    {
      instance: INSTANCE,
      synced: true,
      platformOrderId: '1',
      platformStatus: 'Pending',
      paymentStatus: 'captured',
    },
  ])
})

test('a newer state of the order replaces what the platform said, not what the ledger did', () => {
  const rows = project(orderList, [
    orderImported({ folio: 1, total: '120.00' }),
    invoicePosted({ folio: 1, total: '60.00', order: 'imported' }),
    { type: 'OrderCancelled', data: { orderId: orderId(1), reason: 'changed their mind' } },
    orderImported({ folio: 1, total: '90.00', status: 'Cancelled' }),
  ])
  expect(rows).toMatchObject([
    { total: '90.00', invoiced: '60.00', status: 'Cancelled', platformStatus: 'Cancelled' },
  ])
})

const waiting = (waits: string | null) => {
  const fact = orderImported({ folio: 1, total: '120.00' })
  const carried = { until: 'order' as const, waits, invoice: null }
  return { ...fact, data: { ...fact.data, carried, replaces: '1000' } }
}

test('says what an imported order waits for, until a person has invoiced it all', () => {
  const invoiced = (total: string) => invoicePosted({ folio: 1, total, order: 'imported' })
  expect(project(orderList, [waiting('not_captured')])).toMatchObject([
    { waits: 'not_captured', replaces: '1000' },
  ])
  expect(project(orderList, [waiting('not_captured'), waiting(null)])).toMatchObject([
    { waits: null },
  ])
  expect(project(orderList, [waiting('not_captured'), invoiced('119.99')])).toMatchObject([
    { waits: 'not_captured' },
  ])
  expect(project(orderList, [waiting('not_captured'), invoiced('120.00')])).toMatchObject([
    { waits: null },
  ])
  expect(project(orderList, [waiting('money_missing'), invoiced('120.00')])).toMatchObject([
    { waits: 'money_missing' },
  ])
})

test('a cancelled order waits for nothing', () => {
  const cancelled = { type: 'OrderCancelled', data: { orderId: orderId(1), reason: 'x' } } as const
  expect(project(orderList, [waiting('not_captured'), cancelled])).toMatchObject([{ waits: null }])
  expect(
    project(orderList, [waiting('not_captured'), cancelled, waiting('order_cancelled')]),
  ).toMatchObject([{ waits: null }])
})

test('adds up what is invoiced', () => {
  const rows = project(orderList, [
    orderPlaced({ folio: 1, total: '120.00' }),
    invoicePosted({ folio: 1, invoice: 1, total: '50.00', order: 'placed' }),
    invoicePosted({ folio: 1, invoice: 2, total: '70.00', order: 'placed' }),
  ])
  expect(rows).toMatchObject([{ invoiced: '120.00' }])
})

test('an invoice without an order is no row of this list', () => {
  expect(project(orderList, [invoicePosted({ folio: 1 })])).toEqual([])
})

test('an invoice of an order that is not there is a gap', () => {
  expect(() => project(orderList, [invoicePosted({ folio: 1, order: 'placed' })])).toThrow(
    `InvoicePosted 0 of s needs order ${orderId(1)}`,
  )
})

test('the cancellation of an order that is not there is a gap', () => {
  const cancelled = { type: 'OrderCancelled', data: { orderId: orderId(1), reason: 'x' } } as const
  expect(() => project(orderList, [cancelled])).toThrow(`needs order ${orderId(1)}`)
})

const imported = orderImported({ folio: 1, paymentStatus: 'captured' })
const seen = platformRefundSeen({ folio: 1, online: '40.00' })
const recorded = platformRefundRecorded({ folio: 1, online: '40.00', offline: '5.00' })

test('its payment at the store follows what was given back there, each refund once', () => {
  expect(project(orderList, [imported, seen])).toMatchObject([
    { paymentStatus: 'partially refunded', refundedAtStore: '40.00' },
  ])
  const second = platformRefundRecorded({
    ...{ folio: 1, refund: 2, online: '75.00', paymentStatus: 'refunded' },
  })
  expect(project(orderList, [imported, seen, recorded, second])).toMatchObject([
    {
      paymentStatus: 'refunded',
      refundedAtStore: '120.00',
      storeRefunds: [`45.00 ${refundId(1)}`, `75.00 ${refundId(1, 2)}`],
    },
  ])
  const declined = platformRefundDeclined({ folio: 1, online: '40.00', offline: '5.00' })
  expect(project(orderList, [imported, recorded, declined])).toMatchObject([
    { paymentStatus: 'captured', refundedAtStore: '5.00' },
  ])
})

test('a refund of which a part was declined when it was seen stands with the rest', () => {
  const [payment] = seen.data.payments
  if (payment === undefined) throw new Error('It has a payment')
  const payments = [payment, { ...payment, amount: { ...payment.amount, amount: '15.00' } }]
  const amount = { ...payment.amount, amount: '55.00' }
  const half = payments.map((each, index) => ({ ...each, isDeclined: index === 0 }))
  const partly = { ...seen, data: { ...seen.data, amount, payments: half } }
  expect(project(orderList, [imported, partly])).toMatchObject([{ refundedAtStore: '15.00' }])
})

test('a refund in another currency than the order’s is not added to it', () => {
  const inEuros = { amount: '40.00', currency: 'EUR' }
  const payments = seen.data.payments.map((payment) => ({ ...payment, amount: inEuros }))
  const foreign = { ...seen, data: { ...seen.data, amount: inEuros, payments } }
  expect(project(orderList, [imported, foreign])).toMatchObject([
    { refundedAtStore: '0.00', storeRefunds: [] },
  ])
})

test('a newer state of the store wins; one that is here again says nothing of it', () => {
  const captured = orderCaptured({ folio: 1 })
  const waiting = orderImported({ folio: 1, paymentStatus: '' })
  expect(project(orderList, [waiting, captured])).toMatchObject([{ paymentStatus: 'captured' }])
  const again = { ...waiting, data: { ...waiting.data, isRepeat: true as const } }
  expect(project(orderList, [waiting, captured, again])).toMatchObject([
    { paymentStatus: 'captured' },
  ])
  expect(project(orderList, [again])).toMatchObject([{ paymentStatus: '' }])
  const refunded = orderImported({ folio: 1, paymentStatus: 'refunded' })
  expect(project(orderList, [waiting, captured, seen, refunded])).toMatchObject([
    { paymentStatus: 'refunded', refundedAtStore: '40.00' },
  ])
})

test('shows whether a refund is forced, through newer states', () => {
  const forced = [imported, forceRefundSet(1, true)]
  expect(project(orderList, forced)).toMatchObject([{ forceRefund: true }])
  expect(project(orderList, [...forced, imported])).toMatchObject([{ forceRefund: true }])
  expect(project(orderList, [...forced, forceRefundSet(1, false)])).toMatchObject([
    { forceRefund: false },
  ])
})

test.each([
  seen,
  recorded,
  platformRefundDeclined({ folio: 1, online: '40.00' }),
  orderCaptured({ folio: 1 }),
  forceRefundSet(1, true),
])('$type of an order that is not there is a gap', (fact) => {
  expect(() => project(orderList, [fact])).toThrow(`needs order ${orderId(1)}`)
})
