import { describe, expect, test } from 'vitest'
import {
  APPEND_BYTES_MAX,
  AppendTooLarge,
  EVENT_TYPE_LENGTH_MAX,
  MalformedAppend,
  STREAM_NAME_LENGTH_MAX,
  appendBytes,
} from '../../src/event-store/event-store.js'
import type { EventToAppend, ExpectedRevision } from '../../src/event-store/event-store.js'
import { aStream, anEvent, asAppended, someEvents } from './opened-event-store.js'
import type { OpenedEventStore } from './opened-event-store.js'

const PAIRS = 200
const AT_ONCE = 20

export function appendingContract(opened: () => OpenedEventStore): void {
  describe('appending', () => {
    expectationTests(opened)
    raceTests(opened)
    repeatTests(opened)
    limitTests(opened)
  })
}

function expectationTests(opened: () => OpenedEventStore): void {
  /** Events there before, the expectation, and what comes of one more event. */
  const matrix: readonly [before: number, expected: ExpectedRevision, outcome: object][] = [
    [0, 'no_stream', { outcome: 'appended', revision: 0 }],
    [0, 0, { outcome: 'conflict', expected: 0, actual: 'no_stream' }],
    [0, 7, { outcome: 'conflict', expected: 7, actual: 'no_stream' }],
    [1, 'no_stream', { outcome: 'conflict', expected: 'no_stream', actual: 0 }],
    [1, 0, { outcome: 'appended', revision: 1 }],
    [1, 1, { outcome: 'conflict', expected: 1, actual: 0 }],
    [3, 'no_stream', { outcome: 'conflict', expected: 'no_stream', actual: 2 }],
    [3, 0, { outcome: 'conflict', expected: 0, actual: 2 }],
    [3, 1, { outcome: 'conflict', expected: 1, actual: 2 }],
    [3, 2, { outcome: 'appended', revision: 3 }],
    [3, 3, { outcome: 'conflict', expected: 3, actual: 2 }],
    [3, 2_000_000_000, { outcome: 'conflict', expected: 2_000_000_000, actual: 2 }],
  ]
  test.each(matrix)('%i events there, expected %s: %o', async (before, expected, outcome) => {
    const { store } = opened()
    const stream = aStream()
    const there = someEvents(before)
    if (before > 0)
      expect((await store.append(stream, 'no_stream', there)).outcome).toBe('appended')
    const more = anEvent()
    const answer = await store.append(stream, expected, [more])
    expect(answer).toMatchObject(outcome)
    const appended = answer.outcome === 'appended' ? [...there, more] : there
    expect(asAppended(await store.readStream(stream, { limit: 10 }))).toEqual(appended)
  })

  test('several events are appended in their order, and the answer names the last of them', async () => {
    const { store } = opened()
    const stream = aStream()
    const events = someEvents(5)
    const answer = await store.append(stream, 'no_stream', events)
    const stored = await store.readStream(stream, { limit: 10 })
    expect(asAppended(stored)).toEqual(events)
    expect(stored.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4])
    expect(answer).toEqual({ outcome: 'appended', revision: 4, position: stored.at(-1)?.position })
  })

  test('of a refused append none of its events is there', async () => {
    const { store } = opened()
    const stream = aStream()
    const head = await store.head()
    expect((await store.append(stream, 3, someEvents(5))).outcome).toBe('conflict')
    expect(await store.readStream(stream, { limit: 10 })).toEqual([])
    expect(await store.readAll({ after: head, limit: 10 })).toEqual([])
  })

  test('positions grow from append to append, across streams', async () => {
    const { store } = opened()
    const positions: bigint[] = []
    for (let nth = 0; nth < 5; nth += 1) {
      const answer = await store.append(aStream(), 'no_stream', someEvents(2))
      if (answer.outcome === 'appended') positions.push(answer.position)
    }
    expect(positions).toHaveLength(5)
    expect(positions).toEqual([...positions].sort((one, other) => (one < other ? -1 : 1)))
    expect(new Set(positions).size).toBe(5)
  })
}

