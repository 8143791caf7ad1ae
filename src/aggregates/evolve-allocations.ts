/** What allocations make of the credit's folio and of the invoice's, which may be the same (L7). */
import type { AllocatedCredit } from '../events/allocation-events.js'
import type { Allocation } from './allocation.js'
import type { Amounts } from './amounts.js'
import { CorruptStream } from './corrupt-stream.js'
import { type CreditPart, withoutUse, withUse } from './credit.js'
import { movedOf } from './evolve-payments.js'
import {
  creditIn,
  type Folio,
  type FolioEvent,
  type FolioEventOf,
  postedInvoiceOf,
  withCredit,
  withEntry,
  withInvoice,
} from './folio.js'
import { withoutSettlement, withSettlement } from './invoice.js'
import { minus, plus } from '../money/money.js'

type AllocationEvent = Extract<FolioEvent, { type: `Allocation${string}` }>

export function afterAllocation(folio: Folio, event: AllocationEvent): Folio {
  switch (event.type) {
    case 'AllocationReserved': {
      const { credit, invoiceId } = event.data
      const reserved = withCredit(
        folio,
        credit.documentId,
        (found) => withUse(found, 'reserved', partOf(credit)),
        event,
      )
      return withAllocation(reserved, credit, invoiceId, { at: 'reserved', credit })
    }
    case 'AllocationApplied':
      return afterApplied(folio, event)
    case 'AllocationRefused': {
      const { allocationId, documentId, invoiceId, code, figures } = event.data
      const state = { at: 'refused', code, figures } as const
      const allocation = { allocationId, documentId, invoiceId, state }
      return { ...folio, allocations: withEntry(folio.allocations, allocationId, allocation) }
    }
    case 'AllocationConcluded': {
      const { credit, invoiceId, at } = heldBy(folio, event)
      if (at !== 'reserved') throw new CorruptStream(event, 'it is concluded already')
      const concluded = withCredit(
        folio,
        credit.documentId,
        (found) => ({
          ...found,
          reserved: minus(found.reserved, credit.amount),
          allocated: plus(found.allocated, credit.amount),
        }),
        event,
      )
      return withAllocation(concluded, credit, invoiceId, { at: 'concluded', credit })
    }
    case 'AllocationReleased': {
      const { credit, invoiceId, at } = heldBy(folio, event)
      const use = at === 'reserved' ? 'reserved' : 'allocated'
      const released = withCredit(
        folio,
        credit.documentId,
        (found) => withoutUse(found, use, partOf(credit)),
        event,
      )
      return withAllocation(released, credit, invoiceId, { at: 'released', credit })
    }
    case 'AllocationReversed':
      return afterReversed(folio, event)
  }
}

function afterApplied(folio: Folio, event: FolioEventOf<'AllocationApplied'>): Folio {
  const { credit, invoiceId, entry, date } = event.data
  const { documentId, direction } = credit
  const invoice = postedInvoiceOf(folio, invoiceId, event)
  const settled = withInvoice(
    folio,
    invoiceId,
    withSettlement(invoice, 'allocated', movedOf(entry, invoiceId, direction, event)),
  )
  const drawn =
    creditIn(folio, documentId) === null
      ? settled
      : withCredit(
          settled,
          documentId,
          (found) => withUse(found, 'allocated', partOf(credit)),
          event,
        )
  const state = { at: 'applied', credit, number: entry.number, date, entry } as const
  return withAllocation(drawn, credit, invoiceId, state)
}

function afterReversed(folio: Folio, event: FolioEventOf<'AllocationReversed'>): Folio {
  const { allocationId, documentId, invoiceId, entry } = event.data
  const allocation = folio.allocations.get(allocationId)
  if (allocation?.state.at !== 'applied') {
    throw new CorruptStream(event, `allocation ${allocationId} is not applied`)
  }
  const { state } = allocation
  const { credit } = state
  const invoice = postedInvoiceOf(folio, invoiceId, event)
  const back: Amounts = movedOf(entry, invoiceId, credit.direction === 'out' ? 'in' : 'out', event)
  const due = withInvoice(folio, invoiceId, withoutSettlement(invoice, 'allocated', back))
  const free =
    creditIn(folio, documentId) === null
      ? due
      : withCredit(
          due,
          documentId,
          (found) => withoutUse(found, 'allocated', partOf(credit)),
          event,
        )
  return withAllocation(free, credit, invoiceId, { ...state, at: 'reversed' })
}

type Held = Readonly<{ credit: AllocatedCredit; invoiceId: string; at: 'reserved' | 'concluded' }>

/** What an allocation draws on a credit of this folio. */
function heldBy(
  { allocations }: Folio,
  event: FolioEventOf<'AllocationConcluded' | 'AllocationReleased'>,
): Held {
  const allocation = allocations.get(event.data.allocationId)
  const state = allocation?.state
  if (allocation === undefined || (state?.at !== 'reserved' && state?.at !== 'concluded')) {
    throw new CorruptStream(event, `allocation ${event.data.allocationId} holds nothing`)
  }
  return { credit: state.credit, invoiceId: allocation.invoiceId, at: state.at }
}

function withAllocation(
  folio: Folio,
  { allocationId, documentId }: AllocatedCredit,
  invoiceId: string,
  state: Allocation['state'],
): Folio {
  const allocation = { allocationId, documentId, invoiceId, state }
  return { ...folio, allocations: withEntry(folio.allocations, allocationId, allocation) }
}

function partOf({ amount, booksAmount, tax }: AllocatedCredit): CreditPart {
  return { amount, booksAmount, tax: tax ?? null }
}
