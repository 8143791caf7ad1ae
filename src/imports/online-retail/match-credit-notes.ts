import { linesPerDocumentMax } from './classify.js'
import { isWholePennies, lineAmount } from './exact-amount.js'
import type { SourceLine } from './source.js'

/** A booked document as matching sees it; `position` is its place in the order of the file. */
export type MatchableDocument = {
  number: string
  position: number
  at: string
  customer: string | null
  lines: readonly SourceLine[]
}

/** Why a part of a credit note is ad hoc and not linked to an invoice. */
export type AdHocCause = 'no_customer' | 'nothing_to_match' | 'price_above_invoice'

/** Quantities are positive here; `invoiceLine` is an index into the lines of `invoice`. */
export type LinkedPart = {
  line: SourceLine
  invoice: MatchableDocument
  invoiceLine: number
  quantity: bigint
  unitPrice: bigint
}

export type AdHocPart = { line: SourceLine; quantity: bigint; unitPrice: bigint; cause: AdHocCause }

export type MatchedCredit = { linked: LinkedPart[]; adHoc: AdHocPart[] }

/**
 * Answers, for each credit note in the order given, what of it belongs to which invoice.
 *
 * A credit line is matched to its customer's earlier invoices of the same article (StockCode, to
 * the letter), the newest first; earlier is by date and minute, and in the same minute by the
 * order of the file. Within an invoice, lines at the credit's very price come first, then the
 * closest price above, then the closest below. A line is credited at most at the invoice line's
 * price; the excess is ad hoc. No invoice line is credited beyond its quantity, and no invoice
 * beyond its total, which discounts make less than the sum of its articles.
 *
 * A line that went to several invoices has several parts. Where the parts would make a note longer
 * than the ledger takes, invoices are passed over and the line stays ad hoc in one part.
 *
 * Prices with parts of a penny take no part in it: what they leave to credit would depend on how
 * each note is rounded.
 */
export const matchCreditNotes = (
  invoices: readonly MatchableDocument[],
  credits: readonly MatchableDocument[],
): MatchedCredit[] => {
  const candidates = collectCandidates(invoices, credits)
  return credits.map((credit) => {
    const matched: MatchedCredit = { linked: [], adHoc: [] }
    credit.lines.forEach((line, index) => {
      matchLine(credit, line, candidates, matched, credit.lines.length - index - 1)
    })
    return matched
  })
}

type LineLeft = { index: number; unitPrice: bigint; quantity: bigint }
type InvoiceLeft = { document: MatchableDocument; amount: bigint }
type Candidate = { invoice: InvoiceLeft; lines: LineLeft[] }

const matchLine = (
  credit: MatchableDocument,
  line: SourceLine,
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  { linked, adHoc }: MatchedCredit,
  linesAfter: number,
): void => {
  let left = -line.quantity
  const price = line.unitPrice
  const possible = candidates.get(keyOf(credit, line) ?? '') ?? []
  for (const { invoice, lines } of isWholePennies(price) ? possible : []) {
    if (left === 0n) break
    if (!isEarlier(invoice.document, credit)) continue
    for (const candidate of byClosestPrice(lines, price)) {
      const unitPrice = candidate.unitPrice < price ? candidate.unitPrice : price
      const affordable = invoice.amount / lineAmount(1n, unitPrice)
      const quantity = least(left, candidate.quantity, affordable)
      if (quantity === 0n || linked.length === linesPerDocumentMax) continue
      const excess = price - unitPrice
      // Every line after this one, and the rest of this one, may need a part of its own.
      const partsToCome = linesAfter + (left > quantity ? 1 : 0)
      if (excess > 0n && adHoc.length + 1 + partsToCome > linesPerDocumentMax) continue
      left -= quantity
      candidate.quantity -= quantity
      invoice.amount -= lineAmount(quantity, unitPrice)
      linked.push({
        line,
        invoice: invoice.document,
        invoiceLine: candidate.index,
        quantity,
        unitPrice,
      })
      if (excess > 0n) {
        adHoc.push({ line, quantity, unitPrice: excess, cause: 'price_above_invoice' })
      }
    }
  }
  const cause = credit.customer === null ? 'no_customer' : 'nothing_to_match'
  if (left > 0n) adHoc.push({ line, quantity: left, unitPrice: price, cause })
}

/** Only articles that are credited at all are looked at, which keeps large files small. */
const collectCandidates = (
  invoices: readonly MatchableDocument[],
  credits: readonly MatchableDocument[],
): Map<string, Candidate[]> => {
  const wanted = new Map<string, Candidate[]>()
  for (const credit of credits) {
    for (const line of credit.lines) {
      const key = keyOf(credit, line)
      if (key !== undefined) wanted.set(key, [])
    }
  }
  for (const document of [...invoices].sort(newestFirst)) {
    const invoice = { document, amount: totalOf(document) }
    document.lines.forEach((line, index) => {
      const found = wanted.get(keyOf(document, line) ?? '')
      if (!found || line.quantity <= 0n || !isWholePennies(line.unitPrice)) return
      const left = { index, unitPrice: line.unitPrice, quantity: line.quantity }
      const newest = found.at(-1)
      if (newest?.invoice === invoice) newest.lines.push(left)
      else found.push({ invoice, lines: [left] })
    })
  }
  return wanted
}

/** The customer's length keeps two pairs of texts from running together. */
const keyOf = ({ customer }: MatchableDocument, { stockCode }: SourceLine): string | undefined =>
  customer === null ? undefined : `${customer.length.toString()}:${customer}${stockCode}`

const totalOf = ({ lines }: MatchableDocument): bigint =>
  lines.reduce((sum, line) => sum + lineAmount(line.quantity, line.unitPrice), 0n)

const newestFirst = (left: MatchableDocument, right: MatchableDocument): number =>
  left.at === right.at ? right.position - left.position : left.at < right.at ? 1 : -1

const isEarlier = (invoice: MatchableDocument, credit: MatchableDocument): boolean =>
  invoice.at < credit.at || (invoice.at === credit.at && invoice.position < credit.position)

const byClosestPrice = (lines: readonly LineLeft[], price: bigint): LineLeft[] =>
  [...lines].sort((left, right) => {
    const sides = side(left.unitPrice, price) - side(right.unitPrice, price)
    if (sides !== 0) return sides
    const apart = distance(left.unitPrice, price) - distance(right.unitPrice, price)
    return apart === 0n ? left.index - right.index : apart < 0n ? -1 : 1
  })

/** At or above the credit's price first, so that no excess arises where none must. */
const side = (unitPrice: bigint, price: bigint): 0 | 1 => (unitPrice >= price ? 0 : 1)

const distance = (left: bigint, right: bigint): bigint =>
  left < right ? right - left : left - right

const least = (...values: readonly [bigint, ...bigint[]]): bigint =>
  values.reduce((smallest, value) => (value < smallest ? value : smallest))
