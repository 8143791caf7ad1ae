/** What pulling orders needs of the rest, and how it ends. */
import type { Handler } from '../../commands/handle.js'
import type { Outcome } from '../../commands/outcome.js'
import type { Caller } from '../../commands/ports.js'
import type { CallOptions, Failure, Store } from '../platforms/platform.js'

export type PullPorts = Readonly<{
  handler: Pick<Handler, 'folio' | 'readFolio' | 'readBooks' | 'readInstance'>
  storeOf: (instance: string) => Promise<Store | null>
  /** The calendar day it is in a time zone. */
  today: (timeZone: string) => string
  monotonicMs: () => number
  /** Another text each time. */
  newId: () => string
}>

export type OrderAtStore = Readonly<{ instance: string; order: string }>

export type PullFailure = Readonly<{
  /**
   * Whom it concerns: no order of this store can be read now; this order cannot be taken over as it is; or one of both,
   * and others will show which.
   */
  of: 'store' | 'order' | 'either'
  /** For people; never a credential. */
  why: string
  retryAfterMs: number | null
}>

export const WHY_LENGTH_MAX = 500

/** The ledger's own work (M10): under fresh keys, for what was pulled twice is known by what it says. */
export function pullCaller({ newId }: Pick<PullPorts, 'newId'>, correlation: string): Caller {
  return { principal: 'folio', key: `pull-${newId()}`, correlation }
}

export function callFor(
  { monotonicMs }: Pick<PullPorts, 'monotonicMs'>,
  deadlineMs: number,
  signal?: AbortSignal,
): CallOptions {
  const options = { deadlineMs: monotonicMs() + deadlineMs }
  return signal === undefined ? options : { ...options, signal }
}

export function failureAtStore({ reason, status, detail, retryAfterMs }: Failure): PullFailure {
  const answered = status === null ? '' : ` (${status})`
  const said = detail === '' ? '' : `: ${detail}`
  return { of: CONCERNS[reason], why: cut(`${IN_WORDS[reason]}${answered}${said}`), retryAfterMs }
}

const IN_WORDS: Readonly<Record<Failure['reason'], string>> = {
  not_authorised: 'the store does not take the token',
  limited: 'the store takes no more requests for now',
  address_not_allowed: 'its address is not allowed',
  not_found: 'the store does not have it',
  refused: 'the store refused',
  not_understood: 'the answer of the store is not understood',
  unavailable: 'the store does not answer',
}

const CONCERNS: Readonly<Record<Failure['reason'], PullFailure['of']>> = {
  not_authorised: 'store',
  limited: 'store',
  address_not_allowed: 'store',
  not_found: 'order',
  refused: 'order',
  not_understood: 'order',
  unavailable: 'either',
}

/** Why a command of the ledger's own was not accepted. */
export function failureOfCommand(
  command: string,
  outcome: Exclude<Outcome, { outcome: 'accepted' }>,
): PullFailure {
  const why = outcome.outcome === 'refused' ? outcome.refusal : outcome.issues
  return { of: 'order', why: cut(`${command}: ${JSON.stringify(why)}`), retryAfterMs: null }
}

export function cut(text: string): string {
  return text.slice(0, WHY_LENGTH_MAX).toWellFormed()
}
