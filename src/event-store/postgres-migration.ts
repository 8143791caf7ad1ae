/** Brings the tables of the event log into a database, and sets apart who may touch them (architecture 4). */
import type pg from 'pg'
import { APPLICATION_ROLE, MIGRATIONS, OWNER_ROLE } from './postgres-schema.js'

/** Any fixed number: two processes that open one log for the first time wait for each other. */
const MIGRATION_LOCK = 7_305_114_201

const ROLES = `
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = '${OWNER_ROLE}') then
    create role ${OWNER_ROLE} nologin;
  end if;
exception when duplicate_object or unique_violation then null; -- Another database of the cluster was first.
end $$;
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = '${APPLICATION_ROLE}') then
    create role ${APPLICATION_ROLE} nologin;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;`

/** A superuser is a member of every role; somebody who may only create roles has to be made one. */
const MEMBERSHIP = `grant ${OWNER_ROLE}, ${APPLICATION_ROLE} to current_user;`

const GRANTS = `
grant usage on schema event_log to ${APPLICATION_ROLE};
grant select on all tables in schema event_log to ${APPLICATION_ROLE};
grant execute on function event_log.append_batch to ${APPLICATION_ROLE};`

/**
 * Brings the log to its newest form, on a connection of its own. Answers the role to work as, or `null` where the
 * server's user may not make roles: the triggers alone guard the log then.
 */
export async function migrateEventLog(client: pg.Client): Promise<string | null> {
  const encoding = await client.query<{ server_encoding: string }>('show server_encoding')
  if (encoding.rows[0]?.server_encoding !== 'UTF8') {
    throw new Error('The event log needs a database whose encoding is UTF8.')
  }
  await client.query('begin')
  try {
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    const exists = await client.query(
      `select from pg_catalog.pg_namespace where nspname = 'event_log'`,
    )
    if (exists.rowCount === 0) await createSchema(client)
    await applyMigrations(client)
    const separated = await ownedByOwnerRole(client)
    await client.query('commit')
    return separated && (await mayWorkAsApplication(client)) ? APPLICATION_ROLE : null
  } catch (error) {
    // What went wrong first is what matters.
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

async function createSchema(client: pg.Client): Promise<void> {
  await client.query('savepoint roles')
  try {
    await client.query(ROLES)
    const user = await client.query(
      `select from pg_catalog.pg_roles where rolname = current_user and rolsuper`,
    )
    if (user.rowCount === 0) await client.query(MEMBERSHIP)
    await client.query(`create schema event_log authorization ${OWNER_ROLE}`)
  } catch (error) {
    if (!isDenied(error)) throw error
    await client.query('rollback to savepoint roles')
    await client.query('create schema event_log')
  }
  await asOwner(client)
  await client.query(
    'create table event_log.migrations (number int primary key, applied_at timestamptz not null default now())',
  )
}

async function applyMigrations(client: pg.Client): Promise<void> {
  const applied = await client.query<{ number: number }>('select number from event_log.migrations')
  const numbers = new Set(applied.rows.map(({ number }) => number))
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (numbers.has(index + 1)) continue
    await asOwner(client)
    await client.query(migration)
    if (await ownedByOwnerRole(client)) await client.query(GRANTS)
    await client.query('insert into event_log.migrations (number) values ($1)', [index + 1])
  }
  // A newer program wrote here: its log may have rules that this one does not know.
  const newest = Math.max(...numbers)
  if (newest > MIGRATIONS.length) throw new Error(`The event log is of the newer form ${newest}.`)
}

/** What is created from here to the end of the transaction belongs to the owner role, where there is one. */
async function asOwner(client: pg.Client): Promise<void> {
  if (await ownedByOwnerRole(client)) await client.query(`set local role ${OWNER_ROLE}`)
}

async function ownedByOwnerRole(client: pg.Client): Promise<boolean> {
  const owner = await client.query<{ owner: string }>(
    `select pg_catalog.pg_get_userbyid(nspowner) as owner from pg_catalog.pg_namespace where nspname = 'event_log'`,
  )
  return owner.rows[0]?.owner === OWNER_ROLE
}

async function mayWorkAsApplication(client: pg.Client): Promise<boolean> {
  try {
    await client.query(`set role ${APPLICATION_ROLE}`)
    return true
  } catch (error) {
    if (isDenied(error)) return false
    throw error
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42501'
}
