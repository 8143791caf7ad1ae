/** Which credit may settle which invoice (L7, L26): looked at before it is reserved, and decided where the invoice is. */
import { isOneParty, type OpenBooks } from '../../src/aggregates/books.js'
import { availableCredit, type Credit, remainingCredit } from '../../src/aggregates/credit.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import type { AllocatedCredit } from '../../src/events/allocation-events.js'
import { laterDay } from '../../src/events/day.js'
import { compare, isPositive, type Money } from '../../src/money/money.js'
import { isWithinOneFolio } from '../document-id.js'
import { postedInvoiceIn } from '../invoice/posted-invoice.js'
import { askedDay, type PostingDay } from '../posting-day.js'
import type { Refusal } from '../refusal.js'
import { postedCredit } from './posted-credit.js'

/** What both folios know of a credit. */
type KnownCredit = Pick<AllocatedCredit, 'documentId' | 'direction' | 'party' | 'books'> &
  Readonly<{ currency: string }>

export function allocatableCredit(document: string, folio: Folio): Credit | Refusal {
  return postedCredit(document, folio, (kind) => ({
    code: 'document_not_allocatable',
    document,
    kind,
  }))
}

export function dueInvoice(invoiceId: string, folio: Folio): PostedInvoice | Refusal {
  const invoice = postedInvoiceIn(folio, invoiceId)
  if ('code' in invoice || isPositive(invoice.due)) return invoice
  return { code: 'invoice_not_due', invoice: invoiceId }
}

/** What keeps the two apart, whatever the amount and the day. */
export function meetingRefusal(
  credit: KnownCredit,
  { content }: PostedInvoice,
  books: OpenBooks,
): Refusal | null {
  const { direction, currency, books: slug } = content
  if (credit.books !== slug) {
    return { code: 'allocation_across_books', books: credit.books, invoiceBooks: slug }
  }
  if (credit.direction !== direction) {
    const code = 'allocation_across_directions'
    return { code, direction: credit.direction, invoiceDirection: direction }
  }
  if (credit.currency !== currency) {
    return { code: 'currency_differs', expected: currency, given: credit.currency }
  }
  return partyRefusal(credit, content, books)
}

/** The same party after all merges; within one sale without a customer there is only one (L26). */
function partyRefusal(
  { documentId, party }: KnownCredit,
  { invoiceId, party: invoiceParty }: PostedInvoice['content'],
  books: OpenBooks,
): Refusal | null {
  const isKnown = party !== null || isWithinOneFolio(documentId, invoiceId)
  if (isKnown && isOneParty(books, party, invoiceParty)) return null
  return party === null
    ? { code: 'allocation_without_party', document: documentId }
    : { code: 'allocation_across_parties', creditParty: party, invoiceParty }
}

/** Never more than either side has (L7). */
export function amountRefusal(
  amount: Money,
  { due, available }: Readonly<{ due: Money; available: Money }>,
): Refusal | null {
  if (amount.currency !== due.currency) {
    return { code: 'currency_differs', expected: due.currency, given: amount.currency }
  }
  if (!isPositive(amount)) return { code: 'amount_not_positive', amount }
  if (compare(amount, available) > 0) {
    return { code: 'allocation_exceeds_remaining_credit', remaining: available, requested: amount }
  }
  return dueRefusal(amount, due)
}

export function dueRefusal(amount: Money, due: Money): Refusal | null {
  return compare(amount, due) > 0
    ? { code: 'allocation_exceeds_due', due, requested: amount }
    : null
}

/** On a day of an open period, when there are both. */
export function allocationDay(
  date: string,
  documentDates: readonly string[],
  books: OpenBooks,
): PostingDay | Refusal {
  const documentDate = documentDates.reduce(laterDay)
  if (date < documentDate) return { code: 'allocation_before_document', documentDate, date }
  return askedDay(date, books)
}

export function dateOfInvoice({ content, postingDate }: PostedInvoice): string {
  return laterDay(content.documentDate, postingDate)
}

export function dateOfCredit(credit: Credit): string {
  if (!('content' in credit)) return credit.date
  return laterDay(credit.content.documentDate, credit.postingDate)
}

/** What can be drawn of it; nothing of one that is gone. */
export function drawable(credit: Credit): Money {
  const remaining = remainingCredit(credit)
  return isPositive(remaining) ? availableCredit(credit) : remaining
}
