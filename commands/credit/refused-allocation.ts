/** A refusal that an event keeps, for whoever asked hears of it from another folio, and hears the same again. */
import type { FactOfType, LedgerFact } from '../../src/events/ledger-event.js'
import { REFUSAL_TITLES, type Refusal } from '../refusal.js'

type Refused = FactOfType<'AllocationRefused'>

/** On the invoice's folio: the reservation will never be applied, and why. */
export function refusedAllocation(
  ids: Pick<Refused['data'], 'allocationId' | 'documentId' | 'invoiceId'>,
  refusal: Refusal,
): Refused {
  const { code, ...figures } = refusal
  return { type: 'AllocationRefused', data: { ...ids, code, figures: plain(figures) } }
}

/** The refusal that an invoice's folio wrote down, as the caller is told of it. */
export function refusalIn(facts: readonly LedgerFact[]): Refusal | null {
  const found = facts.find(({ type }) => type === 'AllocationRefused')
  if (found?.type !== 'AllocationRefused') return null
  const { allocationId, code, figures } = found.data
  // The figures stand as the refusal had them. A rule that has another name by now is told by the ledger's word alone.
  return code in REFUSAL_TITLES
    ? ({ code, ...figures } as unknown as Refusal)
    : { code: 'allocation_refused', allocation: allocationId }
}

/** Every refusal of an allocation explains itself with texts, amounts and nothing: there are no lists among them. */
function plain(figures: Readonly<Record<string, unknown>>): Refused['data']['figures'] {
  return figures as Refused['data']['figures']
}
