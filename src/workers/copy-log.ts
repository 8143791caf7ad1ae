/**
 * Copies a whole event log into another one: the same events in the same order, byte for byte, so that hashes hold and
 * what is sealed stays sealed (architecture 4). Killed at any moment it is completed by the very same copy again, for a
 * target only ever holds a beginning of its source.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { backoffMs } from '../event-store/backoff.js'
import {
  APPEND_BYTES_MAX,
  type AppendOutcome,
  AppendTooLarge,
  appendBytes,
  checkAppend,
  type EventStore,
  EventStoreUnavailable,
  type ExpectedRevision,
  MalformedAppend,
  type Position,
  type StoredEvent,
  StreamDamaged,
} from '../event-store/event-store.js'
import {
  compareLogs,
  differenceText,
  type LogComparison,
  type LogDifference,
  placeOf,
} from './compare-logs.js'

export type CopyProgress = Readonly<{
  phase: 'comparing' | 'copying' | 'verifying'
  /** Events done, of those that there were when the copy began. */
  events: number
  of: number
}>

export type CopyLogOptions = Readonly<{
  source: EventStore
  target: EventStore
  /** Aborting leaves what is copied so far for the next copy. */
  signal?: AbortSignal
  onProgress?: (progress: CopyProgress) => void
  pageSizeMax?: number
}>

/** Count and hash of both logs, read back from both, and where they differ first. */
export type LogCopy = LogComparison &
  Readonly<{
    /** By this copy; the others were there already. */
    eventsAppended: number
  }>

/** Source and target are one and the same log. */
export class SameLog extends Error {
  constructor(identity: string) {
    super(`Source and target are one and the same log, ${identity}.`)
    this.name = 'SameLog'
  }
}

/** The target holds what is no beginning of the source; nothing was written to it. */
export class ForeignTarget extends Error {
  constructor(difference: LogDifference) {
    super(
      'The target is neither empty nor a beginning of the source, and nothing was written to it: ' +
        `${differenceText(difference)}.`,
    )
    this.name = 'ForeignTarget'
  }
}

/** Somebody else appends to the target. What stands there now can be looked at by copying again. */
export class TargetWrittenTo extends Error {
  constructor(stream: string, { expected, actual }: Conflict) {
    super(
      `Somebody else writes to the target: ${stream} stands at ${actual} there, where ${expected} was left.`,
    )
    this.name = 'TargetWrittenTo'
  }
}

/** The source holds what no log of ours takes, because somebody else wrote it. */
export class NotCopyable extends Error {
  constructor(event: StoredEvent, cause: Error) {
    super(`${placeOf(event)} cannot be copied: ${cause.message}`, { cause })
    this.name = 'NotCopyable'
  }
}

type Conflict = Extract<AppendOutcome, { outcome: 'conflict' }>

const PAGE_SIZE_MAX = 500
const TRIES_MAX = 6

/**
 * The events that the target has not yet; then both logs are read back and compared. Throws {@link SameLog},
 * {@link ForeignTarget} before anything is written; {@link TargetWrittenTo}, {@link NotCopyable}, `StreamDamaged` (a hole
 * in the source) or `EventStoreUnavailable` in the middle, up to which the target is a good beginning.
 */
export async function copyLog(options: CopyLogOptions): Promise<LogCopy> {
  const { source, target, signal, onProgress, pageSizeMax = PAGE_SIZE_MAX } = options
  const identity = await source.identity()
  if (identity === (await target.identity())) throw new SameLog(identity)
  const now = new Date()
  const found = (await target.lag(null, now)).events
  const of = (await source.lag(null, now)).events
  const telling = (phase: CopyProgress['phase'], total: number) => (events: number) =>
    onProgress?.({ phase, events, of: Math.max(total, events) })
  const reading = { signal, pageSizeMax }

  const beginning = await compareLogs(source, target, {
    ...reading,
    upTo: 'end of target',
    onEvents: telling('comparing', found),
  })
  if (beginning.difference !== null) throw new ForeignTarget(beginning.difference)
  const { events } = beginning.target
  const tellCopied = telling('copying', of)
  const eventsAppended = await appendFrom(beginning.sourceReached, {
    ...options,
    pageSizeMax,
    onEvents: (appended) => tellCopied(events + appended),
  })
  const whole = await compareLogs(source, target, {
    ...reading,
    upTo: 'end of both',
    onEvents: telling('verifying', events + eventsAppended),
  })
  return { ...whole, eventsAppended }
}

