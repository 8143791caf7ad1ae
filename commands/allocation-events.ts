/** What an allocation has come to, read off the two folios that it stands on. */
import type { LedgerEvent, LedgerFact } from '../src/events/ledger-event.js'
import type { LedgerLog } from '../src/event-store/log.js'
import { folioOfDocument, folioStream } from './document-id.js'

export type AllocationIds = Readonly<{ allocationId: string; invoiceId: string }>

/** Those of the credit's folio first; an allocation's id carries it. */
export async function eventsOfAllocation(
  { allocationId, invoiceId }: AllocationIds,
  log: LedgerLog,
): Promise<readonly LedgerEvent[]> {
  const folios = new Set([allocationId, invoiceId].map(folioOfDocument))
  const read = await Promise.all([...folios].map((folio) => log.read(folioStream(folio), 0)))
  return read.flat().filter((event) => allocationOf(event) === allocationId)
}

type AllocationFact = Extract<LedgerFact, { type: `Allocation${string}` }>

export function isAllocationFact(fact: LedgerFact): fact is AllocationFact {
  return fact.type.startsWith('Allocation')
}

function allocationOf(event: LedgerEvent): string | null {
  if (!isAllocationFact(event)) return null
  return 'credit' in event.data ? event.data.credit.allocationId : event.data.allocationId
}
