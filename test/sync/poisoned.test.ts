/**
 * A quarter of a store’s orders are poisoned: whatever is sent to them fails. The others come to their end with exactly
 * as many calls as without any poison, and what is poisoned waits where people look (S3, lanes by order).
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FaultInput } from '../simulators/bigcommerce/options.js'
import type { Json } from '../support/served-ledger.js'
import { type Bench, openBench } from './bench.js'
import { eventually } from './eventually.js'
import { asked, eventsOf, noteOf, refundsByTask, trialBalance } from './figures.js'
import {
  credited,
  givenBack,
  invoiced,
  ONE_PIECE,
  openShop,
  type Sale,
  sell,
  settled,
  type Shop,
} from './shop.js'
import { inParallel } from './store-client.js'

const ORDERS = 16
const AT_ONCE = 8

let bench: Bench
beforeAll(async () => {
  // An answer of a healthy order that is late would be a call more: nothing but poison is to fail here.
  bench = await openBench({ sync: { leaveMs: 1_500, deadlineMs: 2_500, settleMs: 400 } })
})
afterAll(() => bench.close())

type Given = Readonly<{ sale: Sale; note: string; task: Json; calls: number }>

/** All orders of a store of its own given back at once; `poison` of the first quarter. */
async function givenBackAll(
  hash: string,
  poison: (orders: readonly number[]) => readonly FaultInput[],
) {
  const shop = await openShop(bench, { hash })
  const sold = Array.from({ length: ORDERS }, (_, index) => index)
  const notes: (readonly [Sale, string])[] = []
  await inParallel(sold, AT_ONCE, async () => {
    const sale = await invoiced(await sell(shop))
    notes.push([sale, await credited(sale, ONE_PIECE)])
  })
  const orders = notes.map(([{ order }]) => order)
  const faults = poison(orders.filter((_, index) => index % 4 === 0))
  const poisoned = faults.flatMap((fault) => fault.orders ?? [])
  await bench.simulator.control.setFaults(faults.map((one) => ({ ...one, store: hash })))
  const before = await callsOf(shop)
  const given = await Promise.all(
    notes.map(async ([sale, note]) => {
      const task = await settled(bench, await givenBack(bench, note))
      return { sale, note, task }
    }),
  )
  await bench.simulator.control.setFaults([])
  const isPoisoned = ({ sale }: Omit<Given, 'calls'>) => poisoned.includes(sale.order)
  const healthy = given.filter((one) => !isPoisoned(one))
  await Promise.all(healthy.map(({ sale }) => readOnceMore(sale)))
  const after = await callsOf(shop)
  const counted = given.map((one): Given => {
    const { order } = one.sale
    return { ...one, calls: (after[order] ?? 0) - (before[order] ?? 0) }
  })
  return {
    shop,
    sick: counted.filter(isPoisoned),
    healthy: counted.filter((one) => !isPoisoned(one)),
  }
}

async function callsOf({ hash }: Shop): Promise<Readonly<Record<number, number>>> {
  return (await bench.simulator.control.summary({ store: hash })).callsByOrder
}

/** After a refund an order is read by itself; a reading of ours, which waits for it, comes last. */
async function readOnceMore(sale: Sale): Promise<void> {
  await eventually(sale.read, ({ platformStatus }) => platformStatus === 'Partially Refunded')
  await sale.pull()
}

async function expectWell(given: readonly Given[], shop: Shop): Promise<void> {
  const atStore = await refundsByTask(shop)
  for (const { sale, task, note } of given) {
    expect(task).toMatchObject({ state: 'Done', attempts: 1, failures: 0 })
    expect((await sale.truth()).refunds.map(({ units }) => units)).toEqual([6_000])
    expect(atStore[task.taskId]).toHaveLength(1)
    expect(await noteOf(bench, note)).toMatchObject({ platformRefundStatus: 'Refunded' })
    expect(await eventsOf(sale, 'AttemptFailed')).toEqual([])
  }
}

/** Nothing was done, and everybody can see it. */
async function expectSick(
  given: readonly Given[],
  shop: Shop,
  as: Readonly<{ state: string; setback: string; listed: string }>,
): Promise<void> {
  await bench.caughtUp()
  const { state, setback, listed } = as
  const query = `state=${encodeURIComponent(listed)}&instance=${shop.instance}&limit=200`
  const { body } = await bench.client.get(`/sync-tasks?${query}`)
  const shown = body.rows.map(({ id }: { id: string }) => id)
  expect([...shown].sort()).toEqual(given.map(({ task }) => task.taskId).sort())
  for (const { sale, task, note } of given) {
    expect(task).toMatchObject({ state, setback })
    expect((await sale.truth()).refunds).toEqual([])
    expect(await eventsOf(sale, 'PlatformRefundRecorded')).toEqual([])
    expect(await noteOf(bench, note)).toMatchObject({ platformRefundId: null, remaining: '60.00' })
  }
}

let clean: readonly number[] = []

test('without poison: so many calls each', async () => {
  const { shop, healthy, sick } = await givenBackAll('clean', () => [])
  await expectWell([...healthy, ...sick], shop)
  clean = [...new Set([...healthy, ...sick].map(({ calls }) => calls))]
  // One quote, one refund, and what reading an order takes.
  expect(clean).toHaveLength(1)
}, 120_000)

test.each([
  ['refunds', 500, { state: 'Waits for a person', setback: 'not_found' }],
  ['quotes', 500, { state: 'Waits for a person', setback: 'unavailable' }],
  ['refunds', 422, { state: 'Refused', setback: 'refused' }],
  ['quotes', 422, { state: 'Refused', setback: 'refused' }],
] as const)(
  'with every fourth answering %s with %i',
  async (on, status, end) => {
    const fault = { kind: 'error_before', on, status } as const
    const { shop, healthy, sick } = await givenBackAll(`sick${on}${status}`, (orders) => [
      { ...fault, orders: [...orders] },
    ])
    expect([healthy.length, sick.length]).toEqual([(ORDERS * 3) / 4, ORDERS / 4])
    await expectWell(healthy, shop)
    expect([...new Set(healthy.map(({ calls }) => calls))]).toEqual(clean)
    // Of all whose answer is unknown the time is waited for five times over: nobody waits for it beside them.
    if (end.setback === 'not_found') expectNobodyWaited(healthy, sick)
    await expectSick(sick, shop, { ...end, listed: end.state })
    await cured(sick, shop, end.state === 'Refused')
    await trialBalance(bench)
  },
  180_000,
)

function expectNobodyWaited(healthy: readonly Given[], sick: readonly Given[]): void {
  const endsOf = (given: readonly Given[]): string[] =>
    given.map(({ task }) => task.changedAt as string).sort()
  expect(endsOf(healthy).at(-1)! < endsOf(sick)[0]!).toBe(true)
}

/** The poison is gone: what waits is tried again by a person’s word, what was refused is asked for anew. Once each. */
async function cured(sick: readonly Given[], shop: Shop, isOver: boolean): Promise<void> {
  const ends = sick.map(async ({ note, task }) => {
    if (isOver) {
      const { body } = await asked(bench, note)
      return settled(bench, body.answer.task.taskId)
    }
    await bench.client.must('retry-sync', { taskId: task.taskId, reason: 'It is well again' })
    return settled(bench, task.taskId)
  })
  for (const end of await Promise.all(ends)) {
    expect(end).toMatchObject({ state: 'Done' })
    expect((await refundsByTask(shop))[end.taskId]).toHaveLength(1)
  }
  for (const { sale } of sick) expect((await sale.truth()).refunds).toHaveLength(1)
}
