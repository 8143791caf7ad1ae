import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  APPEND_BYTES_MAX,
  appendBytes,
  type EventStore,
  type EventToAppend,
  EventStoreUnavailable,
  READ_LIMIT_MAX,
  type StoredEvent,
  StreamDamaged,
} from '../../src/event-store/event-store.js'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import {
  copyLog,
  type CopyProgress,
  ForeignTarget,
  NotCopyable,
  SameLog,
  TargetWrittenTo,
} from '../../src/workers/copy-log.js'
import { Crash, faultyStore } from '../commands/faulty-store.js'
import { anEvent } from '../contracts/opened-event-store.js'
import { openPostgresLog } from '../event-store/postgres-log.js'
import { storyLog } from '../support/ledger-story.js'
import { sampleStory } from '../support/random-story.js'
import { testSubjectKeys } from '../support/subject-keys.js'

const ODD_TEXTS = [
  ' {\n\t"b" : 1, "a":1, "a":2\r\n} ',
  '{"name":"é e\u0301 😀 \u2028 \ufffd"}',
  String.raw`{"name":"\u0000 \ud83d","amount":1.10}`,
]

async function everyEvent(store: EventStore): Promise<readonly StoredEvent[]> {
  return store.readAll({ after: null, limit: READ_LIMIT_MAX })
}

/** All that a copy keeps: positions are each log's own. */
async function contentOf(store: EventStore) {
  return (await everyEvent(store)).map(({ position: _position, ...kept }) => kept)
}

async function add(store: EventStore, stream: string, ...events: EventToAppend[]): Promise<void> {
  const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 })
  const { outcome } = await store.append(stream, last?.revision ?? 'no_stream', events)
  expect(outcome).toBe('appended')
}

/** Streams by turns, some events side by side, and texts that are the same in nothing but their bytes. */
async function someLog(): Promise<EventStore> {
  const store = createMemoryEventStore()
  await add(store, 'a', anEvent(), anEvent(), anEvent())
  await add(store, 'b', anEvent({ type: 'SomethingElse', metadata: '{"by":"b"}' }))
  for (const data of ODD_TEXTS) await add(store, 'a', anEvent({ data, metadata: data }))
  await add(store, 'b', anEvent(), anEvent())
  await add(store, 'c', anEvent())
  return store
}

/** What the events hash to, said once more. */
async function hashOf(store: EventStore): Promise<string> {
  const hash = createHash('sha256')
  for (const event of await everyEvent(store)) {
    const { stream, revision, id, type, data, metadata } = event
    for (const text of [stream, String(revision), id, type, data, metadata]) {
      hash.update(`${Buffer.from(text).length}:`).update(Buffer.from(text))
    }
  }
  return hash.digest('hex')
}

async function expectSame(source: EventStore, target: EventStore): Promise<void> {
  expect(await contentOf(target)).toStrictEqual(await contentOf(source))
}

describe('a copy of a log', () => {
  test('has the same events in the same order, byte for byte, in PostgreSQL and back', async () => {
    const source = await someLog()
    const postgres = await openPostgresLog()
    const back = createMemoryEventStore()
    try {
      const whole = { events: 10, hash: await hashOf(source) }
      const same = { eventsAppended: 10, source: whole, target: whole, difference: null }
      expect(await copyLog({ source, target: postgres.store })).toMatchObject(same)
      await expectSame(source, postgres.store)
      expect(await copyLog({ source: postgres.store, target: back })).toMatchObject(same)
      await expectSame(source, back)
    } finally {
      await postgres.close()
    }
  })

  test('opens as the same ledger: hashes hold and sealed names are read with the same keys', async () => {
    const story = storyLog()
    for (const { stream, facts } of sampleStory({ folios: 5, length: 60, seed: 7 })) {
      await story.append(stream, ...facts)
    }
    const target = createMemoryEventStore()
    await copyLog({ source: story.store, target, pageSizeMax: 7 })
    const stored = await everyEvent(target)
    expect(stored.filter(({ data }) => data.includes('"sealed":'))).not.toEqual([])
    const opened = await createLedgerLog(target, testSubjectKeys()).open(stored)
    expect(opened).toStrictEqual(await story.log.open(await everyEvent(story.store)))
    expect(JSON.stringify(opened.map(({ data }) => data))).not.toContain('(forgotten)')
  })

  test('appends at once what is consecutive, within what one append may hold', async () => {
    const source = await someLog()
    const data = `{"text":"${'x'.repeat(APPEND_BYTES_MAX / 3)}"}`
    for (let nth = 0; nth < 4; nth += 1) await add(source, 'large', anEvent({ data }))
    const target = createMemoryEventStore()
    const appends: string[] = []
    const counted: EventStore = {
      ...target,
      append: (stream, expected, events) => {
        expect(appendBytes(events)).toBeLessThanOrEqual(APPEND_BYTES_MAX)
        appends.push(`${stream} ${events.length}`)
        return target.append(stream, expected, events)
      },
    }
    await copyLog({ source, target: counted })
    expect(appends).toEqual(['a 3', 'b 1', 'a 3', 'b 2', 'c 1', 'large 2', 'large 2'])
    await expectSame(source, target)
  })

  test('has what came to its source while it was made', async () => {
    const source = await someLog()
    const target = faultyStore(createMemoryEventStore())
    target.before('c', () => add(source, 'd', anEvent(), anEvent()))
    expect(await copyLog({ source, target })).toMatchObject({
      eventsAppended: 12,
      difference: null,
    })
    await expectSame(source, target)
  })

  test('is told of as it goes: what was there, what is copied, what is read back', async () => {
    const source = await someLog()
    const target = createMemoryEventStore()
    await add(target, 'a', ...(await source.readStream('a', { limit: 2 })))
    const told: CopyProgress[] = []
    await copyLog({ source, target, onProgress: (progress) => told.push(progress) })
    const last = (phase: string) => told.findLast((progress) => progress.phase === phase)
    expect(last('comparing')).toEqual({ phase: 'comparing', events: 2, of: 2 })
    expect(last('copying')).toEqual({ phase: 'copying', events: 10, of: 10 })
    expect(last('verifying')).toEqual({ phase: 'verifying', events: 10, of: 10 })
  })
})

