/** By which name and rate a line is taxed, and why it is not. */
import { equals, isZero, minus, type Money, taxOnTop, taxWithin } from '../../money/money.js'
import { isZeroDecimal, magnitude, plusDecimal, proportionDecimal } from '../../money/quantity.js'
import { cutTo, type Mending } from '../mended-text.js'
import type { PlatformOrderLine } from '../platform.js'
import { withoutNoise } from '../wire-amount.js'
import type { WireTax } from './order-wire.js'
import type { ChargedTax } from './tax-amounts.js'

type Tax = PlatformOrderLine['tax']

const CODE_LENGTH_MAX = 40
const NO_TAX = 'No tax'
const SOME_TAX = 'Tax'

export type TaxedLine = Readonly<{
  kind: PlatformOrderLine['kind']
  /** Less its discount, in the order's tax mode. */
  amount: Money
  isTaxInclusive: boolean
  charged: ChargedTax
}>

/** `fallback`: the taxes of the order's other lines, for a line of which nothing is said. */
export function lineTax(line: TaxedLine, fallback: readonly WireTax[], mending: Mending): Tax {
  const { charged } = line
  const isSilent = charged.taxes.length === 0
  const isOfNothing = isZero(charged.amount) && isZero(line.amount)
  const taxes = isSilent && isOfNothing ? fallback : charged.taxes
  const { code, ratePercent } = combined(taxes, mending)
  if (isZero(charged.amount) && !isZero(taxAt(ratePercent, line))) {
    return { code, ratePercent: '0', reason: cutTo(`The store charged no ${code}`, 200) }
  }
  if (isZero(charged.amount) && isZeroDecimal(ratePercent)) {
    return { code: taxes.length === 0 ? NO_TAX : code, ratePercent: '0', reason: reasonFor(line) }
  }
  if (!isZeroDecimal(ratePercent)) return { code, ratePercent }
  return { code: isSilent ? onlyName(fallback, mending) : code, ratePercent: rateOf(line) }
}

/** Taxes on one line add up. One on top of another comes to slightly more than their rates: the amount is what counts. */
function combined(taxes: readonly WireTax[], mending: Mending) {
  const distinct = new Map(taxes.map((tax) => [`${nameOf(tax, mending)} ${tax.rate}`, tax]))
  const names = new Set([...distinct.values()].map((tax) => nameOf(tax, mending)))
  const rate = [...distinct.values()].map(({ rate }) => rate).reduce(plusDecimal, '0')
  return {
    code: names.size === 0 ? SOME_TAX : cutTo([...names].join(' + '), CODE_LENGTH_MAX),
    ratePercent: magnitude(withoutNoise(rate)),
  }
}

function nameOf({ name, class: kind }: WireTax, mending: Mending): string {
  return (
    [name, kind].map((text) => mending.text(text, CODE_LENGTH_MAX).trim()).find(Boolean) ?? SOME_TAX
  )
}

function onlyName(taxes: readonly WireTax[], mending: Mending): string {
  const names = new Set(taxes.map((tax) => nameOf(tax, mending)))
  const [name = SOME_TAX] = names
  return names.size === 1 ? name : SOME_TAX
}

function reasonFor({ kind }: TaxedLine): string {
  return kind === 'gift_certificate'
    ? 'A gift certificate is taxed when it is spent'
    : 'The store charged no tax'
}

function taxAt(ratePercent: string, { amount, isTaxInclusive }: TaxedLine): Money {
  return isTaxInclusive ? taxWithin(amount, ratePercent) : taxOnTop(amount, ratePercent)
}

const RATE_DIGITS = ['1000000', '100000', '10000', '1000', '100', '10', '1']

/** The rate with the fewest digits that comes to what was charged. */
function rateOf(line: TaxedLine): string {
  const { amount, isTaxInclusive, charged } = line
  const net = isTaxInclusive ? minus(amount, charged.amount) : amount
  if (isZero(net)) return '0'
  const exact = proportionDecimal(charged.amount.amount, '100', net.amount)
  const rates = RATE_DIGITS.map((unit) => rounded(exact, unit))
  return magnitude(rates.find((rate) => equals(taxAt(rate, line), charged.amount)) ?? exact)
}

/** To as many digits as are left of six behind a shift by `unit`. */
function rounded(text: string, unit: string): string {
  return proportionDecimal(proportionDecimal(text, '1', unit), unit, '1')
}
