/**
 * Whole numbers of minor units, and nothing of the product: the oracle must not share a rounding mistake with the code
 * that it judges.
 */
export type Money = Readonly<{ amount: string; currency: string }>

/** `12.30 GBP` → `1230n`. The text has all digits of its currency, so the units need no table of currencies. */
export function units({ amount }: Money): bigint {
  return BigInt(amount.replace('.', ''))
}

/** Digits after the point: 2 for `12.30`. */
export function digitsOf(text: string): number {
  const point = text.indexOf('.')
  return point === -1 ? 0 : text.length - point - 1
}

/** `1230n` with two digits → `12.30`. */
export function inDigits(value: bigint, digits: number): string {
  const text = `${magnitude(value)}`.padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  return `${value < 0n ? '-' : ''}${whole}${digits === 0 ? '' : `.${text.slice(-digits)}`}`
}

/** All quantities, prices and rates have at most six digits after the point: they are counted in millionths. */
const MILLIONTHS = 6

export function millionths(text: string): bigint {
  return BigInt(text.replace('.', '')) * 10n ** BigInt(MILLIONTHS - digitsOf(text))
}

/** Quantity times unit price in minor units. */
export function extension(quantity: string, unitPrice: string, digits: number): bigint {
  const product = millionths(quantity) * millionths(unitPrice)
  return rounded(product * 10n ** BigInt(digits), 10n ** BigInt(2 * MILLIONTHS))
}

/** The tax on top of a net amount, or within a gross one, by a rate in percent. */
export function taxOn(base: bigint, ratePercent: string, prices: string): bigint {
  const rate = millionths(ratePercent)
  const hundred = 100n * 10n ** BigInt(MILLIONTHS)
  return rounded(base * rate, prices === 'tax_excluded' ? hundred : hundred + rate)
}

/** Half away from zero. */
export function rounded(dividend: bigint, divisor: bigint): bigint {
  const half = (2n * magnitude(dividend) + divisor) / (2n * divisor)
  return dividend < 0n ? -half : half
}

export function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** Whether a part goes the way of the whole and not beyond it: 0 to 5 of 5, 0 to -5 of -5. */
export function isWithin(part: bigint, whole: bigint): boolean {
  return magnitude(part) <= magnitude(whole) && (part === 0n || part < 0n === whole < 0n)
}

export function add<Key>(sums: Map<Key, bigint>, key: Key, value: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + value)
}
