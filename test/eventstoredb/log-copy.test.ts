/** A ledger that moves from PostgreSQL to EventStoreDB and back: the same events, the same read models. */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openEventStoreDb } from '../../src/event-store/eventstoredb.js'
import { readBooks } from '../cli/books.js'
import { type Ended, endAllFolio, folio, startFolio } from '../cli/folio.js'
import { manySales, writeSales } from '../cli/sales-file.js'
import { type UserLedger, userLedger } from '../cli/user-database.js'
import { anEvent } from '../contracts/opened-event-store.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { type EventStoreDbServer, startServer } from './server.js'

let ledger: UserLedger
let server: EventStoreDbServer
let database: TestDatabase
beforeAll(async () => {
  ledger = await userLedger()
  await ledger.import(await writeSales(join(ledger.folder, 'many.csv'), manySales(60)))
})
afterAll(() => ledger.remove())

afterEach(async () => {
  await endAllFolio()
  await server.remove()
  await database.drop()
})

type Copied = Readonly<{ eventsAppended: number; source: object; target: object }>

function copied({ code, stderr, json }: Ended): Copied {
  expect(code, stderr).toBe(0)
  return json() as Copied
}

async function start(): Promise<void> {
  server = await startServer()
  database = await testDatabase()
}

test('moves to EventStoreDB, is rebuilt there to the same rows, and moves back', async () => {
  await start()
  const here = await ledger.books()
  const there = await ledger.run('log', 'copy', '--json', '--to', server.connectionString)
  const { eventsAppended, source, target } = copied(there)
  expect(eventsAppended).toBe(here.events.length)
  expect(target).toEqual(source)
  expect(there.stderr).toContain('they stay in the PostgreSQL')
  expect(there.stderr).toContain('Next: set EVENTSTORE_URL to the log copied to')

  const environment = { ...ledger.environment, EVENTSTORE_URL: server.connectionString }
  const rebuilt = await folio(['rebuild', '--json'], { environment })
  expect(rebuilt.code, rebuilt.stderr).toBe(0)
  const masterKey = Buffer.from(ledger.environment['FOLIO_MASTER_KEY'] ?? '', 'base64')
  const books = await readBooks(ledger.connectionString, masterKey, server.connectionString)
  expect(books.violations).toEqual([])
  expect(books.hashes).toStrictEqual(here.hashes)
  const content = ({ events }: typeof books) => events.map(({ position: _, ...event }) => event)
  expect(content(books)).toStrictEqual(content(here))

  // Where Folio works with an EventStoreDB it is that one which is copied.
  const args = ['log', 'copy', '--json', '--to', database.connectionString]
  const back = copied(await folio(args, { environment }))
  expect(back).toMatchObject({ eventsAppended, source, target })
})

test('is completed by the same command where the server was killed under the copy', async () => {
  await start()
  const args = ['log', 'copy', '--json', '--to', server.connectionString]
  const running = startFolio(args, { environment: ledger.environment })
  await running.said(/Events copied: \d+ of/)
  await server.kill()
  await server.startAgain()
  const { code, stderr } = await running.ended
  if (code !== 0) expect(stderr).toContain('the same command goes on from there')
  const { source, target } = copied(await ledger.run(...args))
  expect(target).toEqual(source)
})

test('refuses an EventStoreDB that holds events of somebody else, and writes nothing to it', async () => {
  await start()
  const store = await openEventStoreDb({ connectionString: server.connectionString })
  try {
    const { outcome } = await store.append('other', 'no_stream', [anEvent({ type: 'Other' })])
    expect(outcome).toBe('appended')
    const { code, stderr } = await ledger.run('log', 'copy', '--to', server.connectionString)
    expect([code, stderr]).toEqual([2, expect.stringMatching(/event 1 .*\(Other,/) as string])
    expect(await store.readAll({ after: null, limit: 10 })).toHaveLength(1)
  } finally {
    await store.close()
  }
})
