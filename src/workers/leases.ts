/**
 * Who may advance a projection: a lease per name, with an expiry by the database's clock and a fencing token that
 * grows with every holder, so that one who slept through its expiry writes nothing more.
 */
import { type Kysely, sql } from 'kysely'
import { READ_MODEL_SCHEMA, type ReadModelTables } from '../read-model/schema.js'
import { pause } from './pause.js'

type Database = Kysely<ReadModelTables>

/** Token by lease name. */
export type HeldLeases = ReadonlyMap<string, string>

/** How long a rebuild's leases outlive it. */
export const REBUILD_LEASE_MS = 10_000
const RENEW_MS = 3_000

const leases = sql.id(READ_MODEL_SCHEMA, 'projection_leases')

/** Takes those of the leases that nobody holds. */
export async function acquireLeases(
  db: Database,
  names: readonly string[],
  { holder, leaseMs }: Readonly<{ holder: string; leaseMs: number }>,
): Promise<HeldLeases> {
  if (names.length === 0) return new Map()
  const { rows } = await sql<{ name: string; token: string }>`
    insert into ${leases} as l (name, holder, token, expires_at)
    select name, ${holder}, 1, ${inMilliseconds(leaseMs)} from unnest(${[...names].sort()}::text[]) as n(name)
    on conflict (name) do update
      set holder = excluded.holder, token = l.token + 1, expires_at = excluded.expires_at
      where l.expires_at <= clock_timestamp()
    returning name, token`.execute(db)
  return new Map(rows.map(({ name, token }) => [name, token]))
}

/** Those that are still held, for a further `leaseMs`. One that expired is kept where nobody else took it. */
export async function renewLeases(
  db: Database,
  held: HeldLeases,
  leaseMs: number,
): Promise<HeldLeases> {
  if (held.size === 0) return held
  const { rows } = await sql<{ name: string; token: string }>`
    update ${leases} l set expires_at = ${inMilliseconds(leaseMs)} from ${asRows(held)}
    where l.name = h.name and l.token = h.token
    returning l.name, l.token`.execute(db)
  return new Map(rows.map(({ name, token }) => [name, token]))
}

/** Somebody else may take them at once. */
export async function releaseLeases(db: Database, held: HeldLeases): Promise<void> {
  if (held.size === 0) return
  await sql`update ${leases} l set expires_at = clock_timestamp() from ${asRows(held)}
    where l.name = h.name and l.token = h.token`.execute(db)
}

/** Keeps the leases of a rebuild until the signal aborts. A lease that was lost is noticed by the next page, which then is not written. */
export async function renewing(db: Database, held: HeldLeases, ending: AbortSignal): Promise<void> {
  for (;;) {
    await pause(RENEW_MS, ending)
    if (ending.aborted) return
    await renewLeases(db, held, REBUILD_LEASE_MS).catch(() => undefined)
  }
}

function asRows(held: HeldLeases) {
  return sql`unnest(${[...held.keys()]}::text[], ${[...held.values()]}::bigint[]) as h(name, token)`
}

function inMilliseconds(leaseMs: number) {
  return sql`clock_timestamp() + ${leaseMs}::double precision * interval '1 millisecond'`
}
