/** The client against the simulator of the whole platform: two readings of the same contract, made apart. */
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { priceDocument } from '../../../src/aggregates/pricing.js'
import { lineSchema } from '../../../src/events/parts.js'
import { minus, plus, sum } from '../../../src/money/money.js'
import type { PlatformOrder, RefundItem } from '../../../src/platforms/platform.js'
import type { StoreInput } from '../../simulators/bigcommerce/options.js'
import type { SeedOrder } from '../../simulators/bigcommerce/seed/seed-input.js'
import { startSimulator } from '../../simulators/bigcommerce/simulator.js'
import { openAt, sending, within } from '../support/open-store.js'

const TOKEN = 'token-of-the-simulated-store'

async function simulated(settings: Partial<StoreInput> = {}) {
  const simulator = await startSimulator({
    stores: [{ hash: 'abc123', token: TOKEN, quota: null, ...settings }],
  })
  onTestFinished(() => simulator.close())
  const store = openAt(`${simulator.address}/stores/abc123`, { accessToken: TOKEN })
  const seed = async (...orders: SeedOrder[]): Promise<string[]> => {
    const seeded = await simulator.control.seedOrders({ store: 'abc123', orders })
    return seeded.map(({ base }) => `${base.id}`)
  }
  const read = async (order: string): Promise<PlatformOrder> => {
    const answer = await store.readOrder(order, within())
    if (answer.outcome === 'failed') throw new Error(`${answer.reason}: ${answer.detail}`)
    if (answer.value === null) throw new Error('no order')
    return answer.value
  }
  return { control: simulator.control, store, seed, read }
}

function ledgerTotals({ lines, prices, currency }: PlatformOrder) {
  const ledgerLines = lines.map(({ platformLine: _, ...line }) => lineSchema.parse(line))
  return priceDocument(ledgerLines, { prices, rounding: 'per_line', currency }).totals
}

