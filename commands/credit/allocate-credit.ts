import { z } from 'zod'
import type { Folio } from '../../src/aggregates/folio.js'
import { daySchema, documentIdSchema, moneySchema, text } from '../../src/events/text.js'
import type { AllocatedCredit } from '../../src/events/allocation-events.js'
import type { Credit } from '../../src/aggregates/credit.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import type { Direction } from '../../src/events/parts.js'
import { isPositive, type Money, smaller } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand, type FolioContext } from '../command.js'
import { accept, acceptNumbered, type Decision, refuse } from '../decision.js'
import { isWithinOneFolio, nextAllocationId } from '../document-id.js'
import { factOf } from '../first-fact.js'
import type { PostingDay } from '../posting-day.js'
import type { Refusal } from '../refusal.js'
import { allocatedCredit, appliedAllocation, identityOf } from './allocated-credit.js'
import {
  allocatableCredit,
  allocationDay,
  amountRefusal,
  dateOfCredit,
  dateOfInvoice,
  drawable,
  dueInvoice,
  meetingRefusal,
} from './allocation-rules.js'
import { moneyExceeded } from './money-in-folio.js'
import { refusalIn } from './refused-allocation.js'

const input = z.strictObject({
  documentId: documentIdSchema.describe('The credit note, prepayment or overpayment.'),
  invoiceId: documentIdSchema.describe('The open invoice or bill, of the same sale or another.'),
  amount: moneySchema
    .optional()
    .describe('As much as the credit has left and the invoice asks, unless given.'),
  date: daySchema
    .optional()
    .describe('Today unless given; not before either document, not in the future.'),
})
type Input = z.infer<typeof input>

type Wanted = Readonly<{
  credit: AllocatedCredit
  invoice: PostedInvoice
  date: string
  day: PostingDay
}>

/**
 * A credit on an open invoice of the same party (L7). Within one folio it is applied at once (J10, J11). For an invoice
 * of another folio it is only reserved here: that folio applies or refuses it, and the caller is told how it ended.
 */
export const allocateCredit = folioCommand({
  name: 'allocate-credit',
  area: 'credit',
  summary:
    'Settles an open invoice or bill with what a credit note, prepayment or overpayment has left',
  rows: ['L7', 'L12', 'L13', 'L26'],
  input,
  output: z.strictObject({
    allocation: z.strictObject({
      allocationId: documentIdSchema,
      number: text(40).meta({ examples: ['JRN/2026/00007'] }),
      amount: moneySchema,
      date: daySchema,
    }),
    credit: z.strictObject({
      documentId: documentIdSchema,
      remaining: moneySchema.describe('What it has left to use after this allocation.'),
    }),
    invoice: z.strictObject({
      invoiceId: documentIdSchema,
      due: moneySchema.describe('What it still asks after this allocation.'),
    }),
  }),
  document: ({ documentId }) => documentId,
  alsoReads: ({ invoiceId }) => invoiceId,
  books: () => DEFAULT_BOOKS,
  decide(asked, context) {
    const wanted = wantedAllocation(asked, context)
    if ('code' in wanted) return refuse(wanted)
    const { documentId, invoiceId } = asked
    return isWithinOneFolio(documentId, invoiceId) ? applied(wanted) : reserved(wanted)
  },
  answer: (facts) => {
    const { credit, invoiceId, date, due, entry } = factOf(facts, 'AllocationApplied').data
    const { allocationId, documentId, amount, remaining } = credit
    return {
      allocation: { allocationId, number: entry.number, amount, date },
      credit: { documentId, remaining },
      invoice: { invoiceId, due },
    }
  },
  refusedAfterwards: refusalIn,
})

function wantedAllocation(asked: Input, context: FolioContext): Wanted | Refusal {
  const { folio, folioId, books, today } = context
  const credit = allocatableCredit(asked.documentId, folio)
  if ('code' in credit) return credit
  const own = ownInvoiceRefusal(credit, asked)
  if (own !== null) return own
  const invoice = dueInvoice(asked.invoiceId, folioOfInvoice(asked, context))
  if ('code' in invoice) return invoice
  const available = drawable(credit)
  const { currency } = available
  const { documentId, direction, party } = identityOf(credit)
  const known = { documentId, direction, party, books: books.books, currency }
  const apart = meetingRefusal(known, invoice, books)
  if (apart !== null) return apart
  const { due } = invoice
  // Of a credit that is used up nothing can be taken, also by a caller who leaves the amount open.
  const amount = asked.amount ?? (isPositive(available) ? smaller(available, due) : due)
  const tooMuch = amountRefusal(amount, { due, available })
  if (tooMuch !== null) return tooMuch
  const beyond = moneyRefusal(asked, amount, { folio, direction })
  if (beyond !== null) return beyond
  const date = asked.date ?? today
  if (date > today) return { code: 'date_in_future', date, today }
  const day = allocationDay(date, [dateOfCredit(credit), dateOfInvoice(invoice)], books)
  if ('code' in day) return day
  const allocationId = nextAllocationId(folioId, folio)
  const part = { amount, books: books.books }
  return { credit: allocatedCredit(credit, allocationId, part), invoice, date, day }
}

/** In another folio it counts as money that came in, so no more leaves than came in here (L12). */
function moneyRefusal(
  asked: Input,
  amount: Money,
  { folio, direction }: Readonly<{ folio: Folio; direction: Direction }>,
): Refusal | null {
  const { documentId, invoiceId } = asked
  if (isWithinOneFolio(documentId, invoiceId)) return null
  const left = moneyExceeded(folio, { documentId, direction }, amount)
  return left === null
    ? null
    : { code: 'allocation_exceeds_money_received', left, requested: amount }
}

/** A note settles its own invoice by itself, as far as the invoice is due (L11). */
function ownInvoiceRefusal(credit: Credit, { documentId, invoiceId }: Input): Refusal | null {
  return 'content' in credit && credit.content.invoice?.invoiceId === invoiceId
    ? { code: 'allocation_to_own_invoice', creditNote: documentId, invoice: invoiceId }
    : null
}

function folioOfInvoice({ documentId, invoiceId }: Input, { folio, other }: FolioContext): Folio {
  return isWithinOneFolio(documentId, invoiceId) ? folio : (other ?? folio)
}

function applied({ credit, invoice, date, day }: Wanted): Decision {
  const { postingDate } = day
  return acceptNumbered(
    [{ series: 'JRN', document: credit.allocationId, postingDate }],
    (number) => [appliedAllocation(credit, invoice, { number, date, ...day })],
  )
}

/** Drawn from here on; what it books is decided where the invoice is. */
function reserved({ credit, invoice, date }: Wanted): Decision {
  const { invoiceId } = invoice.content
  const data = { credit, invoiceId, invoiceNumber: invoice.number, date }
  return accept({ type: 'AllocationReserved', data })
}
