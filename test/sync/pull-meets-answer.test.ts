/**
 * A refund of ours, seen by whoever pulls before its answer is recorded here; and one that is made at the store meanwhile.
 * Each is booked once, and none is held in the end (B7, B9).
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, openBench } from './bench.js'
import { eventually } from './eventually.js'
import { balanceIn, eventsOf, noteOf, refundsByTask, trialBalance } from './figures.js'
import { heldPoint } from './held-point.js'
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

const { reached, holdAt, letGo } = heldPoint()
afterEach(letGo)

let bench: Bench
let shop: Shop
beforeAll(async () => {
  bench = await openBench({ reached })
  shop = await openShop(bench, { hash: 'meets' })
})
afterAll(async () => {
  await trialBalance(bench)
  await bench.close()
})

const simulator = () => bench.simulator.control

const atStore = ({ order }: Sale, amount: number) =>
  simulator().refundAtStore({
    ...{ store: shop.hash, order },
    request: {
      items: [{ item_type: 'ORDER', item_id: order, amount, reason: 'By phone' }],
      payments: [{ provider_id: 'braintree', amount, offline: false }],
    },
  })

/** As a webhook announces it: kept first, worked on later. */
async function announced({ order }: Sale): Promise<void> {
  const { deliveries } = bench.served.ledger.storeRecords
  const id = crypto.randomUUID()
  await deliveries.keep({
    instance: shop.instance,
    id,
    order: `${order}`,
    scope: 'store/order/updated',
  })
  await eventually(
    () => deliveries.pending(10),
    (pending) => pending.length === 0,
  )
}

/** Every refund that the store has of the order is booked once, on a note of its own, and nothing waits. */
async function expectAllBooked(sale: Sale, units: readonly number[]): Promise<void> {
  const { refunds } = await sale.truth()
  expect(refunds.map((refund) => refund.units)).toEqual(units)
  const recorded = await eventsOf(sale, 'PlatformRefundRecorded')
  const ids = recorded.map(({ platformRefundId }) => platformRefundId)
  expect([...ids].sort()).toEqual(refunds.map(({ id }) => `${id}`).sort())
  expect(new Set(recorded.map(({ documentId }) => documentId)).size).toBe(refunds.length)
  expect(await eventsOf(sale, 'PlatformRefundPaid')).toHaveLength(refunds.length)
  const left = 13_200 - units.reduce((sum, one) => sum + one, 0)
  expect(await balanceIn(sale, 'gateway-braintree')).toBe(left)
  expect(await balanceIn(sale, 'receivable')).toBe(0)
  await bench.caughtUp()
  const { body } = await bench.client.get(`/platform-refunds?orderId=${sale.orderId}&limit=50`)
  const states = body.rows.map(({ status, held }: { status: string; held: unknown }) => [
    status,
    held,
  ])
  expect(states).toEqual(refunds.map(() => ['Refunded', null]))
}

async function underWay() {
  const sale = await invoiced(await sell(shop))
  const note = await credited(sale, ONE_PIECE)
  return { sale, note, task: await givenBack(bench, note) }
}

describe('the answer is there, and not recorded yet', () => {
  test('a pull records it; the answer that comes after changes nothing', async () => {
    const isThere = holdAt('before_record')
    const { sale, note, task } = await underWay()
    await isThere
    expect((await sale.truth()).refunds).toHaveLength(1)
    expect(await noteOf(bench, note)).toMatchObject({ platformRefundId: null })
    await announced(sale)
    expect(await eventsOf(sale, 'PlatformRefundRecorded')).toMatchObject([
      { taskId: task, documentId: note, knownBy: 'pull' },
    ])
    expect(await settled(bench, task)).toMatchObject({ state: 'Done' })
    const before = (await sale.events()).length
    letGo()
    await sale.pull()
    await expectAllBooked(sale, [6_000])
    const after = (await sale.events()).slice(before).map(({ type }) => type)
    expect(after.filter((type) => type !== 'OrderImported')).toEqual([])
  })

  test('it records one that was made at the store meanwhile, too', async () => {
    const isThere = holdAt('before_record')
    const { sale, task } = await underWay()
    await isThere
    const { id } = await atStore(sale, 30)
    // The list shows both: ours ends its task, and nothing is in the way of the other any more.
    expect((await sale.pull()).refunds).toMatchObject({ recorded: 2, held: 0 })
    letGo()
    await settled(bench, task)
    await sale.pull()
    await expectAllBooked(sale, [6_000, 3_000])
    const [theirs] = (await eventsOf(sale, 'PlatformRefundRecorded')).filter(
      ({ platformRefundId }) => platformRefundId === `${id}`,
    )
    expect(theirs).toMatchObject({ taskId: null, knownBy: 'pull' })
  })
})

describe('ours has not left yet', () => {
  test('one made at the store meanwhile could be ours: it is held, and booked once ours is done', async () => {
    const isThere = holdAt('before_send')
    const { sale, task } = await underWay()
    await isThere
    await atStore(sale, 30)
    expect((await sale.pull()).refunds).toMatchObject({ recorded: 0, held: 1 })
    expect(await eventsOf(sale, 'PlatformRefundSeen')).toMatchObject([{ held: 'task_open' }])
    letGo()
    expect(await settled(bench, task)).toMatchObject({ state: 'Done' })
    // What is read by itself after a refund brings it, and no minute has passed.
    await eventually(
      () => eventsOf(sale, 'PlatformRefundRecorded'),
      (recorded) => recorded.length === 2,
    )
    await expectAllBooked(sale, [3_000, 6_000])
  })

  test('of the same amount, too: ours is known by its marker', async () => {
    const isThere = holdAt('before_send')
    const { sale, note, task } = await underWay()
    await isThere
    await atStore(sale, 60)
    expect((await sale.pull()).refunds).toMatchObject({ recorded: 0, held: 1 })
    letGo()
    expect(await settled(bench, task)).toMatchObject({ state: 'Done' })
    await eventually(
      () => eventsOf(sale, 'PlatformRefundRecorded'),
      (recorded) => recorded.length === 2,
    )
    await expectAllBooked(sale, [6_000, 6_000])
    const [id] = (await refundsByTask(shop))[task] ?? []
    expect(await noteOf(bench, note)).toMatchObject({ platformRefundId: `${id ?? 0}` })
  })
})

describe('the answer never comes', () => {
  test.each(['hang_after', 'answer_lost'] as const)('%s: a pull is as good', async (kind) => {
    const sale = await invoiced(await sell(shop))
    const note = await credited(sale, ONE_PIECE)
    await simulator().setFaults([{ kind, on: 'refunds', times: 1, orders: [sale.order] }])
    const task = await givenBack(bench, note)
    await eventually(sale.truth, ({ refunds }) => refunds.length === 1)
    await atStore(sale, 30)
    await sale.pull()
    expect(await settled(bench, task)).toMatchObject({ state: 'Done', attempts: 1 })
    await sale.pull()
    await expectAllBooked(sale, [6_000, 3_000])
    const recorded = await eventsOf(sale, 'PlatformRefundRecorded')
    expect(recorded.map(({ knownBy }) => knownBy)).toEqual(['pull', 'pull'])
    const { length } = await simulator().requests({
      store: shop.hash,
      order: sale.order,
      class: 'refunds',
    })
    expect(length).toBe(1)
  })
})
