/** A credit on an invoice: what of the credit it draws, and the entry that it makes (J10, J11, J40). */
import { booksPart } from '../../src/aggregates/amounts.js'
import {
  type Advance,
  availableCredit,
  type Credit,
  partOfCredit,
} from '../../src/aggregates/credit.js'
import { openDue, type PostedInvoice } from '../../src/aggregates/invoice.js'
import type { AllocatedCredit } from '../../src/events/allocation-events.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import type { Posting } from '../../src/events/parts.js'
import { minus, type Money } from '../../src/money/money.js'
import { credit as creditTo, debit, entryOf } from '../entry.js'
import { withExchangeDifference } from '../exchange.js'
import type { PostingDay } from '../posting-day.js'

/** A part of a credit as it leaves it, in both currencies. */
type LeavingPart = Pick<
  AllocatedCredit,
  'documentId' | 'documentKind' | 'direction' | 'amount' | 'booksAmount' | 'tax'
>

export function partLeaving(credit: Credit, amount: Money): LeavingPart {
  const { booksAmount, tax } = partOfCredit(credit, amount)
  const { documentId, kind: documentKind, direction } = identityOf(credit)
  const part = { documentId, documentKind, direction, amount, booksAmount }
  return tax === null ? part : { ...part, tax }
}

/** With all that the invoice's folio must know of it. */
export function allocatedCredit(
  credit: Credit,
  allocationId: string,
  { amount, books }: Readonly<{ amount: Money; books: string }>,
): AllocatedCredit {
  return {
    allocationId,
    ...partLeaving(credit, amount),
    documentNumber: credit.number,
    party: identityOf(credit).party,
    books,
    remaining: minus(availableCredit(credit), amount),
    ...('content' in credit || credit.online === null ? {} : { online: credit.online }),
  }
}

/** What a credit is, whatever its kind. */
export function identityOf(credit: Credit): Pick<Advance, 'documentId' | 'direction' | 'party'> & {
  kind: AllocatedCredit['documentKind']
} {
  if (!('content' in credit)) return credit
  const { creditNoteId: documentId, direction, party } = credit.content
  return { documentId, direction, party, kind: 'credit_note' }
}

type At = PostingDay & Readonly<{ number: string; date: string }>

export function appliedAllocation(
  credit: AllocatedCredit,
  invoice: PostedInvoice,
  { number, date, ...day }: At,
): FactOfType<'AllocationApplied'> {
  const { invoiceId, books } = invoice.content
  const postings = withExchangeDifference(allocationPostings(credit, invoice))
  const entry = entryOf({ books, number, ...day, postings })
  const due = minus(invoice.due, credit.amount)
  const data = { credit, invoiceId, invoiceNumber: invoice.number, date, due, entry }
  return { type: 'AllocationApplied', data }
}

/** J10 takes from a note, J11 from money that came before; for suppliers the sides swap (J35, J38). */
function allocationPostings(credit: AllocatedCredit, invoice: PostedInvoice): Posting[] {
  const { amount, direction } = credit
  const ofInvoice = {
    document: invoice.content.invoiceId,
    booksAmount: booksPart(openDue(invoice), amount),
  }
  return direction === 'out'
    ? [...creditPostings(credit), creditTo('receivable', amount, ofInvoice)]
    : [debit('payable', amount, ofInvoice), ...creditPostings(credit)]
}

/** What leaves a credit of any kind: the whole of it, or with the tax of a deposit apart (J12). */
export function creditPostings(credit: LeavingPart): Posting[] {
  const { documentId: document, documentKind, direction, amount, booksAmount, tax } = credit
  const take = direction === 'out' ? debit : creditTo
  const account = creditAccount(documentKind, direction)
  if (tax === undefined) return [take(account, amount, { document, booksAmount })]
  const { code, ratePercent } = tax
  const net = minus(amount, tax.amount)
  const booksNet = minus(booksAmount, tax.booksAmount)
  return [
    take(account, net, { document, booksAmount: booksNet }),
    take('output-tax', tax.amount, {
      document,
      booksAmount: tax.booksAmount,
      tax: {
        code,
        ratePercent,
        base: net,
        ...(net.currency === booksNet.currency ? {} : { booksBase: booksNet }),
      },
    }),
  ]
}

/** The control account that a credit stands on. */
export function creditAccount(
  kind: AllocatedCredit['documentKind'],
  direction: AllocatedCredit['direction'],
): string {
  if (kind === 'credit_note') return direction === 'out' ? 'receivable' : 'payable'
  return direction === 'out' ? 'customer-prepayments' : 'supplier-prepayments'
}
