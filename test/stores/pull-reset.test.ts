/** A store that is taken away, and connected again, is pulled from its beginning. */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../src/platforms/platform.js'
import { openStoreRecords, type StoreRecords } from '../../src/stores/open-store-records.js'
import { pullStore } from '../../src/workers/pull-store.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'

let database: TestDatabase
let records: StoreRecords
beforeAll(async () => {
  database = await testDatabase()
  const { connectionString } = database
  records = await openStoreRecords({ connectionString, masterKey: randomBytes(32) })
})
afterAll(async () => {
  await records.close()
  await database.drop()
})

test('also where a round was under way', async () => {
  const instance = randomUUID()
  const { pulls, failedOrders } = records
  const orders = [{ order: '1', modifiedAt: '2026-11-01T00:00:00.000Z' }]
  const store = {
    changedOrders: () =>
      Promise.resolve({ outcome: 'read' as const, value: { orders, isLast: true } }),
  } as unknown as Store
  await pullStore(
    instance,
    {
      // As when its credentials are removed.
      pull: async () => {
        await pulls.reset(instance)
        return { outcome: 'gone' }
      },
      ...{ pulls, failedOrders, storeOf: () => Promise.resolve(store) },
      readInstance: () =>
        Promise.resolve({ status: 'registered', name: 'Shop', startDate: null } as never),
      monotonicMs: () => performance.now(),
      ...{ isLeading: () => true, onProgress: () => undefined, onWarning: () => undefined },
    },
    new AbortController().signal,
  )
  expect(await pulls.find(instance)).toMatchObject({ modifiedUntil: null, firstPullDoneAt: null })
})