type AppendOptions = Readonly<{
  source: EventStore
  target: EventStore
  signal?: AbortSignal
  pageSizeMax: number
  onEvents: (appended: number) => void
}>

/** One append after the other, or the target would have another order; until the source has no more. */
async function appendFrom(
  after: Position | null,
  { source, target, signal, pageSizeMax, onEvents }: AppendOptions,
): Promise<number> {
  let appended = 0
  for (let reached = after; ;) {
    signal?.throwIfAborted()
    const page = await source.readAll({ after: reached, limit: pageSizeMax })
    const last = page.at(-1)
    if (last === undefined) return appended
    for (const events of appendsOf(page)) {
      signal?.throwIfAborted()
      await appendOnce(target, events, signal)
      appended += events.length
      onEvents(appended)
    }
    reached = last.position
  }
}

/** Only what is consecutive in stream and log goes in one append, as far as one may hold it. */
function* appendsOf(page: readonly StoredEvent[]): Generator<readonly StoredEvent[]> {
  let events: StoredEvent[] = []
  let bytes = 0
  for (const event of page) {
    const more = appendBytes([event])
    const last = events.at(-1)
    const follows = last?.stream === event.stream && last.revision + 1 === event.revision
    if (last !== undefined && (!follows || bytes + more > APPEND_BYTES_MAX)) {
      yield events
      events = []
      bytes = 0
    }
    events.push(event)
    bytes += more
  }
  if (events.length > 0) yield events
}

/** An append whose outcome is not known is made again as it was: the events are there once in either case. */
async function appendOnce(
  target: EventStore,
  events: readonly StoredEvent[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const [first] = events
  if (first === undefined) return
  const { stream, revision } = first
  const expected: ExpectedRevision = revision === 0 ? 'no_stream' : revision - 1
  refuseUncopyable(events)
  for (let attempt = 1; ; attempt += 1) {
    const answer = await target.append(stream, expected, events)
    if (answer.outcome === 'appended') return
    if (answer.outcome === 'conflict') throw conflictOf(stream, answer)
    if (attempt >= TRIES_MAX) {
      throw new EventStoreUnavailable(
        `The target gave no certain answer to ${TRIES_MAX} tries: ${answer.reason}`,
      )
    }
    await delay(backoffMs(attempt), undefined, signal === undefined ? {} : { signal })
  }
}

function refuseUncopyable(events: readonly StoredEvent[]): void {
  for (const event of events) {
    try {
      checkAppend(event.stream, 'no_stream', [event])
    } catch (reason) {
      const isOfEvent = reason instanceof MalformedAppend || reason instanceof AppendTooLarge
      throw isOfEvent ? new NotCopyable(event, reason) : reason
    }
  }
}

/** All before it is copied: where the target has less than the event asks for, the source has a hole. */
function conflictOf(stream: string, conflict: Conflict): Error {
  const { expected, actual } = conflict
  const isHole = expected !== 'no_stream' && (actual === 'no_stream' || actual < expected)
  return isHole
    ? new StreamDamaged(
        stream,
        actual === 'no_stream'
          ? `begins at revision ${expected + 1} in the source`
          : `goes on at revision ${expected + 1} after ${actual} in the source`,
      )
    : new TargetWrittenTo(stream, conflict)
}
