/** The main job over both logs: from the same file the same books, read model by read model. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Books, readBooks } from '../cli/books.js'
import { folio, PROJECT } from '../cli/folio.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { type EventStoreDbServer, startServer } from './server.js'

const REAL_FILE = join(PROJECT, '..', 'shared', 'data', 'online-retail-2010-12.csv')
const SAMPLE = join(PROJECT, 'scripts', 'sample', 'online-retail-sample.csv')
const FILE = existsSync(REAL_FILE) ? REAL_FILE : SAMPLE
const TIMEOUT_MS = 600_000

const masterKey = randomBytes(32)
let folder: string
let server: EventStoreDbServer
const databases: TestDatabase[] = []

beforeAll(async () => {
  if (FILE === SAMPLE) console.warn('NOT RUN: the real file, because ../shared/data is not here.')
  folder = await mkdtemp(join(tmpdir(), 'folio-demo-'))
  server = await startServer()
})

afterAll(async () => {
  await server.remove()
  for (const database of databases) await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function demoOver(eventStoreUrl: string | null): Promise<Books> {
  const database = await testDatabase()
  databases.push(database)
  const environment = {
    DATABASE_URL: database.connectionString,
    FOLIO_MASTER_KEY: masterKey.toString('base64'),
    FOLIO_DATA: join(folder, eventStoreUrl === null ? 'postgres' : 'eventstoredb'),
    ...(eventStoreUrl === null ? {} : { EVENTSTORE_URL: eventStoreUrl }),
  }
  const begunAt = performance.now()
  const ended = await folio(['demo', '--file', FILE, '--once'], { environment })
  expect(ended.code, ended.stderr).toBe(0)
  console.log(
    `demo over ${eventStoreUrl === null ? 'PostgreSQL' : 'EventStoreDB'}: ${Math.round((performance.now() - begunAt) / 1000)} s`,
  )
  return readBooks(database.connectionString, masterKey, eventStoreUrl)
}

test(
  'the demo gives the same read models over EventStoreDB as over PostgreSQL, by hash',
  async () => {
    const [inPostgres, inEventStoreDb] = [
      await demoOver(null),
      await demoOver(server.connectionString),
    ]
    expect(inEventStoreDb.events.length).toBe(inPostgres.events.length)
    expect(Object.keys(inEventStoreDb.hashes).length).toBeGreaterThan(0)
    expect(inEventStoreDb.hashes).toStrictEqual(inPostgres.hashes)
    expect(inEventStoreDb.violations).toStrictEqual([])
    expect(inEventStoreDb.unexplainedNumbers).toStrictEqual([])
  },
  TIMEOUT_MS,
)
