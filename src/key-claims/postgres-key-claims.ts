/**
 * The table of keys that gives early answers (architecture 5), in PostgreSQL, for all processes that share the database.
 * Claims and settlements gather while the previous batch is under way, and then go in one round trip. It stands before
 * every command, so it never stands in the way: whatever fails, or takes too long, is granted, and the log decides.
 *
 * The table keeps a used key for 30 days: so long it is refused early to any other request. After that only its own
 * folio knows it, and never forgets it: it stands in the events' metadata.
 */
import type { KeyClaim, KeyClaims, KeyRequest } from '../../commands/ports.js'
import { backoffMs } from '../event-store/backoff.js'
import { isClaimable } from './claimable.js'
import { judgeClaim, UNCLAIMED } from './judge-claim.js'
import { type Holder, isHolderUseless, openHolder, type Settlement } from './postgres-holder.js'
import { contestsOf, grantOf, type Contest, type WaitingClaim, waitForClaim } from './waiting.js'

const CLAIM_DEADLINE_MS = 2_000
const CLAIMS_PER_BATCH_MAX = 256
const SETTLEMENTS_PER_BATCH_MAX = 1_024
const WAITING_CLAIMS_MAX = 10_000
/** Beyond that they are dropped: the claims end with their lifetime. */
const WAITING_SETTLEMENTS_MAX = 10_000
const SETTLEMENT_TRIES_MAX = 3
const SWEEP_EVERY_MS = 10 * 60_000
/** While there is more to delete than a portion. */
const SWEEP_ON_AFTER_MS = 1_000
const WARN_EVERY_MS = 10_000

export type PostgresKeyClaimsOptions = Readonly<{
  connectionString: string
  /** A sentence for whoever runs this, once in a while, when keys are not claimed. */
  warn?: (line: string) => void
}>

/** Opens also while the database is away. `close` hands over what was settled, and then ends the connection. */
export async function openPostgresKeyClaims(
  options: PostgresKeyClaimsOptions,
): Promise<KeyClaims & { close(): Promise<void> }> {
  const claims = new PostgresKeyClaims(options)
  await claims.open()
  return claims
}

type Settling = Settlement & Readonly<{ tries: number }>

class PostgresKeyClaims implements KeyClaims {
  readonly #options: PostgresKeyClaimsOptions
  #claims: WaitingClaim[] = []
  #settlements: Settling[] = []
  #tickets = 0
  #holder: Holder | null = null
  /** The database cannot be reached; who asks meanwhile does not wait. */
  #away: Readonly<{ attempts: number; untilMs: number }> | null = null
  #working: Promise<void> | null = null
  #closed = false
  #sweepAtMs = 0
  #warnAtMs = 0

  constructor(options: PostgresKeyClaimsOptions) {
    this.#options = options
  }

  async open(): Promise<void> {
    await this.#connected()
  }

