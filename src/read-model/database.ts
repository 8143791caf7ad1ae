/** The connection to the read models: kysely over a pool of pg. Amounts and big integers stay text, days stay days. */
import { Socket } from 'node:net'
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { READ_MODEL_SCHEMA, type ReadModelTables } from './schema.js'

export type ReadModelDatabase = Kysely<ReadModelTables>

export type ReadModelConnection = Readonly<{
  connectionString: string
  connectionsMax?: number
}>

const CONNECTIONS_MAX = 10
const CONNECT_TIMEOUT_MS = 10_000
/** A query of a list that takes longer than this is not worth its connection. */
const STATEMENT_TIMEOUT_MS = 60_000
/** Longer than any statement takes: a step of a rebuild has two minutes. */
const SILENCE_TIMEOUT_MS = 130_000

/** Object identifiers of PostgreSQL's types, as `pg_type` has them. */
const DATE = 1082
const TIMESTAMPTZ = 1184
const BIGINT = 20
const NUMERIC = 1700

export function openReadModel({
  connectionString,
  connectionsMax,
}: ReadModelConnection): ReadModelDatabase {
  const pool = new pg.Pool({
    connectionString,
    max: connectionsMax ?? CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'folio read models',
    stream: socketThatEndsInSilence,
    types: { getTypeParser: typeParser },
  })
  // An idle connection that breaks is replaced on next use, and the query that meets a broken one says so itself.
  pool.on('error', () => undefined)
  // So is one that breaks while it is out and idle: its next query fails, and that is where it is told.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new Kysely<ReadModelTables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}

/** A server that has fallen silent without a word is noticed, and its connection replaced. */
function socketThatEndsInSilence(): Socket {
  const socket = new Socket()
  socket.setTimeout(SILENCE_TIMEOUT_MS, () => socket.destroy())
  return socket
}

/** Creates what the engine needs, where it is not there yet. Many processes may do it at once. */
export async function prepareReadModel(db: ReadModelDatabase): Promise<void> {
  const schema = sql.id(READ_MODEL_SCHEMA)
  await db.transaction().execute(async (transaction) => {
    // `if not exists` alone fails where two sessions create at the same moment.
    await sql`select pg_advisory_xact_lock(hashtext('folio read model'))`.execute(transaction)
    await sql`create schema if not exists ${schema}`.execute(transaction)
    await sql`create table if not exists ${schema}.projection_builds (
      name text not null,
      build integer not null,
      version integer not null,
      state text not null check (state in ('building', 'live', 'kept')),
      table_name text not null,
      log_identity text not null,
      position numeric(20, 0),
      event_id text,
      events bigint not null default 0,
      error text,
      updated_at timestamptz not null default clock_timestamp(),
      primary key (name, build)
    )`.execute(transaction)
    await sql`create table if not exists ${schema}.projection_live (
      name text primary key,
      build integer not null,
      foreign key (name, build) references ${schema}.projection_builds (name, build)
    )`.execute(transaction)
    await sql`create table if not exists ${schema}.projection_leases (
      name text primary key,
      holder text not null,
      token bigint not null,
      expires_at timestamptz not null
    )`.execute(transaction)
  })
}

type Parser = (value: string) => unknown

function typeParser(oid: number, format?: string): Parser {
  if (oid === DATE || oid === BIGINT || oid === NUMERIC) return (value) => value
  if (oid === TIMESTAMPTZ) return (value) => new Date(value).toISOString()
  return (pg.types.getTypeParser as (oid: number, format?: string) => Parser)(oid, format)
}
