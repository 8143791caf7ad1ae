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
  reasonOf,
  settledWithin,
  unavailable,
} from './eventstoredb-connection.js'
import { DELETED, type Reader } from './eventstoredb-reading.js'
import { toWire } from './eventstoredb-wire.js'
import { EventStoreBusy, EventStoreUnavailable, StreamDamaged } from './event-store.js'
import type { AppendOutcome, EventToAppend, ExpectedRevision, Position } from './event-store.js'

const WAITING_APPENDS_MAX = 10_000
const WAITING_BYTES_MAX = 64_000_000

type Append = Readonly<{
  stream: string
  expected: ExpectedRevision
  events: readonly EventToAppend[]
}>
type Appended = Extract<AppendOutcome, { outcome: 'appended' }>

export class Appender {
  readonly #connection: Connection
  readonly #reader: Reader
  readonly #deadlineMs: number
  readonly #underWay = new Set<Promise<AppendOutcome>>()
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
    const work = this.#untilAnswered(append)
    this.#underWay.add(work)
    try {
      return await work
    } finally {
      this.#underWay.delete(work)
      this.#waitingBytes -= bytes
    }
  }

  /** Waits for what was handed over already; its deadlines bound the wait. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#underWay)
  }

  async #untilAnswered(append: Append): Promise<AppendOutcome> {
    const { place } = this.#connection
    const end = performance.now() + this.#deadlineMs
    let wasSent = false
    for (let attempt = 0; ; attempt += 1) {
      const reachedBefore = this.#reached
      try {
        const answer = await settledWithin(end - performance.now(), () => this.#send(append))
        return answer.outcome === 'appended' && answer.position <= reachedBefore
          ? await this.#checkedRepeat(append, answer)
          : answer
      } catch (error) {
        if (!isConnectionLoss(error)) throw deniedOr(error, this.#connection)
        wasSent ||= !isNotSent(error)
        const pauseMs = backoffMs(attempt)
        if (performance.now() + pauseMs < end) {
          await delay(pauseMs)
          continue
        }
        if (!wasSent) throw unavailable(place, this.#deadlineMs, error)
        const reason = `${place} gave no answer within ${this.#deadlineMs} ms: ${reasonOf(error)}`
        return { outcome: 'unknown', reason }
      }
    }
  }

  async #send({ stream, expected, events }: Append): Promise<AppendOutcome> {
    const { client, call } = this.#connection
    try {
      const { nextExpectedRevision, position } = await client.appendToStream(
        stream,
        events.map(toWire),
        {
          ...call,
          expectedRevision: expected === 'no_stream' ? expected : BigInt(expected),
          deadline: this.#deadlineMs,
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
   * The server takes events for the same by their ids alone. A position that was passed long ago tells a repeat, and
   * what stands there tells whether it is one. (In the ledger an id is made from the content; this is for all others.)
   */
  async #checkedRepeat(
    { stream, expected, events }: Append,
    answer: Appended,
  ): Promise<AppendOutcome> {
    const from = expected === 'no_stream' ? 0 : expected + 1
    const there = await this.#reader.readStream(stream, { from, limit: events.length })
    const areTheSame = events.every((event, index) => {
      const stored = there[index]
      return (
        stored?.type === event.type &&
        stored.data === event.data &&
        stored.metadata === event.metadata
      )
    })
    if (areTheSame) return answer
    const [last] = await this.#reader.readStream(stream, { direction: 'backwards', limit: 1 })
    return { outcome: 'conflict', expected, actual: last?.revision ?? 'no_stream' }
  }
}
