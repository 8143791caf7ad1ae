/**
 * Where everything is kept: the event log with its keys, the read models, what stands before commands, and what is known of stores. All of it is
 * in one PostgreSQL, but for the log where `EVENTSTORE_URL` names an EventStoreDB.
 */
import pg from 'pg'
import { openApiKeys } from './access/api-keys.js'
import { type Config, ConfigInvalid } from './config.js'
import { openEmbeddedPostgres } from './embedded-postgres/open.js'
import { EventStoreUnavailable, type EventStore } from './event-store/event-store.js'
import { MalformedConnectionString } from './event-store/eventstoredb-address.js'
import { createFingerprint, fingerprintKey } from './event-store/fingerprint.js'
import { createLedgerLog } from './event-store/ledger-log.js'
import { openPostgresEventStore } from './event-store/postgres.js'
import { MasterKeyDiffers, openPostgresSubjectKeys } from './event-store/postgres-subject-keys.js'
import { openPostgresKeyClaims } from './key-claims/postgres-key-claims.js'
import { folderMasterKey } from './master-key.js'
import { openReadModel, prepareReadModel } from './read-model/database.js'
import { DatabaseUnavailable, EventLogUnavailable } from './storage-unavailable.js'
import { openStoreRecords } from './stores/open-store-records.js'

type Say = (line: string) => void
type Closable = Readonly<{ close(): Promise<unknown> }>

const KEY_CONNECTIONS_MAX = 4
const KEY_CONNECT_TIMEOUT_MS = 5_000
const KEY_STATEMENT_TIMEOUT_MS = 5_000
/** For a server that does not answer at all. */
const KEY_ANSWER_TIMEOUT_MS = 6_000

/** `opened` is told of each part as soon as it is open, so that a failure of the next one leaves none behind. */
export async function openStorage(config: Config, say: Say, opened: (one: Closable) => void) {
  const embedded =
    config.databaseUrl === null
      ? await openEmbeddedPostgres({ dataDirectory: config.dataDirectory, log: say })
      : null
  if (embedded !== null) opened(embedded)
  const connectionString = embedded?.connectionString ?? config.databaseUrl ?? ''
  const { eventStoreUrl } = config
  const store = await openEventStore(eventStoreUrl ?? connectionString, say).catch(
    (reason: unknown) => {
      throw eventStoreUrl === null ? atDatabaseUrl(config, reason) : atEventStoreUrl(reason)
    },
  )
  opened(store)
  const pool = openKeyPool(connectionString)
  opened({ close: () => pool.end() })
  const masterKey = config.masterKey ?? (await folderMasterKey(config.dataDirectory))
  const keys = await openPostgresSubjectKeys(pool, masterKey).catch((reason: unknown) => {
    throw atDatabaseUrl(config, reason)
  })
  const log = createLedgerLog(store, keys)
  const fingerprint = createFingerprint(fingerprintKey(masterKey), keys)
  const db = openReadModel({ connectionString })
  opened({ close: () => db.destroy() })
  await prepareReadModel(db)
  const apiKeys = await openApiKeys({ connectionString })
  opened(apiKeys)
  const claims = await openPostgresKeyClaims({ connectionString, warn: say })
  opened(claims)
  const storeRecords = await openStoreRecords({ connectionString, masterKey })
  opened(storeRecords)
  const database = described(config)
  return { embedded, store, log, keys, fingerprint, db, apiKeys, claims, storeRecords, database }
}

/** An event log by itself, `esdb://…` or `postgresql://…`: for work on logs and on nothing else. */
export async function openEventStore(connectionString: string, log: Say): Promise<EventStore> {
  if (!isEventStoreDb(connectionString)) return openPostgresEventStore({ connectionString, log })
  // Its client takes a tenth of a second to load.
  const { openEventStoreDb } = await import('./event-store/eventstoredb.js')
  return openEventStoreDb({ connectionString, log })
}

export function isEventStoreDb(connectionString: string): boolean {
  return connectionString.startsWith('esdb')
}

function atEventStoreUrl(reason: unknown): unknown {
  if (reason instanceof MalformedConnectionString) {
    return new ConfigInvalid(`EVENTSTORE_URL: ${reason.message}`)
  }
  return reason instanceof EventStoreUnavailable ? new EventLogUnavailable(reason) : reason
}

/** The embedded server says itself what is wrong with it; and with another master key nothing is wrong with any. */
function atDatabaseUrl({ databaseUrl }: Config, reason: unknown): unknown {
  return databaseUrl === null || reason instanceof MasterKeyDiffers
    ? reason
    : new DatabaseUnavailable(databaseUrl, reason)
}

function described({ databaseUrl, dataDirectory, eventStoreUrl }: Config): string {
  const database =
    databaseUrl === null ? `PostgreSQL in ${dataDirectory}` : 'the PostgreSQL of DATABASE_URL'
  return eventStoreUrl === null ? database : `the EventStoreDB of EVENTSTORE_URL and ${database}`
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
