/**
 * Stores that allow few requests: everything comes to its end, nobody calls before the time that the store has named, and
 * whoever calls the same store waits for the same turn (S3).
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FaultInput } from '../simulators/bigcommerce/options.js'
import { type Bench, openBench } from './bench.js'
import { eventually } from './eventually.js'
import { refundsByTask, trialBalance } from './figures.js'
import {
  credited,
  givenBack,
  invoiced,
  ONE_PIECE,
  openShop,
  type Sale,
  saveCredentials,
  sell,
  settled,
  type Shop,
} from './shop.js'
import { inParallel } from './store-client.js'

const ORDERS = 10
const QUOTA = { quota: 20, windowMs: 2_000 }
/** Written, or on the wire, before the refusal was read; both ends live in this one process. */
const ON_THE_WIRE_MS = 150
const ON_THE_WIRE_MAX = 8

let bench: Bench
beforeAll(async () => {
  bench = await openBench({ sync: { leaveMs: 2_000, deadlineMs: 3_000, settleMs: 600 } })
})
afterAll(async () => {
  await trialBalance(bench)
  await bench.close()
})

async function creditedSales(shop: Shop, count: number): Promise<(readonly [Sale, string])[]> {
  const made: (readonly [Sale, string])[] = []
  await inParallel(Array.from({ length: count }), 4, async () => {
    const sale = await invoiced(await sell(shop))
    made.push([sale, await credited(sale, ONE_PIECE)])
  })
  return made
}

/** All given back at once, each once, and read again afterwards. */
async function giveBackAll(shop: Shop, made: readonly (readonly [Sale, string])[]) {
  const tasks = await Promise.all(
    made.map(async ([sale, note]) => {
      const task = await settled(bench, await givenBack(bench, note))
      // What is read afterwards by itself may be refused, too.
      await eventually(sale.pull, ({ outcome }) => outcome === 'pulled')
      return task
    }),
  )
  const atStore = await refundsByTask(shop)
  for (const task of tasks) {
    expect(task).toMatchObject({ state: 'Done' })
    expect(atStore[task.taskId]).toHaveLength(1)
  }
  for (const [sale] of made) expect((await sale.truth()).refunds).toHaveLength(1)
  return tasks
}

const summaryOf = ({ hash }: Shop) => bench.simulator.control.summary({ store: hash })

/** Nobody called before the time that was named but those who could not know yet: few, and at once. */
async function expectPatience(shop: Shop): Promise<void> {
  const { early } = await summaryOf(shop)
  const impatient = early.filter(({ atMs, toldAtMs }) => atMs - toldAtMs > ON_THE_WIRE_MS)
  expect(impatient).toEqual([])
  const refusals = new Map<number, number>()
  for (const { toldAtMs } of early) refusals.set(toldAtMs, (refusals.get(toldAtMs) ?? 0) + 1)
  expect(Math.max(0, ...refusals.values())).toBeLessThan(ON_THE_WIRE_MAX)
}

test(`${ORDERS} refunds of a store that takes ${QUOTA.quota} requests in ${QUOTA.windowMs} ms`, async () => {
  const shop = await openShop(bench, { hash: 'small' })
  const made = await creditedSales(shop, ORDERS)
  await bench.simulator.control.setStore({ hash: shop.hash, ...QUOTA })
  const { calls: before } = await summaryOf(shop)
  await giveBackAll(shop, made)
  const { calls, limited } = await summaryOf(shop)
  // Quote, refund and reading again: more than fits into a few windows.
  expect(calls - before).toBeGreaterThan(4 * QUOTA.quota)
  expect(limited / (calls - before)).toBeLessThan(0.05)
  await expectPatience(shop)
}, 180_000)

test('with less patience for an answer than a window lasts', async () => {
  const shop = await openShop(bench, { hash: 'slowwindow' })
  const made = await creditedSales(shop, ORDERS)
  await bench.simulator.control.setStore({ hash: shop.hash, quota: 20, windowMs: 4_000 })
  const tasks = await giveBackAll(shop, made)
  // Having to wait is no failure: nobody is bothered, however often it comes.
  expect(tasks.map(({ failures }) => failures)).toEqual(tasks.map(() => 0))
  await expectPatience(shop)
}, 300_000)

test.each<[string, readonly FaultInput[]]>([
  ['a time named', [{ kind: 'limited', ms: 1_500, on: 'quotes', times: 3 }]],
  ['a time named to who sends', [{ kind: 'limited', ms: 1_500, on: 'refunds', times: 3 }]],
  ['no time named', [{ kind: 'overloaded', on: 'quotes', times: 3 }]],
  ['no time named to who sends', [{ kind: 'overloaded', on: 'refunds', times: 3 }]],
  [
    'both in turn, to anybody',
    [
      { kind: 'limited', ms: 700, probability: 0.1, times: 5 },
      { kind: 'overloaded', probability: 0.1, times: 5 },
    ],
  ],
])(
  'refused for a moment, %s',
  async (what, faults) => {
    const hash = what.replaceAll(/[^a-z]/g, '')
    const shop = await openShop(bench, { hash })
    const made = await creditedSales(shop, 6)
    await bench.simulator.control.setFaults(faults.map((fault) => ({ ...fault, store: hash })))
    await giveBackAll(shop, made)
    await bench.simulator.control.setFaults([])
    const { limited } = await summaryOf(shop)
    expect(limited).toBeGreaterThan(0)
    await expectPatience(shop)
  },
  180_000,
)

const SHUT_MS = 3_000

/** The store has just said to somebody that it takes nothing for three seconds; whoever was on the way has come. */
async function shut(hash: string) {
  const shop = await openShop(bench, { hash })
  const sale = await sell(shop)
  const fault: FaultInput = { kind: 'limited', ms: SHUT_MS, times: 1, store: hash }
  await bench.simulator.control.setFaults([fault])
  const outcome = sale.pull()
  await eventually(
    () => summaryOf(shop),
    ({ limited }) => limited === 1,
  )
  return { shop, sale, outcome }
}

test('whoever tries new credentials waits, too', async () => {
  const { shop, outcome } = await shut('credentials')
  // Others of the same client wait for their turn; this is a client of its own.
  const [saved] = await Promise.all([saveCredentials(shop), outcome])
  expect(saved.status).toBe(204)
  expect((await summaryOf(shop)).early).toEqual([])
})

test('a store whose credentials were changed meanwhile is the same store', async () => {
  const { shop, sale, outcome } = await shut('changed')
  expect((await saveCredentials(shop, { check: false })).status).toBe(204)
  expect((await sale.pull()).outcome).toBe('pulled')
  await outcome
  expect((await summaryOf(shop)).early).toEqual([])
})
