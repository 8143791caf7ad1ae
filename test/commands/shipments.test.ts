/** Deliveries (M2, M7, M13): planned, validated in full and in part, tracked; they post nothing. */
import { expect, test } from 'vitest'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { importOrder } from '../../commands/order/import-order.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { addTracking } from '../../commands/shipment/add-tracking.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import { validateDelivery } from '../../commands/shipment/validate-delivery.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { after, decide, expectRefusal, FOLIO_ID, folioOf } from '../support/decider-spec.js'
import { createTestLedger } from '../support/ledger.js'
import { item, ORDER, order } from './scenes.js'

const SHIPMENT = `${FOLIO_ID}-s1`
const REST = `${FOLIO_ID}-s2`
const BUYER = { name: 'Ada Byron', email: 'ada@example.com', phone: '+44 20 7946 0000' }
const mugs = item('10', { quantity: '6', sku: 'MUG-1', description: 'Mug' })
const lamp = item('50', { quantity: '1', sku: 'LAMP', description: 'Lamp' })
const postage = item('4.5', { kind: 'shipping' })
const coupon = item('-5', { description: 'Coupon' })
const turned = item('5', { quantity: '-1', description: 'Discount' })
const ordered = () =>
  order([mugs, postage, lamp, coupon, turned], {
    billTo: BUYER,
    shipTo: { name: 'Lady Lovelace', phone: '+44 1' },
  })
const planned = (more: object = {}) => after(planShipment, { orderId: ORDER, ...more }, ordered())
const delivered = (more: object = {}) =>
  after(validateDelivery, { shipmentId: SHIPMENT, ...more }, planned())
const quantities = (lines: readonly { orderLine: number; quantity: string }[]) =>
  lines.map(({ orderLine, quantity }) => `${orderLine}: ${quantity}`)

const importedOrder = (quantity: string, modifiedAt: string) => ({
  number: '1001',
  placedOn: '2026-11-01',
  party: null,
  billTo: null,
  shipTo: BUYER,
  prices: 'tax_excluded',
  lines: [item('10', { quantity })],
  instance: '5d1d0a2e-6f43-4b57-8f0e-1f2d3c4b5a69',
  platformOrderId: '77',
  modifiedAt,
  status: '',
  paymentStatus: '',
})

test('a plan takes all goods unless it is told which, and neither charges nor discounts', () => {
  const [fact] = planned().newest
  expect(fact).toEqual({
    type: 'ShipmentPlanned',
    data: {
      shipmentId: SHIPMENT,
      books: 'main',
      warehouse: 'WH',
      order: { orderId: ORDER, number: '1001', placedOn: '2026-11-01' },
      party: null,
      // The e-mail is the buyer's, for the address has none; the phone is the address's own.
      shipTo: { name: 'Lady Lovelace', email: 'ada@example.com', phone: '+44 1' },
      lines: [
        { orderLine: 0, sku: 'MUG-1', description: 'Mug', quantity: '6' },
        { orderLine: 2, sku: 'LAMP', description: 'Lamp', quantity: '1' },
      ],
      plannedFor: '2026-11-22',
    },
  })
})

test('what is planned and what left is not planned again', () => {
  const half = planned({ lines: [{ line: 0, quantity: '4' }] })
  const rest = decide(planShipment, { orderId: ORDER }, half)
  expect('answer' in rest && quantities(rest.answer.lines)).toEqual(['0: 2', '2: 1'])
  const left = after(validateDelivery, { shipmentId: SHIPMENT }, half)
  const again = decide(planShipment, { orderId: ORDER }, left)
  expect('answer' in again && quantities(again.answer.lines)).toEqual(['0: 2', '2: 1'])
  expectRefusal(planShipment, { orderId: ORDER, lines: [{ line: 0, quantity: '2.1' }] }, left, {
    code: 'quantity_exceeds_to_ship',
    line: 0,
    left: '2',
    requested: '2.1',
  })
})

test('a delivery is numbered in the series of its warehouse and says when its goods left', () => {
  const scene = planned({ warehouse: 'EAST' })
  const decided = decide(
    validateDelivery,
    { shipmentId: SHIPMENT, tracks: [{ number: 'JD1', carrier: 'dhl', title: 'DHL' }] },
    { ...scene, now: '2026-11-22T09:41:07.123Z' },
  )
  if ('refusal' in decided) throw new Error(decided.refusal.code)
  expect(decided.numbers).toEqual([
    { series: 'EAST/OUT', document: SHIPMENT, postingDate: '2026-11-22' },
  ])
  expect(decided.facts).toMatchObject([
    {
      type: 'DeliveryValidated',
      data: {
        number: 'EAST/OUT/00001',
        shippedAt: '2026-11-22T09:41:07.123Z',
        shippedOn: '2026-11-22',
        tracks: [{ number: 'JD1', carrier: 'dhl', title: 'DHL' }],
      },
    },
  ])
  expect(decided.answer).toMatchObject({ number: 'EAST/OUT/00001', rest: null })
})

