/**
 * The port of the event log, in the terms of EventStoreDB (architecture 4). Adapters: memory, PostgreSQL,
 * EventStoreDB; one contract suite holds them all (`test/contracts/event-store.contract.ts`).
 */

/** A stream's events are counted from 0, without a hole. */
export type Revision = number

/** What the appender believes the stream to be: exactly at this revision, or not there yet. There is no "any". */
export type ExpectedRevision = Revision | 'no_stream'

/** Where an event stands in the whole log. Grows with commit order; to be compared, never to be subtracted. */
export type Position = bigint

/** One event as its bytes are: `data` and `metadata` are JSON texts that come back exactly as they went in. */
export type EventToAppend = Readonly<{ id: string; type: string; data: string; metadata: string }>

export type StoredEvent = EventToAppend &
  Readonly<{ stream: string; revision: Revision; position: Position }>

export type AppendOutcome = Readonly<
  /** Revision and position of the last of the events; a repeat answers with those of the first time. */
  | { outcome: 'appended'; revision: Revision; position: Position }
  /**
   * Somebody appended first. The very same events again (same ids, same place) are no conflict but a repeat. An id is made
   * from what it names: other events under the same ids are told apart, but not by EventStoreDB across processes.
   */
  | { outcome: 'conflict'; expected: ExpectedRevision; actual: ExpectedRevision }
  /** The answer did not come in time: the events may or may not be there. Reading the stream settles it. */
  | { outcome: 'unknown'; reason: string }
>

export type ReadStreamOptions = Readonly<{
  direction?: 'forwards' | 'backwards'
  /** The first revision to give, included. Left out: the beginning, or the end when reading backwards. */
  from?: Revision
  limit: number
}>

export type ReadAllOptions = Readonly<{
  /** The position of the last event already seen; it is not given again. `null`: from the beginning. */
  after: Position | null
  limit: number
}>

export type SubscribeOptions = Readonly<{
  after: Position | null
  pageSizeMax: number
  signal: AbortSignal
}>

/** How far a reader is behind: events after its position, and the age of the first of them. */
export type Lag = Readonly<{ events: number; seconds: number }>

export interface EventStore {
  /** Names the log itself, so that a checkpoint over one log is never used over another. */
  identity(): Promise<string>

  /** All of the events at once or none. At most {@link APPEND_BYTES_MAX}; more throws {@link AppendTooLarge}. */
  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendOutcome>

  /** Empty where there is no such stream. */
  readStream(stream: string, options: ReadStreamOptions): Promise<readonly StoredEvent[]>

  /** In log order; an empty page means that the end was reached. */
  readAll(options: ReadAllOptions): Promise<readonly StoredEvent[]>

  /** Pages in log order, waiting at the end for more, until the signal aborts. Never an empty page. */
  subscribeToAll(options: SubscribeOptions): AsyncIterable<readonly StoredEvent[]>

  /** The event that stands at this very position, to check a checkpoint against the log it is used on. */
  eventAt(position: Position): Promise<StoredEvent | null>

  /** The position of the last event, or `null` for an empty log. */
  head(): Promise<Position | null>

  lag(after: Position | null, now: Date): Promise<Lag>

  /** What could take events away again, or has done so, a sentence each. */
  threats(): Promise<readonly string[]>

  close(): Promise<void>
}

/** 900 kB: EventStoreDB refuses more than 1 MiB in one append, its own envelope included. */
export const APPEND_BYTES_MAX = 900_000

/** What each event costs besides its texts: id, revision and framing, rounded up for every adapter. */
export const EVENT_ENVELOPE_BYTES = 64

export const STREAM_NAME_LENGTH_MAX = 250
export const EVENT_TYPE_LENGTH_MAX = 100
export const READ_LIMIT_MAX = 10_000

/** Bytes of an append as every adapter counts them. */
export function appendBytes(events: readonly EventToAppend[]): number {
  return events.reduce(
    (bytes, event) =>
      bytes +
      EVENT_ENVELOPE_BYTES +
      // EventStoreDB counts types in UTF-16.
      2 * event.type.length +
      Buffer.byteLength(event.data) +
      Buffer.byteLength(event.metadata),
    0,
  )
}

