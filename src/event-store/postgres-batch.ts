/**
 * Group commit: appends wait while the previous commit flushes and then go to the server together, in one round trip
 * and one transaction, each with its own verdict (architecture 4).
 */
import { setTimeout as delay } from 'node:timers/promises'
import { EventStoreBusy, EventStoreUnavailable } from './event-store.js'
import type { AppendOutcome, EventToAppend, ExpectedRevision } from './event-store.js'
import { appendBatch } from './postgres-append.js'
import { backoffMs } from './backoff.js'
import { isConnectionLoss, openConnection } from './postgres-connections.js'
import type { Connection, ConnectionOptions } from './postgres-connections.js'

const BATCH_APPENDS_MAX = 256
const BATCH_BYTES_MAX = 4_000_000
const WAITING_APPENDS_MAX = 10_000
const WAITING_BYTES_MAX = 64_000_000

/** Deadlocks and the like, which another try may pass. */
const TRIES_MAX = 3

export type AppenderOptions = ConnectionOptions &
  Readonly<{ deadlineMs: number; log: (message: string) => void }>

type Append = {
  readonly stream: string
  readonly expected: ExpectedRevision
  readonly events: readonly EventToAppend[]
  readonly bytes: number
  state: 'waiting' | 'sent' | 'settled'
  readonly settle: (outcome: AppendOutcome) => void
  readonly fail: (error: unknown) => void
}

export class Appender {
  readonly #options: AppenderOptions
  #waiting: Append[] = []
  #waitingBytes = 0
  #working: Promise<void> | null = null
  #client: Connection | null = null
  #closed = false

  constructor(options: AppenderOptions) {
    this.#options = options
  }

  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
    bytes: number,
  ): Promise<AppendOutcome> {
    if (this.#closed) return Promise.reject(new EventStoreUnavailable('The event store is closed.'))
    if (
      this.#waiting.length >= WAITING_APPENDS_MAX ||
      this.#waitingBytes + bytes > WAITING_BYTES_MAX
    ) {
      return Promise.reject(new EventStoreBusy(this.#waiting.length))
    }
    return new Promise((resolve, reject) => {
      const end = (): void => {
        append.state = 'settled'
        clearTimeout(timer)
      }
      const append: Append = {
        stream,
        expected,
        events,
        bytes,
        state: 'waiting',
        settle: (outcome) => {
          end()
          resolve(outcome)
        },
        fail: (error) => {
          end()
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- It is what was caught.
          reject(error)
        },
      }
      const timer = setTimeout(() => {
        this.#expire(append)
      }, this.#options.deadlineMs)
      this.#enqueue([append])
    })
  }

  /** Waits for what was handed over already; its deadlines bound the wait. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#working
    await this.#client?.close()
  }

  #enqueue(appends: readonly Append[]): void {
    this.#waiting.push(...appends)
    this.#waitingBytes += appends.reduce((bytes, append) => bytes + append.bytes, 0)
    this.#working ??= this.#work().finally(() => {
      this.#working = null
      if (this.#waiting.length > 0) this.#enqueue([])
    })
  }

  async #work(): Promise<void> {
    // Whoever appends in this turn of the event loop shares the batch.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) {
      const client = await this.#connected()
      if (client !== null) await this.#send(client, this.#take())
    }
  }

  #take(): Append[] {
    let bytes = 0
    let count = 0
    for (const append of this.#waiting) {
      if (count >= BATCH_APPENDS_MAX || (count > 0 && bytes + append.bytes > BATCH_BYTES_MAX)) break
      bytes += append.bytes
      count += 1
    }
    this.#waitingBytes -= bytes
    return this.#waiting.splice(0, count)
  }

  /** Tries for as long as anybody waits; each append's own deadline ends its wait. */
  async #connected(): Promise<Connection | null> {
    const { deadlineMs, log } = this.#options
    for (let attempt = 0; this.#client === null && this.#waiting.length > 0; attempt += 1) {
      try {
        const client = await openConnection({
          ...this.#options,
          // The server gives up well before we do, so that most failures are certain ones.
          statementTimeoutMs: deadlineMs / 3,
          onLost: (lost) => {
            if (this.#client === lost) this.#client = null
          },
        })
        this.#client = client
      } catch (error) {
        log(`Appending waits for a connection to the event log: ${String(error)}`)
        await delay(backoffMs(attempt))
      }
    }
    return this.#client
  }

  async #send(client: Connection, batch: readonly Append[], attempt = 1): Promise<void> {
    const appends = batch.filter(({ state }) => state !== 'settled')
    if (appends.length === 0) return
    for (const append of appends) append.state = 'sent'
    try {
      const outcomes = await appendBatch(client, appends)
      for (const [index, append] of appends.entries()) {
        const outcome = outcomes[index]
        if (outcome !== undefined && append.state === 'sent') append.settle(outcome)
      }
    } catch (error) {
      if (isConnectionLoss(error)) this.#lose(client, appends, String(error))
      else await this.#sendSingly(client, appends, error, attempt)
    }
  }

  /** The server refused and nothing was appended. One of them is to blame; the others must not suffer from it. */
  async #sendSingly(
    client: Connection,
    appends: readonly Append[],
    error: unknown,
    attempt: number,
  ): Promise<void> {
    const [first] = appends
    if (appends.length === 1 && first !== undefined) {
      if (isWorthAnotherTry(error) && attempt < TRIES_MAX)
        await this.#send(client, appends, attempt + 1)
      else if (first.state === 'sent') first.fail(asUnavailable(error))
      return
    }
    this.#options.log(
      `A batch of ${appends.length} appends failed and is tried singly: ${String(error)}`,
    )
    for (const append of appends) if (append.state === 'sent') append.state = 'waiting'
    for (const [index, append] of appends.entries()) {
      if (this.#client !== client) {
        this.#enqueue(appends.slice(index).filter(({ state }) => state === 'waiting'))
        return
      }
      await this.#send(client, [append])
    }
  }

  #lose(client: Connection, appends: readonly Append[], reason: string): void {
    if (this.#client === client) this.#client = null
    client.cut()
    for (const append of appends) {
      if (append.state === 'sent') append.settle({ outcome: 'unknown', reason })
    }
  }

  #expire(append: Append): void {
    const { deadlineMs } = this.#options
    const waited = `within ${deadlineMs} ms`
    if (append.state === 'sent') {
      append.settle({ outcome: 'unknown', reason: `no answer ${waited}` })
      // The query in flight now rejects, which settles the others of the batch.
      this.#client?.cut()
      this.#client = null
      return
    }
    const place = this.#waiting.indexOf(append)
    if (place >= 0) {
      this.#waiting.splice(place, 1)
      this.#waitingBytes -= append.bytes
    }
    append.fail(
      new EventStoreUnavailable(`Its turn to append did not come ${waited}; nothing was sent.`),
    )
  }
}

/** The server gave up waiting, so nothing was appended. */
function asUnavailable(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === '57014')) return error
  return new EventStoreUnavailable(
    'The event log was held up for too long; nothing was appended.',
    {
      cause: error,
    },
  )
}

function isWorthAnotherTry(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('40')
}
