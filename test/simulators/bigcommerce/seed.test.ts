import { expect, test } from 'vitest'
import { chanceFrom } from './http/draw.js'
import { scene } from './scenes.js'
import type { SeedOrder } from './seed/seed-input.js'

/** An order of any shape, drawn from a seed. */
function anyOrder(seed: number): SeedOrder {
  const chance = chanceFrom(seed)
  const upTo = (most: number): number => Math.floor(chance() * (most + 1))
  const amount = (mostUnits: number): string => (upTo(mostUnits) / 100).toFixed(2)
  const isTaxed = chance() < 0.8
  return {
    prices: chance() < 0.5 ? 'tax_included' : 'tax_excluded',
    taxes: isTaxed
      ? [
          { name: 'State', ratePercent: amount(2_000) },
          { name: 'City', ratePercent: '1.375' },
        ]
      : [],
    products: Array.from({ length: 1 + upTo(4) }, () => ({
      price: (1 + upTo(20_000) / 100).toFixed(2),
      quantity: 1 + upTo(6),
      ...(chance() < 0.3 ? { wrapping: amount(500) } : {}),
      ...(chance() < 0.3 ? { discount: amount(50) } : {}),
    })),
    shipping: amount(1_500),
    handling: amount(300),
    fees: chance() < 0.3 ? [{ cost: amount(900) }] : [],
    discount: chance() < 0.3 ? amount(40) : '0',
  }
}

const cents = (text: string): number => Math.round(Number(text) * 100)

test('whatever is seeded adds up to the cent, and its lines to the whole', async () => {
  const { simulator, call } = await scene()
  const asked = Array.from({ length: 120 }, (_, index) => anyOrder(index + 1))
  const seeded = await simulator.control.seedOrders({ store: 'abc', orders: asked })
  for (const { base } of seeded) {
    const path = `/v2/orders/${base.id}`
    const order = (await call('GET', path)).body as Record<string, string>
    for (const name of ['subtotal', 'shipping_cost', 'handling_cost', 'wrapping_cost', 'total']) {
      const [net, tax, gross] = ['ex_tax', 'tax', 'inc_tax'].map((side) =>
        cents(order[`${name}_${side}`] ?? ''),
      )
      expect([base.id, name, (net ?? 0) + (tax ?? 0)]).toEqual([base.id, name, gross])
    }
    const products = (await call('GET', `${path}/products`)).body as Record<string, string>[]
    const lines = products.reduce(
      (sum, line) => sum + cents(line['discounted_total_inc_tax'] ?? ''),
      0,
    )
    const costs = ['shipping_cost', 'handling_cost', 'wrapping_cost'].map((name) =>
      cents(order[`${name}_inc_tax`] ?? ''),
    )
    const fees = base.fees.reduce((sum, { cost }) => sum + cost.gross, 0)
    const whole = costs.reduce((sum, cost) => sum + cost, lines + fees)
    expect([base.id, whole]).toEqual([base.id, cents(order['total_inc_tax'] ?? '')])
    const { body, status } = await call('GET', `${path}/taxes?details=true&limit=250`)
    const rows = status === 204 ? [] : (body as Record<string, string>[])
    const taxes = rows.reduce((sum, row) => sum + cents(row['line_amount'] ?? ''), 0)
    const feeTaxes = base.fees.reduce((sum, { cost }) => sum + cost.tax, 0)
    expect([base.id, taxes + feeTaxes]).toEqual([base.id, cents(order['total_tax'] ?? '')])
  }
})

test('whatever was seeded can be given back line by line, down to the last cent', async () => {
  const { simulator, call } = await scene()
  const asked = Array.from({ length: 40 }, (_, index) => anyOrder(index + 500))
  for (const { base } of await simulator.control.seedOrders({ store: 'abc', orders: asked })) {
    const path = `/v3/orders/${base.id}/payment_actions`
    const side = base.side
    const items = [
      ...base.products.flatMap(({ id, quantity, discounted, wrapping }) => [
        ...(discounted.gross > 0 ? [{ item_type: 'PRODUCT', item_id: id, quantity }] : []),
        ...(wrapping.gross > 0 ? [{ item_type: 'GIFT_WRAPPING', item_id: id, quantity }] : []),
      ]),
      ...base.addresses.flatMap(({ id, shipping, handling }) => [
        { item_type: 'SHIPPING', item_id: id, amount: shipping[side] / 100 },
        { item_type: 'HANDLING', item_id: id, amount: handling[side] / 100 },
      ]),
      ...base.fees.map(({ id, cost }) => ({
        item_type: 'FEE',
        item_id: id,
        amount: cost[side] / 100,
      })),
    ]
    const { data } = (await call('POST', `${path}/refund_quotes`, { items })).body
    expect([base.id, data.total_refund_amount]).toEqual([base.id, base.total.gross / 100])
    expect([base.id, data.total_refund_tax_amount]).toEqual([base.id, base.total.tax / 100])
    const payments = [{ provider_id: 'custom', amount: data.total_refund_amount, offline: true }]
    expect((await call('POST', `${path}/refunds`, { items, payments })).status).toBe(201)
    const { face } = await simulator.control.order({ store: 'abc', order: base.id })
    expect([base.id, face.statusId]).toEqual([base.id, 4])
  }
})

test('five hundred orders are there in two seconds', async () => {
  const { simulator } = await scene()
  const startedAtMs = Date.now()
  const orders = Array.from({ length: 500 }, () => ({}))
  expect(await simulator.control.seedOrders({ store: 'abc', orders })).toHaveLength(500)
  expect(Date.now() - startedAtMs).toBeLessThan(2_000)
})

test('currencies without decimals, and with three', async () => {
  const { simulator, call } = await scene()
  const [yen, dinar] = await simulator.control.seedOrders({
    store: 'abc',
    orders: [
      { currency: 'JPY', products: [{ price: '1200' }], shipping: '300' },
      { currency: 'KWD', products: [{ price: '1.234' }], shipping: '0.100' },
    ],
  })
  const total = async (id: number | undefined) =>
    (await call('GET', `/v2/orders/${id}`)).body.total_inc_tax as string
  expect(await total(yen?.base.id)).toBe('1500.0000')
  expect(await total(dinar?.base.id)).toBe('1.3340')
})

test('what cannot be is not seeded', async () => {
  const { simulator, id } = await scene()
  const seed = (order: SeedOrder) => simulator.control.seedOrders({ store: 'abc', orders: [order] })
  await expect(seed({ id })).rejects.toThrow('already')
  await expect(seed({ storeCredit: '99.00' })).rejects.toThrow('More was paid')
  await expect(seed({ products: [{ price: '1.00', discount: '2.00' }] })).rejects.toThrow()
  await expect(seed({ products: [{ price: '1.001' }] })).rejects.toThrow('no amount')
})
