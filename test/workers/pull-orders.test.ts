/** Stores are pulled again and again: what changed, page by page, on from where it stopped (M11, P8). */
import { v5 as uuidv5 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBigCommerce } from '../../src/platforms/bigcommerce/open-bigcommerce.js'
import type { Store } from '../../src/platforms/platform.js'
import { pullOrder } from '../../src/workers/pull-order.js'
import { pullStore, type PullProgress } from '../../src/workers/pull-store.js'
import type { Simulator } from '../simulators/bigcommerce/simulator.js'
import {
  type Connected,
  HASH,
  ledgerForStores,
  registered,
  simulatedStore,
  TOKEN,
} from '../support/connected-store.js'

const MINUTE_MS = 60_000
const DAYS_AGO_MS = 5 * 86_400_000

let simulator: Simulator
let ledger: Connected
let instance: string

beforeAll(async () => {
  simulator = await simulatedStore()
  ledger = await ledgerForStores(simulator)
  const { admin } = ledger
  await admin.must('open-books', { books: 'shop', currency: 'EUR', timeZone: 'Europe/Berlin' })
  await openGateway('braintree')
  instance = (await registered(simulator.address, admin, { books: 'shop' })).instance as string
}, MINUTE_MS)
afterAll(async () => {
  await ledger.served.close()
  await simulator.close()
})

const openGateway = (name: string) =>
  ledger.admin.must('open-account', {
    ...{ books: 'shop', account: `gateway-${name}`, name, type: 'gateway' },
  })

/** A round of this test's own: no worker of the process pulls an instance without credentials. */
function rounds(given: Readonly<{ pageSize?: number; isLeading?: () => boolean }> = {}) {
  const pulled: string[] = []
  const progress: PullProgress[] = []
  const warnings: string[] = []
  const asked: string[] = []
  const { connections, storeRecords, handler } = ledger.served.ledger
  const run = async (signal = new AbortController().signal) => {
    const store = storeOfOwn()
    const counting: Store = {
      ...store,
      changedOrders: (what, options) => {
        asked.push(what.since)
        return store.changedOrders(what, options)
      },
    }
    const storeOf = () => Promise.resolve(counting)
    const ports = { ...connections.pullPorts, storeOf }
    return pullStore(
      instance,
      {
        pull: (order, aborting) => {
          pulled.push(order.order)
          return pullOrder(order, ports, aborting)
        },
        ...{ failedOrders: storeRecords.failedOrders, pulls: storeRecords.pulls, storeOf },
        readInstance: handler.readInstance,
        monotonicMs: () => performance.now(),
        isLeading: given.isLeading ?? (() => true),
        onProgress: (told) => progress.push(told),
        onWarning: (line) => warnings.push(line),
        ...(given.pageSize === undefined ? {} : { pageSize: given.pageSize }),
      },
      signal,
    )
  }
  return { run, pulled, progress, warnings, asked }
}

let own: Store | null = null
function storeOfOwn(): Store {
  own ??= openBigCommerce({
    address: `${simulator.address}/stores/${HASH}`,
    accessToken: TOKEN,
    allowedNetworks: ['127.0.0.0/8'],
  })
  return own
}
afterAll(() => own?.close())

const seed = (count: number, fromMs = DAYS_AGO_MS, apartMs = MINUTE_MS) =>
  ledger.seed(
    ...Array.from({ length: count }, (_, index) => ({
      createdAt: new Date(Date.now() - fromMs + index * apartMs).toISOString(),
    })),
  )
const idsOf = (orders: Awaited<ReturnType<typeof seed>>) => orders.map(({ base }) => `${base.id}`)
const importedOrders = async () => {
  const head = await ledger.served.ledger.store.head()
  const { body } = await ledger.client.get(`/orders?limit=200&minPosition=${head?.toString()}`)
  return ((body as { items?: unknown[]; rows?: unknown[] }).items ?? body.rows ?? []) as unknown[]
}
const pullOf = () => ledger.served.ledger.storeRecords.pulls.find(instance)

describe('the first pull', () => {
  test('takes every order over, the one longest unchanged first, and says how far it is', async () => {
    const orders = idsOf(await seed(7))
    const { run, pulled, progress } = rounds({ pageSize: 3 })
    expect(await run()).toBe('ended')
    expect([...pulled].sort()).toEqual([...orders].sort())
    expect(progress.map(({ isFirst, orders: so }) => [isFirst, so])).toEqual([
      [true, 3],
      [true, 5],
      [true, 7],
    ])
    expect(await importedOrders()).toHaveLength(7)
    expect(await pullOf()).toMatchObject({ lastError: null })
    expect((await pullOf()).firstPullDoneAt).not.toBeNull()
  })

  test('of an instance with a start date begins a day before it', async () => {
    const { storeRecords } = ledger.served.ledger
    await storeRecords.pulls.reset(instance)
    await ledger.admin.must('configure-instance', { instance, startDate: '2026-01-10' })
    const { run, asked } = rounds()
    await run()
    expect(asked[0]).toBe('2026-01-09T00:00:00.000Z')
    await ledger.admin.must('configure-instance', { instance, startDate: null })
  })
})

