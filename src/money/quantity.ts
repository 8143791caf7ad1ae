/**
 * Quantities, unit prices and rates: decimal text without a currency, canonical (no exponent, no leading or trailing
 * zeros, no plus), so that equal values are equal texts.
 */
import { Exact } from './exact.js'

/** At most 12 digits before the point and 6 after it. */
export const DECIMAL_TEXT = /^-?\d{1,12}(?:\.\d{1,6})?$/

/** An exchange rate: a rupiah is some hundred-thousandths of a pound, so twelve digits after the point. */
export const RATE_TEXT = /^-?\d{1,12}(?:\.\d{1,12})?$/

/** `'006.50'` → `'6.5'`, `'-0'` → `'0'`. The text must fit {@link DECIMAL_TEXT}. */
export function canonicalDecimal(text: string): string {
  const value = new Exact(text)
  return value.isZero() ? '0' : value.toFixed()
}

export function plusDecimal(left: string, right: string): string {
  return canonicalDecimal(new Exact(left).plus(right).toFixed())
}

export function minusDecimal(left: string, right: string): string {
  return canonicalDecimal(new Exact(left).minus(right).toFixed())
}

/** Whether the number has no more digits than a quantity or a unit price may have. */
export function isWithinDecimalText(text: string): boolean {
  return DECIMAL_TEXT.test(text)
}

/** A thousandth of a number, exactly. */
export function thousandthOf(text: string): string {
  return canonicalDecimal(new Exact(text).dividedBy(1000).toFixed())
}

const FRACTION_DIGITS_MAX = 6

/** `whole × part ÷ of`, rounded to as many digits as a quantity has, half away from zero. */
export function proportionDecimal(whole: string, part: string, of: string): string {
  const exact = new Exact(whole).times(part).dividedBy(of)
  return canonicalDecimal(exact.toDecimalPlaces(FRACTION_DIGITS_MAX).toFixed())
}

const RATE_FRACTION_DIGITS_MAX = 12

/** The rate the other way round, rounded to as many digits as a rate has, half away from zero. The rate is not zero. */
export function inverseRate(rate: string): string {
  const exact = new Exact(1).dividedBy(rate)
  return canonicalDecimal(exact.toDecimalPlaces(RATE_FRACTION_DIGITS_MAX).toFixed())
}

/** Negative, zero or positive, as sorting wants it. */
export function compareDecimal(left: string, right: string): number {
  return new Exact(left).comparedTo(right)
}

/** Without its sign; of an amount as well as of a quantity. */
export function magnitude(text: string): string {
  return text.replace('-', '')
}

export function isZeroDecimal(text: string): boolean {
  return new Exact(text).isZero()
}
