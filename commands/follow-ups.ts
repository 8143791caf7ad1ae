/**
 * What an event of one folio asks of another (architecture 1): the next step, and its input. A pure map, so that whoever
 * reads the event, whenever and however often, asks for the very same. Each step looks at what its folio has recorded:
 * taken twice, or late, it appends nothing.
 */
import type { LedgerFact } from '../src/events/ledger-event.js'
import { isAllocationFact } from './allocation-events.js'
import type { FolioCommand } from './command.js'
import { applyAllocation } from './credit/apply-allocation.js'
import { concludeAllocation } from './credit/conclude-allocation.js'
import { returnCredit } from './credit/return-credit.js'
import { isWithinOneFolio } from './document-id.js'

export type FollowUp = Readonly<{
  command: FolioCommand
  input: unknown
  /** The same for the same event; with a blank, which no caller's key has. */
  key: string
}>

export function followUp(fact: LedgerFact): FollowUp | null {
  if (!isAllocationFact(fact)) return null
  switch (fact.type) {
    case 'AllocationReserved': {
      const { credit, invoiceId, date } = fact.data
      return step(applyAllocation, credit.allocationId, { credit, invoiceId, date })
    }
    case 'AllocationApplied': {
      const { credit, invoiceId, entry } = fact.data
      const { allocationId, documentId } = credit
      // Within one folio the credit was drawn in the same append.
      if (isWithinOneFolio(documentId, invoiceId)) return null
      const { number } = entry
      return step(concludeAllocation, allocationId, { allocationId, documentId, number })
    }
    case 'AllocationRefused': {
      const { allocationId, documentId } = fact.data
      return step(returnCredit, allocationId, { allocationId, documentId, cause: 'refused' })
    }
    case 'AllocationReversed': {
      const { allocationId, documentId, invoiceId } = fact.data
      if (isWithinOneFolio(documentId, invoiceId)) return null
      return step(returnCredit, allocationId, { allocationId, documentId, cause: 'reversed' })
    }
    case 'AllocationConcluded':
    case 'AllocationReleased':
      return null
  }
}

function step(command: FolioCommand, allocationId: string, input: unknown): FollowUp {
  return { command, input, key: `${allocationId} ${command.name}` }
}
