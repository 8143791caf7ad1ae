/** The content of a draft credit note, linked to an invoice or ad hoc. */
import type { OpenBooks } from '../../src/aggregates/books.js'
import { creditLines, type LineRequest, quantityLeft } from '../../src/aggregates/crediting.js'
import { type PostedInvoice, pricingTerms } from '../../src/aggregates/invoice.js'
import { priceDocument } from '../../src/aggregates/pricing.js'
import type { CreditNoteContent } from '../../src/events/credit-note-events.js'
import type { Line } from '../../src/events/parts.js'
import { compare, isNegative, isZero, minus } from '../../src/money/money.js'
import { isZeroDecimal } from '../../src/money/quantity.js'
import { currencyRefusal } from '../document-currency.js'
import type { Refusal } from '../refusal.js'

/** What a person decides of a note, whatever it takes back. */
export type NoteTerms = Pick<
  CreditNoteContent,
  'creditNoteId' | 'reason' | 'documentDate' | 'invoiceableAgain' | 'supplierReference'
>

/**
 * A note on an invoice: its lines, rates, rounding and exchange rate are the invoice's, never today's settings (L6).
 * Without requests it takes back everything left.
 */
export function linkedNote(
  invoice: PostedInvoice,
  requests: readonly LineRequest[] | undefined,
  terms: NoteTerms,
): CreditNoteContent | Refusal {
  const { content, credited, number } = invoice
  if (terms.documentDate < content.documentDate) {
    return {
      code: 'credit_note_before_invoice',
      invoiceDate: content.documentDate,
      date: terms.documentDate,
    }
  }
  const asked = requests ?? everythingLeft(invoice)
  if (asked.length === 0) return { code: 'nothing_left_to_credit', invoice: content.invoiceId }
  const document = creditLines(asked, {
    lines: content.lines,
    credited,
    terms: pricingTerms(content),
  })
  if ('code' in document) return document
  const left = minus(content.totals.gross, invoice.creditedGross)
  if (compare(document.totals.gross, left) > 0) {
    return { code: 'credit_exceeds_invoice', left, requested: document.totals.gross }
  }
  const { books, direction, order, party, billTo, currency, exchangeRate, prices, rounding } =
    content
  return {
    ...terms,
    ...document,
    books,
    direction,
    invoice: { invoiceId: content.invoiceId, number },
    order,
    party,
    billTo,
    currency,
    exchangeRate,
    prices,
    rounding,
  }
}

/** A credit of its own: priced like an invoice, by the rounding of the books. */
export function adHocNote(
  asked: Readonly<{ lines: readonly Line[] }> &
    Pick<CreditNoteContent, 'books' | 'direction' | 'party' | 'billTo' | 'currency' | 'prices'>,
  terms: NoteTerms,
  books: OpenBooks,
): CreditNoteContent | Refusal {
  const { lines, currency, prices } = asked
  const foreign = currencyRefusal({ currency, lines }, books)
  if (foreign !== null) return foreign
  const { rounding } = books
  return {
    ...asked,
    ...terms,
    ...priceDocument(lines, { prices, rounding, currency }),
    invoice: null,
    order: null,
    exchangeRate: '1',
    rounding,
  }
}

/** No note is negative, and one of nothing is none (L6). */
export function noteTotalRefusal({ totals }: CreditNoteContent): Refusal | null {
  if (isNegative(totals.gross)) return { code: 'total_negative', total: totals.gross }
  if (isZero(totals.gross)) return { code: 'total_zero' }
  return null
}

function everythingLeft({ content, credited }: PostedInvoice): LineRequest[] {
  return content.lines.flatMap((line, invoiceLine) => {
    const before = credited[invoiceLine]
    const quantity = before === undefined ? '0' : quantityLeft(line, before)
    return isZeroDecimal(quantity) ? [] : [{ invoiceLine, quantity }]
  })
}
