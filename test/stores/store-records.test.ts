/** What is kept of stores: sealed, once, and only forward. */
import { randomBytes, randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SealBroken } from '../../src/event-store/seal.js'
import { openStoreRecords, type StoreRecords } from '../../src/stores/open-store-records.js'
import {
  credentialsKey,
  openCredentials,
  sealCredentials,
} from '../../src/stores/sealed-credentials.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'

const MASTER_KEY = randomBytes(32)
const TOKEN = 'canary-token-71f0c2'
const SECRET = 'canary-secret-71f0c2'
const given = { accessToken: TOKEN, clientSecret: SECRET }

let database: TestDatabase
let records: StoreRecords
let client: pg.Client

beforeAll(async () => {
  database = await testDatabase()
  const { connectionString } = database
  records = await openStoreRecords({ connectionString, masterKey: MASTER_KEY })
  client = new pg.Client({ connectionString })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await records.close()
  await database.drop()
})

const run = async (statement: string, values: readonly unknown[] = []) =>
  (await client.query<Record<string, unknown>>(statement, [...values])).rows

describe('credentials', () => {
  test('are found as they were saved, with a header of our own', async () => {
    const instance = randomUUID()
    expect(await records.credentials.find(instance)).toBeNull()
    expect(await records.credentials.savedAt(instance)).toBeNull()
    await records.credentials.save(instance, given)
    const { credentials } = (await records.credentials.find(instance)) ?? expect.fail()
    expect(credentials).toEqual({ ...given, previousClientSecret: null, webhookHeader: ANY_HEADER })
    expect(await records.credentials.savedAt(instance)).toBeInstanceOf(Date)
    expect(await records.credentials.instances()).toContain(instance)
  })

  test('are nowhere in the database in the clear', async () => {
    await records.credentials.save(randomUUID(), given)
    const tables = await run(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema')`,
    )
    expect(tables.length).toBeGreaterThan(4)
    for (const { name } of tables) {
      const rows = await run(`select t::text as row from ${String(name)} t`)
      expect(JSON.stringify(rows)).not.toMatch(/canary/)
    }
  })

  test('sealed twice are two texts, and neither tells anything', async () => {
    const [one, other] = [randomUUID(), randomUUID()]
    await records.credentials.save(one, given)
    await records.credentials.save(other, given)
    const boxes = await run('select box from stores.credentials where instance = any($1)', [
      [one, other],
    ])
    expect(new Set(boxes.map(({ box }) => box)).size).toBe(2)
    const before = (await records.credentials.find(one))?.version
    await records.credentials.save(one, given)
    expect((await records.credentials.find(one))?.version).not.toBe(before)
  })

  test('do not open with another master key, nor in the row of another store', async () => {
    const [one, other] = [randomUUID(), randomUUID()]
    await records.credentials.save(one, given)
    const strange = await openStoreRecords({
      connectionString: database.connectionString,
      masterKey: randomBytes(32),
    })
    await expect(strange.credentials.find(one)).rejects.toThrow(SealBroken)
    await expect(strange.credentials.save(one, given)).rejects.toThrow(SealBroken)
    await strange.close()
    await run('update stores.credentials set instance = $2 where instance = $1', [one, other])
    await expect(records.credentials.find(other)).rejects.toThrow(SealBroken)
    await records.credentials.remove(other)
  })

  test('are sealed with a key of their own', () => {
    const instance = randomUUID()
    const sealed = {
      ...given,
      previousClientSecret: null,
      clientSecretSince: '2026-11-22T10:00:00.000Z',
      webhookHeader: 'x',
    }
    const key = credentialsKey(MASTER_KEY)
    expect(key.equals(MASTER_KEY)).toBe(false)
    const box = sealCredentials(key, instance, sealed)
    expect(openCredentials(key, instance, box)).toEqual(sealed)
    expect(() => openCredentials(MASTER_KEY, instance, box)).toThrow(SealBroken)
    const bytes = Buffer.from(box, 'base64')
    for (const place of [0, 12, bytes.length - 1]) {
      const broken = Buffer.from(bytes)
      broken[place] = (broken[place] ?? 0) ^ 1
      expect(() => openCredentials(key, instance, broken.toString('base64'))).toThrow(SealBroken)
    }
  })

  test('that replace others keep the header, and the secret before', async () => {
    const instance = randomUUID()
    await records.credentials.save(instance, given)
    const first = (await records.credentials.find(instance))?.credentials
    await records.credentials.save(instance, { accessToken: 'next', clientSecret: 'next-secret' })
    const second = (await records.credentials.find(instance))?.credentials
    expect(second).toEqual({
      accessToken: 'next',
      clientSecret: 'next-secret',
      previousClientSecret: SECRET,
      webhookHeader: first?.webhookHeader,
    })
    // The same once more is no further change.
    await records.credentials.save(instance, { accessToken: 'last', clientSecret: 'next-secret' })
    expect((await records.credentials.find(instance))?.credentials).toEqual({
      ...second,
      accessToken: 'last',
    })
  })

  test('forget the secret before after three days', async () => {
    const instance = randomUUID()
    const key = credentialsKey(MASTER_KEY)
    const age = async (ms: number) => {
      const clientSecretSince = new Date(Date.now() - ms).toISOString()
      const sealed = { ...given, previousClientSecret: 'before', webhookHeader: 'x' }
      await records.credentials.save(instance, given)
      await run('update stores.credentials set box = $2 where instance = $1', [
        instance,
        sealCredentials(key, instance, { ...sealed, clientSecretSince }),
      ])
      return (await records.credentials.find(instance))?.credentials.previousClientSecret
    }
    const threeDaysMs = 3 * 24 * 60 * 60 * 1000
    expect(await age(threeDaysMs - 60_000)).toBe('before')
    expect(await age(threeDaysMs + 60_000)).toBeNull()
  })

  test('that are removed are gone, and come back with another header', async () => {
    const instance = randomUUID()
    await records.credentials.save(instance, given)
    const before = (await records.credentials.find(instance))?.credentials.webhookHeader
    await records.credentials.remove(instance)
    expect(await records.credentials.find(instance)).toBeNull()
    expect(await records.credentials.instances()).not.toContain(instance)
    await records.credentials.save(instance, given)
    expect((await records.credentials.find(instance))?.credentials.webhookHeader).not.toBe(before)
  })
})

