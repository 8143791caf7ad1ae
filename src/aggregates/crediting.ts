/**
 * What an invoice still has to credit, and the amounts of a note on its lines (L5, L6). Taxes are cumulative: the tax of a
 * note is the rounded tax on everything credited so far less what earlier notes took, per line, or per code where the
 * invoice rounded globally. So every prefix is right to the unit and a full credit sums to the invoice.
 */
import type { CreditLine, Line, PricedLine, TaxTotal, Totals } from '../events/parts.js'
import {
  extended,
  isNegative,
  isZero,
  larger,
  minus,
  type Money,
  plus,
  proportion,
  smaller,
  sum,
  zero,
} from '../money/money.js'
import {
  compareDecimal,
  isZeroDecimal,
  magnitude,
  minusDecimal,
  plusDecimal,
} from '../money/quantity.js'
import { atPlace } from './at-place.js'
import { grossOf, leftOf, sumOfTaxed, type Taxed, taxTakenBack } from './credited-tax.js'
import {
  amountsOf,
  groupIndexes,
  lineBase,
  type PricingTerms,
  roundedTogether,
  shareTaxOfGroup,
  taxGiven,
  taxGroup,
  taxTotals,
  totalsOf,
} from './pricing.js'

/** How much of one invoice line all posted notes together took back. */
export type LineCredited = Readonly<{ quantity: string }> & Taxed

/** What a note asks to take back of a line: whole quantities at the invoiced price, or at a lower one. */
export type LineRequest = Readonly<{
  invoiceLine: number
  quantity: string
  unitPrice?: string | undefined
}>

export type CreditedDocument = Readonly<{ lines: CreditLine[]; taxes: TaxTotal[]; totals: Totals }>

export type CreditingRefusal = Readonly<
  | { code: 'invoice_line_not_found'; line: number; lines: number }
  | { code: 'credit_quantity_not_positive'; line: number; requested: string }
  | { code: 'credit_quantity_exceeds_invoice_line'; line: number; left: string; requested: string }
  | { code: 'credit_price_opposite'; line: number; invoiced: string; requested: string }
  | { code: 'credit_amount_exceeds_invoice_line'; line: number; left: Money; requested: Money }
  | { code: 'credit_amount_not_positive'; requested: Money }
  | { code: 'credit_exceeds_invoice'; left: Money; requested: Money }
>

/** A posted invoice's lines, what notes took back of each, and how they are priced. */
export type CreditedInvoice = Readonly<{
  lines: readonly PricedLine[]
  credited: readonly LineCredited[]
  terms: PricingTerms
}>
type Asked = Readonly<{ line: PricedLine; request: LineRequest; base: Money; taxAmount: Money }>

export function nothingCredited(lines: readonly PricedLine[], currency: string): LineCredited[] {
  return lines.map(() => ({ quantity: '0', base: zero(currency), taxAmount: zero(currency) }))
}

export function quantityLeft(line: PricedLine, credited: LineCredited): string {
  return minusDecimal(line.quantity, credited.quantity)
}

/** What the invoice still has to credit in all, tax included. Amounts credited leave quantities (L14). */
export function grossLeft({ lines, credited, terms }: CreditedInvoice): Money {
  const left = lines.map((line, index) => leftOf(line, atPlace(credited, index), terms.prices))
  return grossOf(sumOfTaxed(left, terms.currency), terms.prices)
}

