/**
 * What an order charges in taxes, line by line. The details name the line of each tax, or only its kind (an automatic tax
 * on shipping names no address); where there are none, a line's own tax stands.
 */
import { type Money, split } from '../../money/money.js'
import { isZeroDecimal, plusDecimal } from '../../money/quantity.js'
import { roundedMoney } from '../wire-amount.js'
import type { ChargedLine, OrderParts } from './charged-lines.js'
import type { WireTax } from './order-wire.js'

export type ChargedTax = Readonly<{
  amount: Money
  /** The taxes that it is made of; empty: nothing says. */
  taxes: readonly WireTax[]
}>

export function chargedTaxes(lines: readonly ChargedLine[], parts: OrderParts): ChargedTax[] {
  const { order, taxes } = parts
  const currency = order.default_currency_code
  const details = lines.map((): Detail[] => [])
  for (const tax of taxes) {
    for (const { index, amount } of sharesOf(tax, lines, parts)) {
      details[index]?.push({ tax, amount })
    }
  }
  const exact = lines.map((line, index) => {
    const found = details[index] ?? []
    return found.length === 0 ? line.tax : found.map(({ amount }) => amount).reduce(plusDecimal)
  })
  const amounts = roundedTogether(exact, roundedMoney(order.total_tax, currency))
  return amounts.map((amount, index) => ({
    amount,
    taxes: (details[index] ?? []).map(({ tax }) => tax),
  }))
}

type Detail = Readonly<{ tax: WireTax; amount: string }>

/** A tax on one line is that line's; on several of a kind it is shared out by what each says itself. */
function sharesOf(
  tax: WireTax,
  lines: readonly ChargedLine[],
  parts: OrderParts,
): readonly Readonly<{ index: number; amount: string }>[] {
  const indexes = linesOf(tax, lines, parts)
  const [first] = indexes
  if (first === undefined) return []
  if (indexes.length === 1) return [{ index: first, amount: tax.line_amount }]
  const weights = weightsOf(indexes.flatMap((index) => lines[index] ?? []))
  const amount = roundedMoney(tax.line_amount, parts.order.default_currency_code)
  return split(amount, weights).map((share, place) => ({
    index: indexes[place] ?? first,
    amount: share.amount,
  }))
}

function weightsOf(lines: readonly ChargedLine[]): readonly string[] {
  const candidates = [lines.map(({ tax }) => tax), lines.map(({ base }) => base.amount)]
  return (
    candidates.find((weights) => !isZeroDecimal(weights.reduce(plusDecimal, '0'))) ??
    lines.map(() => '1')
  )
}

const KINDS: Readonly<Record<string, readonly ChargedLine['kind'][]>> = {
  item: ['item', 'gift_certificate'],
  shipping: ['shipping'],
  handling: ['handling'],
  'gift-wrapping': ['wrapping'],
}

function linesOf(
  tax: WireTax,
  lines: readonly ChargedLine[],
  { products }: OrderParts,
): readonly number[] {
  const kinds = KINDS[tax.line_item_type ?? ''] ?? []
  const ofKind = lines.flatMap((line, index) => (kinds.includes(line.kind) ? [index] : []))
  const product = products.find(({ id }) => id === tax.order_product_id)
  const address = tax.order_address_id ?? product?.order_address_id ?? null
  const isByProduct = ['item', 'gift-wrapping'].includes(tax.line_item_type ?? '')
  const name = isByProduct ? tax.order_product_id : address
  const named = ofKind.filter((index) => name !== null && lines[index]?.platformLine === name)
  return named.length > 0 ? named : ofKind
}

/** Rounded so that they add up to the order's tax, where nothing but rounding lies between them. */
function roundedTogether(exact: readonly string[], total: Money): readonly Money[] {
  const { currency } = total
  const whole = exact.reduce(plusDecimal, '0')
  const isAllThere = roundedMoney(whole, currency).amount === total.amount
  if (isAllThere && !isZeroDecimal(whole)) return split(total, exact)
  return exact.map((amount) => roundedMoney(amount, currency))
}