const price = fc.integer({ min: 300, max: 50_000 }).map((cents) => (cents / 100).toFixed(2))
const share = fc.integer({ min: 0, max: 100 }).map((cents) => (cents / 100).toFixed(2))
const rates = fc.constantFrom<NonNullable<SeedOrder['taxes']>>(
  [],
  [{ ratePercent: '20' }],
  [{ ratePercent: '8.25' }],
  [
    { name: 'State', ratePercent: '6.5' },
    { name: 'County', ratePercent: '1.375' },
  ],
)
const anyOrder: fc.Arbitrary<SeedOrder> = fc.record({
  prices: fc.constantFrom('tax_included' as const, 'tax_excluded' as const),
  taxes: rates,
  products: fc.array(
    fc.record({
      price,
      quantity: fc.integer({ min: 1, max: 7 }),
      discount: share,
      wrapping: share,
      sku: fc.constantFrom('A', 'B', ''),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  shipping: share,
  handling: share,
  fees: fc.array(fc.record({ cost: price }), { maxLength: 2 }),
  discount: fc.constantFrom('0', '0.50', '1.00'),
})

describe.each(['before_discount', 'after_discount'] as const)(
  'a product that shows its tax %s',
  (productTax) => {
    test('whatever an order holds, its lines come to its totals, to the unit', async () => {
      const { seed, read } = await simulated({ productTax })
      await fc.assert(
        fc.asyncProperty(anyOrder, async (order) => {
          const [id = ''] = await seed(order)
          const found = await read(id)
          expect(ledgerTotals(found)).toEqual(found.totals)
        }),
        { numRuns: 60 },
      )
    })
  },
)

/** All that an order has, as it is given back in full. */
function everything(order: PlatformOrder): RefundItem[] {
  const { prices } = order
  return order.lines.map((line): RefundItem => {
    const { kind, platformLine, quantity, platformTax, discount } = line
    const pieces = Number.parseInt(quantity, 10)
    switch (kind) {
      case 'item':
      case 'gift_certificate':
        return { kind: 'item', platformLine, quantity: pieces }
      case 'wrapping':
        return { kind, platformLine, quantity: pieces }
      case 'shipping':
      case 'handling':
      case 'fee': {
        const [priced] = priceDocument(
          [
            lineSchema.parse({
              kind,
              description: '',
              quantity,
              unitPrice: line.unitPrice,
              discount,
              tax: line.tax,
              platformTax,
            }),
          ],
          { prices, rounding: 'per_line', currency: order.currency },
        ).lines
        if (priced === undefined) throw new Error('no line')
        return { kind, platformLine, amount: prices === 'tax_included' ? priced.gross : priced.net }
      }
    }
  })
}

describe.each(['with_tax', 'without_tax', 'guide'] as const)(
  'a store that quotes %s',
  (quoteTotals) => {
    test('gives back in full what it took', async () => {
      const { seed, read, store, control } = await simulated({ quoteTotals })
      await fc.assert(
        fc.asyncProperty(anyOrder, async (given) => {
          const [id = ''] = await seed(given)
          const order = await read(id)
          const asked = { order: id, currency: order.currency, items: everything(order) }
          const quote = await store.quoteRefund(asked, within())
          if (quote.outcome === 'failed') throw new Error(quote.detail)
          const { total, methods } = quote.value
          for (const method of methods) {
            expect(
              sum(
                method.map(({ amount }) => amount),
                order.currency,
              ),
            ).toEqual(total)
          }
          const payments = methods.find((method) =>
            method.every(({ provider }) => provider === 'custom'),
          )
          const request = {
            ...asked,
            payments: payments ?? [],
            reason: `All ref:${id}`,
            override: null,
          }
          const sent = await store.refund(request, sending())
          if (sent.outcome !== 'done') throw new Error(sent.detail)
          expect(sent.value).toMatchObject({ order: id, total, reasons: [`All ref:${id}`] })
          expect(await store.refunds(asked, within())).toEqual({
            outcome: 'read',
            value: [sent.value],
          })
        }),
        { numRuns: 15 },
      )
      const problems = await control.summary({ store: 'abc123' })
      expect(problems).toBeDefined()
    })
  },
)

test('a capture is recorded, read again, and found by its reference', async () => {
  const { seed, store, control } = await simulated()
  const [id = ''] = await seed({
    payment: { method: 'Bank Deposit', gateway: 'bankdeposit', status: 'pending' },
    storeCredit: '5.00',
  })
  const before = await store.payment(id, within())
  if (before.outcome === 'failed' || before.value === null) throw new Error('no payment')
  const { total, storeCredit, captured } = before.value
  const amount = minus(minus(total, storeCredit), captured)
  const sent = await store.recordCapture({ order: id, amount, reference: 'ref:ours' }, sending())
  expect(sent).toMatchObject({ outcome: 'done' })
  const after = await store.payment(id, within())
  expect(after).toMatchObject({
    value: { paymentStatus: 'captured', captures: [{ reference: 'ref:ours', amount }] },
  })
  expect(
    after.outcome === 'read' && after.value && plus(after.value.captured, storeCredit),
  ).toEqual(total)
  expect(Object.keys(await control.transactionsByReference({ store: 'abc123' }))).toContain(
    'ref:ours',
  )
})

test.each(['404', '405', '422'] as const)(
  'a store that answers %s records none, and is moved on by its status',
  async (postTransactions) => {
    const { seed, store } = await simulated({ postTransactions, statusSetsPaymentStatus: 'paid' })
    const [id = ''] = await seed({
      payment: { gateway: 'bankdeposit', status: 'pending' },
      statusId: 7,
    })
    const capture = {
      order: id,
      amount: { amount: '1.00', currency: 'EUR' },
      reference: 'ref:ours',
    }
    expect(await store.recordCapture(capture, sending())).toMatchObject({
      outcome: 'refused',
      status: Number(postTransactions),
    })
    expect(await store.confirmPayment(id, sending())).toEqual({ outcome: 'done', value: null })
    expect(await store.payment(id, within())).toMatchObject({
      value: { paymentStatus: 'paid', status: 'Awaiting Fulfillment' },
    })
  },
)

test('a store of 60 requests in 400 ms refuses none of a thousand', async () => {
  const { seed, store, control } = await simulated({ quota: 60, windowMs: 400 })
  const ids = await seed({}, {}, {})
  const asked = Array.from({ length: 500 }, (_, index) =>
    store.payment(ids[index % 3] ?? '', within(60_000)),
  )
  const answers = await Promise.all(asked)
  expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['read']))
  expect(await control.summary({ store: 'abc123' })).toMatchObject({
    calls: 1_000,
    limited: 0,
    early: [],
  })
})

test('a store that refuses now and then is never asked before the time it names', async () => {
  const { seed, store, control } = await simulated()
  const [id = ''] = await seed({})
  await control.setFaults([{ kind: 'limited', probability: 0.2, ms: 60 }])
  // One after another: what is under way when the store refuses is heard behind its refusal.
  for (let round = 0; round < 60; round += 1) {
    if (round % 3 === 0) await store.confirmPayment(id, sending())
    else await store.payment(id, within())
  }
  const summary = await control.summary({ store: 'abc123' })
  expect(summary.limited).toBeGreaterThan(5)
  expect(summary.early).toEqual([])
})
