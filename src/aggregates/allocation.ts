import type { AllocatedCredit } from '../events/allocation-events.js'
import type { Entry } from '../events/parts.js'

/**
 * A credit on an invoice (L7), as one folio knows it. On the credit's folio it is reserved, then concluded or released;
 * on the invoice's it is applied or refused once and for all, and what was applied can be reversed.
 */
export type Allocation = Readonly<{
  allocationId: string
  documentId: string
  invoiceId: string
  state:
    | { at: 'reserved' | 'concluded' | 'released'; credit: AllocatedCredit }
    | {
        at: 'applied' | 'reversed'
        credit: AllocatedCredit
        number: string
        date: string
        entry: Entry
      }
    | { at: 'refused'; code: string; figures: Readonly<Record<string, unknown>> }
}>
