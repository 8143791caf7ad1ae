/**
 * One note, given back over two channels at once: paid out here, and over its store. Money leaves once, whoever wins; the
 * loser is told why, or only tells the store (B4, B10, L12). `FOLIO_ROUNDS` says how often; the judge reads the log alone,
 * and the store's own truth.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { createRandom } from '../properties/random.js'
import type { Answered } from '../support/served-ledger.js'
import { type Bench, openBench } from './bench.js'
import { eventually } from './eventually.js'
import { asked, refundsByTask, trialBalance } from './figures.js'
import { credited, gbp, invoiced, ONE_PIECE, openShop, type Sale, sell, type Shop } from './shop.js'
import { inParallel } from './store-client.js'

const ROUNDS = Number.parseInt(process.env['FOLIO_ROUNDS'] ?? '40', 10)
const SEED = Number.parseInt(process.env['FOLIO_SEED'] ?? '20261129', 10)
const PIECES = 10
const SALES_AT_ONCE = 4
const TIMEOUT_MS = 60_000 + ROUNDS * 1_000

let bench: Bench
let shop: Shop
beforeAll(async () => {
  bench = await openBench()
  shop = await openShop(bench, { hash: 'races' })
})
afterAll(() => bench.close())

type Round = Readonly<{
  note: string
  /** What was asked of RefundCredit, in minor units, of 10.00. */
  cents: number
  byHand: Answered
  overStore: Answered
}>

test(
  `${ROUNDS} notes, each asked for over both channels in the same tick (seed ${SEED})`,
  async () => {
    const random = createRandom(SEED)
    const rounds: Round[] = []
    const sales = Array.from({ length: Math.ceil(ROUNDS / PIECES) }, (_, nth) =>
      Math.min(PIECES, ROUNDS - nth * PIECES),
    )
    await inParallel(sales, SALES_AT_ONCE, async (pieces) => {
      const products = [{ price: '10.00', quantity: pieces }]
      const sale = await invoiced(await sell(shop, { products, shipping: '0' }))
      for (let piece = 0; piece < pieces; piece += 1) {
        const cents = random.whole(0, 2) === 0 ? random.whole(1, 999) : 1_000
        rounds.push(await round(sale, cents, random.whole(0, 1) === 0))
      }
    })
    await eventually(
      async () => (await open()).total,
      (left) => left === 0,
      TIMEOUT_MS,
    )
    const figures = rounds.map(judged)
    await expectMoneyOnce(rounds)
    const count = (what: string) => figures.filter((figure) => figure === what).length
    const won = { store: count('store'), hand: count('hand'), shared: count('shared') }
    if (ROUNDS > 40) console.log(JSON.stringify(won))
    expect(won.store + won.hand + won.shared).toBe(ROUNDS)
    // Both win at times, or nothing was shown.
    expect(Math.min(won.store, won.hand + won.shared)).toBeGreaterThan(0)
  },
  TIMEOUT_MS + 60_000,
)

async function round(sale: Sale, cents: number, isStoreFirst: boolean): Promise<Round> {
  const note = await credited(sale, ONE_PIECE)
  const byHand = () =>
    bench.client.command('refund-credit', {
      ...{ documentId: note, account: 'cash', amount: gbp((cents / 100).toFixed(2)) },
    })
  const overStore = () => asked(bench, note)
  if (isStoreFirst) {
    const [second, first] = await Promise.all([overStore(), byHand()])
    return { note, cents, byHand: first, overStore: second }
  }
  const [first, second] = await Promise.all([byHand(), overStore()])
  return { note, cents, byHand: first, overStore: second }
}

/** Who won; each answer fits the other. */
function judged({ cents, byHand, overStore }: Round): 'store' | 'hand' | 'shared' {
  expect(overStore.status, overStore.text).toBe(200)
  const { amount } = overStore.body.answer.task
  if (byHand.status !== 200) {
    expect([byHand.status, byHand.body]).toEqual([
      409,
      expect.objectContaining({
        ...{ code: 'refund_exceeds_remaining_credit', retryable: false },
        ...{ remaining: gbp('0.00'), requested: gbp((cents / 100).toFixed(2)) },
      }),
    ])
    expect(amount).toEqual(gbp('10.00'))
    return 'store'
  }
  // It was paid out here, in whole or in part: the store gives back the rest, or is only told.
  if (cents === 1_000) {
    expect(amount).toEqual(gbp('10.00'))
    return 'hand'
  }
  expect(amount).toEqual(gbp(((1_000 - cents) / 100).toFixed(2)))
  return 'shared'
}

async function open() {
  const states = ['Due', 'In flight', 'Unknown']
  await bench.caughtUp()
  const counts = states.map(async (state) => {
    const { body } = await bench.client.get(
      `/sync-tasks?limit=1&state=${encodeURIComponent(state)}`,
    )
    return body.total as number
  })
  return { total: (await Promise.all(counts)).reduce((sum, one) => sum + one, 0) }
}

type Out = { byHand: number; overStore: number; purpose: string; task: string }

/** By note, in minor units, from what was recorded. */
function moneyOut(events: readonly LedgerEvent[]): ReadonlyMap<string, Out> {
  const out = new Map<string, Out>()
  const of = (id: string): Out => {
    const known = out.get(id) ?? { byHand: 0, overStore: 0, purpose: '', task: '' }
    out.set(id, known)
    return known
  }
  for (const event of events) {
    if (event.type === 'CreditRefunded') {
      of(event.data.documentId).byHand += units(event.data.amount)
    }
    if (event.type === 'PlatformRefundPaid') {
      const { documentId, online, storeCredit } = event.data
      of(documentId).overStore += units(online) + units(storeCredit)
    }
    if (event.type === 'PlatformRefundRequested') {
      const { creditNoteId, purpose, taskId } = event.data
      Object.assign(of(creditNoteId), { purpose, task: taskId })
    }
  }
  return out
}

async function expectMoneyOnce(rounds: readonly Round[]): Promise<void> {
  const out = moneyOut(await bench.events())
  const atStore = await refundsByTask(shop)
  const orders = await bench.simulator.control.orders({ store: shop.hash })
  const refunds = new Map(orders.flatMap((order) => order.refunds.map((one) => [one.id, one])))
  for (const { note, cents, byHand } of rounds) {
    const { task, purpose, ...paid } = out.get(note) ?? expect.fail(note)
    const here = byHand.status === 200 ? cents : 0
    expect(paid, note).toEqual({ byHand: here, overStore: 1_000 - here })
    // One refund there, which moved exactly what did not leave here.
    const [id = expect.fail(note), ...more] = atStore[task] ?? []
    expect(more).toEqual([])
    const payments = refunds.get(id)?.payments ?? []
    const moved = payments.filter(({ offline }) => !offline)
    expect(moved.reduce((sum, one) => sum + one.units, 0)).toBe(1_000 - here)
    expect(purpose).toBe(here === 1_000 ? 'record' : 'give_back')
    if (purpose === 'record')
      expect(payments).toMatchObject([{ provider: 'custom', offline: true }])
  }
  expect(Object.keys(atStore)).toHaveLength(rounds.length)
  const gone = [...out.values()].reduce((sum, paid) => sum + paid.byHand + paid.overStore, 0)
  expect(gone).toBe(rounds.length * 1_000)
  expect(await trialBalance(bench)).toMatchObject({ receivable: '0.00' })
}

function units({ amount }: Readonly<{ amount: string }>): number {
  return Math.round(Number.parseFloat(amount) * 100)
}