test('of a partial delivery the rest is planned as a shipment of its own', () => {
  const scene = delivered({ lines: [{ line: 0, quantity: '2.5' }] })
  expect(scene.newest.map(({ type }) => type)).toEqual(['DeliveryValidated', 'ShipmentPlanned'])
  expect(scene.newest[1]?.data).toMatchObject({
    shipmentId: REST,
    restOf: SHIPMENT,
    lines: [
      { orderLine: 0, quantity: '3.5' },
      { orderLine: 2, quantity: '1' },
    ],
  })
  expectRefusal(planShipment, { orderId: ORDER }, scene, {
    code: 'nothing_left_to_ship',
    order: ORDER,
  })
  const whole = after(validateDelivery, { shipmentId: REST }, scene)
  expect([...folioOf(whole.facts).shipments.values()].map(({ status }) => status)).toEqual([
    'delivered',
    'delivered',
  ])
})

test('a rest that will not be delivered is not planned, and may be later', () => {
  const scene = delivered({ lines: [{ line: 0, quantity: '2' }], restPlanned: false })
  expect(scene.newest).toHaveLength(1)
  const later = decide(planShipment, { orderId: ORDER }, scene)
  expect('answer' in later && quantities(later.answer.lines)).toEqual(['0: 4', '2: 1'])
})

test('no delivery takes more than was planned, nor more than a lowered order still asks', () => {
  const more = { shipmentId: SHIPMENT, lines: [{ line: 0, quantity: '2.1' }] }
  expectRefusal(validateDelivery, more, planned({ lines: [{ line: 0, quantity: '2' }] }), {
    code: 'quantity_exceeds_to_ship',
    line: 0,
    left: '2',
    requested: '2.1',
  })
  const first = after(importOrder, importedOrder('6', '2026-11-20T09:30:00.000Z'))
  const plan = after(planShipment, { orderId: ORDER }, first)
  const lowered = after(importOrder, importedOrder('4', '2026-11-21T09:30:00.000Z'), plan)
  expectRefusal(validateDelivery, { shipmentId: SHIPMENT }, lowered, {
    code: 'quantity_exceeds_to_ship',
    line: 0,
    left: '4',
    requested: '6',
  })
  const within = { shipmentId: SHIPMENT, lines: [{ line: 0, quantity: '4' }], restPlanned: false }
  const [fact] = after(validateDelivery, within, lowered).newest
  expect(fact).toMatchObject({
    data: { order: { platformOrderId: '77' }, shipTo: BUYER, lines: [{ quantity: '4' }] },
  })
})

test('nothing is shipped of a cancelled order, planned before or not', () => {
  const cancelled = after(cancelOrder, { orderId: ORDER, reason: 'No' }, ordered())
  const refusal = { code: 'order_cancelled', order: ORDER } as const
  expectRefusal(planShipment, { orderId: ORDER }, cancelled, refusal)
  const plan = { shipmentId: SHIPMENT }
  const late = decide(
    validateDelivery,
    plan,
    after(cancelOrder, { orderId: ORDER, reason: 'No' }, planned()),
  )
  expect(late).toHaveProperty('refusal')
})

test('nothing is shipped of an order that is history', () => {
  const { facts } = after(importOrder, importedOrder('6', '2026-11-20T09:30:00.000Z'))
  const history = facts.map((fact) =>
    fact.type === 'OrderImported'
      ? { ...fact, data: { ...fact.data, isHistory: true as const } }
      : fact,
  )
  expectRefusal(
    planShipment,
    { orderId: ORDER },
    { facts: history },
    {
      code: 'order_is_history',
      order: ORDER,
      startDate: null,
    },
  )
})

test('a tracking number that comes later is added once', () => {
  const track = { number: 'JD2' }
  expectRefusal(addTracking, { shipmentId: SHIPMENT, track }, planned(), {
    code: 'shipment_not_delivered',
    shipment: SHIPMENT,
    status: 'planned',
  })
  const scene = delivered({ tracks: [{ number: 'JD1' }] })
  const known = { code: 'tracking_known_already', shipment: SHIPMENT } as const
  const first = { shipmentId: SHIPMENT, track: { number: 'JD1' } }
  expectRefusal(addTracking, first, scene, { ...known, number: 'JD1' })
  const tracked = after(addTracking, { shipmentId: SHIPMENT, track }, scene)
  expectRefusal(addTracking, { shipmentId: SHIPMENT, track }, tracked, { ...known, number: 'JD2' })
  const twice = { shipmentId: SHIPMENT, tracks: [track, track] }
  expectRefusal(validateDelivery, twice, planned(), { ...known, number: 'JD2' })
})

test('deliveries are numbered through the years, whichever process they come from', async () => {
  const store = createMemoryEventStore()
  const ledgers = [await createTestLedger(store), await createTestLedger(store)] as const
  const ship = async (ledger: (typeof ledgers)[number], day: string) => {
    ledger.clock.day = day
    const { orderId } = await ledger.must(placeOrder, {
      number: '1001',
      placedOn: '2026-11-01',
      party: null,
      billTo: null,
      shipTo: BUYER,
      prices: 'tax_excluded',
      lines: [mugs],
    })
    const { shipmentId } = await ledger.must(planShipment, { orderId })
    return (await ledger.must(validateDelivery, { shipmentId })).number
  }
  expect([
    await ship(ledgers[0], '2026-12-31'),
    await ship(ledgers[1], '2027-01-01'),
    await ship(ledgers[0], '2027-01-02'),
  ]).toEqual(['WH/OUT/00001', 'WH/OUT/00002', 'WH/OUT/00003'])
  const streams = new Set((await ledgers[0].events()).map(({ stream }) => stream))
  expect(streams).toContain('series-main-WH-OUT')
  await Promise.all(ledgers.map(({ handler }) => handler.close()))
})
