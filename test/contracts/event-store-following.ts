import { describe, expect, test } from 'vitest'
import type { EventStore, Position, StoredEvent } from '../../src/event-store/event-store.js'
import { raceReadersAgainstWriters } from './event-log-race.js'
import { aStream, anEvent, asAppended, someEvents } from './opened-event-store.js'
import type { OpenedEventStore } from './opened-event-store.js'

/** Well under the poll of a subscription: what takes longer was not told, it found out by looking. */
const PROMPTLY_MS = 500

export function followingContract(opened: () => OpenedEventStore): void {
  describe('following', () => {
    catchUpTests(opened)
    endingTests(opened)

    test('readers who remember only the last position see every event once and in order', async () => {
      const { store, another, rollBack } = opened()
      const others =
        another === undefined ? [] : await Promise.all([another(), another(), another()])
      const race = await raceReadersAgainstWriters({
        writers: [store, ...others],
        reader: store,
        ...(rollBack === undefined ? {} : { rollBack }),
      })
      await Promise.all(others.map((other) => other.close()))
      const whole = { seen: race.committed, lost: 0, repeated: 0, outOfOrder: 0 }
      expect(race).toMatchObject({ following: whole, paging: whole })
      // The race was one: a good part of it was refused.
      expect(race.conflicts).toBeGreaterThan(100)
      expect(race.committed).toBeGreaterThan(1_000)
    })
  })
}

type Following = Readonly<{ store: EventStore; after: Position | null; pageSizeMax?: number }>

/** Follows until as many events have come. */
async function take(
  { store, after, pageSizeMax = 100 }: Following,
  count: number,
): Promise<StoredEvent[]> {
  const seen: StoredEvent[] = []
  const { signal } = new AbortController()
  for await (const page of store.subscribeToAll({ after, pageSizeMax, signal })) {
    expect(page.length).toBeGreaterThan(0)
    expect(page.length).toBeLessThanOrEqual(pageSizeMax)
    seen.push(...page)
    if (seen.length >= count) break
  }
  return seen
}

async function append(store: EventStore, count: number): Promise<readonly StoredEvent[]> {
  const stream = aStream()
  expect((await store.append(stream, 'no_stream', someEvents(count))).outcome).toBe('appended')
  return store.readStream(stream, { limit: count })
}

function catchUpTests(opened: () => OpenedEventStore): void {
  test('a subscription gives what is there after its position, in pages of the size asked for', async () => {
    const { store } = opened()
    const after = await store.head()
    const events = await append(store, 10)
    expect(await take({ store, after, pageSizeMax: 3 }, 10)).toEqual(events)
  })

  test('a subscription goes on behind the position given: that event does not come again', async () => {
    const { store } = opened()
    const [, second, ...later] = await append(store, 5)
    expect(await take({ store, after: second?.position ?? null }, 3)).toEqual(later)
  })

  test('from the beginning, a subscription gives the first event of the log first', async () => {
    const { store } = opened()
    await append(store, 2)
    const [first] = await store.readAll({ after: null, limit: 1 })
    const [seen] = await take({ store, after: null, pageSizeMax: 1 }, 1)
    expect(seen).toEqual(first)
  })

  test('a subscription that has caught up gives what is appended from then on', async () => {
    const { store, another } = opened()
    const other = another === undefined ? store : await another()
    const after = await store.head()
    const earlier = await append(store, 3)
    const following = take({ store, after }, 6)
    const [later] = [await append(other, 2)]
    const last = await append(store, 1)
    expect(await following).toEqual([...earlier, ...later, ...last])
    if (other !== store) await other.close()
  })

  test('a waiting subscription is told promptly', async () => {
    const { store, another } = opened()
    const other = another === undefined ? store : await another()
    const after = await store.head()
    const following = take({ store, after }, 2)
    // The first event brings it to the end of the log, so that it waits when the second comes.
    await append(other, 1)
    await take({ store, after }, 1)
    const appended = await append(other, 1)
    const started = performance.now()
    expect((await following).at(-1)).toEqual(appended[0])
    expect(performance.now() - started).toBeLessThan(PROMPTLY_MS)
    if (other !== store) await other.close()
  })

  test('several subscriptions each see everything', async () => {
    const { store } = opened()
    const after = await store.head()
    const following = Promise.all([1, 2, 3].map(() => take({ store, after }, 4)))
    const events = [...(await append(store, 2)), ...(await append(store, 2))]
    expect(await following).toEqual([events, events, events])
  })
}

function endingTests(opened: () => OpenedEventStore): void {
  test('a subscription that waits ends promptly when aborted', async () => {
    const { store } = opened()
    const ending = new AbortController()
    const pages = store.subscribeToAll({
      after: await store.head(),
      pageSizeMax: 10,
      signal: ending.signal,
    })
    const iterator = pages[Symbol.asyncIterator]()
    const event = anEvent()
    const first = iterator.next()
    expect((await store.append(aStream(), 'no_stream', [event])).outcome).toBe('appended')
    const page = await first
    expect(page.done === true ? [] : asAppended(page.value)).toEqual([event])
    const waiting = iterator.next()
    const started = performance.now()
    ending.abort()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(performance.now() - started).toBeLessThan(PROMPTLY_MS)
  })

  test('a subscription aborted before it began gives nothing', async () => {
    const { store } = opened()
    await append(store, 1)
    const seen: StoredEvent[] = []
    const options = { after: null, pageSizeMax: 10, signal: AbortSignal.abort() }
    for await (const page of store.subscribeToAll(options)) seen.push(...page)
    expect(seen).toEqual([])
  })

  test('a subscription aborted between two pages gives no further page', async () => {
    const { store } = opened()
    const after = await store.head()
    await append(store, 4)
    const ending = new AbortController()
    const sizes: number[] = []
    for await (const page of store.subscribeToAll({
      after,
      pageSizeMax: 2,
      signal: ending.signal,
    })) {
      sizes.push(page.length)
      ending.abort()
    }
    expect(sizes).toEqual([2])
  })

  test('closing a store ends its subscriptions and refuses everything else', async () => {
    const { store, another } = opened()
    if (another === undefined) return
    const other = await another()
    const { signal } = new AbortController()
    const pages = other.subscribeToAll({ after: await store.head(), pageSizeMax: 10, signal })
    const waiting = pages[Symbol.asyncIterator]().next()
    await other.close()
    expect(await waiting).toEqual({ done: true, value: undefined })
    await expect(other.append(aStream(), 'no_stream', [anEvent()])).rejects.toThrow(/closed/)
    await expect(other.head()).rejects.toThrow()
    await other.close()
  })
}
