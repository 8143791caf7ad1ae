/** Two event logs, read side by side and compared event by event; positions apart, which each log gives out itself. */
import { createHash, type Hash } from 'node:crypto'
import type { EventStore, Position, StoredEvent } from '../event-store/event-store.js'

/** How many events a log has, and the SHA-256 over all of them in log order, in lower-case hexadecimal. */
export type LogDigest = Readonly<{ events: number; hash: string }>

/** The first event that one log has and the other has not, or has otherwise; `ordinal` counts from 1. */
export type LogDifference = Readonly<{ ordinal: number }> &
  Readonly<
    | { source: StoredEvent; target: StoredEvent }
    | { source: StoredEvent; target: null }
    | { source: null; target: StoredEvent }
  >

export type LogComparison = Readonly<{
  source: LogDigest
  target: LogDigest
  /** `null`: none. */
  difference: LogDifference | null
}>

/** All of an event but its position. */
const PARTS = ['stream', 'revision', 'id', 'type', 'data', 'metadata'] as const

export type CompareOptions = Readonly<{
  /** Up to the end of the target a source that goes on is no difference, and the first difference is the end. */
  upTo: 'end of target' | 'end of both'
  signal?: AbortSignal | undefined
  pageSizeMax: number
  onEvents: (events: number) => void
}>

/** `sourceReached` is the position of the last source event compared. */
export async function compareLogs(
  source: EventStore,
  target: EventStore,
  options: CompareOptions,
): Promise<LogComparison & Readonly<{ sourceReached: Position | null }>> {
  const { upTo, onEvents, ...reading } = options
  const sources = eventsOf(source, reading)
  const targets = eventsOf(target, reading)
  const digests = { source: createDigest(), target: createDigest() }
  let sourceReached: Position | null = null
  let difference: LogDifference | null = null
  for (let ordinal = 1; ; ordinal += 1) {
    const there = await next(targets)
    if (there === null && upTo === 'end of target') break
    const here = await next(sources)
    if (here === null && there === null) break
    if (here !== null) {
      digests.source.add(here)
      sourceReached = here.position
    }
    if (there !== null) digests.target.add(there)
    difference ??= differenceOf(ordinal, here, there)
    if (difference !== null && upTo === 'end of target') break
    onEvents(ordinal)
  }
  const { source: ofSource, target: ofTarget } = digests
  return { source: ofSource.read(), target: ofTarget.read(), difference, sourceReached }
}

type ReadingOptions = Readonly<{
  signal?: AbortSignal | undefined
  pageSizeMax: number
}>

/** In log order, up to where the log ends by then. */
async function* eventsOf(
  store: EventStore,
  { signal, pageSizeMax }: ReadingOptions,
): AsyncGenerator<StoredEvent, void> {
  for (let reached: Position | null = null; ;) {
    signal?.throwIfAborted()
    const page: readonly StoredEvent[] = await store.readAll({ after: reached, limit: pageSizeMax })
    const last = page.at(-1)
    if (last === undefined) return
    yield* page
    reached = last.position
  }
}

/** An event, for people: where it stands and what it is, without its data. */
export function placeOf({ stream, revision, type, id }: StoredEvent): string {
  return `revision ${revision} of ${stream} (${type}, ${id})`
}

/** Half a sentence. */
export function differenceText({ ordinal, source, target }: LogDifference): string {
  const event = `event ${ordinal} of the`
  if (source === null) return `${event} target is ${placeOf(target)}, and the source has no more`
  if (target === null) return `${event} source is ${placeOf(source)}, and the target has no more`
  const parts = PARTS.filter((part) => source[part] !== target[part])
  return placeOf(source) === placeOf(target)
    ? `${event} two logs, ${placeOf(source)}, differs in its ${parts.join(' and ')}`
    : `${event} source is ${placeOf(source)}, and that of the target ${placeOf(target)}`
}

async function next(events: AsyncGenerator<StoredEvent, void>): Promise<StoredEvent | null> {
  const { done, value } = await events.next()
  return done === true ? null : value
}

function differenceOf(
  ordinal: number,
  source: StoredEvent | null,
  target: StoredEvent | null,
): LogDifference | null {
  if (target === null) return source === null ? null : { ordinal, source, target }
  if (source === null) return { ordinal, source, target }
  return PARTS.every((part) => source[part] === target[part]) ? null : { ordinal, source, target }
}

function createDigest() {
  const hash: Hash = createHash('sha256')
  let events = 0
  return {
    add: (event: StoredEvent): void => {
      events += 1
      // In one go: each call into the hash costs as much as a kilobyte of it.
      hash.update(
        PARTS.map((part) => `${event[part]}`)
          .map((text) => `${Buffer.byteLength(text)}:${text}`)
          .join(''),
      )
    },
    read: (): LogDigest => ({ events, hash: hash.digest('hex') }),
  }
}