/** Whether what stands in the log is what is to be appended: then the append is a repeat. */
export function areTheSame(
  stored: readonly EventToAppend[],
  events: readonly EventToAppend[],
): boolean {
  return (
    stored.length === events.length &&
    events.every((event, index) => {
      const there = stored[index]
      return (
        there?.id === event.id &&
        there.type === event.type &&
        there.data === event.data &&
        there.metadata === event.metadata
      )
    })
  )
}

/**
 * What every adapter checks before it appends, so that none is stricter than another.
 * Throws {@link AppendTooLarge} or {@link MalformedAppend}; answers the bytes of the append.
 */
export function checkAppend(
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
): number {
  checkText('stream name', stream, STREAM_NAME_LENGTH_MAX)
  if (stream.startsWith('$') || stream === IDENTITY_STREAM) {
    throw new MalformedAppend(`${stream} is a name of the log's own.`)
  }
  if (expected !== 'no_stream') checkCount('expected revision', expected, 0, REVISION_MAX)
  if (events.length === 0) throw new MalformedAppend(`An append to ${stream} has no event.`)
  for (const event of events) {
    if (!UUID.test(event.id))
      throw new MalformedAppend(`An event of ${stream} has no uuid as its id.`)
    checkText('event type', event.type, EVENT_TYPE_LENGTH_MAX)
    checkText('data', event.data, Infinity)
    checkText('metadata', event.metadata, Infinity)
  }
  const bytes = appendBytes(events)
  if (bytes > APPEND_BYTES_MAX) throw new AppendTooLarge(stream, bytes)
  return bytes
}

/** What every adapter checks before it reads a stream; throws {@link RangeError}. */
export function checkRead(options: Readonly<{ from?: Revision; limit: number }>): void {
  checkCount('limit', options.limit, 1, READ_LIMIT_MAX)
  if (options.from !== undefined) checkCount('from', options.from, 0, REVISION_MAX)
}

/** EventStoreDB's own streams begin with `$`, and its adapter keeps the log's identity in a stream beside the ledger's. */
export const IDENTITY_STREAM = 'log-identity'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const REVISION_MAX = 2_000_000_000

/** U+0000 and half surrogates: no UTF-8 text column gives them back as they were. */
// eslint-disable-next-line no-control-regex -- U+0000 is what is looked for.
const NOT_STORABLE = /[\u0000\p{Surrogate}]/u

function checkText(what: string, text: string, lengthMax: number): void {
  if (text.length > lengthMax || NOT_STORABLE.test(text) || text === '') {
    throw new MalformedAppend(
      `The ${what} must be well-formed text without U+0000 of 1 to ${lengthMax} characters.`,
    )
  }
}

function checkCount(what: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${what} must be a whole number from ${min} to ${max}, not ${value}.`)
  }
}

export class AppendTooLarge extends Error {
  readonly bytes: number
  constructor(stream: string, bytes: number) {
    super(`An append to ${stream} has ${bytes} bytes; at most ${APPEND_BYTES_MAX} are taken.`)
    this.name = 'AppendTooLarge'
    this.bytes = bytes
  }
}

/** The caller hands over what no event log can hold; nothing was appended. */
export class MalformedAppend extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MalformedAppend'
  }
}

/**
 * A stream is not what it must be: deleted, cut off at its beginning, or written to by somebody else. Nothing may be
 * decided on it, nor appended to it; `stream` names it.
 */
export class StreamDamaged extends Error {
  readonly stream: string
  constructor(stream: string, what: string, options?: ErrorOptions) {
    super(`${stream} ${what}.`, options)
    this.name = 'StreamDamaged'
    this.stream = stream
  }
}

/** More callers wait than the store will hold. Nothing was appended; trying again later is safe. */
export class EventStoreBusy extends Error {
  constructor(waiting: number) {
    super(`${waiting} appends are waiting already.`)
    this.name = 'EventStoreBusy'
  }
}

/** The log could not be reached in time. Thrown by an append, nothing of it was sent: trying again is safe. */
export class EventStoreUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EventStoreUnavailable'
  }
}
