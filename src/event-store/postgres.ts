/** The event log in PostgreSQL: the adapter of the embedded default (architecture 4). */
import type pg from 'pg'
import { checkAppend } from './event-store.js'
import type { EventStore, ReadAllOptions, StoredEvent } from './event-store.js'
import { Appender } from './postgres-batch.js'
import { Connection, openReaders } from './postgres-connections.js'
import { migrateEventLog } from './postgres-migration.js'
import { readWithin } from './postgres-read-within.js'
import {
  readEventAt,
  readHead,
  readIdentity,
  readLag,
  readLog,
  readOneStream,
} from './postgres-reading.js'
import type { Read } from './postgres-reading.js'
import { Subscriptions } from './postgres-subscription.js'

const APPEND_DEADLINE_MS = 10_000
const READ_DEADLINE_MS = 10_000
const POLL_MS = 1_000
const MIGRATION_TIMEOUT_MS = 60_000

const NO_ROLE =
  'The database user may not work under a role of its own for the event log, so that the log is guarded by triggers only.'

export type PostgresEventStoreOptions = Readonly<
  { connectionString: string } | { connection: pg.PoolConfig }
> &
  Readonly<{
    /** Warnings for whoever runs this, a sentence each. */
    log?: (message: string) => void
    /** After this long an append that was sent is `unknown`, and one that was not throws `EventStoreUnavailable`. */
    appendDeadlineMs?: number
    /** After this long a read throws `EventStoreUnavailable`. */
    readDeadlineMs?: number
    /** How often a subscription looks by itself, should a notification be lost. */
    pollMs?: number
  }>

/** Creates the log in the database where there is none yet. */
export async function openPostgresEventStore(
  options: PostgresEventStoreOptions,
): Promise<EventStore> {
  const log = options.log ?? (() => undefined)
  const config =
    'connection' in options ? options.connection : { connectionString: options.connectionString }
  const role = await prepareLog(config, log)
  const deadlineMs = options.readDeadlineMs ?? READ_DEADLINE_MS
  const pool = openReaders({ config, role, readDeadlineMs: deadlineMs })
  const appender = new Appender({
    config,
    role,
    log,
    deadlineMs: options.appendDeadlineMs ?? APPEND_DEADLINE_MS,
  })
  const read: Read = (name, text, values) =>
    readWithin(pool, { name, text, values: [...values], rowMode: 'array' }, deadlineMs)
  const readAll = (readOptions: ReadAllOptions): Promise<StoredEvent[]> =>
    readLog(read, readOptions)
  const subscriptions = new Subscriptions({
    config,
    role,
    log,
    readAll,
    pollMs: options.pollMs ?? POLL_MS,
  })
  let closing: Promise<void> | null = null
  const close = async (): Promise<void> => {
    await Promise.all([subscriptions.close(), appender.close()])
    await pool.end()
  }
  return {
    identity: () => readIdentity(read),
    append: async (stream, expected, events) => {
      const bytes = checkAppend(stream, expected, events)
      return appender.append(stream, expected, events, bytes)
    },
    readStream: (stream, readOptions) => readOneStream(read, stream, readOptions),
    readAll,
    subscribeToAll: (subscribeOptions) => subscriptions.subscribeToAll(subscribeOptions),
    eventAt: (position) => readEventAt(read, position),
    head: () => readHead(read),
    lag: (after, now) => readLag(read, after, now),
    threats: () => Promise.resolve(role === null ? [NO_ROLE] : []),
    close: () => (closing ??= close()),
  }
}

async function prepareLog(
  config: pg.PoolConfig,
  log: (message: string) => void,
): Promise<string | null> {
  const client = new Connection({ ...config, query_timeout: MIGRATION_TIMEOUT_MS })
  try {
    await client.connect()
    const role = await migrateEventLog(client)
    if (role === null) {
      log(NO_ROLE)
    }
    return role
  } finally {
    await client.close()
  }
}
