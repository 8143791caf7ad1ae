import { describe, expect, test } from 'vitest'
import { EVENT_TYPE_LENGTH_MAX, STREAM_NAME_LENGTH_MAX } from '../../src/event-store/event-store.js'
import { aStream, anEvent, asAppended } from './opened-event-store.js'
import type { OpenedEventStore } from './opened-event-store.js'

/** JSON texts as bytes: none of them may come back merely equal in meaning. */
const HOSTILE_JSON: readonly [what: string, json: string][] = [
  ['U+0000 as an escape', String.raw`{"name":"a\u0000b"}`],
  [
    'half surrogates as escapes',
    String.raw`{"high":"\ud83d","low":"\ude00","turned":"\ude00\ud83d"}`,
  ],
  ['emoji, composed and with a skin colour', '{"name":"😀👨‍👩‍👧‍👦👍🏽"}'],
  ['right-to-left and its marks', '{"name":"مرحبا \u202eשלום\u202c\u200f"}'],
  ['characters of four bytes', '{"name":"𝒳𠜎🜁\u{10ffff}"}'],
  ['line separators and a byte order mark', '{"name":"a\u2028b\u2029c\ufeff"}'],
  ['control characters as escapes', String.raw`{"name":"\u0001\u001f\b\f\n\r\t"}`],
  ['quotes and backslashes', String.raw`{"name":"\"\\\\'\\\"`.concat('`$1$$"}')],
  ['SQL', `{"name":"'); drop table event_log.events; --"}`],
  ['an array literal', '{"name":"{\\"a,b\\",NULL}","null":null}'],
  ['white space and line breaks', ' {\n\t"a" : 1\r\n} '],
  ['keys out of order and twice', '{"b":1,"a":1,"a":2,"":0}'],
  ['numbers in odd spellings', '{"a":1.10,"b":1e400,"c":-0,"d":12345678901234567890.123}'],
  ['composed and decomposed letters', '{"a":"é","b":"e\u0301"}'],
  ['U+FFFD and other non-characters', '{"a":"\ufffd\ufffe\uffff"}'],
  ['a very long text', `{"name":"${'long 😀 "quoted\\" '.replaceAll('"', '\\"').repeat(20_000)}"}`],
  ['an empty object', '{}'],
]

const ODD_NAMES: readonly string[] = [
  "folio-'); drop table event_log.events; --",
  'folio-"quoted"\\back\\slash',
  'folio-{"a,b",NULL}',
  'NULL',
  'null',
  'folio-日本語-Ω-مرحبا-😀',
  'folio-\u202eturned',
  'folio-é',
  'folio-e\u0301',
  'FOLIO-É',
  'folio with spaces ',
  'folio with spaces',
  'folio-\n\t\u2028-lines',
  'folio_%',
  'folio__',
]

export function hostileTextContract(opened: () => OpenedEventStore): void {
  describe('hostile text', () => {
    test.each(HOSTILE_JSON)('%s comes back byte for byte', async (_what, json) => {
      const { store } = opened()
      const stream = aStream()
      const head = await store.head()
      const events = [anEvent({ data: json }), anEvent({ metadata: json })]
      expect((await store.append(stream, 'no_stream', events)).outcome).toBe('appended')
      expect(asAppended(await store.readStream(stream, { limit: 2 }))).toEqual(events)
      expect(asAppended(await store.readAll({ after: head, limit: 2 }))).toEqual(events)
      // Taken for the very same bytes, it is a repeat.
      expect((await store.append(stream, 'no_stream', events)).outcome).toBe('appended')
    })

    test('odd stream names are names of streams of their own', async () => {
      const { store } = opened()
      const suffix = aStream('')
      const names = [
        ...ODD_NAMES.map((name) => `${name}${suffix}`),
        ...ODD_NAMES.map((name) => `${suffix}${name}`),
      ]
      const longest = [
        `${suffix}${'n'.repeat(STREAM_NAME_LENGTH_MAX)}`,
        `${suffix}${'é'.repeat(STREAM_NAME_LENGTH_MAX)}`,
      ]
      names.push(...longest.map((name) => name.slice(0, STREAM_NAME_LENGTH_MAX)))
      const answers = await Promise.all(
        names.map((name) =>
          store.append(name, 'no_stream', [anEvent({ data: JSON.stringify({ name }) })]),
        ),
      )
      expect(answers.map(({ outcome }) => outcome)).toEqual(names.map(() => 'appended'))
      for (const name of names) {
        const [event, ...others] = await store.readStream(name, { limit: 2 })
        expect(event).toMatchObject({ stream: name, data: JSON.stringify({ name }) })
        expect(others).toEqual([])
      }
    })

    test.each(['O\'Happened\\"', 'Geschäftsfall-😀', 'T'.repeat(EVENT_TYPE_LENGTH_MAX), 'NULL'])(
      'the event type %s comes back as it was',
      async (type) => {
        const { store } = opened()
        const stream = aStream()
        const event = anEvent({ type })
        expect((await store.append(stream, 'no_stream', [event])).outcome).toBe('appended')
        expect(asAppended(await store.readStream(stream, { limit: 2 }))).toEqual([event])
      },
    )
  })
}
