/** What a posted invoice or bill books: J1 to J6 for customers, J33 for suppliers. */
import { atRate } from '../../src/aggregates/amounts.js'
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { PostedContent } from '../../src/aggregates/credit.js'
import { lineBase, taxOf } from '../../src/aggregates/pricing.js'
import type { InvoiceContent } from '../../src/events/invoice-events.js'
import type { Posting, PricedLine } from '../../src/events/parts.js'
import { extended, isZero, minus, type Money, plus, taxOnTop } from '../../src/money/money.js'
import { credit, debit, REVENUE_ACCOUNTS, selfAssessed, taxPostings } from '../entry.js'

/** Balanced in both currencies, at the rate of the document. */
export function invoicePostings(
  content: PostedContent<InvoiceContent>,
  books: OpenBooks,
): Posting[] {
  const postings =
    content.direction === 'out' ? salesPostings(content, books) : billPostings(content)
  return content.currency === books.currency
    ? postings
    : atRate(postings, content.exchangeRate, books.currency)
}

function salesPostings(
  { invoiceId, lines, taxes, totals }: PostedContent<InvoiceContent>,
  books: OpenBooks,
): Posting[] {
  return [
    debit('receivable', totals.gross, { document: invoiceId }),
    ...lines.flatMap((line) => revenuePostings(line, books)),
    ...taxPostings('credit', 'output-tax', taxes),
  ]
}

function revenuePostings({ kind, net, discountNet }: PricedLine, books: OpenBooks): Posting[] {
  const account =
    kind === 'gift_certificate' && books.settings.giftCertificates === 'single_purpose'
      ? REVENUE_ACCOUNTS.item
      : REVENUE_ACCOUNTS[kind]
  if (discountNet === undefined) return [credit(account, net)]
  return [credit(account, plus(net, discountNet)), debit('discounts', discountNet)]
}

function billPostings({
  invoiceId,
  lines,
  taxes,
  totals,
}: PostedContent<InvoiceContent>): Posting[] {
  return [
    ...lines.map(({ net }) => debit('purchases', net)),
    ...taxes.flatMap((tax) =>
      tax.reverseCharge === true
        ? selfAssessed('debit', tax, taxOnTop(tax.base, tax.ratePercent))
        : taxPostings('debit', 'input-tax', [tax]),
    ),
    credit('payable', totals.gross, { document: invoiceId }),
  ]
}

/** The lines with what their discounts come to without tax, where the books show discounts apart (J2). */
export function withDiscountsApart(
  content: PostedContent<InvoiceContent>,
  { settings }: OpenBooks,
): PostedContent<InvoiceContent> {
  if (settings.discounts === 'net' || content.direction === 'in') return content
  return { ...content, lines: content.lines.map((line) => discountApart(line, content)) }
}

function discountApart(line: PricedLine, { prices, currency }: InvoiceContent): PricedLine {
  // What a certificate was sold for is what can be spent, whatever its list price (J5).
  if (line.kind === 'gift_certificate') return line
  if (line.discount === undefined || isZero(line.discount)) return line
  const discountNet = minus(listNet(line, prices, currency), netOf(line, prices, currency))
  return isZero(discountNet) ? line : { ...line, discountNet }
}

function listNet(
  { quantity, unitPrice, tax }: PricedLine,
  prices: InvoiceContent['prices'],
  currency: string,
): Money {
  const list = extended(quantity, unitPrice, currency)
  return prices === 'tax_excluded' ? list : minus(list, taxOf(list, tax, prices))
}

function netOf(line: PricedLine, prices: InvoiceContent['prices'], currency: string): Money {
  const base = lineBase(line, currency)
  return prices === 'tax_excluded' ? base : minus(base, taxOf(base, line.tax, prices))
}
