/** Refunds over a bad line, one of each kind: the store makes each once, whatever becomes of its answers (B7, S2). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FaultInput } from '../simulators/bigcommerce/options.js'
import { type Bench, openBench } from './bench.js'
import { balanceIn, eventsOf, refundsByTask, trialBalance } from './figures.js'
import {
  credited,
  givenBack,
  invoiced,
  ONE_PIECE,
  openShop,
  sell,
  settled,
  type Shop,
} from './shop.js'

let bench: Bench
let shop: Shop
beforeAll(async () => {
  bench = await openBench()
  shop = await openShop(bench, { hash: 'answers' })
})
afterAll(async () => {
  await trialBalance(bench)
  await bench.close()
})

type Kind = Omit<FaultInput, 'on' | 'orders' | 'times'>

/** Made at the store. */
const AFTER: readonly Kind[] = [
  { kind: 'answer_lost' },
  { kind: 'hang_after' },
  { kind: 'half_body' },
  { kind: 'error_after', status: 500 },
  { kind: 'error_after', status: 502 },
  { kind: 'error_after', status: 504 },
  { kind: 'html' },
  { kind: 'garbage' },
  { kind: 'huge', bytes: 6_000_000 },
]
/** Not made, which nobody can know without looking. */
const BEFORE: readonly Kind[] = [
  { kind: 'reset_before' },
  { kind: 'hang_before' },
  { kind: 'redirect' },
  { kind: 'error_before', status: 500 },
  { kind: 'error_before', status: 503 },
]
/** Made, answered with more than is known here, or made at once and seen late. */
const HARMLESS: readonly Kind[] = [{ kind: 'extra_fields' }, { kind: 'slow', ms: 300 }]

test.each([
  ['made, and not answered so', AFTER, { attempts: 1, calls: 1, knownBy: 'read_back' }],
  ['not made, and not answered so', BEFORE, { attempts: 2, calls: 2, knownBy: 'answer' }],
  ['answered in its own way', HARMLESS, { attempts: 1, calls: 1, knownBy: 'answer' }],
])(
  '%s',
  async (_what, kinds, { attempts, calls, knownBy }) => {
    const sales = await Promise.all(
      kinds.map(async () => {
        const sale = await invoiced(await sell(shop))
        return { sale, note: await credited(sale, ONE_PIECE) }
      }),
    )
    await bench.simulator.control.setFaults(
      kinds.map((kind, index) => {
        const order = sales[index]?.sale.order ?? 0
        return { ...kind, on: 'refunds', times: 1, store: shop.hash, orders: [order] }
      }),
    )
    const tasks = await Promise.all(
      sales.map(async ({ note }) => settled(bench, await givenBack(bench, note))),
    )
    const atStore = await refundsByTask(shop)
    for (const [index, { sale, note }] of sales.entries()) {
      const task = tasks[index]
      const kind = JSON.stringify(kinds[index])
      expect(task, kind).toMatchObject({ state: 'Done', attempts })
      expect(atStore[task.taskId], kind).toHaveLength(1)
      expect((await sale.truth()).refunds.map(({ units }) => units)).toEqual([6_000])
      const { control } = bench.simulator
      const asked = { store: shop.hash, order: sale.order, class: 'refunds' } as const
      expect(await control.requests(asked), kind).toHaveLength(calls)
      expect(await eventsOf(sale, 'PlatformRefundRecorded'), kind).toMatchObject([
        { documentId: note, knownBy },
      ])
      expect(await balanceIn(sale, 'gateway-braintree')).toBe(7_200)
    }
    const { followed, overlappingRefunds } = await bench.simulator.control.summary({
      store: shop.hash,
    })
    expect([followed, overlappingRefunds]).toEqual([[], []])
  },
  120_000,
)
