/**
 * Money as it is everywhere in Folio: canonical decimal text and a currency. `120.50 EUR` is
 * `{ amount: '120.50', currency: 'EUR' }`, always with all digits of the currency's minor unit (ISO 4217), so that
 * equal amounts are equal texts. This folder alone knows decimal.js. Rounding is half away from zero (L6).
 */
import { isCurrency, minorUnitDigits } from './currency.js'
import { Exact } from './exact.js'

export type Money = Readonly<{ amount: string; currency: string }>

/** Amounts have at most 15 digits before the point: what every ledger and spreadsheet around us still holds. */
export const AMOUNT_INTEGER_DIGITS_MAX = 15

const BEYOND = new Exact(10).pow(AMOUNT_INTEGER_DIGITS_MAX)

const CANONICAL_AMOUNT = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/

/** What decimal.js takes besides, such as `NaN`, `0x1f` and `1e3`, is no amount. */
const PLAIN_DECIMAL = /^-?\d+(?:\.\d+)?$/

/** Two currencies met in one sum: damage, for every decision refuses that before it counts. */
export class CurrencyMismatch extends Error {
  constructor(left: Money, right: Money) {
    super(`${left.amount} ${left.currency} and ${right.amount} ${right.currency} do not add up`)
    this.name = 'CurrencyMismatch'
  }
}

/** An amount beyond what {@link Money} holds came out of amounts or quantities that were each within their limits. */
export class AmountTooLarge extends RangeError {
  readonly currency: string
  constructor(amount: string, currency: string) {
    super(`${amount} ${currency} is beyond ${AMOUNT_INTEGER_DIGITS_MAX} digits`)
    this.name = 'AmountTooLarge'
    this.currency = currency
  }
}

/** True for canonical text: all digits of the minor unit, no exponent, no leading zero, no minus zero. */
export function isMoney(amount: string, currency: string): boolean {
  if (!isCurrency(currency) || !CANONICAL_AMOUNT.test(amount)) return false
  const point = amount.indexOf('.')
  const digits = point === -1 ? 0 : amount.length - point - 1
  return digits === minorUnitDigits(currency) && !/^-[0.]+$/.test(amount)
}

/** Canonical money from decimal text that may lack digits (`12` → `12.00`); more digits than the currency has throw. */
export function money(amount: string, currency: string): Money {
  if (!PLAIN_DECIMAL.test(amount))
    throw new RangeError(`${JSON.stringify(amount)} is no decimal text`)
  const value = new Exact(amount)
  const digits = minorUnitDigits(currency)
  if (value.decimalPlaces() > digits) {
    throw new RangeError(`${amount} has more digits than ${currency}, which has ${digits}`)
  }
  return fromDecimal(value, currency)
}

export function zero(currency: string): Money {
  return {
    amount: minorUnitDigits(currency) === 0 ? '0' : `0.${'0'.repeat(minorUnitDigits(currency))}`,
    currency,
  }
}

/** So many of the smallest unit that the currency has: 3 are `0.03 EUR`, `3 JPY`. */
export function minorUnits(count: number, currency: string): Money {
  return fromDecimal(unitOf(currency).times(count), currency)
}

export function plus(left: Money, right: Money): Money {
  if (left.currency !== right.currency) throw new CurrencyMismatch(left, right)
  return fromDecimal(new Exact(left.amount).plus(right.amount), left.currency)
}

/** A running total: it may have more digits than any one amount, as the books of many years have. */
export function accumulated(total: Money, amount: Money): Money {
  if (total.currency !== amount.currency) throw new CurrencyMismatch(total, amount)
  return unlimited(new Exact(total.amount).plus(amount.amount), total.currency)
}

/** What one running total has more than another. */
export function excess(total: Money, other: Money): Money {
  if (total.currency !== other.currency) throw new CurrencyMismatch(total, other)
  return unlimited(new Exact(total.amount).minus(other.amount), total.currency)
}

export function minus(left: Money, right: Money): Money {
  if (left.currency !== right.currency) throw new CurrencyMismatch(left, right)
  return fromDecimal(new Exact(left.amount).minus(right.amount), left.currency)
}

export function negate(value: Money): Money {
  return fromDecimal(new Exact(value.amount).negated(), value.currency)
}

export function sum(values: Iterable<Money>, currency: string): Money {
  let total = new Exact(0)
  for (const value of values) {
    if (value.currency !== currency) throw new CurrencyMismatch(zero(currency), value)
    total = total.plus(value.amount)
  }
  return fromDecimal(total, currency)
}

/** Negative, zero or positive, as sorting wants it. */
export function compare(left: Money, right: Money): number {
  if (left.currency !== right.currency) throw new CurrencyMismatch(left, right)
  return new Exact(left.amount).comparedTo(right.amount)
}

export function equals(left: Money, right: Money): boolean {
  return left.currency === right.currency && left.amount === right.amount
}

export function smaller(left: Money, right: Money): Money {
  return compare(left, right) <= 0 ? left : right
}

export function larger(left: Money, right: Money): Money {
  return compare(left, right) >= 0 ? left : right
}

export function isZero(value: Money): boolean {
  return !/[1-9]/.test(value.amount)
}

export function isNegative(value: Money): boolean {
  return value.amount.startsWith('-')
}

