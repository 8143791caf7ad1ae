/** Wires adapters to ports: everything a process of Folio needs, opened in order and closed in reverse. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import pg from 'pg'
import { openBooks } from '../commands/books/open-books.js'
import { createHandler, type Handler } from '../commands/handle.js'
import type { Clock } from '../commands/ports.js'
import { accountList } from '../projections/account-list.js'
import { allocationList } from '../projections/allocation-list.js'
import { PROJECTIONS } from '../projections/index.js'
import { type ApiKeys, openApiKeys } from './access/api-keys.js'
import type { Config } from './config.js'
import { type EmbeddedPostgres, openEmbeddedPostgres } from './embedded-postgres/open.js'
import type { EventStore } from './event-store/event-store.js'
import { createFingerprint, fingerprintKey } from './event-store/fingerprint.js'
import { createLedgerLog } from './event-store/ledger-log.js'
import type { LedgerLog } from './event-store/log.js'
import { openPostgresEventStore } from './event-store/postgres.js'
import { openPostgresSubjectKeys } from './event-store/postgres-subject-keys.js'
import { openPostgresKeyClaims } from './key-claims/postgres-key-claims.js'
import { folderMasterKey } from './master-key.js'
import { unfinishedAllocations } from './queries/allocations.js'
import { booksNames } from './queries/books-names.js'
import { createPeople } from './people.js'
import { openReadModel, prepareReadModel } from './read-model/database.js'
import type { ReadModelTables } from './read-model/schema.js'
import { systemClock } from './system-clock.js'
import { continuePeriodChanges } from './workers/continue-period-changes.js'
import { finishAllocations } from './workers/finish-allocations.js'
import { type WaitFor, watchPositions } from './workers/position-watch.js'
import { runProjections } from './workers/run-projections.js'

export type Ledger = Readonly<{
  store: EventStore
  log: LedgerLog
  handler: Handler
  db: Kysely<ReadModelTables>
  waitFor: WaitFor
  apiKeys: ApiKeys
  clock: Clock
  /** Names this process among those that share the database. */
  holder: string
  /** What the database is, for people: never its password. */
  database: string
  /** Why the database is away, where it is known that waiting will not bring it back. */
  lost(): Error | null
  /** Closes all of it, whatever fails; throws the first failure at the end. */
  close(): Promise<void>
}>

export type OpenLedgerOptions = Readonly<{
  /** A sentence for whoever runs this. */
  say: (line: string) => void
  /** Whether this process keeps the read models in step. */
  projections: boolean
}>

/** The server of `DATABASE_URL` cannot be used; the message names it, and never its password. */
export class DatabaseUnavailable extends Error {
  constructor(databaseUrl: string, cause: unknown) {
    const why = cause instanceof Error && cause.message !== '' ? cause.message : String(cause)
    super(
      `The PostgreSQL of DATABASE_URL${placeOf(databaseUrl)} cannot be used: ${why}. ` +
        'Start it or correct DATABASE_URL; without DATABASE_URL, Folio brings a PostgreSQL of its own.',
      { cause },
    )
    this.name = 'DatabaseUnavailable'
  }
}

const KEY_CONNECTIONS_MAX = 4
const KEY_CONNECT_TIMEOUT_MS = 5_000
const KEY_STATEMENT_TIMEOUT_MS = 5_000
/** For a server that does not answer at all. */
const KEY_ANSWER_TIMEOUT_MS = 6_000
/** Commands under way are waited for before what they work with is closed. */
const COMMANDS_END_TIMEOUT_MS = 30_000
const REPEAT_AFTER_MS = 10_000
const LINES_REMEMBERED_MAX = 100

export async function openLedger(
  config: Config,
  { say: sayAll, projections }: OpenLedgerOptions,
): Promise<Ledger> {
  const say = withoutRepeats(sayAll)
  const { opened, close } = closedInReverse()
  try {
    const storage = await openStorage(config, say, opened)
    const { embedded, store, log, db } = storage
    const clock = systemClock()
    // All of them by name: in a new database none is there yet, and a read must wait until they are.
    const names = PROJECTIONS.map(({ name }) => name)
    const watch = watchPositions(db)
    const waitFor: WaitFor = (position, options) =>
      watch(position, { projections: names, ...options })
    const people = createPeople({ db, store, waitFor, keys: storage.keys })
    const handler = createHandler({ ...storage, clock, people })
    opened({ close: () => within(COMMANDS_END_TIMEOUT_MS, handler.close()) })
    await openDefaultBooks(handler)
    const holder = `${process.pid}-${randomUUID()}`
    if (projections) {
      const running = runProjections({
        db,
        store,
        log,
        projections: PROJECTIONS,
        holder,
        onWarning: say,
      })
      opened({ close: () => running.stop() })
      const finishing = finishAllocations({
        unfinished: () => unfinishedAllocations(db),
        finish: handler.finishAllocation,
        isLeading: () => running.leading().includes(allocationList.name),
        onWarning: say,
        monotonicMs: () => clock.monotonicMs(),
      })
      opened({ close: () => finishing.stop() })
      const continuing = continuePeriodChanges({
        books: () => booksNames(db),
        changeUnderWay: async (slug) => {
          const books = await handler.readBooks(slug)
          return books.status === 'absent' ? null : (books.period.change?.revision ?? null)
        },
        carryOn: (slug) => {
          const correlation = randomUUID()
          const key = `period-${correlation}`
          return handler.continuePeriodChange(slug, { principal: 'folio', key, correlation })
        },
        isLeading: () => running.leading().includes(accountList.name),
        onWarning: say,
      })
      opened({ close: () => continuing.stop() })
    }
    const database =
      embedded === null ? 'the PostgreSQL of DATABASE_URL' : `PostgreSQL in ${config.dataDirectory}`
    const lost = () => {
      const absence = embedded?.absence()
      return absence?.code === 'disk_full' ? absence : null
    }
    return { ...storage, handler, waitFor, clock, holder, database, lost, close }
  } catch (reason) {
    await close().catch(() => undefined)
    throw reason
  }
}

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  const ended = new AbortController()
  const timeout = delay(timeoutMs, undefined, { signal: ended.signal }).catch(() => undefined)
  await Promise.race([work, timeout]).finally(() => {
    ended.abort()
  })
}

