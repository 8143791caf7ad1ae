import { describe, expect, test } from 'vitest'
import { READ_LIMIT_MAX } from '../../src/event-store/event-store.js'
import type {
  EventStore,
  ReadStreamOptions,
  StoredEvent,
} from '../../src/event-store/event-store.js'
import { aStream, anEvent, asAppended, someEvents } from './opened-event-store.js'
import type { OpenedEventStore } from './opened-event-store.js'

export function readingContract(opened: () => OpenedEventStore): void {
  describe('reading', () => {
    streamTests(opened)
    logTests(opened)
    measureTests(opened)
  })
}

async function aStreamOf(store: EventStore, count: number): Promise<StoredEvent[]> {
  const stream = aStream()
  expect((await store.append(stream, 'no_stream', someEvents(count))).outcome).toBe('appended')
  return [...(await store.readStream(stream, { limit: count }))]
}

function streamTests(opened: () => OpenedEventStore): void {
  /** Options, and the revisions that a stream of five events gives for them. */
  const readings: readonly [options: ReadStreamOptions, revisions: readonly number[]][] = [
    [{ limit: 10 }, [0, 1, 2, 3, 4]],
    [{ limit: 5 }, [0, 1, 2, 3, 4]],
    [{ limit: 2 }, [0, 1]],
    [{ from: 0, limit: 1 }, [0]],
    [{ from: 2, limit: 2 }, [2, 3]],
    [{ from: 4, limit: 10 }, [4]],
    [{ from: 5, limit: 10 }, []],
    [{ direction: 'forwards', from: 3, limit: 10 }, [3, 4]],
    [{ direction: 'backwards', limit: 10 }, [4, 3, 2, 1, 0]],
    [{ direction: 'backwards', limit: 2 }, [4, 3]],
    [{ direction: 'backwards', from: 2, limit: 10 }, [2, 1, 0]],
    [{ direction: 'backwards', from: 2, limit: 2 }, [2, 1]],
    [{ direction: 'backwards', from: 0, limit: 10 }, [0]],
    [{ direction: 'backwards', from: 9, limit: 2 }, [4, 3]],
  ]
  test.each(readings)(
    'a stream of five events read with %o gives %j',
    async (options, revisions) => {
      const { store } = opened()
      const events = await aStreamOf(store, 5)
      const [first] = events
      const read = await store.readStream(first?.stream ?? '', options)
      expect(read).toEqual(revisions.map((revision) => events[revision]))
    },
  )

  test('a stream that is not there is empty, both ways', async () => {
    const { store } = opened()
    expect(await store.readStream(aStream(), { limit: 1 })).toEqual([])
    expect(await store.readStream(aStream(), { direction: 'backwards', limit: 1 })).toEqual([])
  })

  const refused: readonly Omit<ReadStreamOptions, 'direction'>[] = [
    { limit: 0 },
    { limit: -1 },
    { limit: 1.5 },
    { limit: READ_LIMIT_MAX + 1 },
    { from: -1, limit: 1 },
    { from: 0.5, limit: 1 },
  ]
  test.each(refused)('reading with %o throws', async (options) => {
    const { store } = opened()
    await expect(store.readStream(aStream(), options)).rejects.toThrow(RangeError)
  })
}

function logTests(opened: () => OpenedEventStore): void {
  test('the log gives the events of all streams in the order they were appended', async () => {
    const { store } = opened()
    const head = await store.head()
    const [one, two] = [aStream(), aStream()]
    const events = someEvents(4)
    expect((await store.append(one, 'no_stream', events.slice(0, 2))).outcome).toBe('appended')
    expect((await store.append(two, 'no_stream', events.slice(2, 3))).outcome).toBe('appended')
    expect((await store.append(one, 1, events.slice(3))).outcome).toBe('appended')
    const read = await store.readAll({ after: head, limit: 10 })
    expect(asAppended(read)).toEqual(events)
    expect(read.map(({ stream, revision }) => [stream, revision])).toEqual([
      [one, 0],
      [one, 1],
      [two, 0],
      [one, 2],
    ])
  })

  test('reading the log page by page, after the last one seen, gives each event once', async () => {
    const { store } = opened()
    const head = await store.head()
    const events = await aStreamOf(store, 7)
    const pages: StoredEvent[][] = []
    for (let after = head; ; after = pages.at(-1)?.at(-1)?.position ?? null) {
      const page = await store.readAll({ after, limit: 3 })
      if (page.length === 0) break
      pages.push([...page])
    }
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1])
    expect(pages.flat()).toEqual(events)
  })

  test('from the beginning, the log gives its first event first', async () => {
    const { store } = opened()
    await aStreamOf(store, 1)
    const [first, second] = await store.readAll({ after: null, limit: 2 })
    expect(first).toBeDefined()
    const later = await store.readAll({ after: first?.position ?? null, limit: 1 })
    expect(later).toEqual(second === undefined ? [] : [second])
  })

  test('after the last event the log gives an empty page', async () => {
    const { store } = opened()
    await aStreamOf(store, 1)
    expect(await store.readAll({ after: await store.head(), limit: 10 })).toEqual([])
  })

  test('an event is found at its position, and nothing beside it', async () => {
    const { store } = opened()
    const [first, second] = await aStreamOf(store, 2)
    if (first === undefined || second === undefined) throw new Error('Two events were appended.')
    expect(await store.eventAt(first.position)).toEqual(first)
    expect(await store.eventAt(second.position)).toEqual(second)
    expect(await store.eventAt(second.position + 1n)).toBeNull()
    expect(await store.eventAt(0n)).toBeNull()
    expect(await store.eventAt(10n ** 25n)).toBeNull()
  })
}

function measureTests(opened: () => OpenedEventStore): void {
  test('the head is the position of the last event', async () => {
    const { store } = opened()
    const answer = await store.append(aStream(), 'no_stream', someEvents(3))
    expect(answer).toMatchObject({ outcome: 'appended', position: await store.head() })
  })

  test('a reader at the head has no lag, not even against an earlier or later clock', async () => {
    const { store } = opened()
    await aStreamOf(store, 1)
    const head = await store.head()
    for (const now of [new Date(0), new Date(), new Date('2999-01-01')]) {
      expect(await store.lag(head, now)).toEqual({ events: 0, seconds: 0 })
    }
  })

  test('lag counts the events after a position, and the seconds since the first of them', async () => {
    const { store } = opened()
    const before = Date.now()
    const [first] = await aStreamOf(store, 1)
    await aStreamOf(store, 4)
    const after = Date.now()
    const lag = await store.lag(first?.position ?? null, new Date(before + 60_000))
    expect(lag.events).toBe(4)
    expect(lag.seconds).toBeLessThanOrEqual(60)
    // The clocks of the log and of the test need not agree to the millisecond.
    expect(lag.seconds).toBeGreaterThanOrEqual(60 - (after - before) / 1000 - 0.1)
  })

  test('the lag from the beginning counts the whole log, and seconds are never negative', async () => {
    const { store } = opened()
    await store.append(aStream(), 'no_stream', [anEvent()]).then((answer) => {
      expect(answer.outcome).toBe('appended')
    })
    const lag = await store.lag(null, new Date(0))
    expect(lag.events).toBeGreaterThan(0)
    expect(lag.seconds).toBe(0)
  })

  test('the log has one identity, which each of its instances gives', async () => {
    const { store, another } = opened()
    const identity = await store.identity()
    expect(identity).toMatch(/\S/)
    expect(await store.identity()).toBe(identity)
    if (another === undefined) return
    const other = await another()
    expect(await other.identity()).toBe(identity)
    await other.close()
  })
}