describe('a copy that was cut off', () => {
  test('goes on from there, wherever it was', async () => {
    const source = await someLog()
    const cut = fc.record({
      afterEvents: fc.nat({ max: 10 }),
      pageSizeMax: fc.integer({ min: 1, max: 11 }),
      how: fc.constantFrom('abort', 'crash', 'crash after'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 3 }), async (cuts) => {
        const memory = createMemoryEventStore()
        for (const { afterEvents, pageSizeMax, how } of cuts) {
          const aborting = new AbortController()
          const target = faultyStore(memory)
          const copying = copyLog({
            source,
            target,
            pageSizeMax,
            signal: aborting.signal,
            onProgress: ({ phase, events }) => {
              if (phase !== 'copying' || events < afterEvents) return
              if (how === 'abort') aborting.abort()
              else target.next('', how)
            },
          })
          await copying.catch((reason: unknown) => {
            if (!aborting.signal.aborted) expect(reason).toBeInstanceOf(Crash)
          })
          const there = await contentOf(memory)
          expect(there).toStrictEqual((await contentOf(source)).slice(0, there.length))
        }
        const there = (await everyEvent(memory)).length
        const { eventsAppended, difference } = await copyLog({ source, target: memory })
        expect({ eventsAppended, difference }).toEqual({
          eventsAppended: 10 - there,
          difference: null,
        })
        await expectSame(source, memory)
      }),
      { numRuns: 60 },
    )
  })

  test('stops at once when it is asked to', async () => {
    const source = await someLog()
    const target = createMemoryEventStore()
    const aborting = new AbortController()
    const onProgress = ({ events }: CopyProgress) => {
      if (events === 4) aborting.abort()
    }
    await expect(
      copyLog({ source, target, signal: aborting.signal, onProgress }),
    ).rejects.toMatchObject({ name: 'AbortError' })
    expect(await everyEvent(target)).toHaveLength(4)
  })
})

describe('an answer that did not come', () => {
  test('is settled by the very same append', async () => {
    const source = await someLog()
    const target = faultyStore(createMemoryEventStore())
    target.next('a', 'lost', 'landed', 'lost')
    target.next('b', 'landed')
    expect(await copyLog({ source, target })).toMatchObject({ difference: null })
    await expectSame(source, target)
  })

  test('is not waited for without end', async () => {
    const source = await someLog()
    const target = faultyStore(createMemoryEventStore())
    target.next('b', ...Array<'lost'>(6).fill('lost'))
    await expect(copyLog({ source, target })).rejects.toThrow(EventStoreUnavailable)
    expect(await everyEvent(target)).toHaveLength(3)
    expect(await copyLog({ source, target })).toMatchObject({ difference: null })
  })
})

