import { afterAll, beforeAll, expect, test } from 'vitest'
import { openReadModel, prepareReadModel } from '../../src/read-model/database.js'
import { watchPositions } from '../../src/workers/position-watch.js'
import { openRelay, type Relay } from '../event-store/relay.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'

const TIMEOUT_MS = 300
const LATE_MS = 2_000

let database: TestDatabase
let relay: Relay

beforeAll(async () => {
  database = await testDatabase()
  relay = await openRelay(database.connectionString)
})
afterAll(async () => {
  await relay.close()
  await database.drop()
})

test('a database that has fallen silent does not hold a reader beyond its time', async () => {
  const db = openReadModel({ connectionString: relay.connectionString })
  await prepareReadModel(db)
  const waitFor = watchPositions(db)
  const options = { timeoutMs: TIMEOUT_MS, projections: ['order_list'] }
  expect(await waitFor(1n, options)).toEqual({ outcome: 'behind', position: null })
  relay.fallSilent()
  const begunAt = performance.now()
  const waits = await Promise.all([waitFor(1n, options), waitFor(2n, options)])
  expect(waits).toEqual(waits.map(() => ({ outcome: 'behind', position: null })))
  expect(performance.now() - begunAt).toBeLessThan(LATE_MS)
  relay.cut()
  await db.destroy()
})