/** The note's lines with their amounts, or the first rule that a request breaks. A line may be asked for twice. */
export function creditLines(
  requests: readonly LineRequest[],
  invoice: CreditedInvoice,
): CreditedDocument | CreditingRefusal {
  const { currency, prices } = invoice.terms
  const credited = [...invoice.credited]
  const asked: Asked[] = []
  for (const request of requests) {
    const line = invoice.lines[request.invoiceLine]
    if (line === undefined) {
      return {
        code: 'invoice_line_not_found',
        line: request.invoiceLine,
        lines: invoice.lines.length,
      }
    }
    const before = atPlace(credited, request.invoiceLine)
    const left = leftOf(line, before, prices)
    const base = requestedBase(request, line, before, left.base)
    if ('code' in base) return base
    const taxAmount = taxTakenBack(base, line.tax, { credited: before, left }, prices)
    asked.push({ line, request, base, taxAmount })
    credited[request.invoiceLine] = {
      quantity: plusDecimal(before.quantity, request.quantity),
      base: plus(before.base, base),
      taxAmount: plus(before.taxAmount, taxAmount),
    }
  }
  const taxes =
    invoice.terms.rounding === 'per_line'
      ? asked.map((line) => line.taxAmount)
      : taxesByCode(asked, invoice)
  const lines = asked.map(({ line, request, base }, index) => ({
    ...creditedLine(line, request, base),
    ...amountsOf(base, atPlace(taxes, index), prices),
    invoiceLine: request.invoiceLine,
  }))
  return { lines, taxes: taxTotals(lines, currency), totals: totalsOf(lines, currency) }
}

/** Net already taken back of a tax code under reverse charge, whose lines' bases are net as nothing is charged. */
export function creditedBaseOf(
  tax: Pick<PricedLine, 'tax'>,
  invoice: Omit<CreditedInvoice, 'terms'>,
  currency: string,
): Money {
  const bases = invoice.credited.filter(
    (_, index) => taxGroup(atPlace(invoice.lines, index)) === taxGroup(tax),
  )
  return sum(
    bases.map(({ base }) => base),
    currency,
  )
}

/** What the invoice's lines have credited once this note is posted. */
export function withCredited(
  credited: readonly LineCredited[],
  lines: readonly CreditLine[],
  prices: PricingTerms['prices'],
): LineCredited[] {
  const next = [...credited]
  for (const line of lines) {
    const place = placeOnInvoice(line)
    const before = atPlace(next, place)
    next[place] = {
      quantity:
        line.byAmount === true ? before.quantity : plusDecimal(before.quantity, line.quantity),
      base: plus(before.base, prices === 'tax_excluded' ? line.net : line.gross),
      taxAmount: plus(before.taxAmount, line.taxAmount),
    }
  }
  return next
}

/** Which line of its invoice a line of a note takes back; one that names none is of a note on nothing. */
export function placeOnInvoice({ invoiceLine }: Pick<CreditLine, 'invoiceLine'>): number {
  if (invoiceLine === undefined) throw new RangeError('The line takes back none of an invoice')
  return invoiceLine
}

/**
 * What a note takes back of each invoice line's net, in the order of the invoice's lines: the net of all credited with
 * it, less that of all credited before. Where tax within the prices was rounded over several lines, it can move a unit
 * of a line that the note does not name, so that a full credit leaves nothing on any revenue account.
 */
export function creditedNets(invoice: CreditedInvoice, lines: readonly CreditLine[]): Money[] {
  const { credited, terms } = invoice
  const before = netsCredited(invoice)
  const after = netsCredited({ ...invoice, credited: withCredited(credited, lines, terms.prices) })
  return after.map((net, index) => minus(net, atPlace(before, index)))
}

/** The tax taken back of lines rounded together lies on each of them as the invoice's does, whichever notes named it. */
function netsCredited({ lines, credited, terms }: CreditedInvoice): Money[] {
  const { prices, rounding, currency } = terms
  const nets = credited.map(() => zero(currency))
  for (const indexes of roundedTogether(lines, rounding)) {
    const own = indexes.map((index) => atPlace(credited, index))
    const bases = own.map(({ base }) => base)
    const { tax } = atPlace(lines, atPlace(indexes, 0))
    const taxes = shareTaxOfGroup(sumOfTaxed(own, currency).taxAmount, bases, tax, prices)
    indexes.forEach((index, place) => {
      nets[index] = amountsOf(atPlace(bases, place), atPlace(taxes, place), prices).net
    })
  }
  return nets
}

/**
 * Net or gross as the prices are, at most what the line has left. At the invoiced price it is cumulative too, so that
 * the last piece takes the rest.
 */