describe('a target that is something else is refused by name, and nothing is written to it', () => {
  async function refused(source: EventStore, target: EventStore, ...words: string[]) {
    const before = await contentOf(target)
    const reason: unknown = await copyLog({ source, target }).catch((error: unknown) => error)
    expect(reason).toBeInstanceOf(ForeignTarget)
    for (const word of words) expect((reason as ForeignTarget).message).toContain(word)
    expect(await contentOf(target)).toStrictEqual(before)
  }

  test('with another first event', async () => {
    const target = createMemoryEventStore()
    await add(target, 'x', anEvent({ type: 'OfSomebodyElse' }))
    await refused(await someLog(), target, 'event 1', 'revision 0 of x (OfSomebodyElse')
  })

  test.each([
    ['id', { id: anEvent().id }],
    ['type', { type: 'Another' }],
    ['data', { data: '{ }' }],
    ['metadata', { metadata: '{ }' }],
  ])('with another %s of an event in the middle', async (_part, other) => {
    const source = await someLog()
    const [first, second, third] = await source.readStream('a', { limit: 3 })
    const target = createMemoryEventStore()
    await add(target, 'a', anEvent(first), anEvent({ ...second, ...other }), anEvent(third))
    await refused(source, target, 'event 2', 'revision 1 of a')
  })

  test('with the same events in another order', async () => {
    const source = await someLog()
    const target = createMemoryEventStore()
    await add(target, 'b', ...(await source.readStream('b', { limit: 1 })))
    await add(target, 'a', ...(await source.readStream('a', { limit: 3 })))
    await refused(source, target, 'event 1', 'of a', 'of b')
  })

  test('with more events than its source', async () => {
    const source = await someLog()
    const target = createMemoryEventStore()
    await copyLog({ source, target })
    await add(target, 'c', anEvent({ type: 'OneMore' }))
    await refused(source, target, 'event 11', 'revision 1 of c (OneMore', 'no more')
  })

  test('being the source itself', async () => {
    const postgres = await openPostgresLog()
    const another = await postgres.another()
    try {
      await add(postgres.store, 'a', anEvent())
      await expect(copyLog({ source: postgres.store, target: another })).rejects.toThrow(SameLog)
    } finally {
      await another.close()
      await postgres.close()
    }
  })
})

describe('what is read back', () => {
  /** The target, with its events given back otherwise than they were appended. */
  async function verified(given: (page: readonly StoredEvent[]) => readonly StoredEvent[]) {
    const memory = createMemoryEventStore()
    const target: EventStore = {
      ...memory,
      readAll: async (options) => given(await memory.readAll(options)),
    }
    return copyLog({ source: await someLog(), target })
  }

  test.each(['stream', 'id', 'type', 'data', 'metadata'] as const)(
    'is found to be different in its %s',
    async (part) => {
      const { source, target, difference } = await verified((page) =>
        page.map((event, at) => (at === 4 ? { ...event, [part]: `${event[part]} ` } : event)),
      )
      expect(difference?.ordinal).toBe(5)
      expect(target.hash).not.toBe(source.hash)
      expect([source.events, target.events]).toEqual([10, 10])
    },
  )

  test('is found to lack an event, or to have one too many', async () => {
    const less = await verified((page) => page.filter(({ stream }) => stream !== 'c'))
    expect(less.difference).toMatchObject({ ordinal: 10, source: { stream: 'c' }, target: null })
    expect([less.source.events, less.target.events]).toEqual([10, 9])
    const more = await verified((page) => page.flatMap((event) => [event, event]))
    expect(more.difference?.ordinal).toBe(2)
    expect([more.source.events, more.target.events]).toEqual([10, 20])
  })

  test('tells that its source went on meanwhile', async () => {
    const source = await someLog()
    const target = createMemoryEventStore()
    const onProgress = ({ phase, events }: CopyProgress) => {
      if (phase === 'verifying' && events === 1) void add(source, 'late', anEvent())
    }
    const { difference } = await copyLog({ source, target, onProgress })
    expect(difference).toMatchObject({ ordinal: 11, source: { stream: 'late' }, target: null })
    expect(await copyLog({ source, target })).toMatchObject({ eventsAppended: 1, difference: null })
  })
})

describe('what cannot be copied is named', () => {
  test('a target that somebody else writes to, in the same stream or beside it', async () => {
    const source = await someLog()
    const target = faultyStore(createMemoryEventStore())
    target.before('b', () => add(target, 'b', anEvent()))
    const copying = copyLog({ source, target })
    await expect(copying).rejects.toThrow(TargetWrittenTo)
    await expect(copying).rejects.toThrow('b stands at 0 there')

    const beside = faultyStore(createMemoryEventStore())
    beside.before('b', () => add(beside, 'x', anEvent()))
    expect((await copyLog({ source, target: beside })).difference).toMatchObject({
      ordinal: 4,
      target: { stream: 'x' },
    })
  })

  test.each([
    [1, 'a goes on at revision 2 after 0 in the source'],
    [0, 'a begins at revision 1 in the source'],
  ])('a stream of the source without its revision %i', async (missing, words) => {
    const memory = await someLog()
    const source: EventStore = {
      ...memory,
      readAll: async (options) =>
        (await memory.readAll(options)).filter(
          ({ stream, revision }) => stream !== 'a' || revision !== missing,
        ),
    }
    const copying = copyLog({ source, target: createMemoryEventStore() })
    await expect(copying).rejects.toThrow(StreamDamaged)
    await expect(copying).rejects.toThrow(words)
  })

  test('an event that somebody else wrote without metadata', async () => {
    const memory = await someLog()
    const source: EventStore = {
      ...memory,
      readAll: async (options) =>
        (await memory.readAll(options)).map((event) =>
          event.stream === 'c' ? { ...event, metadata: '' } : event,
        ),
    }
    const target = createMemoryEventStore()
    const copying = copyLog({ source, target })
    await expect(copying).rejects.toThrow(NotCopyable)
    await expect(copying).rejects.toThrow('revision 0 of c')
    expect(await everyEvent(target)).toHaveLength(9)
  })
})
