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
