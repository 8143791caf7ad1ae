/** Wires adapters to ports: everything a process of Folio needs, opened in order and closed in reverse. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { openBooks } from '../commands/books/open-books.js'
import { createHandler, type Handler } from '../commands/handle.js'
import type { Clock } from '../commands/ports.js'
import { accountList } from '../projections/account-list.js'
import { allocationList } from '../projections/allocation-list.js'
import { PROJECTIONS } from '../projections/index.js'
import { orderList } from '../projections/order-list.js'
import type { Projection } from '../projections/projection.js'
import type { ApiKeys } from './access/api-keys.js'
import type { Config } from './config.js'
import type { EventStore } from './event-store/event-store.js'
import type { LedgerLog } from './event-store/log.js'
import { unfinishedAllocations } from './queries/allocations.js'
import { booksNames } from './queries/books-names.js'
import { type Connections, openConnections } from './open-connections.js'
import { openStorage } from './open-storage.js'
import { createPeople } from './people.js'
import type { ReadModelTables } from './read-model/schema.js'
import { runStoreWorkers } from './run-store-workers.js'
import type { StoreRecords } from './stores/open-store-records.js'
import { systemClock } from './system-clock.js'
import { refuseForeignLog } from './workers/builds.js'
import { continuePeriodChanges } from './workers/continue-period-changes.js'
import { finishAllocations } from './workers/finish-allocations.js'
import type { SyncPorts } from './workers/sync-ports.js'
import { type WaitFor, watchPositions } from './workers/position-watch.js'
import type { Polling } from './workers/poll.js'
import { runProjections } from './workers/run-projections.js'

export type Ledger = Readonly<{
  store: EventStore
  log: LedgerLog
  handler: Handler
  db: Kysely<ReadModelTables>
  waitFor: WaitFor
  apiKeys: ApiKeys
  /** The stores, and what is asked of them. */
  connections: Connections
  /** What is kept of them. */
  storeRecords: StoreRecords
  clock: Clock
  /** Names this process among those that share the database. */
  holder: string
  /** What database and event log are, for people: never their passwords. */
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
  /** For a rebuild alone: the read models may be of another log, and nothing is written to this one. */
  overAnyLog?: boolean
  /** Told at each point of telling a store something; for tests, which end the process there. */
  reached?: SyncPorts['reached']
}>

/** Commands under way are waited for before what they work with is closed. */
const COMMANDS_END_TIMEOUT_MS = 30_000
const REPEAT_AFTER_MS = 10_000
const LINES_REMEMBERED_MAX = 100

export async function openLedger(
  config: Config,
  { say: sayAll, projections, overAnyLog = false, reached }: OpenLedgerOptions,
): Promise<Ledger> {
  const say = withoutRepeats(sayAll)
  const { opened, close } = closedInReverse()
  try {
    const storage = await openStorage(config, say, opened)
    const { embedded, store, log, db } = storage
    if (!overAnyLog) await refuseForeignLog(db, await store.identity())
    const clock = systemClock()
    // All of them by name: in a new database none is there yet, and a read must wait until they are.
    const names = PROJECTIONS.map(({ name }) => name)
    const watch = watchPositions(db)
    const waitFor: WaitFor = (position, options) =>
      watch(position, { projections: names, ...options })
    const people = createPeople({ db, store, waitFor, keys: storage.keys })
    const allowsPrivateStores = config.stores.networks.length > 0
    const handler = createHandler({ ...storage, clock, people, allowsPrivateStores })
    opened({ close: () => within(COMMANDS_END_TIMEOUT_MS, handler.close()) })
    if (!overAnyLog) await openDefaultBooks(handler)
    const records = storage.storeRecords
    const connections = openConnections({ config, records, handler, clock })
    opened(connections)
    const holder = `${process.pid}-${randomUUID()}`
    if (projections) {
      const running = runProjections({
        ...{ db, store, log, holder },
        projections: PROJECTIONS,
        onWarning: say,
      })
      opened({ close: () => running.stop() })
      const isLeading = ({ name }: Projection) => running.leading().includes(name)
      for (const upkeep of runUpkeep({ db, handler, clock, isLeading, say })) {
        opened({ close: () => upkeep.stop() })
      }
      const telling = runStoreWorkers({
        ...{ config, connections, records, db, say, reached },
        isLeading: () => isLeading(orderList),
      })
      opened({ close: () => telling.stop() })
    }
    const lost = () => {
      const absence = embedded?.absence()
      return absence?.code === 'disk_full' ? absence : null
    }
    return { ...storage, handler, waitFor, connections, clock, holder, lost, close }
  } catch (reason) {
    await close().catch(() => undefined)
    throw reason
  }
}

type Upkeep = Readonly<{
  db: Kysely<ReadModelTables>
  handler: Handler
  clock: Clock
  isLeading: (projection: Projection) => boolean
  say: (line: string) => void
}>

/** Finishes what a crash left. */
function runUpkeep({ db, handler, clock, isLeading, say }: Upkeep): readonly Polling[] {
  return [
    finishAllocations({
      unfinished: () => unfinishedAllocations(db),
      finish: handler.finishAllocation,
      isLeading: () => isLeading(allocationList),
      onWarning: say,
      monotonicMs: () => clock.monotonicMs(),
    }),
    continuePeriodChanges({
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
      isLeading: () => isLeading(accountList),
      onWarning: say,
    }),
  ]
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
