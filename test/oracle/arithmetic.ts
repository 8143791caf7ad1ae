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

/** In the currency of a document and in that of its books. */
export type Both = Readonly<{ amount: bigint; books: bigint }>

export const NOTHING: Both = { amount: 0n, books: 0n }

export function plusBoth(left: Both, right: Both): Both {
  return { amount: left.amount + right.amount, books: left.books + right.books }
}

export function minusBoth(left: Both, right: Both): Both {
  return { amount: left.amount - right.amount, books: left.books - right.books }
}

export function addBoth<Key>(sums: Map<Key, Both>, key: Key, value: Both): void {
  sums.set(key, plusBoth(sums.get(key) ?? NOTHING, value))
}

/** A part of what is open: all of it is all of it in books currency too, else it is in proportion (J40). */
export function partOf(open: Both, amount: bigint): Both {
  if (amount === open.amount) return open
  if (open.amount === 0n) return { amount, books: 0n }
  return { amount, books: share(open.books, amount, open.amount) }
}

/** `whole × part ÷ of`, rounded half away from zero. */
export function share(whole: bigint, part: bigint, of: bigint): bigint {
  return of < 0n ? rounded(-whole * part, -of) : rounded(whole * part, of)
}

/** An amount in books currency: `rate` is books currency for one unit. */
export function exchanged(amount: Money, rate: string, booksDigits: number): bigint {
  const divisor = 10n ** BigInt(digitsOf(amount.amount) + digitsOf(rate))
  const rateUnits = BigInt(rate.replace('.', ''))
  return rounded(units(amount) * rateUnits * 10n ** BigInt(booksDigits), divisor)
}
