import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkedClient, until } from './checked-client.js'
import type { OrderTruth } from './control/control.js'
import { seedOrder } from './control/seed-order.js'
import { CREDENTIALS, refundOne } from './scenes.js'
import { startSimulator } from './simulator.js'
import { type SpawnedSimulator, spawnSimulator } from './spawn.js'

const STORE = { store: 'abc' }
const OPTIONS = { stores: [{ hash: 'abc', token: 'secret', quota: null, hookRetryScale: 1e-4 }] }

let folder = ''
let spawned: SpawnedSimulator | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folio-restart-'))
})

afterEach(async () => {
  await spawned?.close()
  spawned = null
  await rm(folder, { recursive: true, force: true })
})

const refundsOf = (order: OrderTruth) => `/v3/orders/${order.base.id}/payment_actions/refunds`

test('what was told is there after the process was killed, and goes on from there', async () => {
  spawned = await spawnSimulator({ folder, ...OPTIONS })
  const { control, address } = spawned
  const call = checkedClient(address, CREDENTIALS)
  const orders = await control.seedOrders({
    ...STORE,
    orders: Array.from({ length: 64 }, () => ({})),
  })
  const answers = await Promise.all(
    orders.map((order) => call('POST', refundsOf(order), refundOne({ order }, 10))),
  )
  const seen = await Promise.all(orders.map((order) => call('GET', refundsOf(order))))
  const before = await control.orders(STORE)
  await spawned.kill()
  await expect(control.orders(STORE)).rejects.toThrow()
  await spawned.restart()
  expect(await control.orders(STORE)).toEqual(before)
  const again = await Promise.all(orders.map((order) => call('GET', refundsOf(order))))
  expect(again.map(({ body }) => body as unknown)).toEqual(seen.map(({ body }) => body as unknown))
  expect(
    (await control.requests({ ...STORE, class: 'refunds' })).map(({ ending }) => ending),
  ).toEqual(answers.map(() => 'answered'))
  const [order] = orders
  if (order === undefined) throw new Error('No order was seeded.')
  const next = await call('POST', refundsOf(order), refundOne({ order }, 10))
  expect(next.body.data.id).toBe(65)
})

test('whatever was answered before a kill is there after it, wherever the kill falls', async () => {
  spawned = await spawnSimulator({ folder, ...OPTIONS })
  const { control, address } = spawned
  const call = checkedClient(address, CREDENTIALS)
  const ofMany = { products: [{ quantity: 1_000 }] }
  const orders = await control.seedOrders({
    ...STORE,
    orders: Array.from({ length: 16 }, () => ofMany),
  })
  const answered: number[] = []
  for (let kills = 0; kills < 4; kills += 1) {
    const callers = orders.map(async (order) => {
      for (;;) {
        const { body } = await call('POST', refundsOf(order), refundOne({ order }, 10))
        answered.push(body.data.id as number)
      }
    })
    const ended = Promise.allSettled(callers)
    const enough = 40 * (kills + 1)
    await until(
      () => Promise.resolve(answered.length),
      (count) => count >= enough,
    )
    await spawned.kill()
    expect((await ended).map(({ status }) => status)).not.toContain('fulfilled')
    await spawned.restart()
    const there = (await control.orders(STORE)).flatMap(({ refunds }) =>
      refunds.map(({ id }) => id),
    )
    expect(new Set(there).size).toBe(there.length)
    expect(answered.filter((id) => !there.includes(id))).toEqual([])
    // Each of 16 callers can have had one that it was not told of, in each round.
    expect(there.length - answered.length).toBeLessThanOrEqual(16 * (kills + 1))
  }
  expect((await control.summary(STORE)).overlappingRefunds).toEqual([])
})

test('a call that was under way when the process was killed is recorded as such', async () => {
  spawned = await spawnSimulator({ folder, ...OPTIONS })
  const { control, address } = spawned
  const order = await seedOrder(control, STORE)
  await control.setFaults([{ kind: 'hang_after', times: 1, on: 'refunds' }])
  const call = checkedClient(address, CREDENTIALS)
  const hung = expect(call('POST', refundsOf(order), refundOne({ order }, 10))).rejects.toThrow()
  await until(
    () => control.faults(),
    ([fault]) => fault?.left === 0,
  )
  await spawned.kill()
  await hung
  await spawned.restart()
  expect(await control.requests(STORE)).toMatchObject([{ ending: 'killed', status: null }])
  expect((await control.refundsByMarker(STORE))['ref:one']).toHaveLength(1)
  // The fault is spent, and stays so.
  expect((await call('POST', refundsOf(order), refundOne({ order }, 10))).status).toBe(201)
})

test('what was to come about later comes about after a restart', async () => {
  const first = await startSimulator({ folder, ...OPTIONS })
  const order = await seedOrder(first.control, STORE)
  await first.control.setFaults([{ kind: 'late_decline', ms: 150 }])
  const call = checkedClient(first.address, CREDENTIALS)
  const destination = 'http://127.0.0.1:9/closed'
  await call('POST', '/v3/hooks', { scope: 'store/order/refund/created', destination })
  await call('POST', refundsOf(order), refundOne({ order }, 10))
  await first.close()
  const second = await startSimulator({ folder, ...OPTIONS })
  const { control } = second
  const truth = await until(
    () => control.order({ ...STORE, order: order.base.id }),
    ({ refunds }) => refunds[0]?.payments[0]?.declined !== null,
  )
  expect(truth.face.paymentStatus).toBe('captured')
  // The notice that nobody took is delivered on.
  await until(
    () => control.hooks(STORE),
    ({ attempts }) => attempts.length > 0,
  )
  await second.close()
})

test('a line that was torn off is left out', async () => {
  const first = await startSimulator({ folder, ...OPTIONS })
  await first.control.seedOrders({ ...STORE, orders: [{}, {}] })
  await first.close()
  const path = join(folder, 'journal.jsonl')
  const whole = await readFile(path, 'utf8')
  await appendFile(path, '{"type":"order_chan')
  const second = await startSimulator({ folder, ...OPTIONS })
  expect(await second.control.orders(STORE)).toHaveLength(2)
  await second.close()
  expect((await readFile(path, 'utf8')).startsWith(whole)).toBe(true)
})
