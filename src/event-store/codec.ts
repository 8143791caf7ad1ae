/**
 * Between facts and the bytes of the log: checks a fact against its schema, seals its personal fields, links and hashes
 * it; and back, with the hash checked, old forms lifted and personal fields opened.
 */
import type { EventMetadata } from '../events/event.js'
import { EVENT_DEFINITIONS, type LedgerEvent, type LedgerFact } from '../events/ledger-event.js'
import { FORGOTTEN, personalPaths } from '../events/personal.js'
import { canonicalJson } from './canonical-json.js'
import { eventHash, eventId } from './hash.js'
import { keyName, open, seal } from './seal.js'
import type { EventToAppend, StoredEvent } from './event-store.js'

/** A stored event is not what was written, or was written by somebody else: nothing may be decided on it. */
export class CorruptEvent extends Error {
  readonly stream: string
  readonly revision: number
  constructor(at: Readonly<{ stream: string; revision: number }>, what: string) {
    super(`Event ${at.revision} of ${at.stream} ${what}`)
    this.name = 'CorruptEvent'
    this.stream = at.stream
    this.revision = at.revision
  }
}

export type EncodingContext = Readonly<{
  stream: string
  revision: number
  previousHash: string
  /** All that is known of the event's origin; the codec adds version, previous hash and hash. */
  origin: Omit<EventMetadata, 'schemaVersion' | 'previousHash' | 'hash'>
  /** Key and name of the event's subject; only events with personal fields need one. */
  subject: Readonly<{ name: string; key: Buffer }> | null
}>

/** Where a sealed box stands in the stored data. No event has a field of this name. */
const SEALED = 'sealed'
/** `key` names which of the subject's keys it was: one made after the subject was forgotten opens nothing old. */
type Sealed = Readonly<{ box: string; key: string; subject: string }>
type Json = Readonly<Record<string, unknown>>

const PERSONAL_PATHS = new Map(
  [...EVENT_DEFINITIONS.values()].map(({ type, schema }) => [type, personalPaths(schema)]),
)

/** Whether the fact has anything to seal, and so needs its subject's key. */
export function hasPersonalFields(fact: LedgerFact): boolean {
  return (PERSONAL_PATHS.get(fact.type) ?? []).some(
    (path) => valueAt(fact.data, path) !== undefined,
  )
}

/** The bytes of an event, and its metadata once more for whoever goes on working with it. */
export type EncodedEvent = Readonly<{ toAppend: EventToAppend; metadata: EventMetadata }>

/** A fact that does not fit its schema throws: a decision that makes one is broken. */
export function encode(fact: LedgerFact, context: EncodingContext): EncodedEvent {
  const definition = EVENT_DEFINITIONS.get(fact.type)
  if (definition === undefined) throw new TypeError(`There is no event ${fact.type}`)
  const data = canonicalJson(sealed(definition.schema.parse(fact.data) as Json, fact.type, context))
  const unhashed = {
    ...context.origin,
    schemaVersion: definition.version,
    previousHash: context.previousHash,
  }
  const hash = eventHash({
    stream: context.stream,
    revision: context.revision,
    type: fact.type,
    data,
    metadata: canonicalJson(unhashed),
  })
  const metadata = { ...unhashed, hash }
  return {
    toAppend: { id: eventId(hash), type: fact.type, data, metadata: canonicalJson(metadata) },
    metadata,
  }
}

/** In canonical JSON a sealed box looks like this and nothing else does: a quotation mark within text is escaped. */
const SEALED_SUBJECT = /"sealed":\{"box":"[^"]*","key":"[^"]*","subject":"([^"]*)"\}/

/** The subject whose key {@link decode} will ask for. */
export function subjectOf(stored: StoredEvent): string | null {
  return SEALED_SUBJECT.exec(stored.data)?.[1] ?? null
}

