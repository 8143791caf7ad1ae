import type { LedgerFact } from '../src/events/ledger-event.js'
import type { SeriesName } from '../src/events/series-events.js'
import type { Refusal } from './refusal.js'

/** A number to take before the append: for this document, as the permission to post on this date (architecture 3). */
export type NumberRequest = Readonly<{ series: SeriesName; document: string; postingDate: string }>

/** A supplier's own bill number, to be claimed for the bill before the append (L26). */
export type BillNumberClaim = Readonly<{
  party: string
  supplierReference: string
  document: string
}>

export type Accepted = Readonly<{
  outcome: 'accepted'
  numbers: readonly NumberRequest[]
  claim: BillNumberClaim | null
  /** The events, once the numbers asked for are known; in the order they were asked for. */
  events: (numbers: readonly string[]) => readonly LedgerFact[]
}>

export type Refused = Readonly<{ outcome: 'refused'; refusal: Refusal }>
export type Decision = Accepted | Refused

/** Without an event: what was asked for is so already. */
export function accept(...events: readonly LedgerFact[]): Accepted {
  return { outcome: 'accepted', numbers: [], claim: null, events: () => events }
}

type NumbersOf<Requests extends readonly NumberRequest[]> = {
  readonly [Place in keyof Requests]: string
}

export function acceptNumbered<const Requests extends readonly NumberRequest[]>(
  numbers: Requests,
  events: (...numbers: NumbersOf<Requests>) => readonly LedgerFact[],
  claim: BillNumberClaim | null = null,
): Accepted {
  return {
    outcome: 'accepted',
    numbers,
    claim,
    // Whoever accepts takes as many as were asked for, in that order.
    events: (taken) => events(...(taken as NumbersOf<Requests>)),
  }
}

export function refuse(refusal: Refusal): Refused {
  return { outcome: 'refused', refusal }
}
