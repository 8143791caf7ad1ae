/** What stands in the database of API keys, and what of it is believed. */
import type { Pool } from 'pg'
import { z } from 'zod'
import { ROLES } from './role.js'
import { transaction } from './transaction.js'

export const NAME_LENGTH_MAX = 60
export const RATE_PER_MINUTE_DEFAULT = 60_000
export const RATE_PER_MINUTE_MAX = 1_000_000

export const keyNameSchema = z
  .string()
  .max(NAME_LENGTH_MAX)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)

export const ratePerMinuteSchema = z.int().min(1).max(RATE_PER_MINUTE_MAX)

const grantColumns = {
  name: keyNameSchema,
  role: z.enum(ROLES),
  rate_per_minute_max: ratePerMinuteSchema,
}

/** A key that holds. */
export const grantRowSchema = z.object({ hash: z.string(), ...grantColumns })

export const listedRowSchema = z.object({
  ...grantColumns,
  created_at: z.date(),
  revoked_at: z.date().nullable(),
})

/** Any number, the same in every version: who prepares the tables waits for whoever does so already. */
const SCHEMA_LOCK = 7_305_115

/**
 * A schema of its own: the read models are thrown away and rebuilt, the log is for ever and for everybody who may read
 * it. Rows are never deleted, so that a name in the log's events can be looked up later.
 */
export function prepareTables(pool: Pool): Promise<void> {
  return transaction(pool, async (client) => {
    // `if not exists` alone fails where two sessions create at the same moment.
    await client.query('select pg_advisory_xact_lock($1)', [SCHEMA_LOCK])
    await client.query('create schema if not exists access')
    await client.query(
      `create table if not exists access.api_keys (
         id bigint generated always as identity primary key,
         name text not null check (name <> ''),
         role text not null check (role <> ''),
         hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
         rate_per_minute_max integer not null check (rate_per_minute_max > 0),
         created_at timestamptz not null default now(),
         revoked_at timestamptz)`,
    )
    await client.query(
      `create unique index if not exists api_keys_active_name
         on access.api_keys (name) where revoked_at is null`,
    )
  })
}
