/** Whom money goes back over: at the store, and in the books (B3, B10). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SeedOrder } from '../simulators/bigcommerce/seed/seed-input.js'
import { type Bench, openBench } from './bench.js'
import { balanceIn, noteOf, trialBalance } from './figures.js'
import { type RefundCase, refundedSale } from './refunded-sale.js'
import {
  credited,
  gbp,
  givenBack,
  invoiced,
  ONE_PIECE,
  openShop,
  sell,
  settled,
  type Shop,
  TWO_PIECES,
} from './shop.js'

let bench: Bench
let shop: Shop
beforeAll(async () => {
  bench = await openBench()
  shop = await openShop(bench, { hash: 'plain' })
})
afterAll(async () => {
  await trialBalance(bench)
  await bench.close()
})

const OFFLINE: SeedOrder = { payment: { gateway: 'bankdeposit', method: 'Bank Deposit' } }
const UNLISTED: SeedOrder = { payment: { gateway: 'paypalexpress', method: 'PayPal' } }

const METHODS: readonly [
  string,
  RefundCase,
  readonly [provider: string, units: number, offline: boolean][],
  Readonly<Record<string, number>>,
][] = [
  [
    'of a card over the card',
    { note: ONE_PIECE },
    [['braintree', 6_000, false]],
    { 'gateway-braintree': 13_200 - 6_000 },
  ],
  [
    'paid in part by store credit in the same split',
    { seed: { storeCredit: '32.00' }, note: ONE_PIECE },
    [
      ['braintree', 4_545, false],
      ['storecredit', 1_455, false],
    ],
    // Captured 100.00; 32.00 of store credit was spent.
    { 'gateway-braintree': 10_000 - 4_545, 'store-credit': 3_200 - 1_455 },
  ],
  [
    'paid in part by a gift certificate in the same split, which comes back as store credit',
    { seed: { giftCertificate: '32.00' } },
    [
      ['braintree', 10_000, false],
      ['storecredit', 3_200, false],
    ],
    { 'gateway-braintree': 0, 'store-credit': 0 },
  ],
  [
    'as store credit alone where somebody chose it',
    { note: ONE_PIECE, more: { providers: ['storecredit'] } },
    [['storecredit', 6_000, false]],
    { 'gateway-braintree': 13_200, 'store-credit': -6_000 },
  ],
  [
    'paid by bank deposit: the store records it, and it is to be paid from here',
    { seed: OFFLINE, received: '132.00', note: ONE_PIECE },
    [['bankdeposit', 6_000, true]],
    { cash: 13_200, receivable: -6_000 },
  ],
  [
    'paid by bank deposit and store credit in the same split, and not as store credit alone',
    { seed: { ...OFFLINE, storeCredit: '32.00' }, received: '100.00', note: ONE_PIECE },
    [
      ['bankdeposit', 4_545, true],
      ['storecredit', 1_455, false],
    ],
    { cash: 10_000, 'store-credit': 3_200 - 1_455, receivable: -4_545 },
  ],
]

describe('goes back where it came from', () => {
  test.each(METHODS)('%s', async (_what, given, payments, balances) => {
    const { sale, note, task, refunds } = await refundedSale({ at: shop, ...given })
    expect(task).toMatchObject({ state: 'Done', attempts: 1, setback: null })
    expect(refunds).toHaveLength(1)
    const [refund = expect.fail()] = refunds
    expect(
      refund.payments.map(({ provider, units, offline }) => [provider, units, offline]),
    ).toEqual(payments)
    const found = Object.keys(balances).map(async (account) => [
      account,
      await balanceIn(sale, account),
    ])
    expect(Object.fromEntries(await Promise.all(found))).toEqual(balances)
    const offline = payments.filter(([, , isOffline]) => isOffline)
    const toBePaid = (offline.reduce((sum, [, units]) => sum + units, 0) / 100).toFixed(2)
    const shown = await noteOf(bench, note)
    expect(shown).toMatchObject({ platformRefundId: `${refund.id}`, toBePaid, remaining: toBePaid })
    if (toBePaid === '0.00') return
    await bench.client.must('refund-credit', { documentId: note, account: 'cash' })
    expect(await noteOf(bench, note)).toMatchObject({ toBePaid: '0.00', remaining: '0.00' })
    expect(await balanceIn(sale, 'receivable')).toBe(0)
  })

  test('a gateway that lists no transactions is found by what the store offers', async () => {
    const sale = await invoiced(await sell(shop, { ...TWO_PIECES, ...UNLISTED }))
    // Its money was not booked: no transaction names it. A person has seen it on the statement.
    await bench.client.must('register-payment', {
      ...{ invoiceId: sale.invoiceId, account: 'gateway-stripe', amount: gbp('132.00') },
      online: { gateway: 'paypalexpress', transaction: 'PAYID-1' },
    })
    const note = await credited(sale, ONE_PIECE)
    const first = await settled(bench, await givenBack(bench, note))
    expect(first.state).toBe('Done')
    const rest = await settled(bench, await givenBack(bench, await credited(sale)))
    expect(rest.state).toBe('Done')
    const { refunds } = await sale.truth()
    expect(refunds.map(({ payments }) => payments.map(({ provider }) => provider))).toEqual([
      ['paypalexpress'],
      ['paypalexpress'],
    ])
    expect(await balanceIn(sale, 'gateway-stripe')).toBe(0)
  })
})
