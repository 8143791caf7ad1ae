import pg from 'pg'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresEventStore } from '../../src/event-store/postgres.js'
import { aStream, anEvent } from '../contracts/opened-event-store.js'
import { testDatabase } from '../support/postgres.js'
import { openPostgresLog } from './postgres-log.js'
import type { PostgresLog } from './postgres-log.js'

const DENIED = { code: '42501' }

const INSERT = `insert into event_log.events (position, stream_id, stream, revision, event_id, type, data, metadata)
  values (1000, 1, 'forged', 0, gen_random_uuid(), 'Forged', '{}', '{}')`

/** What would change the past. */
const CHANGES: readonly string[] = [
  `update event_log.events set data = '{}'`,
  `update event_log.events set recorded_at = now()`,
  `delete from event_log.events`,
  `delete from event_log.events where false`,
  `truncate event_log.events`,
  `truncate event_log.streams, event_log.events, event_log.log_head cascade`,
  `delete from event_log.streams`,
  `truncate event_log.streams`,
  `delete from event_log.log_head`,
  `truncate event_log.log_head`,
  `update event_log.log_identity set identity = gen_random_uuid()`,
  `delete from event_log.log_identity`,
  `merge into event_log.events using (select 1 as position) as new on events.position = new.position
     when matched then delete`,
]

/** What only the append function may do. */
const CHANGES_BY_HAND: readonly string[] = [
  INSERT,
  `insert into event_log.streams (name, revision) values ('forged', 0)`,
  `update event_log.streams set revision = 7`,
  `update event_log.log_head set position = 7`,
]

/** What would take the guards away. */
const DISARMINGS: readonly string[] = [
  'alter table event_log.events disable trigger all',
  'alter table event_log.events disable trigger refuse_change',
  'alter table event_log.events add column more text',
  'alter table event_log.events owner to folio_application',
  'drop table event_log.events',
  'drop trigger refuse_change on event_log.events',
  'drop schema event_log cascade',
  'drop function event_log.append_batch',
  `create or replace function event_log.refuse_change() returns trigger language plpgsql as 'begin return null; end'`,
  'create table event_log.more (id int)',
  'set session_replication_role to replica',
]

describe('who may touch the log', () => {
  let log: PostgresLog
  let application: pg.Client
  beforeAll(async () => {
    log = await openPostgresLog()
    const answer = await log.store.append('folio-guarded', 'no_stream', [anEvent(), anEvent()])
    expect(answer.outcome).toBe('appended')
    application = new pg.Client({ connectionString: log.connectionString })
    await application.connect()
    await application.query('set role folio_application')
  })
  afterAll(async () => {
    // Whatever was tried, the log is what it was.
    expect(await log.store.readAll({ after: null, limit: 10 })).toHaveLength(2)
    await application.end()
    await log.close()
  })

  test('the store works as the application role on all of its connections', async () => {
    const following = new AbortController()
    const options = { after: null, pageSizeMax: 1, signal: following.signal }
    for await (const page of log.store.subscribeToAll(options)) {
      expect(page).toHaveLength(1)
      const { rows } = await log.admin.query<{ query: string }>(
        `select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      )
      expect(rows.length).toBeGreaterThan(0)
      break
    }
    // A statement that the role is denied fails on the very connections of the store.
    await log.admin.query('revoke select on event_log.log_head from folio_application')
    await expect(log.store.head()).rejects.toMatchObject(DENIED)
    await log.admin.query(
      'revoke execute on function event_log.append_batch from folio_application',
    )
    await expect(log.store.append(aStream(), 'no_stream', [anEvent()])).rejects.toMatchObject(
      DENIED,
    )
    await log.admin.query('grant select on event_log.log_head to folio_application')
    await log.admin.query('grant execute on function event_log.append_batch to folio_application')
    expect(await log.store.head()).toBe(2n)
  })

  test.each([...CHANGES, ...CHANGES_BY_HAND, ...DISARMINGS])(
    'the application role is refused: %s',
    async (statement) => {
      await expect(application.query(statement)).rejects.toMatchObject(DENIED)
    },
  )

  test.each([...CHANGES, ...CHANGES_BY_HAND])(
    'even a superuser is refused: %s',
    async (statement) => {
      await expect(log.admin.query(statement)).rejects.toMatchObject(DENIED)
    },
  )

  test.each(CHANGES)('replication mode does not get around the triggers: %s', async (statement) => {
    await log.admin.query('set session_replication_role to replica')
    await expect(log.admin.query(statement)).rejects.toMatchObject(DENIED)
    await log.admin.query('reset session_replication_role')
  })

  test('a schema of the caller does not get in between the function and its tables', async () => {
    await log.admin.query('create schema trap; grant all on schema trap to folio_application')
    await application.query(
      'create function trap.cardinality(anyarray) returns int language sql as $$select 0$$',
    )
    await application.query('create temp table streams (name text, revision int)')
    await application.query('set search_path to pg_temp, trap, event_log, pg_catalog')
    const { rows } = await application.query<{ position: string | null }>(
      `select position from event_log.append_batch(array['folio-guarded'], array[1], array[-1], array[1],
         array[1], array[1], array['folio-guarded'], array[gen_random_uuid()], array['T'], array['{}'], array['{}'])`,
    )
    expect(rows).toEqual([{ position: null }])
  })
})

describe('a server whose user may not make roles', () => {
  test('the log works under the user itself, guarded by triggers, and says so', async () => {
    const database = await testDatabase()
    const admin = new pg.Client({ connectionString: database.connectionString })
    await admin.connect()
    const user = `limited_${randomUUID().slice(0, 8)}`
    await admin.query(`create role ${user} login password 'limited'`)
    await admin.query(
      `do $$ begin execute format('grant create on database %I to ${user}', current_database()); end $$`,
    )
    const url = new URL(database.connectionString)
    url.username = user
    url.password = 'limited'
    const messages: string[] = []
    const log = (message: string): void => {
      messages.push(message)
    }
    const store = await openPostgresEventStore({ connectionString: url.href, log })
    expect(messages).toEqual([expect.stringContaining('triggers only')])
    expect((await store.append('folio-1', 'no_stream', [anEvent()])).outcome).toBe('appended')
    const limited = new pg.Client({ connectionString: url.href })
    await limited.connect()
    for (const statement of CHANGES) {
      await expect(limited.query(statement)).rejects.toMatchObject(DENIED)
    }
    await limited.end()
    await store.close()
    await admin.query(`drop owned by ${user} cascade`)
    await admin.query(`drop role ${user}`)
    await admin.end()
    await database.drop()
  })
})
