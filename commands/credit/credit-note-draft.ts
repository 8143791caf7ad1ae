/** The content of a draft credit note, linked to an invoice or ad hoc. */
import { atPlace } from '../../src/aggregates/at-place.js'
import type { OpenBooks } from '../../src/aggregates/books.js'
import { creditAmount } from '../../src/aggregates/crediting-by-amount.js'
import {
  type CreditedDocument,
  type CreditedInvoice,
  creditLines,
  grossLeft,
  type LineRequest,
  placeOnInvoice,
  quantityLeft,
} from '../../src/aggregates/crediting.js'
import { type PostedInvoice, pricingTerms } from '../../src/aggregates/invoice.js'
import { priceDocument } from '../../src/aggregates/pricing.js'
import type { CreditNoteContent } from '../../src/events/credit-note-events.js'
import type { Line } from '../../src/events/parts.js'
import {
  compare,
  isNegative,
  isPositive,
  isZero,
  minus,
  type Money,
} from '../../src/money/money.js'
import { isZeroDecimal } from '../../src/money/quantity.js'
import { currencyRefusal } from '../document-currency.js'
import { knownRate } from '../exchange.js'
import { giftCertificateRefusal } from '../invoice/invoice-draft.js'
import type { Refusal } from '../refusal.js'

/** What a person decides of a note, whatever it takes back. */
type NoteTerms = Pick<
  CreditNoteContent,
  'creditNoteId' | 'reason' | 'documentDate' | 'invoiceableAgain' | 'supplierReference'
>

/** Lines by quantity, or a sum of money (L14); `undefined`: everything left. */
type TakenBack = readonly LineRequest[] | Money | undefined

/**
 * A note on an invoice: its lines, rates, rounding and exchange rate are the invoice's, never today's settings (L6).
 */
export function linkedNote(
  invoice: PostedInvoice,
  takenBack: TakenBack,
  terms: NoteTerms,
): CreditNoteContent | Refusal {
  const { content, number } = invoice
  if (terms.documentDate < content.documentDate) {
    return {
      code: 'credit_note_before_invoice',
      invoiceDate: content.documentDate,
      date: terms.documentDate,
    }
  }
  const document = linkedLines(invoice, takenBack)
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
  asked: Readonly<{ lines: readonly Line[]; exchangeRate?: string | null | undefined }> &
    Pick<CreditNoteContent, 'books' | 'direction' | 'party' | 'billTo' | 'currency' | 'prices'>,
  terms: NoteTerms,
  books: OpenBooks,
): CreditNoteContent | Refusal {
  const { lines, currency, prices } = asked
  const refusal = currencyRefusal(asked) ?? giftCertificateRefusal(lines, books)
  if (refusal !== null) return refusal
  const exchangeRate = knownRate(
    { currency, date: terms.documentDate, given: asked.exchangeRate },
    books,
  )
  if (exchangeRate !== null && typeof exchangeRate === 'object') return exchangeRate
  const { rounding } = books
  return {
    ...asked,
    ...terms,
    ...priceDocument(lines, { prices, rounding, currency }),
    invoice: null,
    order: null,
    exchangeRate,
    rounding,
  }
}

/** No note is negative, and one of nothing is none (L6). */
export function noteTotalRefusal({ totals }: CreditNoteContent): Refusal | null {
  if (isNegative(totals.gross)) return { code: 'total_negative', total: totals.gross }
  if (isZero(totals.gross)) return { code: 'total_zero' }
  return null
}

/** What a draft takes back, to be worked out anew: a sum where its lines are of money alone (L14). */
export function takenBackBy({ lines, totals }: CreditNoteContent): TakenBack {
  if (lines.every(({ byAmount }) => byAmount === true)) return totals.gross
  return lines.map((line) => {
    const { quantity, unitPrice } = line
    return { invoiceLine: placeOnInvoice(line), quantity, unitPrice }
  })
}

function linkedLines(
  { content, credited }: PostedInvoice,
  takenBack: TakenBack,
): CreditedDocument | Refusal {
  const invoice = { lines: content.lines, credited, terms: pricingTerms(content) }
  if (takenBack !== undefined && 'amount' in takenBack) {
    const { currency } = content
    return takenBack.currency === currency
      ? creditAmount(takenBack, invoice)
      : { code: 'currency_differs', expected: currency, given: takenBack.currency }
  }
  if (takenBack !== undefined) return creditLines(takenBack, invoice)
  const quantities = quantitiesLeft(invoice)
  if (quantities.length > 0) return creditLines(quantities, invoice)
  // Everything came back, some of it for less: what is left is money alone.
  const left = grossLeft(invoice)
  return isPositive(left)
    ? creditAmount(left, invoice)
    : { code: 'nothing_left_to_credit', invoice: content.invoiceId }
}

function quantitiesLeft({ lines, credited }: CreditedInvoice): LineRequest[] {
  return lines.flatMap((line, invoiceLine) => {
    const quantity = quantityLeft(line, atPlace(credited, invoiceLine))
    return isZeroDecimal(quantity) ? [] : [{ invoiceLine, quantity }]
  })
}
