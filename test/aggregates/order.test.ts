import { expect, test } from 'vitest'
import { orderOf } from '../../src/aggregates/order.js'
import { SAMPLE_FACTS } from '../fixtures/sample-facts.js'

const { OrderPlaced, OrderImported } = SAMPLE_FACTS
const absent = { status: 'absent' } as const

test('an order by hand is open and knows no platform', () => {
  expect(orderOf(OrderPlaced, absent)).toEqual({
    ...OrderPlaced.data,
    status: 'open',
    paymentStatus: '',
    platform: null,
  })
})

test('an imported order is open, whatever the platform calls it, and keeps what it said', () => {
  const { status: platformStatus } = OrderImported.data
  expect(platformStatus).toBe('Awaiting Fulfillment')
  expect(orderOf(OrderImported, absent)).toEqual({
    ...OrderImported.data,
    status: 'open',
    platform: OrderImported.data,
  })
})

test('a new state from the platform leaves an open order open and a cancelled one cancelled', () => {
  const order = orderOf(OrderImported, absent)
  expect(orderOf(OrderImported, order).status).toBe('open')
  const again = orderOf(OrderImported, { ...order, status: 'cancelled' })
  expect(again).toMatchObject({ status: 'cancelled', platform: OrderImported.data })
})

test('a state that is here again says nothing of what became of its payment since (B5)', () => {
  const refunded = { ...orderOf(OrderImported, absent), paymentStatus: 'refunded' }
  const again = { ...OrderImported, data: { ...OrderImported.data, isRepeat: true as const } }
  expect(orderOf(again, refunded).paymentStatus).toBe('refunded')
  expect(orderOf(again, absent).paymentStatus).toBe('captured')
  expect(orderOf(OrderImported, refunded).paymentStatus).toBe('captured')
})