const ANY_HEADER = expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as string

describe('how far a store was pulled', () => {
  test('goes forward only, until it is reset', async () => {
    const instance = randomUUID()
    const { pulls } = records
    const until = async () => (await pulls.find(instance)).modifiedUntil
    expect(await until()).toBeNull()
    await pulls.begin(instance)
    await pulls.advance(instance, '2026-11-02T00:00:00.000Z')
    await pulls.advance(instance, '2026-11-01T00:00:00.000Z')
    expect(await until()).toBe('2026-11-02T00:00:00.000Z')
    await pulls.reset(instance)
    expect(await until()).toBeNull()
    // A round that was under way keeps nothing.
    await pulls.advance(instance, '2026-11-03T00:00:00.000Z')
    expect(await until()).toBeNull()
  })

  test('says when it came to its end first and last, and why it did not', async () => {
    const instance = randomUUID()
    const { pulls } = records
    await pulls.failed(instance, 'away')
    expect(await pulls.find(instance)).toMatchObject({ lastError: 'away', lastPullAt: null })
    await pulls.ended(instance)
    const first = await pulls.find(instance)
    expect(first).toMatchObject({ lastError: null, modifiedUntil: null })
    expect(first.lastPullAt).toBe(first.firstPullDoneAt)
    await run(
      `update stores.pulls set first_pull_done_at = now() - interval '1 hour',
         last_pull_at = now() - interval '1 hour' where instance = $1`,
      [instance],
    )
    await pulls.ended(instance)
    const { firstPullDoneAt, lastPullAt } = await pulls.find(instance)
    expect(Date.parse(lastPullAt ?? '') - Date.parse(firstPullDoneAt ?? '')).toBeGreaterThan(3.5e6)
  })
})