  claim(request: KeyRequest): Promise<KeyClaim> {
    if (this.#closed || !isClaimable(request)) return Promise.resolve(UNCLAIMED)
    if (this.#away !== null) {
      this.#start()
      return Promise.resolve(UNCLAIMED)
    }
    if (this.#claims.length >= WAITING_CLAIMS_MAX) {
      this.#warn('too many wait already')
      return Promise.resolve(UNCLAIMED)
    }
    this.#tickets += 1
    const onExpired = () => {
      this.#warn(`there was no answer within ${CLAIM_DEADLINE_MS} ms`)
      // Whoever comes while the connection is still being tried does not wait as long again.
      if (this.#holder === null) this.#away ??= { attempts: 0, untilMs: 0 }
    }
    const options = { request, ticket: this.#tickets, deadlineMs: CLAIM_DEADLINE_MS, onExpired }
    return waitForClaim({ ...options, onSettled: this.#settle }, (claim) => {
      this.#claims.push(claim)
      this.#start()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    while (this.#working !== null) await this.#working
    await this.#holder?.close()
  }

  readonly #settle = (settlement: Settlement): void => {
    // A command that outlives the process's closing: its claim ends with the holder.
    if (this.#closed && this.#working === null) return
    if (this.#settlements.length >= WAITING_SETTLEMENTS_MAX) return
    this.#settlements.push({ ...settlement, tries: 0 })
    this.#start()
  }

  #start(): void {
    if (this.#away !== null && performance.now() < this.#away.untilMs) return
    this.#working ??= this.#work().finally(() => {
      this.#working = null
      if (this.#hasWork()) this.#start()
    })
  }

  #hasWork(): boolean {
    return this.#claims.length > 0 || this.#settlements.length > 0
  }

  async #work(): Promise<void> {
    // Whoever asks in this turn of the event loop shares the batch.
    await new Promise(setImmediate)
    do {
      const holder = await this.#connected()
      if (holder === null) {
        for (const claim of this.#claims.splice(0)) claim.answer(UNCLAIMED)
        return
      }
      await this.#send(holder)
      if (performance.now() >= this.#sweepAtMs) await this.#sweep(holder)
    } while (this.#hasWork())
  }

  /** Tries once; the next try comes with a claim, after a while that grows. */
  async #connected(): Promise<Holder | null> {
    if (this.#holder !== null || this.#closed) return this.#holder
    try {
      this.#holder = await openHolder(this.#options.connectionString, (lost) => {
        if (this.#holder?.id === lost) this.#holder = null
      })
      this.#away = null
    } catch (reason) {
      const attempts = (this.#away?.attempts ?? 0) + 1
      this.#away = { attempts, untilMs: performance.now() + backoffMs(attempts) }
      this.#warn(String(reason))
    }
    return this.#holder
  }

  async #send(holder: Holder): Promise<void> {
    const settlements = this.#settlements.splice(0, SETTLEMENTS_PER_BATCH_MAX)
    // No claim overtakes the settlement of its key.
    const taken = this.#settlements.length > 0 ? [] : this.#claims.splice(0, CLAIMS_PER_BATCH_MAX)
    const contests = contestsOf(taken)
    if (settlements.length === 0 && contests.length === 0) return
    for (const { first } of contests) first.holder = holder.id
    try {
      const claims = contests.map(({ first }) => first)
      const taken = await holder.settleAndClaim({ settlements, claims })
      for (const [nth, { first, others }] of contests.entries()) {
        const held = taken.get(nth)
        first.answer(
          held === undefined ? grantOf(first, this.#settle) : judgeClaim(first.request, held),
        )
        const state = held ?? { ...first.request, state: 'running' }
        for (const other of others) other.answer(judgeClaim(other.request, state))
      }
    } catch (reason) {
      this.#fail(holder, reason)
      this.#release(settlements, contests)
    }
  }

  /** Nobody knows what of the batch was done: its claims may stand, and to settle once more does no harm. */
  #release(settlements: readonly Settling[], contests: readonly Contest[]): void {
    const again = settlements.map((one) => ({ ...one, tries: one.tries + 1 }))
    this.#settlements.unshift(...again.filter(({ tries }) => tries < SETTLEMENT_TRIES_MAX))
    for (const { first, others } of contests) {
      first.answer(grantOf(first, this.#settle))
      for (const other of others) other.answer(UNCLAIMED)
    }
  }

  async #sweep(holder: Holder): Promise<void> {
    let isMore = false
    try {
      isMore = await holder.sweep()
    } catch (reason) {
      this.#fail(holder, reason)
    }
    this.#sweepAtMs = performance.now() + (isMore ? SWEEP_ON_AFTER_MS : SWEEP_EVERY_MS)
  }

  #fail(holder: Holder, reason: unknown): void {
    this.#warn(String(reason))
    if (!isHolderUseless(reason)) return
    if (this.#holder === holder) this.#holder = null
    holder.cut()
  }

  #warn(reason: string): void {
    const nowMs = performance.now()
    if (nowMs < this.#warnAtMs) return
    this.#warnAtMs = nowMs + WARN_EVERY_MS
    this.#options.warn?.(`Keys are not claimed just now, and the log alone decides: ${reason}`)
  }
}
