import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  CorruptEvent,
  decode,
  encode,
  type EncodingContext,
  hasPersonalFields,
  subjectOf,
} from '../../src/event-store/codec.js'
import type { StoredEvent } from '../../src/event-store/event-store.js'
import { eventHash } from '../../src/event-store/hash.js'
import { EVENT_DEFINITIONS, type LedgerFact } from '../../src/events/ledger-event.js'
import { FORGOTTEN, personalPaths } from '../../src/events/personal.js'
import { CORPUS_SUBJECT, corpusContext } from '../fixtures/corpus.js'
import { PERSONAL_TEXTS, SAMPLE_FACTS } from '../fixtures/sample-facts.js'

const FACTS = Object.values<LedgerFact>(SAMPLE_FACTS)
const CONTEXT = corpusContext(CORPUS_SUBJECT)
const KEYS = new Map([[CORPUS_SUBJECT.name, Buffer.from(CORPUS_SUBJECT.keyHex, 'hex')]])
const NO_KEYS = new Map<string, Buffer>()

function stored(fact: LedgerFact, context: EncodingContext = CONTEXT): StoredEvent {
  const { stream, revision } = context
  return { ...encode(fact, context).toAppend, stream, revision, position: 9n }
}

test.each(FACTS)('$type comes back as it was, with its place and its origin', (fact) => {
  const event = decode(stored(fact), KEYS)
  const { stream, revision, previousHash, origin } = CONTEXT
  expect(event).toMatchObject({ type: fact.type, stream, revision, position: 9n })
  expect(event.data).toEqual(fact.data)
  expect(event.metadata).toEqual({
    ...origin,
    schemaVersion: EVENT_DEFINITIONS.get(fact.type)?.version,
    previousHash,
    hash: encode(fact, CONTEXT).metadata.hash,
  })
})

/** Marked by hand: a contact that gains an unmarked field, or a list of contacts, must be looked at here. */
const PERSONAL: Readonly<Record<string, readonly string[]>> = {
  OrderPlaced: contactPaths('billTo', 'shipTo'),
  OrderImported: contactPaths('billTo', 'shipTo'),
  InvoiceDrafted: contactPaths('billTo'),
  InvoiceDraftEdited: contactPaths('billTo'),
  InvoicePosted: contactPaths('billTo'),
  CreditNoteDrafted: contactPaths('billTo'),
  CreditNoteDraftEdited: contactPaths('billTo'),
  CreditNotePosted: contactPaths('billTo'),
  ShipmentPlanned: contactPaths('shipTo'),
  DeliveryValidated: contactPaths('shipTo'),
}

const PERSONS = ['billTo', 'shipTo']

/** All that may stand in a contact in clear. */
const NOT_PERSONAL_OF_A_CONTACT = ['country']

test.each([...EVENT_DEFINITIONS.values()])(
  'every personal field of $type is marked',
  ({ type, schema }) => {
    const paths = personalPaths(schema).map((path) => path.join('.'))
    expect(paths.sort()).toEqual([...(PERSONAL[type] ?? [])].sort())
    const fact = SAMPLE_FACTS[type as LedgerFact['type']]
    for (const [name, value] of Object.entries(fact.data)) {
      if (typeof value !== 'object' || value === null || !('email' in value)) continue
      const unmarked = Object.keys(value).filter((key) => !paths.includes(`${name}.${key}`))
      expect(unmarked).toEqual(NOT_PERSONAL_OF_A_CONTACT)
    }
  },
)

test.each(FACTS.filter(hasPersonalFields))(
  '$type shows nothing personal in what is stored',
  (fact) => {
    const { data, metadata } = stored(fact)
    for (const text of [...Object.values(PERSONAL_TEXTS), 'Canary']) {
      expect(data + metadata).not.toContain(text)
      expect(data + metadata).not.toContain(JSON.stringify(text).slice(1, -1))
    }
    expect(subjectOf(stored(fact))).toBe(CORPUS_SUBJECT.name)
  },
)

test.each(FACTS.filter(hasPersonalFields))(
  '$type reads on, without its persons, once they are forgotten',
  (fact) => {
    const event = decode(stored(fact), NO_KEYS)
    const before = new Map<string, unknown>(Object.entries(fact.data))
    const contacts = Object.entries(event.data).filter(([name]) => PERSONS.includes(name))
    expect(contacts).not.toEqual([])
    for (const [name, contact] of contacts) {
      const { country } = before.get(name) as Readonly<{ country: string }>
      expect(contact).toEqual({ name: FORGOTTEN, country })
    }
    expect(EVENT_DEFINITIONS.get(fact.type)?.schema.safeParse(event.data).success).toBe(true)
  },
)

test('a fact with personal fields and no subject is not written', () => {
  expect(() => encode(SAMPLE_FACTS.OrderPlaced, { ...CONTEXT, subject: null })).toThrow(TypeError)
})

test('a fact without personal fields needs no subject', () => {
  const fact: LedgerFact = {
    type: 'OrderPlaced',
    data: { ...SAMPLE_FACTS.OrderPlaced.data, billTo: null, shipTo: null },
  }
  expect(hasPersonalFields(fact)).toBe(false)
  expect(subjectOf(stored(fact, { ...CONTEXT, subject: null }))).toBe(null)
})

/** Anything that the schemas take as text: emoji, right to left, combining marks, quotes, controls, look-alikes. */
const hostileText = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .filter((text) => text.isWellFormed() && !text.includes('\u0000') && text.length <= 200)