describe('orders that failed', () => {
  test('are news once, wait longer each time, and are forgotten', async () => {
    const order = { instance: randomUUID(), order: '7' }
    const { failedOrders } = records
    expect(await failedOrders.record(order, 'a')).toBe(true)
    expect(await failedOrders.record(order, 'a')).toBe(false)
    expect(await failedOrders.record(order, 'b')).toBe(true)
    const { count, oldest } = await failedOrders.of(order.instance, 10)
    expect(count).toBe(1)
    expect(oldest).toMatchObject([{ order: '7', why: 'b', tries: 3 }])
    const [failed = expect.fail()] = oldest
    const waitMs = Date.parse(failed.nextTryAt) - Date.now()
    expect(waitMs).toBeGreaterThan(200_000)
    expect(waitMs).toBeLessThan(241_000)
    expect(await failedOrders.due(1_000)).not.toContainEqual(order)
    await run('update stores.failed_orders set next_try_at = now() where instance = $1', [
      order.instance,
    ])
    expect(await failedOrders.due(1_000)).toContainEqual(order)
    await failedOrders.forget(order)
    expect(await failedOrders.of(order.instance, 10)).toEqual({ count: 0, oldest: [] })
  })

  test('wait for six hours at most', async () => {
    const order = { instance: randomUUID(), order: '8' }
    for (let tries = 0; tries < 30; tries += 1) await records.failedOrders.record(order, 'a')
    const [failed = expect.fail()] = (await records.failedOrders.of(order.instance, 1)).oldest
    const waitMs = Date.parse(failed.nextTryAt) - Date.now()
    expect(waitMs).toBeGreaterThan(21_500_000)
    expect(waitMs).toBeLessThan(21_601_000)
  })
})

describe('deliveries', () => {
  const delivery = (instance: string, id: string, order: string | null = '7') => ({
    ...{ instance, id, order },
    scope: 'store/order/updated',
  })

  test('are kept once, and many of one order are one order', async () => {
    const instance = randomUUID()
    const { deliveries } = records
    for (const id of ['a', 'a', 'b', 'a']) await deliveries.keep(delivery(instance, id))
    await deliveries.keep(delivery(instance, 'c', '8'))
    await deliveries.keep(delivery(instance, 'd', null))
    const ours = async () =>
      (await deliveries.pending(1_000)).filter((one) => one.instance === instance)
    const [seven = expect.fail(), eight = expect.fail(), ...others] = await ours()
    expect(others).toEqual([])
    expect([seven.order, [...seven.deliveries].sort(), seven.tries]).toEqual(['7', ['a', 'b'], 0])
    expect(eight).toMatchObject({ order: '8', deliveries: ['c'] })
    await deliveries.postpone(eight, 60_000)
    await deliveries.finish(seven)
    expect(await ours()).toEqual([])
    // Known, and done: it is nothing new.
    await deliveries.keep(delivery(instance, 'a'))
    expect(await ours()).toEqual([])
    await run('update stores.deliveries set next_try_at = now() where instance = $1', [instance])
    expect(await ours()).toMatchObject([{ order: '8', tries: 1 }])
    await deliveries.finish(eight)
    expect(await deliveries.lastReceivedAt(instance)).toMatch(/^\d{4}-/)
    expect(await deliveries.lastReceivedAt(randomUUID())).toBeNull()
  })

  test('of the same id at another store are others', async () => {
    const [one, other] = [randomUUID(), randomUUID()]
    await records.deliveries.keep(delivery(one, 'same'))
    await records.deliveries.keep(delivery(other, 'same'))
    const pending = await records.deliveries.pending(1_000)
    const ours = pending.filter(({ instance }) => instance === one || instance === other)
    expect(ours).toHaveLength(2)
  })

  test('are forgotten after thirty days', async () => {
    const instance = randomUUID()
    for (const [id, days] of [
      ['old', 31],
      ['young', 29],
    ] as const) {
      await records.deliveries.keep(delivery(instance, id))
      await run(
        `update stores.deliveries set received_at = now() - $2 * interval '1 day'
         where delivery_id = $1`,
        [id, days],
      )
    }
    await records.deliveries.prune()
    const left = await run('select delivery_id from stores.deliveries where instance = $1', [
      instance,
    ])
    expect(left).toEqual([{ delivery_id: 'young' }])
  })
})

test('whether hooks are armed is what was found last', async () => {
  const instance = randomUUID()
  expect(await records.hooks.find(instance)).toBeNull()
  await records.hooks.checked(instance, { isArmed: false, lastError: 'away' })
  expect(await records.hooks.find(instance)).toMatchObject({ isArmed: false, lastError: 'away' })
  await records.hooks.checked(instance, { isArmed: true, lastError: null })
  expect(await records.hooks.find(instance)).toMatchObject({ isArmed: true, lastError: null })
})

test('several processes may open them at once', async () => {
  const { connectionString, drop } = await testDatabase()
  const opened = await Promise.all(
    [1, 2, 3, 4].map(() => openStoreRecords({ connectionString, masterKey: MASTER_KEY })),
  )
  await Promise.all(opened.map((one) => one.close()))
  await drop()
})