export function isPositive(value: Money): boolean {
  return !isNegative(value) && !isZero(value)
}

/** `whole × part ÷ of`, rounded to the currency's unit, half away from zero. `part` and `of` are decimal texts. */
export function proportion(whole: Money, part: string, of: string): Money {
  return fromDecimal(new Exact(whole.amount).times(part).dividedBy(of), whole.currency)
}

/** `quantity × unit price`, rounded to the currency's unit, half away from zero. The unit price may have more digits. */
export function extended(quantity: string, unitPrice: string, currency: string): Money {
  return fromDecimal(new Exact(quantity).times(unitPrice), currency)
}

/** The tax that comes on top of a net amount: `net × rate`. The rate is in percent, as text: `'17.5'`. */
export function taxOnTop(net: Money, ratePercent: string): Money {
  return fromDecimal(new Exact(net.amount).times(ratePercent).dividedBy(100), net.currency)
}

/** The tax that a gross amount holds: `gross × rate ÷ (100 + rate)`. */
export function taxWithin(gross: Money, ratePercent: string): Money {
  const rate = new Exact(ratePercent)
  return fromDecimal(new Exact(gross.amount).times(rate).dividedBy(rate.plus(100)), gross.currency)
}

/**
 * Splits an amount in proportion to weights so that the parts add up to it, by largest remainder; of equal remainders
 * the earlier takes the unit. Weights are decimal texts whose sum is not zero. An amount between zero and that sum gives
 * each part between zero and its weight, of whatever signs the weights are.
 */
export function split(amount: Money, weights: readonly string[]): Money[] {
  const denominator = weights.reduce((left, right) => left.plus(right), new Exact(0))
  if (denominator.isZero()) throw new RangeError('Weights whose sum is zero split nothing')
  const numerators = weights.map((weight) => new Exact(amount.amount).times(weight))
  return largestRemainder(amount, { numerators, denominator })
}

/**
 * Shares a tax out among the amounts that it was charged on, net (`on_top`) or gross (`within`): each gets its own
 * exact tax, down or up to the unit, so that the shares add up to the tax. Unlike shares in proportion to the amounts
 * they stay true where a discount makes the sum of the amounts small. A tax that is a unit or more off the exact one, as
 * credits by amount leave it (L14), moves each share by its size.
 */
export function shareTax(
  tax: Money,
  amounts: readonly Money[],
  { ratePercent, charged }: Readonly<{ ratePercent: string; charged: 'on_top' | 'within' }>,
): Money[] {
  const denominator = charged === 'on_top' ? new Exact(100) : new Exact(ratePercent).plus(100)
  const numerators = amounts.map(({ amount }) => new Exact(amount).times(ratePercent))
  return largestRemainder(tax, addingUpTo(tax, { numerators, denominator }))
}

/** Parts over one denominator, for equal remainders are equal only as fractions: thirds have no last digit. */
type Parts = Readonly<{ numerators: readonly Exact[]; denominator: Exact }>

/** The parts as they are where rounding alone lies between them and the amount. */
function addingUpTo({ amount, currency }: Money, parts: Parts): Parts {
  const { numerators, denominator } = parts
  const missing = numerators.reduce((left, part) => left.minus(part), denominator.times(amount))
  const size = numerators.reduce((total, part) => total.plus(part.abs()), new Exact(0))
  if (missing.abs().lt(denominator.times(unitOf(currency))) || size.isZero()) return parts
  return {
    numerators: numerators.map((part) => part.times(size).plus(missing.times(part.abs()))),
    denominator: denominator.times(size),
  }
}

/** Each part rounded down to the unit, and the units that are then missing given to the largest remainders. */
function largestRemainder(
  { amount, currency }: Money,
  { numerators, denominator }: Parts,
): Money[] {
  const unit = unitOf(currency)
  const one = denominator.times(unit)
  const parts = numerators.map((part, index) => {
    const floor = part.dividedBy(one).floor().times(unit)
    return {
      index,
      floor,
      remainder: part.minus(denominator.times(floor)).dividedBy(denominator.s),
    }
  })
  const floors = parts.reduce((total, { floor }) => total.plus(floor), new Exact(0))
  const missing = new Exact(amount).minus(floors).dividedBy(unit)
  return (
    parts
      // Sorting is stable: of equal remainders the earlier stays first.
      .sort((a, b) => b.remainder.comparedTo(a.remainder))
      .map(({ index, floor }, rank) => {
        const units = missing.minus(rank).dividedBy(parts.length).ceil()
        return { index, share: fromDecimal(floor.plus(unit.times(units)), currency) }
      })
      .sort((a, b) => a.index - b.index)
      .map(({ share }) => share)
  )
}

function unitOf(currency: string): Exact {
  return new Exact(10).pow(-minorUnitDigits(currency))
}

function fromDecimal(value: Exact, currency: string): Money {
  const money = unlimited(value, currency)
  if (value.abs().gte(BEYOND)) throw new AmountTooLarge(money.amount, currency)
  return money
}

function unlimited(value: Exact, currency: string): Money {
  const digits = minorUnitDigits(currency)
  const rounded = value.toDecimalPlaces(digits)
  const text = rounded.toFixed(digits)
  return { amount: rounded.isZero() ? text.replace('-', '') : text, currency }
}
