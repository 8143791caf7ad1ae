import { afterEach, beforeEach, expect, test } from 'vitest'
import { EventStoreBusy, EventStoreUnavailable } from '../../src/event-store/event-store.js'
import type { AppendOutcome, EventStore, StoredEvent } from '../../src/event-store/event-store.js'
import { aStream, anEvent, asAppended, someEvents } from '../contracts/opened-event-store.js'
import { blockedBackends, eventually, holdHead, openPostgresLog } from './postgres-log.js'
import type { PostgresLog } from './postgres-log.js'
import { openRelay } from './relay.js'
import type { Relay } from './relay.js'

const DEADLINE_MS = 600
/** What a timer may be late on a busy machine. */
const LATE_MS = 2_000

let log: PostgresLog
let relay: Relay
beforeEach(async () => {
  log = await openPostgresLog()
  relay = await openRelay(log.connectionString)
})
afterEach(async () => {
  await relay.close()
  await log.close()
})

function openBehindRelay(): Promise<EventStore> {
  const { connectionString } = relay
  return log.another({
    connectionString,
    appendDeadlineMs: DEADLINE_MS,
    readDeadlineMs: DEADLINE_MS,
  })
}

async function timed<Value>(promise: Promise<Value>): Promise<{ value: Value; ms: number }> {
  const started = performance.now()
  const value = await promise
  return { value, ms: performance.now() - started }
}

test('a connection killed while it appends leaves the outcome unknown, and reading settles it', async () => {
  const release = await holdHead(log)
  const stream = aStream()
  const event = anEvent()
  const appending = log.store.append(stream, 'no_stream', [event])
  const [pid] = await blockedBackends(log.admin, 1)
  await log.admin.query('select pg_terminate_backend($1)', [pid])
  expect(await appending).toMatchObject({ outcome: 'unknown' })
  await release()
  expect(await log.store.readStream(stream, { limit: 10 })).toEqual([])
  expect(await log.store.append(stream, 'no_stream', [event])).toMatchObject({ revision: 0 })
})

