import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aStream, anEvent, someEvents } from '../contracts/opened-event-store.js'
import { eventStoreContract } from '../contracts/event-store.contract.js'
import { testDatabase } from '../support/postgres.js'
import { blockedBackends, holdHead, openPostgresLog } from './postgres-log.js'
import type { PostgresLog } from './postgres-log.js'

eventStoreContract('in PostgreSQL', async () => {
  const { store, admin, another, connectionString, messages, close } = await openPostgresLog()
  const other = new pg.Client({ connectionString })
  await other.connect()
  return {
    store,
    another: () => another(),
    rollBack: async () => {
      await other.query('begin')
      await appendByHand(other)
      await other.query('select pg_sleep(random() * 0.003)')
      await other.query('rollback')
    },
    close: async () => {
      await other.end()
      expect(await holes(admin)).toBe(0)
      // No deadlock, no batch that had to be tried singly.
      expect(messages).toEqual([])
      await close()
    },
  }
})

/** Positions are 1, 2, 3 … to the head, and every stream's revisions 0, 1, 2 … to its own. */
async function holes(admin: pg.Client): Promise<number> {
  const { rows } = await admin.query<{ holes: number }>(
    `select (
       (select position from event_log.log_head) - (select count(*) from event_log.events)
       + (select count(*) from event_log.streams where revision + 1 <>
           (select count(*) from event_log.events where stream = streams.name))
     )::int as holes`,
  )
  return rows[0]?.holes ?? Number.NaN
}

async function appendByHand(client: pg.Client): Promise<void> {
  await client.query(
    `select event_log.append_batch(array[$1], array[1], array[-1], array[1], array[1], array[1], array[$1],
       array[gen_random_uuid()], array['RolledBack'], array['{}'], array['{}'])`,
    [aStream('rolled-back')],
  )
}

describe('several processes over one log in PostgreSQL', () => {
  let log: PostgresLog
  beforeAll(async () => {
    log = await openPostgresLog()
  })
  afterAll(async () => {
    await log.close()
  })

  test('two instances appending to the same streams neither block each other for ever nor leave a hole', async () => {
    const stores = [log.store, await log.another()]
    const streams = Array.from({ length: 30 }, () => aStream())
    const outcomes = new Map<string, number>()
    await Promise.all(
      Array.from({ length: 40 }, async (_, nth) => {
        const store = stores[nth % 2] ?? log.store
        for (let round = 0; round < 25; round += 1) {
          // In opposite orders, which deadlocks whoever locks in the order of asking.
          const at = (nth % 2 === 0 ? round : 24 - round) % streams.length
          const stream = streams[at] ?? ''
          const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 })
          const answer = await store.append(stream, last?.revision ?? 'no_stream', someEvents(2))
          outcomes.set(answer.outcome, (outcomes.get(answer.outcome) ?? 0) + 1)
        }
      }),
    )
    expect([...outcomes.keys()].sort()).toEqual(['appended', 'conflict'])
    expect(outcomes.get('appended')).toBeGreaterThan(25)
    expect(await holes(log.admin)).toBe(0)
    expect(log.messages).toEqual([])
    await stores[1]?.close()
  })

  test('an append waits for one under way to the same stream in another process, and then sees it', async () => {
    const other = await log.another()
    const stream = aStream()
    expect((await log.store.append(stream, 'no_stream', [anEvent()])).outcome).toBe('appended')
    const release = await holdHead(log)
    const first = log.store.append(stream, 0, [anEvent()])
    await blockedBackends(log.admin, 1)
    const second = other.append(stream, 0, [anEvent()])
    await blockedBackends(log.admin, 2)
    await release()
    expect(await first).toMatchObject({ outcome: 'appended', revision: 1 })
    expect(await second).toEqual({ outcome: 'conflict', expected: 0, actual: 1 })
    // The lock told them apart, not a violated index after the fact.
    expect(log.messages).toEqual([])
    await other.close()
  })

  test('ten instances may open a new log at once', async () => {
    const fresh = await openPostgresLog()
    await fresh.admin.query('drop schema event_log cascade')
    const stores = await Promise.all(Array.from({ length: 10 }, () => fresh.another()))
    const identities = await Promise.all(stores.map((store) => store.identity()))
    expect(new Set(identities).size).toBe(1)
    await Promise.all(stores.map((store) => store.close()))
    await fresh.close()
  })

  test('a transaction left open in another database, and one in this, delay no reader', async () => {
    const elsewhere = await testDatabase()
    const strangers = [elsewhere.connectionString, log.connectionString].map(
      (connectionString) => new pg.Client({ connectionString }),
    )
    for (const stranger of strangers) {
      await stranger.connect()
      await stranger.query('begin isolation level repeatable read')
      await stranger.query('create table held_open (id int)')
    }
    const head = await log.store.head()
    const event = anEvent()
    expect((await log.store.append(aStream(), 'no_stream', [event])).outcome).toBe('appended')
    expect(await log.store.readAll({ after: head, limit: 10 })).toMatchObject([event])
    for (const stranger of strangers) {
      await stranger.query('rollback')
      await stranger.end()
    }
    await elsewhere.drop()
  })

  test('a log written by a newer program is refused', async () => {
    const fresh = await openPostgresLog()
    await fresh.admin.query('insert into event_log.migrations (number) values (99)')
    await expect(fresh.another()).rejects.toThrow(/newer/)
    await fresh.close()
  })
})
