/**
 * Appending to EventStoreDB. Under an exact expectation the server answers the very same append as it did the first
 * time, so one whose answer was lost is simply sent again, until the deadline.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { ErrorType, WrongExpectedVersionError } from '@eventstore/db-client'
import { backoffMs } from './backoff.js'
import {
  type Connection,
  deniedOr,
  errorType,
  isConnectionLoss,
  isNotSent,
  Reason,
  settledWithin,
  unavailable,
} from './eventstoredb-connection.js'
import { DELETED, type Reader } from './eventstoredb-reading.js'
import { toWire } from './eventstoredb-wire.js'
import { EventStoreBusy, EventStoreUnavailable, StreamDamaged, areTheSame } from './event-store.js'
import type { AppendOutcome, EventToAppend, ExpectedRevision, Position } from './event-store.js'

const WAITING_APPENDS_MAX = 10_000
const WAITING_BYTES_MAX = 64_000_000

type Append = Readonly<{
  stream: string
  expected: ExpectedRevision
  events: readonly EventToAppend[]
}>
type Appended = Extract<AppendOutcome, { outcome: 'appended' }>

const NOTHING = (): void => undefined

export class Appender {
  readonly #connection: Connection
  readonly #reader: Reader
  readonly #deadlineMs: number
  readonly #underWay = new Set<Promise<AppendOutcome>>()
  /** By stream, while appends to it are under way: the end of the last of them. */
  readonly #lastOf = new Map<string, Promise<void>>()
  #waitingBytes = 0
  #closed = false
  /** The highest position that an append came back with: what is appended from now on stands beyond it. */
  #reached: Position = -1n

  constructor(connection: Connection, reader: Reader, deadlineMs: number) {
    this.#connection = connection
    this.#reader = reader
    this.#deadlineMs = deadlineMs
  }

  async append(append: Append, bytes: number): Promise<AppendOutcome> {
    if (this.#closed) throw new EventStoreUnavailable('The event store is closed.')
    if (
      this.#underWay.size >= WAITING_APPENDS_MAX ||
      this.#waitingBytes + bytes > WAITING_BYTES_MAX
    ) {
      throw new EventStoreBusy(this.#underWay.size)
    }
    this.#waitingBytes += bytes
    const work = this.#inTurn(append)
    this.#underWay.add(work)
    try {
      return await work
    } finally {
      this.#underWay.delete(work)
      this.#waitingBytes -= bytes
    }
  }

  /** Calls overtake each other on their way; those to one stream go one after the other, as they were handed over. */
  async #inTurn(append: Append): Promise<AppendOutcome> {
    const { stream } = append
    const end = performance.now() + this.#deadlineMs
    const before = this.#lastOf.get(stream)
    const work =
      before === undefined
        ? this.#untilAnswered(append, end)
        : before.then(() => this.#untilAnswered(append, end))
    // Whoever comes next waits for the end of this one, not for its success.
    const ended = work.then(NOTHING, NOTHING)
    this.#lastOf.set(stream, ended)
    try {
      return await work
    } finally {
      if (this.#lastOf.get(stream) === ended) this.#lastOf.delete(stream)
    }
  }

  /** Waits for what was handed over already; its deadlines bound the wait. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#underWay)
  }

  async #untilAnswered(append: Append, end: number): Promise<AppendOutcome> {
    const reachedBefore = this.#reached
    const answer = await this.#sentUntilAnswered(append, end)
    if (answer.outcome !== 'appended' || answer.position > reachedBefore) return answer
    try {
      return await this.#checkedRepeat(append, answer)
    } catch (error) {
      if (!(error instanceof EventStoreUnavailable)) throw error
      return { outcome: 'unknown', reason: error.message }
    }
  }

  async #sentUntilAnswered(append: Append, end: number): Promise<AppendOutcome> {
    const { place } = this.#connection
    if (performance.now() >= end) {
      throw new EventStoreUnavailable(
        `Its turn to append did not come within ${this.#deadlineMs} ms; nothing was sent.`,
      )
    }
    const reason = new Reason()
    let wasSent = false
    for (let attempt = 0; ; attempt += 1) {
      const leftMs = end - performance.now()
      try {
        return await settledWithin(leftMs, () => this.#send(append, leftMs))
      } catch (error) {
        if (!isConnectionLoss(error)) throw deniedOr(error, this.#connection)
        reason.add(error)
        wasSent ||= !isNotSent(error)
        const pauseMs = backoffMs(attempt)
        if (performance.now() + pauseMs < end) {
          await delay(pauseMs)
          continue
        }
        const failure = unavailable(place, this.#deadlineMs, reason)
        if (!wasSent) throw failure
        return { outcome: 'unknown', reason: failure.message }
      }
    }
  }

  async #send({ stream, expected, events }: Append, leftMs: number): Promise<AppendOutcome> {
    const { client, call } = this.#connection
    try {
      const { nextExpectedRevision, position } = await client.appendToStream(
        stream,
        events.map(toWire),
        {
          ...call,
          expectedRevision: expected === 'no_stream' ? expected : BigInt(expected),
          deadline: Math.ceil(leftMs),
        },
      )
      const revision = Number(nextExpectedRevision)
      const wanted = (expected === 'no_stream' ? -1 : expected) + events.length
      if (revision !== wanted) {
        throw new StreamDamaged(
          stream,
          `went on at revision ${revision} where ${wanted} was to be: it was deleted or truncated before`,
        )
      }
      if (position === undefined) throw new Error('EventStoreDB gave no position for an append.')
      this.#reached = position.commit > this.#reached ? position.commit : this.#reached
      return { outcome: 'appended', revision, position: position.commit }
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) {
        const { actualVersion } = error
        const actual = typeof actualVersion === 'bigint' ? Number(actualVersion) : 'no_stream'
        return { outcome: 'conflict', expected, actual }
      }
      if (errorType(error) === ErrorType.STREAM_DELETED) throw new StreamDamaged(stream, DELETED)
      throw error
    }
  }

  /**
   * The server takes events for the same by their ids alone. A position that this process has passed already tells a
   * repeat, and what stands there tells whether it is one. (In the ledger an id is made from the content; this is for all
   * others, and does not see what another process appended meanwhile.)
   */
  async #checkedRepeat(
    { stream, expected, events }: Append,
    answer: Appended,
  ): Promise<AppendOutcome> {
    const from = expected === 'no_stream' ? 0 : expected + 1
    const there = await this.#reader.readStream(stream, { from, limit: events.length })
    if (areTheSame(there, events)) return answer
    const [last] = await this.#reader.readStream(stream, { direction: 'backwards', limit: 1 })
    return { outcome: 'conflict', expected, actual: last?.revision ?? 'no_stream' }
  }
}
