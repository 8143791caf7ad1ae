/**
 * What is taken off each line. BigCommerce says it in three ways that do not always agree: discounts that name their
 * line, what the shopper pays for a line in the end, and discounts of the order. The one is taken by which the lines come
 * nearest to the order's total, the first of equal ones; what still lies between stays (L19).
 */
import {
  compare,
  extended,
  isNegative,
  isPositive,
  minus,
  type Money,
  negate,
  plus,
  split,
  sum,
  zero,
} from '../../money/money.js'
import { plusDecimal } from '../../money/quantity.js'
import { roundedMoney } from '../wire-amount.js'
import type { ChargedLine } from './charged-lines.js'
import type { WireOrder } from './order-wire.js'

export function discountsOf(
  lines: readonly ChargedLine[],
  taxes: readonly Money[],
  order: WireOrder,
): readonly Money[] {
  const currency = order.default_currency_code
  const named = lines.map(({ discounts }) => roundedMoney(discounts, currency))
  const total = order.is_tax_inclusive_pricing ? order.total_inc_tax : order.total_ex_tax
  const missing = minus(sumOfBases(lines, currency), roundedMoney(total, currency))
  const distance = (discounts: readonly Money[]): Money =>
    absolute(minus(missing, sum(discounts, currency)))
  return [paidInTheEnd(lines, taxes, order), withDiscountsOfOrder(lines, named, order)].reduce(
    (best, other) => (compare(distance(other), distance(best)) < 0 ? other : best),
    named,
  )
}

/** By what the shopper pays for each line; what the line's tax makes up of it is no discount. */
function paidInTheEnd(
  lines: readonly ChargedLine[],
  taxes: readonly Money[],
  order: WireOrder,
): readonly Money[] {
  const currency = order.default_currency_code
  return lines.map(({ base, discountedGross }, index) => {
    if (discountedGross === null) return zero(currency)
    const paid = roundedMoney(discountedGross, currency)
    const tax = taxes[index] ?? zero(currency)
    const discount = minus(base, order.is_tax_inclusive_pricing ? paid : minus(paid, tax))
    return isNegative(discount) ? zero(currency) : discount
  })
}

/** What the order's discounts have beyond those that name a line, shared out among the goods; among all, if it is more. */
function withDiscountsOfOrder(
  lines: readonly ChargedLine[],
  named: readonly Money[],
  order: WireOrder,
): readonly Money[] {
  const currency = order.default_currency_code
  const ofOrder = extended('1', plusDecimal(order.discount_amount, order.coupon_discount), currency)
  const unnamed = minus(ofOrder, sum(named, currency))
  const left = lines.map(({ base }, index) => positive(minus(base, named[index] ?? zero(currency))))
  const ofGoods = left.map((amount, index) => (isGoods(lines[index]) ? amount : zero(currency)))
  const weights = compare(sum(ofGoods, currency), unnamed) >= 0 ? ofGoods : left
  if (!isPositive(unnamed) || !isPositive(sum(weights, currency))) return named
  const shares = split(
    unnamed,
    weights.map(({ amount }) => amount),
  )
  return named.map((discount, index) => plus(discount, shares[index] ?? zero(currency)))
}

function isGoods(line: ChargedLine | undefined): boolean {
  return line?.kind === 'item' || line?.kind === 'gift_certificate'
}

function sumOfBases(lines: readonly ChargedLine[], currency: string): Money {
  return sum(
    lines.map(({ base }) => base),
    currency,
  )
}

function positive(amount: Money): Money {
  return isNegative(amount) ? zero(amount.currency) : amount
}

function absolute(amount: Money): Money {
  return isNegative(amount) ? negate(amount) : amount
}
