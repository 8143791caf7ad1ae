/** Following the log by the server's own subscription, begun anew from the last event given wherever it breaks. */
import { setTimeout as delay } from 'node:timers/promises'
import {
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  START,
  streamNameFilter,
} from '@eventstore/db-client'
import { backoffMs } from './backoff.js'
import { type Connection, isInvalidPosition, letGo } from './eventstoredb-connection.js'
import {
  LEDGER_STREAMS,
  fromWire,
  ledgerEvent,
  positionOf,
  wirePosition,
} from './eventstoredb-wire.js'
import type { Position, ReadAllOptions, StoredEvent, SubscribeOptions } from './event-store.js'
import { unlessAborted } from './unless-aborted.js'
import { WakeUps } from './wake-ups.js'

/** Of events that are not the ledger's the server passes over so many before it says how far it is. */
const CHECKPOINT_EVERY = 1_000

export type SubscriptionOptions = Readonly<{
  connection: Connection
  readAll: (options: ReadAllOptions) => Promise<readonly StoredEvent[]>
  /** After so long without an event the log is asked whether there are any: a silent connection is noticed. */
  silenceMs: number
  log: (message: string) => void
}>

export class Subscriptions {
  readonly #options: SubscriptionOptions
  readonly #closing = new AbortController()

  constructor(options: SubscriptionOptions) {
    this.#options = options
  }

  async *subscribeToAll(options: SubscribeOptions): AsyncGenerator<readonly StoredEvent[]> {
    const { pageSizeMax } = options
    const signal = AbortSignal.any([options.signal, this.#closing.signal])
    let { after } = options
    const isOver = () => signal.aborted
    let failures = 0
    while (!isOver()) {
      try {
        for await (const page of this.#fromThere({ after, pageSizeMax, signal })) {
          failures = 0
          after = page.at(-1)?.position ?? after
          yield page
          if (isOver()) return
        }
      } catch (error) {
        if (isOver()) return
        // No other try will find it.
        if (isInvalidPosition(error)) throw error
        this.#options.log(`Following EventStoreDB begins anew: ${String(error)}`)
      }
      await delay(backoffMs(failures), undefined, { signal }).catch(() => undefined)
      failures += 1
    }
  }

  close(): void {
    this.#closing.abort()
  }

  /** Whoever is behind is given full pages; at the end of the log the server says what comes. Throws when that breaks. */
  async *#fromThere(options: SubscribeOptions): AsyncGenerator<readonly StoredEvent[]> {
    const { pageSizeMax, signal } = options
    let { after } = options
    for (let isBehind = true; isBehind && !signal.aborted;) {
      const page = await unlessAborted(this.#options.readAll({ after, limit: pageSizeMax }), signal)
      if (page === null) return
      after = page.at(-1)?.position ?? after
      isBehind = page.length === pageSizeMax
      if (page.length > 0) yield page
    }
    if (signal.aborted) return
    const following = new Following(this.#options, { after, pageSizeMax })
    try {
      for (;;) {
        const page = await following.nextPage(signal)
        if (page === null) return
        yield page
      }
    } finally {
      following.end()
    }
  }
}

/** One subscription, until it breaks. */
class Following {
  readonly #options: SubscriptionOptions
  readonly #subscription: AllStreamSubscription
  readonly #wakeUps = new WakeUps()
  readonly #pageSizeMax: number
  #after: Position | null
  #failure: Error | null = null

  constructor(
    options: SubscriptionOptions,
    { after, pageSizeMax }: Readonly<{ after: Position | null; pageSizeMax: number }>,
  ) {
    this.#options = options
    this.#after = after
    this.#pageSizeMax = pageSizeMax
    const { client, call } = options.connection
    this.#subscription = client.subscribeToAll(
      {
        ...call,
        fromPosition: after === null ? START : wirePosition(after),
        filter: streamNameFilter({ regex: LEDGER_STREAMS, maxSearchWindow: CHECKPOINT_EVERY }),
      },
      // What is read ahead of the follower is bounded; beyond it the connection's own flow control holds the server.
      { highWaterMark: pageSizeMax },
    )
    const wake = (): void => {
      this.#wakeUps.hint()
    }
    this.#subscription.on('readable', wake)
    // It stays listening: an error without a listener would end the process.
    this.#subscription.on('error', (error: Error) => {
      this.#failure ??= error
      wake()
    })
    this.#subscription.on('end', () => {
      this.#failure ??= new Error('the server ended the subscription')
      wake()
    })
  }

  /** `null` when the signal aborts. */
  async nextPage(signal: AbortSignal): Promise<readonly StoredEvent[] | null> {
    while (!signal.aborted) {
      const since = this.#wakeUps.count
      const page = this.#taken()
      if (page.length > 0) return page
      if (this.#failure !== null) throw this.#failure
      const { silenceMs } = this.#options
      await this.#wakeUps.wait({ since, timeoutMs: silenceMs, signal })
      if (this.#wakeUps.count === since) await this.#askWhetherSilent(signal)
    }
    return null
  }

  end(): void {
    letGo(this.#subscription, this.#subscription.unsubscribe())
  }

  #taken(): StoredEvent[] {
    const page: StoredEvent[] = []
    while (page.length < this.#pageSizeMax) {
      const resolved = this.#subscription.read() as AllStreamResolvedEvent | null
      if (resolved === null) break
      const event = ledgerEvent(resolved)
      if (event === null || (this.#after !== null && positionOf(event) <= this.#after)) continue
      this.#after = positionOf(event)
      page.push(fromWire(event))
    }
    return page
  }

  async #askWhetherSilent(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const since = this.#wakeUps.count
    const asking = this.#options.readAll({ after: this.#after, limit: 1 })
    const missed = (await unlessAborted(asking, signal)) ?? []
    if (missed.length > 0 && this.#wakeUps.count === since) {
      throw new Error('the subscription has fallen silent')
    }
  }
}
