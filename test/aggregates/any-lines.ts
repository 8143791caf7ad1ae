/** Random documents, and an oracle for their taxes that knows nothing of src/money. */
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import type { PricingTerms } from '../../src/aggregates/pricing.js'
import type { Line, Tax } from '../../src/events/parts.js'

Decimal.set({ precision: 80, rounding: Decimal.ROUND_HALF_UP })

export type Charged = Readonly<{ base: Decimal; tax: Tax }>

const DIGITS: Readonly<Record<string, number>> = { JPY: 0, EUR: 2, KWD: 3 }
const TAXES: readonly Tax[] = [
  { code: 'zero', ratePercent: '0' },
  { code: 'low', ratePercent: '5.5' },
  { code: 'normal', ratePercent: '20' },
  { code: 'other', ratePercent: '17.5' },
]

export function roundTo(value: Decimal, digits: number): Decimal {
  return value.toDecimalPlaces(digits, Decimal.ROUND_HALF_UP)
}

/** Unrounded; all of one rate. */
export function exactTaxOf(charged: readonly Charged[], prices: PricingTerms['prices']): Decimal {
  const base = charged.reduce((sum, one) => sum.plus(one.base), new Decimal(0))
  const rate = new Decimal(charged[0]?.tax.ratePercent ?? 0)
  return base.times(rate).dividedBy(prices === 'tax_excluded' ? 100 : rate.plus(100))
}

/** Up to eight lines with a discount here and there; where asked, also lines that are discounts themselves. */
export function anyLines({ negative }: Readonly<{ negative: boolean }>) {
  return fc
    .record({
      currency: fc.constantFrom('JPY', 'EUR', 'KWD'),
      prices: fc.constantFrom('tax_included' as const, 'tax_excluded' as const),
      rounding: fc.constantFrom('per_line' as const, 'global' as const),
    })
    .chain((terms: PricingTerms) =>
      fc.record({
        terms: fc.constant(terms),
        lines: fc.array(anyLine(terms.currency, negative), { minLength: 1, maxLength: 8 }),
      }),
    )
}

function anyLine(currency: string, negative: boolean): fc.Arbitrary<Line> {
  const digits = DIGITS[currency] ?? 2
  return fc
    .record({
      quantity: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(0.5, 2.25)),
      price: fc.integer({ min: 0, max: 2_000_000 }),
      discounted: fc.integer({ min: 0, max: 100 }),
      turned: fc.constantFrom(
        ...(negative ? (['no', 'no', 'quantity', 'price'] as const) : ['no']),
      ),
      tax: fc.constantFrom(...TAXES),
    })
    .map(({ quantity, price, discounted, turned, tax }) => {
      const unitPrice = new Decimal(price).dividedBy(10 ** Math.min(digits + 1, 4))
      const full = roundTo(unitPrice.times(quantity), digits)
      const share =
        discounted > 60 ? roundTo(full.times(100 - discounted).dividedBy(100), digits) : null
      const sign = (value: Decimal, part: string) =>
        (turned === part && !value.isZero() ? value.negated() : value).toFixed()
      return {
        kind: 'item',
        description: '',
        quantity: sign(new Decimal(quantity), 'quantity'),
        unitPrice: sign(unitPrice, 'price'),
        ...(share === null || turned !== 'no'
          ? {}
          : { discount: { amount: share.toFixed(digits), currency } }),
        tax,
      }
    })
}
