/** Following the log: NOTIFY is a hint, polling is the truth (architecture 4). */
import { setTimeout as delay } from 'node:timers/promises'
import { EventStoreUnavailable } from './event-store.js'
import type { ReadAllOptions, StoredEvent, SubscribeOptions } from './event-store.js'
import { backoffMs } from './backoff.js'
import { openConnection, queryWithin } from './postgres-connections.js'
import type { ConnectionOptions } from './postgres-connections.js'
import { CHANNEL } from './postgres-schema.js'
import { unlessAborted } from './unless-aborted.js'
import { WakeUps } from './wake-ups.js'

/** A connection can fall silent without ending; asked this often, it is noticed. */
const HEARTBEAT_MS = 15_000
const HEARTBEAT_TIMEOUT_MS = 5_000

export type SubscriptionOptions = ConnectionOptions &
  Readonly<{
    pollMs: number
    log: (message: string) => void
    readAll: (options: ReadAllOptions) => Promise<readonly StoredEvent[]>
  }>

export class Subscriptions {
  readonly #options: SubscriptionOptions
  readonly #wakeUps = new WakeUps()
  readonly #closing = new AbortController()
  #followers = 0
  #listening: Promise<void> | null = null
  /** Aborted when the last follower has gone. */
  #unneeded = new AbortController()

  constructor(options: SubscriptionOptions) {
    this.#options = options
  }

  async *subscribeToAll(options: SubscribeOptions): AsyncGenerator<readonly StoredEvent[]> {
    const signal = AbortSignal.any([options.signal, this.#closing.signal])
    if (signal.aborted) return
    this.#join()
    try {
      yield* this.#follow(options, signal)
    } finally {
      this.#leave()
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#unneeded.abort()
    await this.#listening
  }

  async *#follow(
    { after: start, pageSizeMax }: SubscribeOptions,
    signal: AbortSignal,
  ): AsyncGenerator<readonly StoredEvent[]> {
    const { pollMs, log, readAll } = this.#options
    let after = start
    let failures = 0
    while (!signal.aborted) {
      const since = this.#wakeUps.count
      try {
        const page = await unlessAborted(readAll({ after, limit: pageSizeMax }), signal)
        if (page === null) return
        failures = 0
        after = page.at(-1)?.position ?? after
        if (page.length === 0) await this.#wakeUps.wait({ since, timeoutMs: pollMs, signal })
        else yield page
      } catch (error) {
        if (!(error instanceof EventStoreUnavailable)) throw error
        log(`A subscription waits for the event log: ${error.message}`)
        await pause(backoffMs(failures), signal)
        failures += 1
      }
    }
  }

  #join(): void {
    this.#followers += 1
    if (this.#followers > 1) return
    const unneeded = new AbortController()
    this.#unneeded = unneeded
    const before = this.#listening ?? Promise.resolve()
    this.#listening = before.then(() => this.#listen(unneeded.signal))
  }

  #leave(): void {
    this.#followers -= 1
    if (this.#followers === 0) this.#unneeded.abort()
  }

  /** One connection for all followers. Without it they are slower, not wrong, so it never fails: it tries again. */
  async #listen(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await this.#listenOnce(signal, () => {
          attempt = 0
        })
      } catch (error) {
        this.#options.log(`Listening to the event log was interrupted: ${String(error)}`)
      }
      await pause(backoffMs(attempt), signal)
    }
  }

  async #listenOnce(signal: AbortSignal, onListening: () => void): Promise<void> {
    const lost = new AbortController()
    const client = await openConnection({
      ...this.#options,
      statementTimeoutMs: HEARTBEAT_TIMEOUT_MS,
      onLost: () => {
        lost.abort()
      },
    })
    try {
      client.on('notification', () => {
        this.#wakeUps.hint()
      })
      await queryWithin(client, `listen ${CHANNEL}`, HEARTBEAT_TIMEOUT_MS)
      onListening()
      // What was appended before the connection listened sent its hint to nobody.
      this.#wakeUps.hint()
      const ended = AbortSignal.any([signal, lost.signal])
      for (;;) {
        await pause(HEARTBEAT_MS, ended)
        if (ended.aborted) return
        await queryWithin(client, 'select', HEARTBEAT_TIMEOUT_MS)
      }
    } finally {
      client.cut()
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Being woken early by the signal is no failure; the caller looks at it next.
  await delay(ms, undefined, { signal }).catch(() => undefined)
}