type Closable = Readonly<{ close(): Promise<unknown> }>

/** What was opened last is closed first; all of it, whatever fails. */
function closedInReverse() {
  const open: Closable[] = []
  return {
    opened: (one: Closable) => {
      open.push(one)
    },
    close: async () => {
      const failures: unknown[] = []
      for (const one of open.splice(0).reverse()) {
        await one.close().catch((reason: unknown) => failures.push(reason))
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}

/** The log with its keys, the read models, and what stands before commands: all in one database. */
async function openStorage(
  config: Config,
  say: (line: string) => void,
  opened: (one: Closable) => void,
) {
  const embedded = await openDatabase(config, say)
  if (embedded !== null) opened(embedded)
  const connectionString = embedded?.connectionString ?? config.databaseUrl ?? ''
  const store = await openPostgresEventStore({ connectionString, log: say }).catch(
    (reason: unknown) => {
      throw config.databaseUrl === null
        ? reason
        : new DatabaseUnavailable(config.databaseUrl, reason)
    },
  )
  opened(store)
  const pool = openKeyPool(connectionString)
  opened({ close: () => pool.end() })
  const masterKey = config.masterKey ?? (await folderMasterKey(config.dataDirectory))
  const keys = await openPostgresSubjectKeys(pool, masterKey)
  const log = createLedgerLog(store, keys)
  const fingerprint = createFingerprint(fingerprintKey(masterKey), keys)
  const db = openReadModel({ connectionString })
  opened({ close: () => db.destroy() })
  await prepareReadModel(db)
  const apiKeys = await openApiKeys({ connectionString })
  opened(apiKeys)
  const claims = await openPostgresKeyClaims({ connectionString, warn: say })
  opened(claims)
  return { embedded, store, log, keys, fingerprint, db, apiKeys, claims }
}

async function openDatabase(
  config: Config,
  say: (line: string) => void,
): Promise<EmbeddedPostgres | null> {
  if (config.databaseUrl !== null) return null
  return openEmbeddedPostgres({ dataDirectory: config.dataDirectory, log: say })
}

/** Who waits for a database tries many times a second; a person wants to read of it once in a while. */
function withoutRepeats(say: (line: string) => void): (line: string) => void {
  const toldAt = new Map<string, number>()
  return (line) => {
    const now = performance.now()
    if (now - (toldAt.get(line) ?? -REPEAT_AFTER_MS) < REPEAT_AFTER_MS) return
    if (toldAt.size >= LINES_REMEMBERED_MAX) toldAt.clear()
    toldAt.set(line, now)
    say(line)
  }
}

function placeOf(databaseUrl: string): string {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : null
  return url === null || url.host === '' ? '' : ` at ${url.host}${url.pathname}`
}

/** The first start of a ledger opens the default books (GBP, Europe/London, rounding per line); later ones find them. */
async function openDefaultBooks(handler: Handler): Promise<void> {
  const outcome = await handler.books(
    openBooks,
    {},
    {
      principal: 'folio',
      key: 'first-start',
      correlation: 'first-start',
    },
  )
  if (outcome.outcome === 'accepted') return
  if (outcome.outcome === 'refused' && outcome.refusal.code === 'books_open_already') return
  throw new Error(`The default books cannot be opened: ${JSON.stringify(outcome)}`)
}

function openKeyPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: KEY_CONNECTIONS_MAX,
    // Commands wait for these answers: a server that has fallen silent must fail them, not hold them.
    connectionTimeoutMillis: KEY_CONNECT_TIMEOUT_MS,
    statement_timeout: KEY_STATEMENT_TIMEOUT_MS,
    query_timeout: KEY_ANSWER_TIMEOUT_MS,
    application_name: 'folio subject keys',
  })
  // A broken connection is replaced on next use; the query that meets one says so itself. In use, it tells only itself.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
