/**
 * The canary of the lost-event race: a log whose numbers come from a sequence, given out before the commit, and whose
 * reader asks for what is greater than the last it saw. The race must catch it, or it proves nothing of the others.
 */
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { expect, test } from 'vitest'
import type {
  AppendOutcome,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  ReadAllOptions,
  StoredEvent,
  SubscribeOptions,
} from '../../src/event-store/event-store.js'
import { raceReadersAgainstWriters } from '../contracts/event-log-race.js'
import { testDatabase } from '../support/postgres.js'

type NaiveLog = Pick<EventStore, 'append' | 'head' | 'readAll' | 'subscribeToAll'>

const TABLE = `create table naive_events (
  position bigserial primary key, stream text, revision int, id uuid, type text, data text, metadata text,
  unique (stream, revision))`

type NaiveRow = Omit<StoredEvent, 'position'> & { position: string }

function naiveLog(pool: pg.Pool): NaiveLog {
  async function append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendOutcome> {
    const client = await pool.connect()
    const first = expected === 'no_stream' ? 0 : expected + 1
    let position = 0n
    try {
      await client.query('begin')
      for (const [nth, { id, type, data, metadata }] of events.entries()) {
        const { rows } = await client.query<{ position: string }>(
          `insert into naive_events (stream, revision, id, type, data, metadata)
           values ($1, $2, $3, $4, $5, $6) returning position`,
          [stream, first + nth, id, type, data, metadata],
        )
        position = BigInt(rows[0]?.position ?? 0)
      }
      await client.query('select pg_sleep(random() * 0.003)')
      await client.query('commit')
      return { outcome: 'appended', revision: first + events.length - 1, position }
    } catch {
      await client.query('rollback')
      const { rows } = await client.query<{ revision: number | null }>(
        'select max(revision) as revision from naive_events where stream = $1',
        [stream],
      )
      return { outcome: 'conflict', expected, actual: rows[0]?.revision ?? 'no_stream' }
    } finally {
      client.release()
    }
  }
  async function readAll({ after, limit }: ReadAllOptions): Promise<StoredEvent[]> {
    const { rows } = await pool.query<NaiveRow>(
      'select * from naive_events where position > $1 order by position limit $2',
      [`${after ?? 0n}`, limit],
    )
    return rows.map((row) => ({ ...row, position: BigInt(row.position) }))
  }
  async function* subscribeToAll(options: SubscribeOptions): AsyncGenerator<StoredEvent[]> {
    let { after } = options
    while (!options.signal.aborted) {
      await delay(1)
      const page = await readAll({ after, limit: options.pageSizeMax })
      after = page.at(-1)?.position ?? after
      if (page.length > 0) yield page
    }
  }
  return { append, head: () => Promise.resolve(null), readAll, subscribeToAll }
}

test('the race catches a reader that trusts a sequence', async () => {
  const database = await testDatabase()
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 20 })
  await pool.query(TABLE)
  const log = naiveLog(pool)
  const race = await raceReadersAgainstWriters({ writers: [log], reader: log })
  expect(race.following.lost).toBeGreaterThan(0)
  expect(race.paging.lost).toBeGreaterThan(0)
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::int as count from naive_events',
  )
  // All of them had been there to be seen.
  expect(rows[0]?.count).toBe(race.committed)
  await pool.end()
  await database.drop()
})
