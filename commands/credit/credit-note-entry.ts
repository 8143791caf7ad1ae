/** What a posted credit note books: J7 for customers, J34 for suppliers, with the figures of its invoice. */
import { atPlace } from '../../src/aggregates/at-place.js'
import { atRate } from '../../src/aggregates/amounts.js'
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { PostedContent } from '../../src/aggregates/credit.js'
import { creditedBaseOf, creditedNets } from '../../src/aggregates/crediting.js'
import { type PostedInvoice, pricingTerms } from '../../src/aggregates/invoice.js'
import { lineBase } from '../../src/aggregates/pricing.js'
import type { CreditNoteContent } from '../../src/events/credit-note-events.js'
import type { CreditLine, Posting, TaxTotal } from '../../src/events/parts.js'
import { isZero, minus, type Money, plus, proportion, taxOnTop } from '../../src/money/money.js'
import { plusDecimal } from '../../src/money/quantity.js'
import { credit, debit, REVENUE_ACCOUNTS, selfAssessed, taxPostings } from '../entry.js'
import { atInvoiceFigures } from '../exchange.js'

type Note = PostedContent<CreditNoteContent>
type TakenNet = Pick<CreditLine, 'kind' | 'net'> & Readonly<{ discountNet: Money | null }>

/** Balanced in both currencies, debits first. */
export function creditNotePostings(
  note: Note,
  invoice: PostedInvoice | null,
  books: OpenBooks,
): Posting[] {
  const postings = inBothCurrencies(note, invoice, books)
  const [control, others] = [atPlace(postings, 0), postings.slice(1)]
  return note.direction === 'out' ? [...others, control] : [control, ...others]
}

/** The first posting names the note. */
function inBothCurrencies(note: Note, invoice: PostedInvoice | null, books: OpenBooks): Posting[] {
  const postings =
    note.direction === 'out'
      ? salesTakenBack(note, invoice, books)
      : purchasesTakenBack(note, invoice)
  if (note.currency === books.currency) return postings
  return invoice === null
    ? atRate(postings, note.exchangeRate, books.currency)
    : atInvoiceFigures(postings, invoice.booked, {
        rate: note.exchangeRate,
        booksCurrency: books.currency,
      })
}

function salesTakenBack(note: Note, invoice: PostedInvoice | null, books: OpenBooks): Posting[] {
  const { creditNoteId, taxes, totals } = note
  return [
    credit('receivable', totals.gross, { document: creditNoteId }),
    ...netsTakenBack(note, invoice).flatMap(({ kind, net, discountNet }) => {
      const account = revenueAccount(kind, invoice, books)
      if (discountNet === null) return [debit(account, net)]
      return [debit(account, plus(net, discountNet)), credit('discounts', discountNet)]
    }),
    ...taxPostings('debit', 'output-tax', taxes),
  ]
}

/** A gift certificate is taken back from where its invoice booked it, whatever the setting is now (J5). */
function revenueAccount(
  kind: CreditLine['kind'],
  invoice: PostedInvoice | null,
  { settings }: OpenBooks,
): string {
  if (kind !== 'gift_certificate') return REVENUE_ACCOUNTS[kind]
  const isLiability =
    invoice === null
      ? settings.giftCertificates === 'multi_purpose'
      : invoice.booked.has(REVENUE_ACCOUNTS.gift_certificate)
  return isLiability ? REVENUE_ACCOUNTS.gift_certificate : REVENUE_ACCOUNTS.item
}

function purchasesTakenBack(note: Note, invoice: PostedInvoice | null): Posting[] {
  const { creditNoteId, taxes, totals } = note
  return [
    debit('payable', totals.gross, { document: creditNoteId }),
    ...netsTakenBack(note, invoice).map(({ kind, net }) => credit(purchaseAccount(kind), net)),
    ...taxes.flatMap((tax) => inputTaxPostings(tax, invoice)),
  ]
}

function purchaseAccount(kind: CreditLine['kind']): string {
  return kind === 'rounding' || kind === 'opening' ? REVENUE_ACCOUNTS[kind] : 'purchases'
}

/** By line, as the note shows it; on an invoice by the invoice's lines, whose nets may move together (L6). */
function netsTakenBack({ lines }: Note, invoice: PostedInvoice | null): TakenNet[] {
  if (invoice === null) return lines.map(({ kind, net }) => ({ kind, net, discountNet: null }))
  const { content, credited } = invoice
  const document = { lines: content.lines, credited, terms: pricingTerms(content) }
  const nets = creditedNets(document, lines)
  return content.lines.flatMap((line, index) => {
    const net = atPlace(nets, index)
    const discountNet = discountTakenBack(invoice, index, lines)
    return isZero(net) && discountNet === null ? [] : [{ kind: line.kind, net, discountNet }]
  })
}

/**
 * What of a line's discount, booked apart (J2), goes with what is taken back of it: in proportion to all that was
 * credited of the line with this note, less what earlier notes took, so that a full credit leaves nothing.
 */
function discountTakenBack(
  { content, credited }: PostedInvoice,
  index: number,
  lines: readonly CreditLine[],
): Money | null {
  const line = atPlace(content.lines, index)
  const { discountNet, quantity } = line
  if (discountNet === undefined) return null
  const before = atPlace(credited, index)
  const back = lines.filter(({ invoiceLine }) => invoiceLine === index)
  const whole = lineBase(line, content.currency)
  const [taken, after, of] = isZero(whole)
    ? [before.quantity, withQuantities(before.quantity, back), quantity]
    : [before.base.amount, withBases(before.base, back, content.prices).amount, whole.amount]
  const amount = minus(proportion(discountNet, after, of), proportion(discountNet, taken, of))
  return isZero(amount) ? null : amount
}

function withQuantities(quantity: string, back: readonly CreditLine[]): string {
  return back.reduce((sum, line) => plusDecimal(sum, line.quantity), quantity)
}

function withBases(base: Money, back: readonly CreditLine[], prices: Note['prices']): Money {
  return back.reduce(
    (sum, { net, gross }) => plus(sum, prices === 'tax_excluded' ? net : gross),
    base,
  )
}

/** Under reverse charge the tax taken back is cumulative too, so that a full credit leaves nothing (L6). */
function inputTaxPostings(tax: TaxTotal, invoice: PostedInvoice | null): Posting[] {
  if (tax.reverseCharge !== true) return taxPostings('credit', 'input-tax', [tax])
  if (invoice === null) return selfAssessed('credit', tax, taxOnTop(tax.base, tax.ratePercent))
  const { lines } = invoice.content
  const before = creditedBaseOf({ tax }, { lines, credited: invoice.credited }, tax.base.currency)
  const amount = minus(
    taxOnTop(plus(before, tax.base), tax.ratePercent),
    taxOnTop(before, tax.ratePercent),
  )
  return selfAssessed('credit', tax, amount)
}
