/** A store that announces much, and answers slowly, keeps no other waiting. */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStoreRecords, type StoreRecords } from '../../src/stores/open-store-records.js'
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

test('of another store the next one is seen, however many wait before it', async () => {
  const [busy, quiet] = [randomUUID(), randomUUID()]
  const { deliveries } = records
  await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      deliveries.keep({ instance: busy, id: `b${index}`, order: `${index + 1}`, scope: 's' }),
    ),
  )
  await deliveries.keep({ instance: quiet, id: 'q', order: '1', scope: 's' })
  const pending = await deliveries.pending(200)
  expect(pending.map(({ instance }) => instance)).toContain(quiet)
})
