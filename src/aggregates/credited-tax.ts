/** What notes leave of a base and its tax, and the tax of the next note (L6, L14). */
import type { PricedLine, Prices, Tax } from '../events/parts.js'
import {
  isNegative,
  isZero,
  larger,
  minus,
  type Money,
  negate,
  plus,
  smaller,
  sum,
  zero,
} from '../money/money.js'
import { amountsOf, taxOf } from './pricing.js'

/** An amount, net or gross as the document's prices are, and its tax. */
export type Taxed = Readonly<{ base: Money; taxAmount: Money }>

/** Of a line, or of all lines that are rounded together. */
export type Progress = Readonly<{ credited: Taxed; left: Taxed }>

export function leftOf(line: PricedLine, credited: Taxed, prices: Prices): Taxed {
  return {
    base: minus(prices === 'tax_excluded' ? line.net : line.gross, credited.base),
    taxAmount: minus(line.taxAmount, credited.taxAmount),
  }
}

export function grossOf({ base, taxAmount }: Taxed, prices: Prices): Money {
  return amountsOf(base, taxAmount, prices).gross
}

export function sumOfTaxed(parts: readonly Taxed[], currency: string): Taxed {
  return {
    base: sum(
      parts.map(({ base }) => base),
      currency,
    ),
    taxAmount: sum(
      parts.map(({ taxAmount }) => taxAmount),
      currency,
    ),
  }
}

/**
 * The tax of a base that a note takes back: the rounded tax on everything credited with it, less what earlier notes took
 * (L6), and all that is left where no base is. Notes by amount round what is left instead (L14), so the tax taken so far
 * may be more or less than the rounded one. Then the note keeps within what is left, and neither its tax nor its net is
 * negative where its gross is not; without such notes these limits change nothing.
 */
export function taxTakenBack(
  base: Money,
  tax: Tax,
  { credited, left }: Progress,
  prices: Prices,
): Money {
  if (isNegative(base)) {
    const opposite = { credited: negated(credited), left: negated(left) }
    return negate(taxTakenBack(negate(base), tax, opposite, prices))
  }
  const baseAfter = minus(left.base, base)
  if (isZero(baseAfter)) return left.taxAmount
  const cumulative = minus(taxOf(plus(credited.base, base), tax, prices), credited.taxAmount)
  const notNegative = larger(cumulative, zero(base.currency))
  const withinBase = prices === 'tax_included' ? smaller(notNegative, base) : notNegative
  // Discount lines that are still to be taken back can leave less than nothing of a group.
  return isNegative(baseAfter)
    ? larger(withinBase, left.taxAmount)
    : smaller(withinBase, left.taxAmount)
}

function negated({ base, taxAmount }: Taxed): Taxed {
  return { base: negate(base), taxAmount: negate(taxAmount) }
}
