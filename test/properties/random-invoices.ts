/** Invoices to credit: several rates and modes, quantities with fractions, discounts, discount lines, charges. */
import type { PricingTerms } from '../../src/aggregates/pricing.js'
import type { Line, Tax } from '../../src/events/parts.js'
import { extension, inDigits, magnitude, rounded } from '../oracle/arithmetic.js'
import type { Random } from './random.js'

export const DIGITS: Readonly<Record<string, number>> = { JPY: 0, GBP: 2, KWD: 3 }

/** In units, at most. */
const PRICES = [9, 99, 999, 99_999, 9_999_999]

const TAXES: readonly Tax[] = [
  { code: 'S', ratePercent: '20' },
  { code: 'S', ratePercent: '20' },
  { code: 'S', ratePercent: '21' },
  { code: 'R', ratePercent: '5.5' },
  { code: 'NY', ratePercent: '8.875' },
  { code: 'Z', ratePercent: '0', reason: 'Zero-rated' },
  { code: 'RC', ratePercent: '19', reverseCharge: true },
]
/** Above 100 % a tax can be left where no net is. */
const STEEP: Tax = { code: 'STEEP', ratePercent: '150' }

export type InvoiceToCredit = Readonly<{ lines: readonly Line[]; terms: PricingTerms }>

/** A small one has a line or a few, of so little money that every unit counts. */
export function randomInvoice(random: Random, isSmall: boolean): InvoiceToCredit {
  const currency = random.pick(['JPY', 'GBP', 'KWD'])
  const terms: PricingTerms = {
    currency,
    prices: random.pick(['tax_included', 'tax_excluded'] as const),
    rounding: random.pick(['per_line', 'global'] as const),
  }
  const discounted = random.chance(0.4)
  const linesMax = isSmall ? 3 : 5
  const prices = isSmall ? [99, 999] : PRICES
  const count = random.chance(0.05) ? random.whole(1, linesMax * 4) : random.whole(1, linesMax)
  const lines = Array.from({ length: count }, () =>
    randomLine(random, currency, { discounted, prices }),
  )
  return { terms, lines }
}

function randomLine(
  random: Random,
  currency: string,
  { discounted, prices }: Readonly<{ discounted: boolean; prices: readonly number[] }>,
): Line {
  const digits = DIGITS[currency] ?? 2
  const charge = random.chance(0.2)
  const turned =
    discounted && random.chance(0.35) ? random.pick(['quantity', 'price'] as const) : ''
  const quantity = charge ? '1' : randomQuantity(random)
  const more = random.chance(0.15) ? random.whole(1, 2) : 0
  const most = random.pick(prices)
  const unitPrice = canonical(inDigits(BigInt(random.whole(0, most)), digits + more))
  const full = extension(quantity, unitPrice, digits)
  // Now and then a discount above the price, which turns the line round.
  const percent = random.chance(0.2) ? random.whole(1, discounted ? 120 : 100) : 0
  const discount = rounded(magnitude(full) * BigInt(percent), 100n)
  return {
    kind: charge ? 'shipping' : 'item',
    description: 'Something',
    quantity: turned === 'quantity' ? opposite(quantity) : quantity,
    unitPrice: turned === 'price' ? opposite(unitPrice) : unitPrice,
    ...(discount === 0n || turned !== ''
      ? {}
      : { discount: { amount: inDigits(discount, digits), currency } }),
    tax: random.chance(0.02) ? STEEP : random.pick(TAXES),
  }
}

function randomQuantity(random: Random): string {
  return random.chance(0.2)
    ? random.pick(['0.5', '2.25', '1.333', '0.125', '144'])
    : `${random.whole(1, 9)}`
}

function opposite(text: string): string {
  return text === '0' ? text : `-${text}`
}

/** `1.50` → `1.5`, as schemas take quantities and prices. */
export function canonical(text: string): string {
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return short === '-0' ? '0' : short
}