describe('the next one', () => {
  test('asks only for what changed since, with an overlap, and changes nothing twice', async () => {
    await rounds().run()
    const head = await ledger.served.ledger.store.head()
    const { run, asked, pulled } = rounds()
    expect(await run()).toBe('ended')
    const { modifiedUntil } = await pullOf()
    expect(Date.parse(modifiedUntil ?? '') - Date.parse(asked[0] ?? '')).toBe(5 * MINUTE_MS)
    expect(pulled.length).toBeLessThan(7)
    expect(await ledger.served.ledger.store.head()).toBe(head)
  })

  test('finds a change that no webhook told of', async () => {
    const [changed] = idsOf(await seed(1))
    await rounds().run()
    await simulator.control.changeOrder({
      store: HASH,
      order: Number(changed),
      paymentStatus: 'refunded',
    })
    const { run, pulled } = rounds()
    await run()
    expect(pulled).toContain(changed)
  })
})

test('stopped between two pages, it goes on after the last one that was handed over', async () => {
  await ledger.served.ledger.storeRecords.pulls.reset(instance)
  const orders = idsOf(await seed(9, 2 * DAYS_AGO_MS, 10 * MINUTE_MS))
  let pages = 0
  const first = rounds({ pageSize: 3, isLeading: () => (pages += 1) < 3 })
  expect(await first.run()).toBe('stopped')
  const known = await pullOf()
  // The third page was pulled, and not kept.
  expect(first.pulled.filter((order) => orders.includes(order)).length).toBeGreaterThan(4)
  const second = rounds({ pageSize: 3 })
  expect(await second.run()).toBe('ended')
  expect(Date.parse(second.asked[0] ?? '')).toBe(
    Date.parse(known.modifiedUntil ?? '') - 5 * MINUTE_MS,
  )
  expect(new Set([...first.pulled, ...second.pulled])).toEqual(
    new Set([...first.pulled, ...second.pulled, ...orders]),
  )
  // What was handed over before is not read again but for the overlap.
  expect(second.pulled).not.toContain(orders[0])
})

test('money that waits for an account is registered once there is one', async () => {
  const { failedOrders } = ledger.served.ledger.storeRecords
  const createdAt = new Date(Date.now() - MINUTE_MS).toISOString()
  const payment = { gateway: 'adyen', method: 'Adyen' }
  const [order = ''] = idsOf(await ledger.seed({ createdAt, payment }))
  const { run, warnings } = rounds()
  await run()
  const why = 'Open the clearing account gateway-adyen of type gateway for money of adyen'
  expect(warnings).toContain(`Orders of store ${instance} wait: ${why}`)
  const waiting = async () => (await failedOrders.of(instance, 100)).oldest
  expect(await waiting()).toContainEqual(expect.objectContaining({ order, why }))
  await openGateway('adyen')
  await rounds().run()
  expect(await waiting()).not.toContainEqual(expect.objectContaining({ order }))
  expect((await folioOf(ledger, instance, order)).payments.size).toBe(1)
})

test('called off, it keeps nothing of the page that was under way', async () => {
  await ledger.served.ledger.storeRecords.pulls.reset(instance)
  const stopping = new AbortController()
  const { run, progress } = rounds({ pageSize: 2 })
  const running = run(stopping.signal)
  stopping.abort()
  expect(await running).toBe('stopped')
  expect(progress).toEqual([])
  expect((await pullOf()).modifiedUntil).toBeNull()
})

test('an order that cannot be taken over stops no other, and is looked at again', async () => {
  const { failedOrders } = ledger.served.ledger.storeRecords
  const products = Array.from({ length: 1_001 }, () => ({ price: '1.00' }))
  const createdAt = new Date(Date.now() - 2 * MINUTE_MS).toISOString()
  const [bad = ''] = idsOf(await ledger.seed({ createdAt, products }))
  const [good] = idsOf(await seed(1, MINUTE_MS))
  const { run, pulled, warnings } = rounds()
  expect(await run()).toBe('ended')
  expect(pulled).toContain(good)
  expect(warnings.filter((line) => line.includes(`Order ${bad} `))).toHaveLength(1)
  const { body } = await ledger.client.get(`/instances/${instance}/connection`)
  const failed = (body as { failedOrders: { oldest: { order: string }[] } }).failedOrders.oldest
  expect(failed).toContainEqual(expect.objectContaining({ order: bad, tries: 1 }))
  // It is in the overlap, fails again, and is no news.
  const again = rounds()
  expect(await again.run()).toBe('ended')
  expect(again.warnings).toEqual([])
  await failedOrders.forget({ instance, order: bad })
})

describe('a store that cannot be asked', () => {
  test('is told so, and how far it was pulled stays', async () => {
    await rounds().run()
    const before = await pullOf()
    await simulator.control.setFaults([{ kind: 'error_before', status: 401 }])
    const { run } = rounds()
    expect(await run()).toMatchObject({ of: 'store' })
    expect(await pullOf()).toMatchObject({
      modifiedUntil: before.modifiedUntil,
      lastError: expect.stringContaining('does not take the token') as string,
    })
    await simulator.control.setFaults([])
    expect(await rounds().run()).toBe('ended')
    expect((await pullOf()).lastError).toBeNull()
  })

  test('in the middle of a page, stops the page after a few orders', async () => {
    const { pulls, failedOrders } = ledger.served.ledger.storeRecords
    await pulls.reset(instance)
    const all = (await simulator.control.orders({ store: HASH })).map(({ base }) => base.id)
    await simulator.control.setFaults([{ kind: 'error_before', orders: all, status: 503 }])
    const { run, pulled } = rounds()
    expect(await run()).toMatchObject({ of: 'either' })
    expect(pulled.length).toBeLessThan(10)
    expect((await pullOf()).modifiedUntil).toBeNull()
    await simulator.control.setFaults([])
    for (const order of pulled) await failedOrders.forget({ instance, order })
  })
})

function folioOf({ served }: Connected, shop: string, order: string) {
  return served.ledger.handler.readFolio(uuidv5(order, shop))
}