test('names come back byte for byte, whatever stands in them', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (name, description) => {
      const { data } = SAMPLE_FACTS.OrderPlaced
      const lines = data.lines.map((line) => ({ ...line, description }))
      const fact = { type: 'OrderPlaced', data: { ...data, billTo: { name }, lines } } as const
      const event = decode(stored(fact), KEYS)
      expect(event.data).toEqual(fact.data)
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['U+0000', 'A\u0000B'],
  ['half a surrogate', 'A\ud800B'],
  ['nothing', ''],
  ['more than its maximum', 'x'.repeat(201)],
])('a name with %s is not written', (_what, name) => {
  const { data } = SAMPLE_FACTS.OrderPlaced
  expect(() =>
    encode({ type: 'OrderPlaced', data: { ...data, billTo: { name } } }, CONTEXT),
  ).toThrow()
})

test('a field that no schema knows is not written', () => {
  const data = { ...SAMPLE_FACTS.AccountClosed.data, sealed: { subject: 'x', box: 'y' } }
  expect(() => encode({ type: 'AccountClosed', data }, CONTEXT)).toThrow()
})

test.each(FACTS)(
  '$type has the same bytes whether what it lacks is left out or undefined',
  (fact) => {
    const { data, missing } = withUndefined(fact.type, fact.data)
    const explicit = { type: fact.type, data } as LedgerFact
    const left = { type: fact.type, data: without(fact.data, missing) } as LedgerFact
    expect(encode(explicit, CONTEXT)).toEqual(encode(left, CONTEXT))
  },
)

test('an event of an unknown type is refused by name', () => {
  const event = { ...stored(SAMPLE_FACTS.AccountClosed), type: 'AccountVanished' }
  expect(() => decode(event, KEYS)).toThrow(/unknown type AccountVanished/)
})

test('a type without a definition is not written', () => {
  expect(() =>
    encode({ type: 'AccountVanished', data: {} } as unknown as LedgerFact, CONTEXT),
  ).toThrow(TypeError)
})

test.each(FACTS)(
  '$type is not believed with another stream, revision, type, datum or metadatum',
  (fact) => {
    const event = stored(fact)
    const changes: Partial<StoredEvent>[] = [
      { stream: `${event.stream}x` },
      { revision: event.revision + 1 },
      { type: fact.type === 'AccountClosed' ? 'BillNumberClaimed' : 'AccountClosed' },
      { data: event.data.replace('"', ' "') },
      { data: changedLetter(event.data) },
      { metadata: event.metadata.replace('clerk@example', 'Clerk@example') },
      { metadata: event.metadata.replace('2026-11-22', '2026-11-21') },
      { metadata: event.metadata.replace('"books-main":27', '"books-main":28') },
      { metadata: event.metadata.replace('5c5c', '5c5d') },
      { metadata: event.metadata.replace(/"schemaVersion":(\d+)/, '"schemaVersion":1$1') },
      { metadata: event.metadata.replace('{', '{"added":1,') },
      { metadata: event.metadata.slice(0, -1) },
    ]
    for (const change of changes) {
      expect(change).not.toEqual(
        Object.fromEntries(Object.keys(change).map((key) => [key, event[key as 'data']])),
      )
      expect(
        () => decode({ ...event, ...change }, KEYS),
        JSON.stringify(Object.keys(change)),
      ).toThrow(CorruptEvent)
    }
    expect(() => decode(event, KEYS)).not.toThrow()
  },
)

test('any one changed byte of the data is noticed', () => {
  const event = stored(SAMPLE_FACTS.InvoicePosted)
  const bytes = Buffer.from(event.data)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(at) ^ change, at)
      expect(() => decode({ ...event, data: changed.toString('latin1') }, KEYS)).toThrow(
        CorruptEvent,
      )
    }),
    { numRuns: 200 },
  )
})

function contactPaths(...fields: readonly string[]): string[] {
  return fields.flatMap((field) =>
    ['name', 'address', 'email', 'phone'].map((key) => `${field}.${key}`),
  )
}

function changedLetter(json: string): string {
  return json.replace(/[a-y]/, (letter) => String.fromCharCode(letter.charCodeAt(0) + 1))
}

/** Every optional field at the top of the data, set to undefined. */
function withUndefined(type: string, data: object): { data: object; missing: string[] } {
  const { schema } = EVENT_DEFINITIONS.get(type) ?? {}
  const missing = Object.keys(data).filter(
    (key) => schema?.safeParse(without(data, [key])).success === true,
  )
  return {
    data: { ...data, ...Object.fromEntries(missing.map((key) => [key, undefined])) },
    missing,
  }
}

function without(data: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(data).filter(([key]) => !keys.includes(key)))
}

test('a form that only a newer version knows is refused, not misread', () => {
  const event = stored(SAMPLE_FACTS.OrderCancelled)
  const { hash: _hash, ...metadata } = JSON.parse(event.metadata) as Record<string, unknown>
  const newer = { ...metadata, schemaVersion: 2 }
  const hash = eventHash({ ...event, metadata: JSON.stringify(newer) })
  const tampered = { ...event, metadata: JSON.stringify({ ...newer, hash }) }
  expect(() => decode(tampered, KEYS)).toThrow(/form 2, which this version does not know yet/)
})

test('a key made after the subject was forgotten leaves what was sealed before forgotten', () => {
  const fact = SAMPLE_FACTS.OrderPlaced
  const newKey = new Map([[CORPUS_SUBJECT.name, Buffer.alloc(32, 9)]])
  const { billTo } = decode(stored(fact), newKey).data as { billTo: Record<string, unknown> }
  expect(billTo).toMatchObject({ name: FORGOTTEN })
})
