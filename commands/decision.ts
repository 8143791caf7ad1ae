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

export type Decision = Accepted | Readonly<{ outcome: 'refused'; refusal: Refusal }>

/** Without an event: what was asked for is so already. */
export function accept(...events: readonly LedgerFact[]): Accepted {
  return { outcome: 'accepted', numbers: [], claim: null, events: () => events }
}

export function acceptNumbered(
  numbers: readonly NumberRequest[],
  events: (...numbers: string[]) => readonly LedgerFact[],
  claim: BillNumberClaim | null = null,
): Accepted {
  return { outcome: 'accepted', numbers, claim, events: (taken) => events(...taken) }
}

export function refuse(refusal: Refusal): Decision {
  return { outcome: 'refused', refusal }
}
