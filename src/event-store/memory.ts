/** The event log in memory, for tests and trials: the contract, and nothing that outlives the process. */
import { randomUUID } from 'node:crypto'
import { EventStoreUnavailable, areTheSame, checkAppend, checkRead } from './event-store.js'
import type {
  AppendOutcome,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  Lag,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  StoredEvent,
  SubscribeOptions,
} from './event-store.js'
import { WakeUps } from './wake-ups.js'

/** Nothing is missed in memory: the hint is enough, and the poll only keeps to the form. */
const POLL_MS = 60_000

type Recorded = Readonly<{ event: StoredEvent; recordedAtMs: number }>

export function createMemoryEventStore(): EventStore {
  const identity = randomUUID()
  const log = new MemoryLog()
  const closing = new AbortController()

  /** Answers as a store over a network does: a closed store and a wrong argument reject, they do not throw. */
  const answer = <Value>(make: () => Value): Promise<Value> =>
    new Promise((resolve) => {
      if (closing.signal.aborted) throw new EventStoreUnavailable('The event store is closed.')
      resolve(make())
    })

  return {
    identity: () => answer(() => identity),
    append: (stream, expected, events) => answer(() => log.append(stream, expected, events)),
    readStream: (stream, options) => answer(() => log.readStream(stream, options)),
    readAll: (options) => answer(() => log.readAll(options)),
    subscribeToAll: (options) =>
      log.subscribeToAll({ ...options, signal: AbortSignal.any([options.signal, closing.signal]) }),
    eventAt: (position) => answer(() => log.eventAt(position)),
    head: () => answer(() => log.head()),
    lag: (after, now) => answer(() => log.lag(after, now)),
    threats: () => answer(() => []),
    close: () => {
      closing.abort()
      return Promise.resolve()
    },
  }
}

class MemoryLog {
  readonly #log: Recorded[] = []
  readonly #streams = new Map<string, StoredEvent[]>()
  readonly #wakeUps = new WakeUps()

  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): AppendOutcome {
    checkAppend(stream, expected, events)
    const next = expected === 'no_stream' ? 0 : expected + 1
    const before = this.#streams.get(stream) ?? []
    if (before.length === next) {
      this.#record(stream, events)
    } else if (!areTheSame(before.slice(next, next + events.length), events)) {
      const actual = before.length === 0 ? 'no_stream' : before.length - 1
      return { outcome: 'conflict', expected, actual }
    }
    const last = this.#streams.get(stream)?.[next + events.length - 1]
    if (last === undefined) throw new Error(`${stream} lost what was appended to it.`)
    return { outcome: 'appended', revision: last.revision, position: last.position }
  }

  readStream(stream: string, options: ReadStreamOptions): readonly StoredEvent[] {
    checkRead(options)
    const events = this.#streams.get(stream) ?? []
    if (options.direction !== 'backwards') {
      const from = options.from ?? 0
      return events.slice(from, from + options.limit)
    }
    const end = Math.min(options.from ?? events.length - 1, events.length - 1) + 1
    return events.slice(Math.max(end - options.limit, 0), end).reverse()
  }

  readAll({ after, limit }: ReadAllOptions): readonly StoredEvent[] {
    checkRead({ limit })
    const from = Number(after ?? 0n)
    return this.#log.slice(from, from + limit).map(({ event }) => event)
  }

  async *subscribeToAll(options: SubscribeOptions): AsyncGenerator<readonly StoredEvent[]> {
    const { signal, pageSizeMax } = options
    let { after } = options
    while (!signal.aborted) {
      const since = this.#wakeUps.count
      const page = this.readAll({ after, limit: pageSizeMax })
      after = page.at(-1)?.position ?? after
      if (page.length > 0) yield page
      else await this.#wakeUps.wait({ since, timeoutMs: POLL_MS, signal })
    }
  }

  eventAt(position: Position): StoredEvent | null {
    return this.#log[Number(position) - 1]?.event ?? null
  }

  head(): Position | null {
    return this.#log.at(-1)?.event.position ?? null
  }

  lag(after: Position | null, now: Date): Lag {
    const next = Number(after ?? 0n)
    const first = this.#log[next]
    if (first === undefined) return { events: 0, seconds: 0 }
    const seconds = Math.max(now.getTime() - first.recordedAtMs, 0) / 1000
    return { events: this.#log.length - next, seconds }
  }

  #record(stream: string, events: readonly EventToAppend[]): void {
    const recorded = this.#streams.get(stream) ?? []
    this.#streams.set(stream, recorded)
    for (const { id, type, data, metadata } of events) {
      const place = { stream, revision: recorded.length, position: BigInt(this.#log.length + 1) }
      const event = Object.freeze({ id, type, data, metadata, ...place })
      recorded.push(event)
      this.#log.push({ event, recordedAtMs: Date.now() })
    }
    this.#wakeUps.hint()
  }
}
