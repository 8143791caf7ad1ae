/**
 * What an invoice takes of an order's lines, so that all parts of a line add up to it: price, discount and the tax that
 * the platform charged (L17). A part has the rounded amount of everything invoiced so far less what the other invoices
 * have of it, also after a draft between them was discarded.
 */
import { lineBase } from '../../src/aggregates/pricing.js'
import type { InstanceSettings } from '../../src/events/instance-events.js'
import type { Line, LineKind } from '../../src/events/parts.js'
import {
  extended,
  isNegative,
  isPositive,
  isZero,
  larger,
  minus,
  type Money,
  negate,
  proportion,
  smaller,
  sum,
  zero,
} from '../../src/money/money.js'
import {
  compareDecimal,
  isZeroDecimal,
  magnitude,
  minusDecimal,
  proportionDecimal,
} from '../../src/money/quantity.js'
import type { LineLeft } from './order-lines-left.js'

/** A line of the draft: the part it takes, and of which line of the order. */
export type OrderPart = Line & Readonly<{ orderLine: number }>

const CHARGES: readonly LineKind[] = ['shipping', 'handling', 'wrapping', 'fee']

export function isCharge({ kind }: Pick<Line, 'kind'>): boolean {
  return CHARGES.includes(kind)
}

/** A quantity in the direction of its line: a discount line of negative quantity is invoiced as such. */
export function isInvoiceable(quantity: string, ordered: string): boolean {
  return !isZeroDecimal(quantity) && quantity.startsWith('-') === ordered.startsWith('-')
}

export function partOfLine(left: LineLeft, quantity: string): Line {
  const { ordered } = left
  if (quantity === ordered.quantity && quantity === left.quantity) return ordered
  const { currency } = left.discount
  const rest = minusDecimal(left.quantity, quantity)
  const full = extended(quantity, ordered.unitPrice, currency)
  // What takes the rest of a line takes the units that the parts' own rounding left.
  const takesRest =
    isZeroDecimal(rest) && left.base !== null && isNegative(left.base) === isNegative(full)
  const discount = takesRest ? minus(full, left.base) : discountOfPart(left, rest)
  const platformTax = remaining(ordered.platformTax, left.platformTax, (whole) =>
    proportion(whole, rest, ordered.quantity),
  )
  return lineWith(ordered, {
    quantity,
    discount: ordered.discount === undefined && isZero(discount) ? undefined : discount,
    platformTax,
  })
}

/** None, where the order's discount was lowered below what the other parts have of it. */
function discountOfPart(left: LineLeft, rest: string): Money {
  const { discount, quantity } = left.ordered
  const none = zero(left.discount.currency)
  if (discount === undefined) return none
  const share = minus(left.discount, proportion(discount, rest, quantity))
  return isNegative(share) === isNegative(discount) ? share : none
}

/** What this part takes where so much of the whole is to be left; nothing where the order was lowered below that. */
function remaining(
  whole: Money | undefined,
  left: Money,
  leftAfter: (whole: Money) => Money,
): Money | undefined {
  if (whole === undefined) return undefined
  const share = minus(left, leftAfter(whole))
  const none = zero(whole.currency)
  return isNegative(whole) ? smaller(share, none) : larger(share, none)
}

function lineWith(
  { quantity: _whole, discount: _discount, platformTax: _platformTax, ...line }: Line,
  part: Readonly<{
    quantity: string
    discount: Money | undefined
    platformTax: Money | undefined
  }>,
): Line {
  const { quantity, discount, platformTax } = part
  return {
    ...line,
    quantity,
    ...(discount === undefined ? {} : { discount }),
    ...(platformTax === undefined ? {} : { platformTax }),
  }
}

/**
 * Shipping, handling and fees that go with the goods of an invoice (L17): all that is left of them on the first one, or
 * so much that in all they are invoiced in proportion to the goods. With the last goods goes everything left.
 */
export function chargesWith(
  goods: readonly OrderPart[],
  left: readonly LineLeft[],
  how: InstanceSettings['charges'],
  currency: string,
): OrderPart[] {
  const progress = goodsProgress(goods, left, currency)
  const isInParts = how === 'in_proportion' && isPositive(progress.total) && !progress.isAll
  return left.flatMap((lineLeft, orderLine) => {
    const { ordered, quantity } = lineLeft
    if (!isCharge(ordered) || !isInvoiceable(quantity, ordered.quantity)) return []
    const part =
      isInParts && !isZero(lineBase(ordered, currency))
        ? partOfCharge(lineLeft, progress)
        : partOfLine(lineLeft, quantity)
    return part === null ? [] : [{ ...part, orderLine }]
  })
}

type GoodsProgress = Readonly<{ total: Money; leftAfter: Money; isAll: boolean }>

function goodsProgress(
  goods: readonly OrderPart[],
  left: readonly LineLeft[],
  currency: string,
): GoodsProgress {
  const rows = left.flatMap(({ ordered, quantity }, index) => {
    if (isCharge(ordered)) return []
    const part = goods.find(({ orderLine }) => orderLine === index)
    const after = part === undefined ? quantity : minusDecimal(quantity, part.quantity)
    return [{ ordered, after }]
  })
  const baseOf = (ordered: Line) => lineBase(ordered, currency)
  return {
    total: sum(
      rows.map(({ ordered }) => baseOf(ordered)),
      currency,
    ),
    leftAfter: sum(
      rows.map(({ ordered, after }) =>
        isInvoiceable(after, ordered.quantity)
          ? proportion(baseOf(ordered), after, ordered.quantity)
          : zero(currency),
      ),
      currency,
    ),
    isAll: rows.every(({ ordered, after }) => !isInvoiceable(after, ordered.quantity)),
  }
}

function partOfCharge(left: LineLeft, progress: GoodsProgress): Line | null {
  const { ordered } = left
  const whole = lineBase(ordered, progress.total.currency)
  const base = left.base ?? proportion(whole, left.quantity, ordered.quantity)
  const leftAfter = (of: Money) => proportion(of, progress.leftAfter.amount, progress.total.amount)
  const share = within(minus(base, leftAfter(whole)), base)
  const quantity = proportionDecimal(ordered.quantity, share.amount, whole.amount)
  if (isZeroDecimal(quantity)) return null
  if (compareDecimal(magnitude(quantity), magnitude(left.quantity)) >= 0) {
    return partOfLine(left, left.quantity)
  }
  const discount = minus(extended(quantity, ordered.unitPrice, share.currency), share)
  return lineWith(ordered, {
    quantity,
    discount: isZero(discount) ? undefined : discount,
    platformTax: remaining(ordered.platformTax, left.platformTax, leftAfter),
  })
}

/** Between nothing and the whole, on whichever side of zero that is. */
function within(part: Money, whole: Money): Money {
  if (isNegative(whole)) return negate(within(negate(part), negate(whole)))
  return smaller(larger(part, zero(part.currency)), whole)
}