function raceTests(opened: () => OpenedEventStore): void {
  test(`${PAIRS} races to create a stream have one winner each`, async () => {
    const { store, another } = opened()
    const other = another === undefined ? store : await another()
    const winners = await Promise.all(
      Array.from({ length: PAIRS }, async () => {
        const stream = aStream()
        const [one, two] = [anEvent(), anEvent()]
        const answers = await Promise.all([
          store.append(stream, 'no_stream', [one]),
          other.append(stream, 'no_stream', [two]),
        ])
        const won = [one, two].filter((_, index) => answers[index]?.outcome === 'appended')
        const refused = answers.filter(({ outcome }) => outcome === 'conflict')
        expect(asAppended(await store.readStream(stream, { limit: 10 }))).toEqual(won)
        expect(refused).toEqual([{ outcome: 'conflict', expected: 'no_stream', actual: 0 }])
        return won.length
      }),
    )
    expect(winners).toEqual(Array.from({ length: PAIRS }, () => 1))
    if (other !== store) await other.close()
  })

  test(`of ${AT_ONCE} appends at the same revision one wins and the others learn where the stream is`, async () => {
    const { store, another } = opened()
    const other = another === undefined ? store : await another()
    const stream = aStream()
    expect((await store.append(stream, 'no_stream', [anEvent()])).outcome).toBe('appended')
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, nth) =>
        (nth % 2 === 0 ? store : other).append(stream, 0, [anEvent()]),
      ),
    )
    expect(answers.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1)
    const refused = answers.filter(({ outcome }) => outcome !== 'appended')
    expect(refused).toEqual(
      Array.from({ length: AT_ONCE - 1 }, () => ({ outcome: 'conflict', expected: 0, actual: 1 })),
    )
    expect(await store.readStream(stream, { limit: AT_ONCE })).toHaveLength(2)
    if (other !== store) await other.close()
  })

  test('appends handed over together to one stream each see the one before', async () => {
    const { store } = opened()
    const stream = aStream()
    const events = someEvents(4)
    const answers = await Promise.all(
      events.map((event, nth) => store.append(stream, nth === 0 ? 'no_stream' : nth - 1, [event])),
    )
    expect(answers).toMatchObject(
      [0, 1, 2, 3].map((revision) => ({ outcome: 'appended', revision })),
    )
    expect(asAppended(await store.readStream(stream, { limit: 10 }))).toEqual(events)
  })
}

function repeatTests(opened: () => OpenedEventStore): void {
  test('the very same append again is answered as the first time and adds nothing', async () => {
    const { store } = opened()
    const stream = aStream()
    const [first, second] = [someEvents(2), someEvents(3)]
    const created = await store.append(stream, 'no_stream', first)
    const appended = await store.append(stream, 1, second)
    expect(await store.append(stream, 'no_stream', first)).toEqual(created)
    expect(await store.append(stream, 1, second)).toEqual(appended)
    expect(asAppended(await store.readStream(stream, { limit: 10 }))).toEqual([...first, ...second])
  })

  test('the very same append twice at the same time adds it once and answers both alike', async () => {
    const { store } = opened()
    const stream = aStream()
    const events = someEvents(2)
    const [one, two] = await Promise.all([
      store.append(stream, 'no_stream', events),
      store.append(stream, 'no_stream', events),
    ])
    expect(one).toMatchObject({ outcome: 'appended', revision: 1 })
    expect(two).toEqual(one)
    expect(asAppended(await store.readStream(stream, { limit: 10 }))).toEqual(events)
  })

  const changes: readonly [
    what: string,
    change: (event: EventToAppend) => Partial<EventToAppend>,
  ][] = [
    ['data', () => ({ data: '{"other":true}' })],
    ['metadata', () => ({ metadata: '{"other":true}' })],
    ['type', () => ({ type: 'SomethingElseHappened' })],
    ['data that differ in white space only', ({ data }) => ({ data: `${data} ` })],
    ['id', () => ({ id: anEvent().id })],
  ]
  test.each(changes)('the same place with other %s is a conflict', async (_what, change) => {
    const { store } = opened()
    const stream = aStream()
    const event = anEvent()
    expect((await store.append(stream, 'no_stream', [event])).outcome).toBe('appended')
    const changed = { ...event, ...change(event) }
    const conflict = { outcome: 'conflict', expected: 'no_stream', actual: 0 }
    expect(await store.append(stream, 'no_stream', [changed])).toEqual(conflict)
    expect(asAppended(await store.readStream(stream, { limit: 10 }))).toEqual([event])
  })

  test('a repeat that goes on beyond what is there, or is not at its place, is a conflict', async () => {
    const { store } = opened()
    const stream = aStream()
    const events = someEvents(3)
    expect((await store.append(stream, 'no_stream', events)).outcome).toBe('appended')
    const longer = await store.append(stream, 'no_stream', [...events, anEvent()])
    expect(longer).toEqual({ outcome: 'conflict', expected: 'no_stream', actual: 2 })
    const shifted = await store.append(stream, 0, events)
    expect(shifted).toEqual({ outcome: 'conflict', expected: 0, actual: 2 })
    expect(asAppended(await store.readStream(stream, { limit: 10 }))).toEqual(events)
  })
}

