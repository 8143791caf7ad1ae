/** Money with two, no and three digits after the point, at a rate that has moved since: given back to the unit (J40, L20). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bench, openBench } from './bench.js'
import { balanceIn, eventsOf, noteOf, trialBalance } from './figures.js'
import { credited, givenBack, invoiced, ONE_PIECE, openShop, sell, settled } from './shop.js'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
  const rates = (eur: string, jpy: string, kwd: string) => [
    { currency: 'EUR', rate: eur },
    { currency: 'JPY', rate: jpy },
    { currency: 'KWD', rate: kwd },
  ]
  const set = (from: string, table: readonly object[]) =>
    bench.client.must('set-exchange-rate', { from, rates: table })
  await set('2026-01-01', rates('0.85', '0.0052', '2.55'))
  await set('2026-02-01', rates('0.87', '0.0049', '2.61'))
})
afterAll(() => bench.close())

test.each([
  ['EUR', '49.99', 2, 4_999],
  ['JPY', '4999', 0, 4_999],
  ['KWD', '4.999', 3, 4_999],
])('%s', async (currency, price, digits, piece) => {
  const hash = currency.toLowerCase()
  const shop = await openShop(bench, { hash, store: { currency } })
  const sale = await invoiced(
    await sell(shop, {
      ...{ currency, displayCurrency: 'GBP', createdAt: '2026-01-05T10:00:00Z' },
      ...{ products: [{ price, quantity: 3 }], shipping: '0' },
    }),
  )
  const units = (await sale.truth()).base.total.gross
  expect(units).toBe(3 * piece)
  const text = (whole: number) => (whole / 10 ** digits).toFixed(digits)

  const first = await credited(sale, ONE_PIECE)
  const task = await settled(bench, await givenBack(bench, first))
  expect(task).toMatchObject({ state: 'Done', amount: text(piece), currency })
  const rest = await settled(bench, await givenBack(bench, await credited(sale)))
  expect(rest).toMatchObject({ state: 'Done', amount: text(units - piece) })

  const { refunds, face } = await sale.truth()
  expect(refunds.map((refund) => [refund.units, refund.isOverridden])).toEqual([
    [piece, false],
    [units - piece, false],
  ])
  expect(face.paymentStatus).toBe('refunded')
  expect(await sale.read()).toMatchObject({
    ...{ paymentStatus: 'refunded', refundedAtStore: text(units), currency },
  })
  expect(await noteOf(bench, first)).toMatchObject({ available: text(0), refunded: text(piece) })
  const paid = await eventsOf(sale, 'PlatformRefundPaid')
  expect(paid.map(({ online }) => online)).toEqual([
    { amount: text(piece), currency },
    { amount: text(units - piece), currency },
  ])
  // What the gateway owes is nothing again, in the order's money; the books balance in theirs, the rate's gain beside it.
  expect(await balanceIn(sale, 'gateway-braintree')).toBe(0)
  expect(await balanceIn(sale, 'receivable')).toBe(0)
  await trialBalance(bench)
})