function requestedBase(
  request: LineRequest,
  line: PricedLine,
  credited: LineCredited,
  left: Money,
): Money | CreditingRefusal {
  const { invoiceLine, quantity } = request
  const { currency } = left
  if (isZeroDecimal(quantity) || quantity.startsWith('-') !== line.quantity.startsWith('-')) {
    return { code: 'credit_quantity_not_positive', line: invoiceLine, requested: quantity }
  }
  const returnable = quantityLeft(line, credited)
  if (compareDecimal(magnitude(quantity), magnitude(returnable)) > 0) {
    return {
      code: 'credit_quantity_exceeds_invoice_line',
      line: invoiceLine,
      left: returnable,
      requested: quantity,
    }
  }
  const whole = lineBase(line, currency)
  const sold = minus(
    proportion(whole, plusDecimal(credited.quantity, quantity), line.quantity),
    proportion(whole, credited.quantity, line.quantity),
  )
  const atInvoicedPrice = isNegative(whole) ? larger(sold, left) : smaller(sold, left)
  if (request.unitPrice === undefined || request.unitPrice === line.unitPrice)
    return atInvoicedPrice
  const requested = extended(quantity, request.unitPrice, currency)
  // A discount above the price turns a line round; its unit price alone does not tell.
  if (isOpposite(request.unitPrice, line.unitPrice) || isOpposite(requested.amount, whole.amount)) {
    const { unitPrice } = request
    return {
      code: 'credit_price_opposite',
      line: invoiceLine,
      invoiced: line.unitPrice,
      requested: unitPrice,
    }
  }
  if (compareDecimal(magnitude(requested.amount), magnitude(atInvoicedPrice.amount)) > 0) {
    return {
      code: 'credit_amount_exceeds_invoice_line',
      line: invoiceLine,
      left: atInvoicedPrice,
      requested,
    }
  }
  return requested
}

/** Where the invoice rounded globally: each code's tax on all credited so far, less what earlier notes took of it. */
function taxesByCode(asked: readonly Asked[], invoice: CreditedInvoice): Money[] {
  const { prices, currency } = invoice.terms
  const taxes = asked.map(({ line, taxAmount }) =>
    taxGiven(line) === null ? zero(currency) : taxAmount,
  )
  for (const [group, indexes] of groupIndexes(asked.map(({ line }) => line))) {
    const lines = invoice.lines.flatMap((line, index) => {
      if (taxGiven(line) !== null || taxGroup(line) !== group) return []
      const credited = atPlace(invoice.credited, index)
      return [{ credited, left: leftOf(line, credited, prices) }]
    })
    const progress = {
      credited: sumOfTaxed(
        lines.map(({ credited }) => credited),
        currency,
      ),
      left: sumOfTaxed(
        lines.map(({ left }) => left),
        currency,
      ),
    }
    const bases = indexes.map((index) => atPlace(asked, index).base)
    const { tax } = atPlace(asked, atPlace(indexes, 0)).line
    const taken = taxTakenBack(sum(bases, currency), tax, progress, prices)
    const shares = shareTaxOfGroup(taken, bases, tax, prices)
    indexes.forEach((index, place) => (taxes[index] = atPlace(shares, place)))
  }
  return taxes
}

/** The invoice's line as the note shows it: its own quantity and price, and its share of the line's discount. */
function creditedLine(line: PricedLine, request: LineRequest, base: Money): Line {
  const { kind, sku, description, tax } = line
  const { quantity, unitPrice = line.unitPrice } = request
  const discount = minus(extended(quantity, unitPrice, base.currency), base)
  return {
    kind,
    ...(sku === undefined ? {} : { sku }),
    description,
    quantity,
    unitPrice,
    ...(isZero(discount) ? {} : { discount }),
    tax,
  }
}

/** A price below zero would charge the line once more instead of taking it back. */
function isOpposite(price: string, invoiced: string): boolean {
  return !isZeroDecimal(price) && price.startsWith('-') !== invoiced.startsWith('-')
}
