/** Claims that wait for their batch, each until its own deadline; then the log alone decides. */
import type { KeyClaim, KeyRequest } from '../../commands/ports.js'
import { placeOf } from './claimable.js'
import type { Settlement } from './postgres-holder.js'

export type WaitingClaim = {
  readonly request: KeyRequest
  /** Tells it from every other claim of its holder. */
  readonly ticket: number
  /** Who sent it to the table, so that it may stand there. */
  holder: string | null
  isAnswered: boolean
  readonly answer: (claim: KeyClaim) => void
}

export type ClaimOptions = Readonly<{
  request: KeyRequest
  ticket: number
  deadlineMs: number
  onExpired: (claim: WaitingClaim) => void
  onSettled: (settlement: Settlement) => void
}>

/** Hands the claim over to wait, and resolves with its answer. */
export function waitForClaim(
  { request, ticket, deadlineMs, onExpired, onSettled }: ClaimOptions,
  enqueue: (claim: WaitingClaim) => void,
): Promise<KeyClaim> {
  return new Promise((resolve) => {
    const claim: WaitingClaim = {
      request,
      ticket,
      holder: null,
      isAnswered: false,
      answer: (answer) => {
        if (claim.isAnswered) return
        claim.isAnswered = true
        clearTimeout(timer)
        resolve(answer)
      },
    }
    const timer = setTimeout(() => {
      onExpired(claim)
      claim.answer(grantOf(claim, onSettled))
    }, deadlineMs)
    enqueue(claim)
  })
}

/** Settled once, and only where the table may hold it. */
export function grantOf(
  claim: WaitingClaim,
  onSettled: (settlement: Settlement) => void,
): KeyClaim {
  const { request, ticket } = claim
  let isSettled = false
  return {
    claim: 'granted',
    settle: (outcome) => {
      if (isSettled || claim.holder === null) return
      isSettled = true
      onSettled({ request, ticket, holder: claim.holder, outcome })
    },
  }
}

/** The claims of one key within a batch: the first is asked for, and the others hear what that leaves them. */
export type Contest = Readonly<{ first: WaitingClaim; others: WaitingClaim[] }>

/** Leaves out who waits no longer. */
export function contestsOf(claims: readonly WaitingClaim[]): Contest[] {
  const contests = new Map<string, Contest>()
  for (const claim of claims) {
    if (claim.isAnswered) continue
    const place = placeOf(claim.request)
    const contest = contests.get(place)
    if (contest === undefined) contests.set(place, { first: claim, others: [] })
    contest?.others.push(claim)
  }
  return [...contests.values()]
}