function limitTests(opened: () => OpenedEventStore): void {
  /** Events of this many bytes altogether, the last one filled up. */
  function eventsOfBytes(bytes: number): EventToAppend[] {
    const events = [anEvent({ metadata: '{"é":"😀"}' }), anEvent({ data: '""' })]
    const filling = 'x'.repeat(bytes - appendBytes(events))
    return events.map((event, nth) => (nth === 1 ? { ...event, data: `"${filling}"` } : event))
  }

  test('the largest append passes and comes back whole', async () => {
    const { store } = opened()
    const stream = aStream()
    const events = eventsOfBytes(APPEND_BYTES_MAX)
    expect(appendBytes(events)).toBe(APPEND_BYTES_MAX)
    expect((await store.append(stream, 'no_stream', events)).outcome).toBe('appended')
    expect(asAppended(await store.readStream(stream, { limit: 10 }))).toEqual(events)
  })

  test('one byte more throws, and nothing is appended', async () => {
    const { store } = opened()
    const stream = aStream()
    const tooLarge = store.append(stream, 'no_stream', eventsOfBytes(APPEND_BYTES_MAX + 1))
    await expect(tooLarge).rejects.toThrow(AppendTooLarge)
    await expect(tooLarge).rejects.toMatchObject({ bytes: APPEND_BYTES_MAX + 1 })
    expect(await store.readStream(stream, { limit: 10 })).toEqual([])
  })

  test('the largest append in many small events passes too', async () => {
    const { store } = opened()
    const stream = aStream()
    const count = Math.floor(APPEND_BYTES_MAX / appendBytes([anEvent()]))
    const events = Array.from({ length: count }, () => anEvent())
    const answer = await store.append(stream, 'no_stream', events)
    expect(answer).toMatchObject({ outcome: 'appended', revision: count - 1 })
    const last = await store.readStream(stream, { direction: 'backwards', limit: 1 })
    expect(asAppended(last)).toEqual(events.slice(-1))
  })

  const malformed: readonly [what: string, stream: string, events: readonly EventToAppend[]][] = [
    ['no event', aStream(), []],
    ['an id that is no uuid', aStream(), [anEvent({ id: 'first' })]],
    ['no type', aStream(), [anEvent({ type: '' })]],
    [
      'a type that is too long',
      aStream(),
      [anEvent({ type: 'T'.repeat(EVENT_TYPE_LENGTH_MAX + 1) })],
    ],
    ['half a surrogate in the data', aStream(), [anEvent({ data: '"\ud83d"' })]],
    ['U+0000 in the data', aStream(), [anEvent({ data: '"\u0000"' })]],
    ['half a surrogate in the metadata', aStream(), [anEvent({ metadata: '"\ude00"' })]],
    ['a stream without a name', '', [anEvent()]],
    ['a stream name that is too long', 's'.repeat(STREAM_NAME_LENGTH_MAX + 1), [anEvent()]],
    ['U+0000 in the stream name', `${aStream()}\u0000`, [anEvent()]],
    ['half a surrogate in the stream name', `${aStream()}\ud83d`, [anEvent()]],
  ]
  test.each(malformed)(
    'an append with %s throws, and nothing is appended',
    async (_what, stream, events) => {
      const { store } = opened()
      const head = await store.head()
      await expect(store.append(stream, 'no_stream', events)).rejects.toThrow(MalformedAppend)
      expect(await store.readAll({ after: head, limit: 10 })).toEqual([])
    },
  )

  test.each([-1, 0.5, Number.NaN, Infinity])(
    'an expected revision of %d throws',
    async (revision) => {
      const { store } = opened()
      await expect(store.append(aStream(), revision, [anEvent()])).rejects.toThrow(RangeError)
    },
  )
}
