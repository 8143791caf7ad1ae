/**
 * Aggregates as last read, so that a command mostly reads nothing. The cache is bounded and never needed for
 * correctness: the append names the revision it was decided at. Whoever was forgotten is not remembered here either (A6).
 */
import type { LedgerEvent } from '../src/events/ledger-event.js'
import type { Position } from '../src/event-store/event-store.js'
import type { LedgerLog, StreamEnd } from '../src/event-store/log.js'

/** Which events a command key made, to answer a repeat from them. */
export type KeyUse = Readonly<{ command: string; fingerprint: string; from: number; to: number }>

export type Loaded<State> = Readonly<{
  state: State
  end: StreamEnd
  position: Position | null
  /** By {@link requestKey}. */
  keys: ReadonlyMap<string, KeyUse>
  /** By the clock's monotonic milliseconds: when the stream was last read to its end. */
  readAtMs: number
  /** Of the log when it was read: in a later one somebody in it may have been forgotten. */
  generation: number
}>

/** Keys belong to whoever chose them: two principals may use the same one for two requests. */
export function requestKey(principal: string, key: string): string {
  return JSON.stringify([principal, key])
}

export type Aggregate<State> = Readonly<{
  initial: State
  /** Throws CorruptStream for an event that does not fit, of whatever kind. */
  evolve: (state: State, event: LedgerEvent) => State
}>

/** Folios are short; so many of them take a few tens of megabytes, also with hundreds of lines each. */
const ENTRIES_MAX = 500

export type AggregateCache<State> = ReturnType<typeof createAggregateCache<State>>

export function createAggregateCache<State>(
  log: LedgerLog,
  aggregate: Aggregate<State>,
  monotonicMs: () => number,
) {
  const entries = new Map<string, Loaded<State>>()
  let generation = log.generation()

  function cachedIn(stream: string): Loaded<State> | undefined {
    if (generation !== log.generation()) entries.clear()
    generation = log.generation()
    return entries.get(stream)
  }

  /** As cached if it was read at most so long ago, else read to the stream's end; so it is always for 0. */
  async function load(stream: string, ageMaxMs: number): Promise<Loaded<State>> {
    const cached = cachedIn(stream)
    const readAtMs = monotonicMs()
    // A clock that stands still between two calls must not make the older reading a new one.
    if (cached !== undefined && readAtMs - cached.readAtMs < ageMaxMs) return keep(stream, cached)
    const from = cached === undefined || cached.end === 'no_stream' ? 0 : cached.end.revision + 1
    const before = cached ?? nothing(readAtMs)
    return keep(stream, { ...extend(before, await log.read(stream, from)), readAtMs })
  }

  /**
   * As cached, else as a stream that nobody has written to: for one that is named from the very request. If that is not
   * so, the append will say it.
   */
  function presumedNew(stream: string): Loaded<State> {
    return cachedIn(stream) ?? nothing(monotonicMs())
  }

  /** After an append of our own: what was cached and what was appended are the stream's end. */
  function appended(
    stream: string,
    before: Loaded<State>,
    events: readonly LedgerEvent[],
  ): Loaded<State> {
    return keep(stream, extend(before, events))
  }

  function extend(before: Loaded<State>, events: readonly LedgerEvent[]): Loaded<State> {
    const last = events.at(-1)
    if (last === undefined) return before
    const keys = new Map(before.keys)
    for (const { metadata, revision } of events) {
      const { command, commandKey, fingerprint, principal } = metadata
      const key = requestKey(principal, commandKey)
      const from = keys.get(key)?.from ?? revision
      keys.set(key, { command, fingerprint, from, to: revision })
    }
    return {
      ...before,
      state: events.reduce(aggregate.evolve, before.state),
      end: { revision: last.revision, hash: last.metadata.hash },
      position: last.position,
      keys,
    }
  }

  function keep(stream: string, loaded: Loaded<State>): Loaded<State> {
    // Somebody was forgotten while it was read.
    if (loaded.generation !== log.generation()) return loaded
    entries.delete(stream)
    entries.set(stream, loaded)
    // The keys of a map come in the order they were set: the one read longest ago first.
    for (const stream of entries.keys()) {
      if (entries.size <= ENTRIES_MAX) break
      entries.delete(stream)
    }
    return loaded
  }

  function nothing(readAtMs: number): Loaded<State> {
    return {
      state: aggregate.initial,
      end: 'no_stream',
      position: null,
      keys: new Map(),
      readAtMs,
      generation: log.generation(),
    }
  }

  return { load, presumedNew, appended }
}
