/** The tables of what the ledger keeps of its stores, beside the log and the read models. */
import type { Pool } from 'pg'
import { transaction } from '../access/transaction.js'

/** Any number, the same in every version: who prepares the tables waits for whoever does so already. */
const SCHEMA_LOCK = 7_305_116

/**
 * A schema of its own: credentials must never come near the log, which is for ever, and a rebuild of the read models
 * would forget how far each store was pulled. But for the credentials, all of it may be lost: stores are pulled anew.
 */
export function prepareStoreTables(pool: Pool): Promise<void> {
  return transaction(pool, async (client) => {
    // `if not exists` alone fails where two sessions create at the same moment.
    await client.query('select pg_advisory_xact_lock($1)', [SCHEMA_LOCK])
    for (const statement of STATEMENTS) await client.query(statement)
  })
}

const STATEMENTS = [
  'create schema if not exists stores',
  `create table if not exists stores.credentials (
     instance uuid primary key,
     box text not null,
     saved_at timestamptz not null default now())`,
  `create table if not exists stores.pulls (
     instance uuid primary key,
     modified_until timestamptz,
     first_pull_done_at timestamptz,
     last_pull_at timestamptz,
     last_error text)`,
  `create table if not exists stores.failed_orders (
     instance uuid not null,
     order_id text not null,
     why text not null,
     tries integer not null,
     first_failed_at timestamptz not null default now(),
     next_try_at timestamptz not null,
     primary key (instance, order_id))`,
  'create index if not exists failed_orders_due on stores.failed_orders (next_try_at)',
  `create table if not exists stores.deliveries (
     instance uuid not null,
     delivery_id text not null,
     order_id text,
     scope text not null,
     state text not null check (state in ('pending', 'done')),
     tries integer not null default 0,
     received_at timestamptz not null default now(),
     next_try_at timestamptz not null default now(),
     primary key (instance, delivery_id))`,
  `create index if not exists deliveries_pending
     on stores.deliveries (next_try_at) where state = 'pending'`,
  `create index if not exists deliveries_pending_of_instance
     on stores.deliveries (instance, next_try_at) where state = 'pending'`,
  'create index if not exists deliveries_by_age on stores.deliveries (received_at)',
  `create index if not exists deliveries_of_instance
     on stores.deliveries (instance, received_at)`,
  `create table if not exists stores.hooks (
     instance uuid primary key,
     is_armed boolean not null,
     checked_at timestamptz not null,
     last_error text)`,
]
