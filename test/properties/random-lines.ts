/** Lines of documents: several rates, quantities with fractions, discounts, negative lines, charges. */
import type { Random } from './random.js'

export type RandomTerms = Readonly<{ currency: string; digits: number }>

const TAXES = [
  { code: 'S20', ratePercent: '20' },
  { code: 'S20', ratePercent: '20' },
  { code: 'S20', ratePercent: '17.5' },
  { code: 'R5', ratePercent: '5' },
  { code: 'CH', ratePercent: '8.1' },
  { code: 'Z', ratePercent: '0', reason: 'Zero-rated' },
] as const
const REVERSE_CHARGE = { code: 'RC', ratePercent: '19', reverseCharge: true } as const
const CHARGES = ['shipping', 'handling', 'wrapping', 'fee'] as const
/** Kinds that the ledger makes itself. */
const OWN_KINDS = ['rounding', 'opening'] as const

export function randomLines(random: Random, terms: RandomTerms, direction: 'out' | 'in') {
  const count = random.chance(0.05) ? random.whole(5, 30) : random.whole(1, 4)
  return Array.from({ length: count }, () => randomLine(random, terms, direction))
}

export function randomLine(
  random: Random,
  { currency, digits }: RandomTerms,
  direction: 'out' | 'in',
) {
  if (direction === 'out' && random.chance(0.05)) return giftCertificate(random, digits)
  const charge = random.chance(0.2)
  const own = charge && random.chance(0.03)
  const quantity = charge ? '1' : randomQuantity(random)
  const unitPrice = randomPrice(random, digits)
  return {
    kind: charge ? random.pick(own ? OWN_KINDS : CHARGES) : ('item' as const),
    description: 'Something',
    quantity,
    unitPrice,
    ...(random.chance(0.15)
      ? { discount: { amount: amountText(BigInt(random.whole(1, 400)), digits), currency } }
      : {}),
    tax: own
      ? { code: 'Z', ratePercent: '0' }
      : random.chance(direction === 'in' ? 0.3 : 0.03)
        ? REVERSE_CHARGE
        : random.pick(TAXES),
  }
}

/** Money to be spent later: mostly without tax, as it must be where it is no supply yet (J5). */
function giftCertificate(random: Random, digits: number) {
  return {
    kind: 'gift_certificate' as const,
    description: 'Gift certificate',
    quantity: `${random.whole(1, 3)}`,
    unitPrice: randomPrice(random, digits),
    tax: random.chance(0.8) ? { code: 'Z', ratePercent: '0' } : random.pick(TAXES),
  }
}

/** `-5n` with two digits → `-0.05`. */
export function amountText(value: bigint, digits: number): string {
  const text = `${value < 0n ? -value : value}`.padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const sign = value < 0n ? '-' : ''
  return digits === 0 ? `${sign}${whole}` : `${sign}${whole}.${text.slice(-digits)}`
}

function randomQuantity(random: Random): string {
  if (random.chance(0.08))
    return random.pick(['-1', '-2', '0.5', '2.25', '1.333', '0.000001', '0', '144'])
  return `${random.whole(1, 12)}`
}

function randomPrice(random: Random, digits: number): string {
  if (random.chance(0.01)) return '999999999999'
  if (random.chance(0.08))
    return random.pick(['-1', '-3.5', '-0.01', '0', '0.333333', '1.005', '12.345678'])
  const price = amountText(BigInt(random.whole(1, random.pick([99, 999, 99_999]))), digits)
  return price.includes('.') ? price.replace(/\.?0+$/, '') : price
}
