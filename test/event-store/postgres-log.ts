import pg from 'pg'
import { openPostgresEventStore } from '../../src/event-store/postgres.js'
import type { PostgresEventStoreOptions } from '../../src/event-store/postgres.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { testDatabase } from '../support/postgres.js'

/** An event log in a database of its own, with a superuser's connection beside it. */
export type PostgresLog = Readonly<{
  connectionString: string
  store: EventStore
  admin: pg.Client
  /** What the stores had to say. */
  messages: string[]
  another(options?: Partial<PostgresEventStoreOptions>): Promise<EventStore>
  close(): Promise<void>
}>

export async function openPostgresLog(): Promise<PostgresLog> {
  const { connectionString, drop } = await testDatabase()
  const messages: string[] = []
  const log = (message: string): void => {
    messages.push(message)
  }
  const open = (options: Partial<PostgresEventStoreOptions> = {}): Promise<EventStore> =>
    openPostgresEventStore({ connectionString, log, ...options })
  const store = await open()
  const admin = new pg.Client({ connectionString })
  await admin.connect()
  return {
    connectionString,
    store,
    admin,
    messages,
    another: open,
    close: async () => {
      await store.close()
      await admin.end()
      await drop()
    },
  }
}

/** Asks until the answer is there; the test's own deadline ends it otherwise. */
export async function eventually<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const value = await ask()
    if (value !== undefined) return value
  }
}

/** The process ids of this database's backends that wait for a lock, once there are as many. */
export function blockedBackends(admin: pg.Client, count: number): Promise<number[]> {
  return eventually(async () => {
    const { rows } = await admin.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return rows.length >= count ? rows.map(({ pid }) => pid) : undefined
  })
}

/** Holds up every append from here on, until the function given back is called. */
export async function holdHead({ connectionString }: PostgresLog): Promise<() => Promise<void>> {
  const holder = new pg.Client({ connectionString })
  await holder.connect()
  await holder.query('begin')
  await holder.query('select from event_log.log_head for update')
  return async () => {
    await holder.query('rollback')
    await holder.end()
  }
}
