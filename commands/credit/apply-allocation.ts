import { z } from 'zod'
import { allocatedCreditSchema } from '../../src/events/allocation-events.js'
import { daySchema, documentIdSchema } from '../../src/events/text.js'
import { followingCommand } from '../command.js'
import { accept, acceptNumbered } from '../decision.js'
import { nextJournalId } from '../document-id.js'
import { appliedAllocation } from './allocated-credit.js'
import {
  allocationDay,
  dateOfInvoice,
  dueInvoice,
  dueRefusal,
  meetingRefusal,
} from './allocation-rules.js'
import { refusedAllocation } from './refused-allocation.js'

const input = z.strictObject({
  credit: allocatedCreditSchema,
  invoiceId: documentIdSchema,
  date: daySchema,
})

/**
 * The invoice's folio answers a reservation, once and for all: it applies it (J10, J11, J40), or it says why it never
 * will. Everything that the credit's folio looked at from afar is decided here.
 */
export const applyAllocation = followingCommand({
  name: 'apply-allocation',
  input,
  document: ({ invoiceId }) => invoiceId,
  decide({ credit, invoiceId, date }, { folio, folioId, books }) {
    const { allocationId, documentId, amount } = credit
    if (folio.allocations.has(allocationId)) return accept()
    const ids = { allocationId, documentId, invoiceId }
    const invoice = dueInvoice(invoiceId, folio)
    if ('code' in invoice) return accept(refusedAllocation(ids, invoice))
    const refusal =
      meetingRefusal({ ...credit, currency: amount.currency }, invoice, books) ??
      dueRefusal(amount, invoice.due)
    if (refusal !== null) return accept(refusedAllocation(ids, refusal))
    const day = allocationDay(date, [dateOfInvoice(invoice)], books)
    if ('code' in day) return accept(refusedAllocation(ids, day))
    const { postingDate } = day
    return acceptNumbered(
      [{ series: 'JRN', document: nextJournalId(folioId, folio), postingDate }],
      (number) => [appliedAllocation(credit, invoice, { number, date, ...day })],
    )
  },
})
