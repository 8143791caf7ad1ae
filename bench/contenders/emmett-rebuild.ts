/** Emmett's rebuild of three lists (invoices, payments, trial balance), by raw SQL or as documents. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { numberIn, serveContender, textIn } from '../contender.js'
import { emmettPostgres, type EmmettStore } from '../emmett.js'
import { documentLists, documentTables } from '../emmett-documents.js'
import { absentInvoice, draft, evolveInvoice, pay, post } from '../emmett-sale.js'
import { sqlLists, sqlTables } from '../emmett-sql.js'
import { customers } from '../sale.js'

const EVENTS_PER_SALE = 3
/** Its default waits 50 ms between pages of 100 events, which alone would hold it to 2,000 a second. */
const PULLING = { batchSize: 1_000, pullingFrequencyInMs: 1 }

serveContender(async (setup) => {
  const connectionString = textIn(setup, 'database')
  const events = numberIn(setup, 'events')
  const asDocuments = textIn(setup, 'way') === 'documents'
  const postgres = emmettPostgres()
  const store = postgres.getPostgreSQLEventStore(connectionString)
  await store.schema.migrate()
  await fill(store, events)
  await store.close()
  const client = new pg.Client({ connectionString })
  await client.connect()
  const tables = asDocuments ? documentTables : sqlTables
  const round = async () => {
    // A second rebuild would go on at the checkpoint of the first: what it stands on is put back, off the clock.
    for (const table of [...tables, 'emt_processors']) await emptied(client, table)
    const projections = asDocuments ? documentLists() : sqlLists()
    const begunAt = performance.now()
    const rebuild = postgres.rebuildPostgreSQLProjections({
      connectionString,
      projections,
      pulling: PULLING,
    })
    await rebuild.start()
    const seconds = (performance.now() - begunAt) / 1000
    await rebuild.close()
    await checked(client, tables[0] ?? '', events / EVENTS_PER_SALE)
    return { eventsPerSecond: events / seconds }
  }
  return { round, close: () => client.end() }
})

/**
 * One append after the other: it pages by position what it sorts by transaction, and a rebuild leaves events out where
 * the appends of several callers overlapped (79 of 1,000 rows were missing so).
 */
async function fill(store: EmmettStore, events: number): Promise<void> {
  const nextCustomer = customers()
  for (let number = 1; number * EVENTS_PER_SALE <= events; number += 1) {
    const id = randomUUID()
    const drafted = draft(absentInvoice(), `${id}-i1`, nextCustomer())
    const draftInvoice = evolveInvoice(absentInvoice(), drafted)
    const posted = post(draftInvoice, `INV/2026/${number}`)
    const paid = pay(evolveInvoice(draftInvoice, posted), `${id}-p1`, `PAY/2026/${number}`)
    await store.appendToStream(`invoice-${id}`, [drafted, posted, paid])
  }
}

async function emptied(client: pg.Client, table: string): Promise<void> {
  const { rows } = await client.query<{ found: string | null }>('select to_regclass($1) as found', [
    table,
  ])
  if (rows[0]?.found) await client.query(`truncate ${table}`)
}

/** Emmett reports no failure of a projection: a rebuild that stopped half-way would look fast. */
async function checked(client: pg.Client, table: string, expected: number): Promise<void> {
  const { rows } = await client.query<{ count: string }>(`select count(*) from ${table}`)
  const count = Number(rows[0]?.count)
  if (count !== expected) throw new Error(`${table} has ${count} rows and not ${expected}.`)
}