export function decode(stored: StoredEvent, keys: ReadonlyMap<string, Buffer>): LedgerEvent {
  const definition = EVENT_DEFINITIONS.get(stored.type)
  if (definition === undefined)
    throw new CorruptEvent(stored, `has the unknown type ${stored.type}`)
  const metadata = checkedMetadata(stored)
  if (metadata.schemaVersion > definition.version) {
    throw new CorruptEvent(
      stored,
      `has form ${metadata.schemaVersion}, which this version does not know yet`,
    )
  }
  let data: unknown = opened(JSON.parse(stored.data) as Json, stored, keys)
  for (let version = metadata.schemaVersion; version < definition.version; version += 1) {
    const upcast = definition.upcasts[version]
    if (upcast === undefined)
      throw new CorruptEvent(stored, `has the unknown form ${version} of its type`)
    data = upcast(data)
  }
  const { id, type, stream, revision, position } = stored
  return { id, type, stream, revision, position, metadata, data } as LedgerEvent
}

function checkedMetadata(stored: StoredEvent): EventMetadata {
  let metadata: EventMetadata
  try {
    metadata = JSON.parse(stored.metadata) as EventMetadata
  } catch {
    throw new CorruptEvent(stored, 'has metadata that is no JSON')
  }
  const { hash, ...unhashed } = metadata
  const { stream, revision, type, data } = stored
  // Parsed from canonical JSON the keys stand in canonical order, so writing them out again gives the same text.
  if (hash !== eventHash({ stream, revision, type, data, metadata: JSON.stringify(unhashed) })) {
    throw new CorruptEvent(stored, 'does not have the hash of its content')
  }
  return metadata
}

function sealed(data: Json, type: string, context: EncodingContext): Json {
  const paths = (PERSONAL_PATHS.get(type) ?? []).filter((path) => valueAt(data, path) !== undefined)
  if (paths.length === 0) return data
  if (context.subject === null) throw new TypeError(`${type} has personal fields and no subject`)
  const { name, key } = context.subject
  const values = Object.fromEntries(paths.map((path) => [path.join('.'), valueAt(data, path)]))
  const box = seal(key, place(context), canonicalJson(values))
  const rest = paths.reduce<Json>((stripped, path) => withValue(stripped, path, undefined), data)
  return { ...rest, [SEALED]: { box, key: keyName(key), subject: name } satisfies Sealed }
}

function opened(data: Json, stored: StoredEvent, keys: ReadonlyMap<string, Buffer>): Json {
  const { [SEALED]: sealing, ...rest } = data as Json & { [SEALED]?: Sealed }
  if (sealing === undefined) return rest
  const key = keys.get(sealing.subject)
  if (key === undefined || keyName(key) !== sealing.key) return forgotten(rest, stored.type)
  const values = JSON.parse(open(key, place(stored), sealing.box)) as Record<string, string>
  return Object.entries(values).reduce<Json>(
    (filled, [path, value]) => withValue(filled, path.split('.'), value),
    rest,
  )
}

/** Without its key a name is a placeholder; which of the optional fields were there is not told. */
function forgotten(data: Json, type: string): Json {
  return (PERSONAL_PATHS.get(type) ?? [])
    .filter((path) => path.at(-1) === 'name' && parentAt(data, path) !== undefined)
    .reduce<Json>((filled, path) => withValue(filled, path, FORGOTTEN), data)
}

function place({ stream, revision }: Readonly<{ stream: string; revision: number }>): string {
  return `${stream}@${revision}`
}

function valueAt(data: Json, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Json)[key] : undefined,
    data,
  )
}

function parentAt(data: Json, path: readonly string[]): object | undefined {
  const parent = valueAt(data, path.slice(0, -1))
  return typeof parent === 'object' && parent !== null ? parent : undefined
}

function withValue(data: Json, path: readonly string[], value: unknown): Json {
  const [key, ...rest] = path
  if (key === undefined) return data
  if (rest.length > 0) {
    return { ...data, [key]: withValue((data[key] ?? {}) as Json, rest, value) }
  }
  if (value !== undefined) return { ...data, [key]: value }
  const { [key]: _gone, ...others } = data
  return others
}
