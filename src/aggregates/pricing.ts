/**
 * The amounts of a document's lines (J1, L6). Per line, each line's tax is rounded; globally, each tax code's tax is
 * rounded once over its lines and shared out among them by largest remainder. Either way line amounts add up to the
 * totals, tax by tax.
 */
import type { Line, PricedLine, Prices, Rounding, Tax, TaxTotal, Totals } from '../events/parts.js'
import {
  extended,
  minus,
  type Money,
  plus,
  shareTax,
  sum,
  taxOnTop,
  taxWithin,
  zero,
} from '../money/money.js'
import { atPlace } from './at-place.js'

export type PricingTerms = Readonly<{ prices: Prices; rounding: Rounding; currency: string }>
export type PricedDocument = Readonly<{ lines: PricedLine[]; taxes: TaxTotal[]; totals: Totals }>
export type Amounts = Readonly<{ net: Money; taxAmount: Money; gross: Money }>

export function priceDocument(lines: readonly Line[], terms: PricingTerms): PricedDocument {
  const bases = lines.map((line) => lineBase(line, terms.currency))
  const taxes = taxesOf(lines, bases, terms)
  const priced = lines.map((line, index) => ({
    ...line,
    ...amountsOf(atPlace(bases, index), atPlace(taxes, index), terms.prices),
  }))
  return {
    lines: priced,
    taxes: taxTotals(priced, terms.currency),
    totals: totalsOf(priced, terms.currency),
  }
}

/** Quantity × unit price less discount: the line's net where prices exclude tax, its gross where they include it. */
export function lineBase(line: Line, currency: string): Money {
  const full = extended(line.quantity, line.unitPrice, currency)
  return line.discount === undefined ? full : minus(full, line.discount)
}

/** The tax charged on an amount that is net or gross as the document's prices say; none under reverse charge. */
export function taxOf(base: Money, tax: Tax, prices: Prices): Money {
  const ratePercent = chargedRate(tax)
  return prices === 'tax_excluded' ? taxOnTop(base, ratePercent) : taxWithin(base, ratePercent)
}

function chargedRate({ reverseCharge, ratePercent }: Tax): string {
  return reverseCharge === true ? '0' : ratePercent
}

export function amountsOf(base: Money, taxAmount: Money, prices: Prices): Amounts {
  return prices === 'tax_excluded'
    ? { net: base, taxAmount, gross: plus(base, taxAmount) }
    : { net: minus(base, taxAmount), taxAmount, gross: base }
}

/** The platform said what it charged: that counts, whatever the rate comes to (L19). Reverse charge charges nothing. */
export function taxGiven({ platformTax, tax }: Pick<Line, 'platformTax' | 'tax'>): Money | null {
  return tax.reverseCharge === true ? null : (platformTax ?? null)
}

/** Lines of one tax code at one rate are rounded together where a document rounds globally. */
export function taxGroup(line: Pick<Line, 'tax'>): string {
  const { code, ratePercent, reverseCharge = false } = line.tax
  return `${code} ${ratePercent} ${reverseCharge}`
}

/** One row a code and rate, in the order of first appearance, also where the tax is 0; a rounding line has none (J4). */
export function taxTotals(lines: readonly (Line & Amounts)[], currency: string): TaxTotal[] {
  const rows = new Map<string, TaxTotal>()
  for (const line of lines) {
    if (line.kind === 'rounding' || line.kind === 'opening') continue
    const row = rows.get(taxGroup(line)) ?? {
      ...line.tax,
      base: zero(currency),
      amount: zero(currency),
    }
    rows.set(taxGroup(line), {
      ...row,
      base: plus(row.base, line.net),
      amount: plus(row.amount, line.taxAmount),
    })
  }
  return [...rows.values()]
}

export function totalsOf(lines: readonly Amounts[], currency: string): Totals {
  return {
    net: sum(
      lines.map(({ net }) => net),
      currency,
    ),
    tax: sum(
      lines.map(({ taxAmount }) => taxAmount),
      currency,
    ),
    gross: sum(
      lines.map(({ gross }) => gross),
      currency,
    ),
  }
}

/** The tax of a group over its lines, each near to its own exact tax. */
export function shareTaxOfGroup(
  taxAmount: Money,
  bases: readonly Money[],
  tax: Tax,
  prices: Prices,
): Money[] {
  const charged = prices === 'tax_excluded' ? 'on_top' : 'within'
  return shareTax(taxAmount, bases, { ratePercent: chargedRate(tax), charged })
}

function taxesOf(lines: readonly Line[], bases: readonly Money[], terms: PricingTerms): Money[] {
  return terms.rounding === 'per_line'
    ? taxPerLine(lines, bases, terms)
    : taxGlobally(lines, bases, terms)
}

function taxPerLine(
  lines: readonly Line[],
  bases: readonly Money[],
  { prices }: PricingTerms,
): Money[] {
  return lines.map(
    (line, index) => taxGiven(line) ?? taxOf(atPlace(bases, index), line.tax, prices),
  )
}

function taxGlobally(
  lines: readonly Line[],
  bases: readonly Money[],
  { prices, currency }: PricingTerms,
): Money[] {
  const taxes = lines.map((line) => taxGiven(line) ?? zero(currency))
  for (const indexes of groupIndexes(lines).values()) {
    const groupBases = indexes.map((index) => atPlace(bases, index))
    const { tax } = atPlace(lines, atPlace(indexes, 0))
    const shares = shareTaxOfGroup(
      taxOf(sum(groupBases, currency), tax, prices),
      groupBases,
      tax,
      prices,
    )
    indexes.forEach((index, place) => (taxes[index] = atPlace(shares, place)))
  }
  return taxes
}

type TaxedLine = Pick<Line, 'tax' | 'platformTax'>

/** By tax code and rate; a line whose tax was given is in no group. */
export function groupIndexes(lines: readonly TaxedLine[]): ReadonlyMap<string, number[]> {
  const groups = new Map<string, number[]>()
  lines.forEach((line, index) => {
    if (taxGiven(line) !== null) return
    const group = groups.get(taxGroup(line))
    if (group === undefined) groups.set(taxGroup(line), [index])
    else group.push(index)
  })
  return groups
}

/** The lines whose tax is rounded at once: each alone, or all of one tax code where a document rounds globally. */
export function roundedTogether(
  lines: readonly TaxedLine[],
  rounding: Rounding,
): readonly (readonly number[])[] {
  if (rounding === 'per_line') return lines.map((_, index) => [index])
  const alone = lines.flatMap((line, index) => (taxGiven(line) === null ? [] : [[index]]))
  return [...groupIndexes(lines).values(), ...alone]
}
