/** What the ledger keeps of its stores, in PostgreSQL beside the log and the read models. */
import pg from 'pg'
import { credentialsTable, type CredentialsTable } from './credentials.js'
import { deliveriesTable, type DeliveriesTable } from './deliveries.js'
import { failedOrdersTable, type FailedOrdersTable } from './failed-orders.js'
import { hooksTable, type HooksTable } from './hooks.js'
import { pullsTable, type PullsTable } from './pulls.js'
import { prepareStoreTables } from './schema.js'

export type StoreRecords = Readonly<{
  credentials: CredentialsTable
  pulls: PullsTable
  failedOrders: FailedOrdersTable
  deliveries: DeliveriesTable
  hooks: HooksTable
  close: () => Promise<void>
}>

/** Webhooks come in bursts, and each waits for the disk. */
const CONNECTIONS_MAX = 8
/** Whoever sends a webhook waits for these answers, and comes again where there is none. */
const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 5_000
/** For a server that no longer answers at all. */
const ANSWER_TIMEOUT_MS = 6_000

export async function openStoreRecords({
  connectionString,
  masterKey,
}: Readonly<{ connectionString: string; masterKey: Buffer }>): Promise<StoreRecords> {
  const pool = new pg.Pool({
    connectionString,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    application_name: 'folio stores',
  })
  // A broken connection is replaced on next use; the query that meets one says so itself. In use, it tells only itself.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  try {
    await prepareStoreTables(pool)
  } catch (reason) {
    await pool.end()
    throw reason
  }
  return {
    credentials: credentialsTable(pool, masterKey),
    pulls: pullsTable(pool),
    failedOrders: failedOrdersTable(pool),
    deliveries: deliveriesTable(pool),
    hooks: hooksTable(pool),
    close: () => pool.end(),
  }
}
