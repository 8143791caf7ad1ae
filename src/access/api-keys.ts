/** API keys in PostgreSQL, beside the log and the read models. Of a key's text only the hash is kept. */
import pg from 'pg'
import { hashOf, newKeyText } from './key-text.js'
import type { Principal, Role } from './role.js'
import {
  grantRowSchema,
  listedRowSchema,
  prepareTables,
  RATE_PER_MINUTE_DEFAULT,
} from './schema.js'
import { transaction } from './transaction.js'

export type NewKey = Readonly<{
  name: string
  role: Role
  /** Left out: {@link RATE_PER_MINUTE_DEFAULT}. */
  ratePerMinuteMax?: number | undefined
}>

export type ListedKey = Readonly<{
  name: string
  role: Role
  ratePerMinuteMax: number
  createdAt: Date
  /** `null`: it holds. */
  revokedAt: Date | null
}>

/** `key` is the text: nobody can tell it again later. */
export type Created =
  | Readonly<{ outcome: 'created'; key: string }>
  /** Another key of the name holds. Once that is revoked, the name may be given again: that is rotation. */
  | Readonly<{ outcome: 'name_in_use' }>

export type ApiKeys = Readonly<{
  create: (asked: NewKey) => Promise<Created>
  /** Makes the key `administrator` if no key was ever made here; `null` where one was. Of many at once, one makes it. */
  createFirst: () => Promise<string | null>
  /** Revokes the key of the name, if one holds, and makes the next, both or neither; gives the new one's text. */
  replace: (asked: NewKey) => Promise<string>
  /** Those that hold by name, then the revoked, the last one first; at most {@link KEYS_LISTED_MAX}. */
  list: () => Promise<readonly ListedKey[]>
  revoke: (name: string) => Promise<'revoked' | 'no_such_key'>
  /** Those of the hashes (see `hashOf`) that belong to a key that holds. */
  find: (hashes: readonly string[]) => Promise<ReadonlyMap<string, Principal>>
  close: () => Promise<void>
}>

export const FIRST_KEY_NAME = 'administrator'
export const KEYS_LISTED_MAX = 1_000
const CONNECTIONS_MAX = 2
/** Requests wait for these answers: better none than a late one. */
const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 5_000
/** For a server that no longer answers at all. */
const ANSWER_TIMEOUT_MS = 6_000

/** A pool of its own, so that no slow list holds up who may ask for it. */
export async function openApiKeys({
  connectionString,
}: Readonly<{ connectionString: string }>): Promise<ApiKeys> {
  const pool = new pg.Pool({
    connectionString,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    application_name: 'folio api keys',
  })
  // A broken connection is replaced on next use; the query that meets one says so itself. In use, it tells only itself.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  try {
    await prepareTables(pool)
  } catch (reason) {
    await pool.end()
    throw reason
  }
  return {
    create: async (asked) => {
      const key = await insert(pool, asked)
      return key === null ? { outcome: 'name_in_use' } : { outcome: 'created', key }
    },
    createFirst: () =>
      alone(pool, async (client) => {
        const made = await client.query('select from access.api_keys limit 1')
        if (made.rows.length > 0) return null
        return insert(client, { name: FIRST_KEY_NAME, role: 'administrator' })
      }),
    replace: (asked) =>
      alone(pool, async (client) => {
        await revoke(client, asked.name)
        const key = await insert(client, asked)
        if (key === null) throw new Error(`The name ${asked.name} is in use and was just revoked`)
        return key
      }),
    list: () => list(pool),
    revoke: (name) => revoke(pool, name),
    find: (hashes) => find(pool, hashes),
    close: () => pool.end(),
  }
}

type Queryable = Pick<pg.Pool, 'query'>

/** `null`: the name is in use. */
async function insert(on: Queryable, { name, role, ratePerMinuteMax }: NewKey) {
  const key = newKeyText()
  const inserted = await on.query(
    `insert into access.api_keys (name, role, hash, rate_per_minute_max) values ($1, $2, $3, $4)
     on conflict (name) where revoked_at is null do nothing`,
    [name, role, hashOf(key), ratePerMinuteMax ?? RATE_PER_MINUTE_DEFAULT],
  )
  return inserted.rowCount === 1 ? key : null
}

async function revoke(on: Queryable, name: string): Promise<'revoked' | 'no_such_key'> {
  const revoked = await on.query(
    'update access.api_keys set revoked_at = now() where name = $1 and revoked_at is null',
    [name],
  )
  return revoked.rowCount === 1 ? 'revoked' : 'no_such_key'
}

async function list(on: Queryable): Promise<readonly ListedKey[]> {
  const { rows } = await on.query<Record<string, unknown>>(
    `select name, role, rate_per_minute_max, created_at, revoked_at from access.api_keys
     order by revoked_at desc nulls first, name, id desc limit $1`,
    [KEYS_LISTED_MAX],
  )
  return rows.map((row) => {
    const { name, role, rate_per_minute_max, created_at, revoked_at } = listedRowSchema.parse(row)
    return {
      name,
      role,
      ratePerMinuteMax: rate_per_minute_max,
      createdAt: created_at,
      revokedAt: revoked_at,
    }
  })
}

async function find(
  on: Queryable,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, Principal>> {
  const { rows } = await on.query<Record<string, unknown>>(
    `select hash, name, role, rate_per_minute_max from access.api_keys
     where hash = any($1::text[]) and revoked_at is null`,
    [hashes],
  )
  return new Map(
    rows.map((row) => {
      const { hash, name, role, rate_per_minute_max } = grantRowSchema.parse(row)
      return [hash, { principal: `key:${name}`, role, ratePerMinuteMax: rate_per_minute_max }]
    }),
  )
}

/** While the work is done, nobody else makes or revokes a key; who only looks one up does not wait. */
function alone<Value>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Value>,
): Promise<Value> {
  return transaction(pool, async (client) => {
    await client.query('lock table access.api_keys in share row exclusive mode')
    return work(client)
  })
}
