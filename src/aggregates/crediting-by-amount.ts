/**
 * A credit of money alone (L14): a goodwill, a price reduction, a refund of a sum. Its gross is exact. It is split in
 * proportion to what each line has left, or each tax code where the invoice rounded globally; of each part the tax is
 * that share of the tax left, and the net is the rest, for one gross amount in six is no net plus its rounded tax.
 */
import type { CreditLine } from '../events/parts.js'
import {
  compare,
  equals,
  isPositive,
  isZero,
  minus,
  type Money,
  proportion,
  split,
} from '../money/money.js'
import { canonicalDecimal, isWithinDecimalText, thousandthOf } from '../money/quantity.js'
import { atPlace } from './at-place.js'
import {
  type CreditedDocument,
  type CreditedInvoice,
  type CreditingRefusal,
  grossLeft,
} from './crediting.js'
import { grossOf, leftOf, sumOfTaxed, type Taxed } from './credited-tax.js'
import {
  amountsOf,
  type PricingTerms,
  roundedTogether,
  shareTaxOfGroup,
  taxTotals,
  totalsOf,
} from './pricing.js'

type LeftLine = Readonly<{ invoiceLine: number; line: CreditedInvoice['lines'][number] }> & Taxed
type Group = Readonly<{ lines: readonly LeftLine[]; left: Taxed; gross: Money }>

/**
 * The note's lines with their amounts: those of the invoice that the amount reaches, in the invoice's order. The amount
 * is in the invoice's currency. Everything left takes back every line to the unit.
 */
export function creditAmount(
  gross: Money,
  invoice: CreditedInvoice,
): CreditedDocument | CreditingRefusal {
  const { currency } = invoice.terms
  if (!isPositive(gross)) return { code: 'credit_amount_not_positive', requested: gross }
  const left = grossLeft(invoice)
  if (compare(gross, left) > 0) return { code: 'credit_exceeds_invoice', left, requested: gross }
  const groups = groupsOf(invoice)
  const shares = split(
    gross,
    groups.map((group) => group.gross.amount),
  )
  const takesAll = equals(gross, left)
  const lines = groups
    .flatMap((group, index) =>
      takesAll
        ? sharedTax(group.lines, group.left.taxAmount, invoice.terms)
        : partOfGroup(group, atPlace(shares, index), invoice.terms),
    )
    .filter(({ base, taxAmount }) => !isZero(base) || !isZero(taxAmount))
    .sort((a, b) => a.invoiceLine - b.invoiceLine)
    .map((line) => creditLine(line, invoice.terms))
  return { lines, taxes: taxTotals(lines, currency), totals: totalsOf(lines, currency) }
}

function groupsOf({ lines, credited, terms }: CreditedInvoice): Group[] {
  const left = lines.map((line, invoiceLine) => ({
    invoiceLine,
    line,
    ...leftOf(line, atPlace(credited, invoiceLine), terms.prices),
  }))
  return roundedTogether(lines, terms.rounding).map((indexes) => {
    const own = indexes.map((index) => atPlace(left, index))
    const together = sumOfTaxed(own, terms.currency)
    return { lines: own, left: together, gross: grossOf(together, terms.prices) }
  })
}

function partOfGroup({ lines, left, gross }: Group, share: Money, terms: PricingTerms): LeftLine[] {
  if (isZero(gross)) return []
  const tax = proportion(left.taxAmount, share.amount, gross.amount)
  const base = terms.prices === 'tax_excluded' ? minus(share, tax) : share
  const bases = isZero(left.base)
    ? lines.map(() => base)
    : split(
        base,
        lines.map((line) => line.base.amount),
      )
  return sharedTax(
    lines.map((line, index) => ({ ...line, base: atPlace(bases, index) })),
    tax,
    terms,
  )
}

function sharedTax(lines: readonly LeftLine[], taxAmount: Money, terms: PricingTerms): LeftLine[] {
  const bases = lines.map(({ base }) => base)
  const taxes = shareTaxOfGroup(taxAmount, bases, atPlace(lines, 0).line.tax, terms.prices)
  return lines.map((line, index) => ({ ...line, taxAmount: atPlace(taxes, index) }))
}

function creditLine({ line, invoiceLine, base, taxAmount }: LeftLine, terms: PricingTerms) {
  const { kind, sku, description, tax } = line
  return {
    kind,
    ...(sku === undefined ? {} : { sku }),
    description,
    ...onePiece(base),
    tax,
    ...amountsOf(base, taxAmount, terms.prices),
    invoiceLine,
    byAmount: true,
  } satisfies CreditLine
}

/** One piece for the whole base. A unit price has fewer digits than an amount: beyond them it is a thousand pieces. */
function onePiece({ amount }: Money): Pick<CreditLine, 'quantity' | 'unitPrice'> {
  const unitPrice = canonicalDecimal(amount)
  return isWithinDecimalText(unitPrice)
    ? { quantity: '1', unitPrice }
    : { quantity: '1000', unitPrice: thousandthOf(amount) }
}
