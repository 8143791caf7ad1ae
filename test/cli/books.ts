/** What a test reads of a ledger behind the command line's back: its log, its read models, and what the oracle says. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { PROJECTIONS } from '../../projections/index.js'
import { openEmbeddedPostgres } from '../../src/embedded-postgres/open.js'
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js'
import { openEventStoreDb } from '../../src/event-store/eventstoredb.js'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import type { LedgerLog } from '../../src/event-store/log.js'
import { openPostgresEventStore } from '../../src/event-store/postgres.js'
import { openPostgresSubjectKeys } from '../../src/event-store/postgres-subject-keys.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { liveTable } from '../../src/queries/list-page.js'
import {
  openReadModel,
  prepareReadModel,
  type ReadModelDatabase,
} from '../../src/read-model/database.js'
import { hashReadModels } from '../../src/workers/hash-rows.js'
import { watchPositions } from '../../src/workers/position-watch.js'
import { runProjections } from '../../src/workers/run-projections.js'
import { createOracle } from '../oracle/oracle.js'

export type Books = Readonly<{
  head: bigint | null
  events: readonly LedgerEvent[]
  /** By read model. Rows hold no time of recording, so that equal books have equal hashes. */
  hashes: Readonly<Record<string, string>>
  /** Per series and year: numbers given out, and voided. */
  series: readonly Record<string, unknown>[]
  /** What the oracle found, with every total looked at after each thousand events. */
  violations: readonly string[]
  unexplainedNumbers: readonly string[]
}>

const PAGE_SIZE = 1_000
const CATCH_UP_TIMEOUT_MS = 30_000

/** `eventStoreUrl`: where the log is, if not in the same database. */
export async function readBooks(
  connectionString: string,
  masterKey: Buffer,
  eventStoreUrl: string | null = null,
): Promise<Books> {
  const store =
    eventStoreUrl === null
      ? await openPostgresEventStore({ connectionString })
      : await openEventStoreDb({ connectionString: eventStoreUrl })
  const pool = new pg.Pool({ connectionString, max: 1 })
  const db = openReadModel({ connectionString, connectionsMax: 2 })
  try {
    const log = createLedgerLog(store, await openPostgresSubjectKeys(pool, masterKey))
    await prepareReadModel(db)
    await catchUp(db, store, log)
    const oracle = createOracle()
    const events: LedgerEvent[] = []
    let after: bigint | null = null
    for (;;) {
      const page: readonly StoredEvent[] = await store.readAll({ after, limit: PAGE_SIZE })
      if (page.length === 0) break
      after = page.at(-1)?.position ?? null
      for (const [index, event] of (await log.open(page)).entries()) {
        oracle.feed(event, page[index])
        events.push(event)
      }
      oracle.check()
    }
    const { from } = await liveTable(db, 'number_series')
    const series = await db
      .selectFrom(from.as('t'))
      .select([
        sql<string>`series`.as('series'),
        sql<number>`year`.as('year'),
        sql<number>`next`.as('next'),
        sql<number>`taken`.as('taken'),
        sql<number>`voided`.as('voided'),
      ])
      .orderBy(sql`sort_key`)
      .execute()
    const hashed = await hashReadModels(db, PROJECTIONS)
    return {
      head: await store.head(),
      events,
      hashes: Object.fromEntries(Object.entries(hashed).map(([name, { hash }]) => [name, hash])),
      series,
      violations: oracle.finish(),
      unexplainedNumbers: oracle.unexplainedNumbers(),
    }
  } finally {
    await db.destroy()
    await pool.end()
    await store.close()
  }
}

/** A command ends without waiting for the read models to hear of its very last events. */
async function catchUp(db: ReadModelDatabase, store: EventStore, log: LedgerLog): Promise<void> {
  const running = runProjections({ db, store, log, projections: PROJECTIONS, holder: 'test' })
  try {
    const head = (await store.head()) ?? 0n
    const names = PROJECTIONS.map(({ name }) => name)
    const waited = await watchPositions(db)(head, {
      timeoutMs: CATCH_UP_TIMEOUT_MS,
      projections: names,
    })
    if (waited.outcome === 'behind') throw new Error('The read models do not catch up.')
  } finally {
    await running.stop()
  }
}

/** The books of a data folder; its server is started for the moment where none runs. */
export async function folderBooks(dataDirectory: string): Promise<Books> {
  return withFolder(dataDirectory, async (connectionString) => {
    const key = Buffer.from(await readFile(join(dataDirectory, 'master.key'), 'utf8'), 'base64')
    return readBooks(connectionString, key)
  })
}

export async function withFolder<Value>(
  dataDirectory: string,
  work: (connectionString: string) => Promise<Value>,
): Promise<Value> {
  const server = await openEmbeddedPostgres({ dataDirectory })
  try {
    return await work(server.connectionString)
  } finally {
    await server.close()
  }
}

export async function ask(
  connectionString: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

/** The documents that were posted, in log order: number, date and gross amount. */
export function posted(books: Books, type: 'InvoicePosted' | 'CreditNotePosted') {
  return books.events.flatMap((event) =>
    event.type === type
      ? [
          {
            number: event.data.entry.number,
            date: event.data.documentDate,
            gross: event.data.totals.gross.amount,
            folio: event.stream,
          },
        ]
      : [],
  )
}