test('through thirty killed connections nothing acknowledged is lost and nothing is there twice', async () => {
  const { store, admin } = log
  let kills = 0
  const counts = { appended: 0, unknown: 0 }
  const killing = (async () => {
    while (kills < 30) {
      const { rowCount } = await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and query like '%append_batch%'`,
      )
      kills += (rowCount ?? 0) > 0 ? 1 : 0
      await admin.query('select pg_sleep(random() * 0.02)')
    }
  })()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const stream = aStream()
      const intended: string[] = []
      while (kills < 30) {
        const event = anEvent()
        const outcome = await store.append(
          stream,
          intended.length === 0 ? 'no_stream' : intended.length - 1,
          [event],
        )
        if (outcome.outcome === 'conflict') throw new Error('Nobody else appends to this stream.')
        counts[outcome.outcome] += 1
        const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 })
        if (outcome.outcome === 'appended' || last?.id === event.id) intended.push(event.id)
      }
      const stored = await readWhole(store, stream)
      expect(stored.map(({ id }) => id)).toEqual(intended)
    }),
  )
  await killing
  expect(counts.unknown).toBeGreaterThan(0)
  expect(counts.appended).toBeGreaterThan(0)
})

async function readWhole(store: EventStore, stream: string): Promise<StoredEvent[]> {
  const events: StoredEvent[] = []
  for (;;) {
    const page = await store.readStream(stream, { from: events.length, limit: 1_000 })
    if (page.length === 0) return events
    events.push(...page)
  }
}

test('on a silent connection an append is unknown at its deadline and a read is given up at its own', async () => {
  const store = await openBehindRelay()
  const stream = aStream()
  expect((await store.append(stream, 'no_stream', [anEvent()])).outcome).toBe('appended')
  expect(await store.readStream(stream, { limit: 1 })).toHaveLength(1)
  relay.fallSilent()
  const [append, read] = await Promise.all([
    timed(store.append(stream, 0, [anEvent()])),
    timed(store.readStream(stream, { limit: 1 }).catch((error: unknown) => error)),
  ])
  expect(append.value).toMatchObject({ outcome: 'unknown' })
  expect(read.value).toBeInstanceOf(EventStoreUnavailable)
  for (const { ms } of [append, read]) {
    expect(ms).toBeGreaterThanOrEqual(DEADLINE_MS - 5)
    expect(ms).toBeLessThan(DEADLINE_MS + LATE_MS)
  }
  relay.recover()
  expect(await store.readStream(stream, { limit: 10 })).toHaveLength(1)
  expect(await store.append(stream, 0, [anEvent()])).toMatchObject({
    outcome: 'appended',
    revision: 1,
  })
  await store.close()
})

test('an answer that is lost after the commit leaves the outcome unknown; the repeat is answered as appended', async () => {
  const store = await openBehindRelay()
  const stream = aStream()
  const event = anEvent()
  expect((await store.append(aStream(), 'no_stream', [anEvent()])).outcome).toBe('appended')
  const release = await holdHead(log)
  const appending = store.append(stream, 'no_stream', [event])
  await blockedBackends(log.admin, 1)
  relay.fallSilent()
  await release()
  expect(await appending).toMatchObject({ outcome: 'unknown' })
  relay.recover()
  const [stored] = await store.readStream(stream, { limit: 10 })
  expect(stored).toMatchObject(event)
  const repeat = await store.append(stream, 'no_stream', [event])
  expect(repeat).toEqual({ outcome: 'appended', revision: 0, position: stored?.position })
  await store.close()
})

test('while nobody is there, appends that were not sent say so, and all goes on when the server is back', async () => {
  const store = await openBehindRelay()
  const stream = aStream()
  expect((await store.append(stream, 'no_stream', [anEvent()])).outcome).toBe('appended')
  relay.cut()
  // The broken connection is noticed before it is used, or by using it; both are honest.
  const first = await store.append(stream, 0, [anEvent()]).catch((error: unknown) => error)
  expect([EventStoreUnavailable.name, 'unknown']).toContain(
    first instanceof Error ? first.name : (first as AppendOutcome).outcome,
  )
  await expect(store.append(stream, 0, [anEvent()])).rejects.toThrow(EventStoreUnavailable)
  await expect(store.head()).rejects.toThrow(EventStoreUnavailable)
  // An append that waits is sent when the server comes back within its deadline.
  const waiting = store.append(stream, 0, [anEvent()])
  relay.recover()
  expect(await waiting).toMatchObject({ outcome: 'appended', revision: 1 })
  expect(await store.head()).toBe(2n)
  await store.close()
})

test.each(['cut', 'fallSilent'] as const)(
  'a subscription goes on after its connections %s',
  async (fault) => {
    const store = await openBehindRelay()
    const before = someEvents(3)
    expect((await log.store.append(aStream(), 'no_stream', before)).outcome).toBe('appended')
    const ending = new AbortController()
    const seen: StoredEvent[] = []
    const following = (async () => {
      const options = { after: null, pageSizeMax: 2, signal: ending.signal }
      for await (const page of store.subscribeToAll(options)) seen.push(...page)
    })()
    await eventually(() => tick(seen.length === 3))
    relay[fault]()
    const after = someEvents(3)
    expect((await log.store.append(aStream(), 'no_stream', after)).outcome).toBe('appended')
    await expect(store.head()).rejects.toThrow(EventStoreUnavailable)
    relay.recover()
    await eventually(() => tick(seen.length >= 6))
    expect(asAppended(seen)).toEqual([...before, ...after])
    ending.abort()
    await following
    await store.close()
  },
)

/** True when it holds, after one turn of the event loop. */
async function tick(holds: boolean): Promise<true | undefined> {
  await new Promise(setImmediate)
  return holds ? true : undefined
}

test('with every notification lost, polling still finds what was appended', async () => {
  const store = await log.another({ pollMs: 50 })
  await log.admin.query('create table nobody_listens ()')
  const pages = store.subscribeToAll({
    after: null,
    pageSizeMax: 10,
    signal: new AbortController().signal,
  })
  const iterator = pages[Symbol.asyncIterator]()
  const first = iterator.next()
  await eventually(async () => {
    const { rows } = await log.admin.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and query like 'listen%'`,
    )
    return rows[0]?.pid
  })
  // A listener that cannot come back: the server lets nobody new in.
  await log.admin.query(
    `do $$ begin execute format('alter database %I connection limit 0', current_database()); end $$`,
  )
  const event = anEvent()
  expect((await log.store.append(aStream(), 'no_stream', [event])).outcome).toBe('appended')
  const page = await first
  expect(page.done === true ? [] : asAppended(page.value)).toEqual([event])
  await iterator.return?.()
  await store.close()
})

