/** With how much tax money goes back, and whose figures are sent where the store has others (B3, B11). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SeedOrder } from '../simulators/bigcommerce/seed/seed-input.js'
import { type Bench, openBench } from './bench.js'
import { balanceIn, eventsOf, noteOf, refundsByTask, trialBalance } from './figures.js'
import { type RefundCase, refundedSale } from './refunded-sale.js'
import { gbp, ONE_PIECE, openShop, type Shop } from './shop.js'

let bench: Bench
let shop: Shop
/** Reckons the tax of what is given back for less otherwise than the ledger does. */
let stubborn: Shop
/** The same, and the ledger’s own figures are not to be forced on it. */
let respected: Shop
beforeAll(async () => {
  bench = await openBench()
  const store = { adjustmentTax: 'unchanged' } as const
  shop = await openShop(bench, { hash: 'plain' })
  stubborn = await openShop(bench, { hash: 'stubborn', store })
  respected = await openShop(bench, {
    ...{ hash: 'respected', store },
    settings: { refundDifference: 'refuse' },
  })
})
afterAll(async () => {
  await trialBalance(bench)
  await bench.close()
})

const INCLUDED: SeedOrder = {
  ...{ prices: 'tax_included', products: [{ price: '60.00', quantity: 2 }], shipping: '12.00' },
}
const FOR_LESS = { lines: [{ invoiceLine: 0, quantity: '1', unitPrice: '48' }] }

test.each<[string, RefundCase, readonly unknown[], string]>([
  ['a whole piece, with tax', { note: ONE_PIECE }, [6_000, 1_000, false], 'PRODUCT'],
  [
    'a whole piece, of an order without tax',
    { seed: { taxes: [] } },
    [11_000, 0, false],
    'PRODUCT',
  ],
  [
    'an amount, whose tax the store does not reckon',
    { note: { amount: gbp('33.00') } },
    [3_300, 550, true],
    'ORDER',
  ],
])('%s', async (_what, given, figures, type) => {
  const { task, refunds } = await refundedSale({ at: shop, ...given })
  expect(task.state).toBe('Done')
  expect(refunds.map(({ units, tax, isOverridden }) => [units, tax, isOverridden])).toEqual([
    figures,
  ])
  expect(refunds[0]?.items[0]?.type).toBe(type)
})

test('goods back for less, which the store reckons as we do', async () => {
  const { refunds } = await refundedSale({ at: shop, seed: INCLUDED, note: FOR_LESS })
  expect(refunds).toMatchObject([{ units: 4_800, tax: 800, isOverridden: false }])
  expect(refunds[0]?.items).toMatchObject([
    { type: 'PRODUCT', quantity: 1, adjustments: [{ amount: -12 }] },
  ])
})

test('which it reckons otherwise: our figures are sent in place of its own', async () => {
  const { sale, refunds } = await refundedSale({ at: stubborn, seed: INCLUDED, note: FOR_LESS })
  expect(refunds).toMatchObject([{ units: 4_800, tax: 800, isOverridden: true }])
  const [started] = await eventsOf(sale, 'AttemptStarted')
  expect(started?.sending).toMatchObject({
    override: { total: gbp('48.00'), tax: gbp('8.00') },
  })
  expect(await balanceIn(sale, 'gateway-braintree')).toBe(13_200 - 4_800)
})

test('or nothing is, and both figures are shown', async () => {
  const given = { at: respected, seed: INCLUDED, note: FOR_LESS }
  const { sale, note, task, refunds } = await refundedSale(given)
  expect(task).toMatchObject({ state: 'Refused', setback: 'amount_differs' })
  expect(task.detail).toBe('The store reckons another tax: 10.00 and not 8.00')
  const [failed] = await eventsOf(sale, 'AttemptFailed')
  expect(failed).toMatchObject({
    figures: { ledger: gbp('8.00'), store: gbp('10.00') },
    attempt: null,
  })
  expect(refunds).toEqual([])
  expect(await refundsByTask(respected)).toEqual({})
  expect(await noteOf(bench, note)).toMatchObject({ available: '48.00', platformRefundId: null })
})