test('an append that the database refuses fails alone, not its neighbours in the batch', async () => {
  await log.admin.query(`
    create function public.refuse_poison() returns trigger language plpgsql as
      'begin if new.type = ''Poison'' then raise exception ''poisoned''; end if; return new; end';
    create trigger refuse_poison before insert on event_log.events
      for each row execute function public.refuse_poison()`)
  const streams = Array.from({ length: 20 }, () => aStream())
  const answers = await Promise.allSettled(
    streams.map((stream, nth) =>
      log.store.append(stream, 'no_stream', [
        anEvent({ type: nth === 7 ? 'Poison' : 'Wholesome' }),
      ]),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual(
    streams.map((_, nth) => (nth === 7 ? 'rejected' : 'fulfilled')),
  )
  expect(answers[7]).toMatchObject({ reason: { message: 'poisoned' } })
  expect(await log.store.readStream(streams[7] ?? '', { limit: 1 })).toEqual([])
  expect(await log.store.head()).toBe(19n)
  expect(log.messages).toEqual([expect.stringContaining('tried singly')])
})

test('a log held up by somebody is given up on with certainty: nothing was appended', async () => {
  const store = await log.another({ appendDeadlineMs: DEADLINE_MS })
  const stream = aStream()
  const release = await holdHead(log)
  await expect(store.append(stream, 'no_stream', [anEvent()])).rejects.toThrow(
    EventStoreUnavailable,
  )
  await release()
  expect(await store.readStream(stream, { limit: 1 })).toEqual([])
  await store.close()
})

test('more appends than may wait are refused at once; those that wait are appended', async () => {
  const release = await holdHead(log)
  const first = log.store.append(aStream(), 'no_stream', [anEvent()])
  await blockedBackends(log.admin, 1)
  const waiting = Array.from({ length: 10_000 }, () =>
    log.store.append(aStream(), 'no_stream', [anEvent()]),
  )
  await expect(log.store.append(aStream(), 'no_stream', [anEvent()])).rejects.toThrow(
    EventStoreBusy,
  )
  await release()
  const answers = await Promise.all([first, ...waiting])
  expect(answers.every(({ outcome }) => outcome === 'appended')).toBe(true)
  expect(await log.store.head()).toBe(10_001n)
})

test('large appends that wait are bounded by their bytes', async () => {
  const release = await holdHead(log)
  const large = { data: `"${'x'.repeat(800_000)}"` }
  const answers = Array.from({ length: 100 }, () =>
    log.store.append(aStream(), 'no_stream', [anEvent(large)]).then(
      ({ outcome }) => outcome,
      (error: unknown) => (error instanceof EventStoreBusy ? 'busy' : error),
    ),
  )
  const busy = await Promise.race(answers)
  expect(busy).toBe('busy')
  await release()
  const outcomes = await Promise.all(answers)
  expect(new Set(outcomes)).toEqual(new Set(['appended', 'busy']))
  expect(await log.store.head()).toBe(BigInt(outcomes.filter((it) => it === 'appended').length))
})

test('closing waits for what was handed over', async () => {
  const store = await log.another()
  const appending = Array.from({ length: 300 }, () =>
    store.append(aStream(), 'no_stream', [anEvent()]),
  )
  await store.close()
  const answers = await Promise.all(appending)
  expect(answers.every(({ outcome }) => outcome === 'appended')).toBe(true)
})

test('a closed store leaves no connection behind', async () => {
  const store = await log.another()
  const stream = aStream()
  expect((await store.append(stream, 'no_stream', [anEvent()])).outcome).toBe('appended')
  const options = { after: null, pageSizeMax: 1, signal: new AbortController().signal }
  for await (const page of store.subscribeToAll(options)) if (page.length > 0) break
  await Promise.all([store.close(), log.store.close()])
  await eventually(async () => {
    const { rows } = await log.admin.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    )
    return rows[0]?.count === 0 ? true : undefined
  })
})
