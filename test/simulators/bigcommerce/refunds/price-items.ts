/** What the items of a refund come to, from the lines of the order and what went back of them before. */
import type { z } from 'zod'
import type { refundItemSchema } from '../contract/refunds.js'
import type { StoreSettings } from '../options.js'
import { type Amount, share, type Side, unitsOf } from '../state/amounts.js'
import type { Order, RefundedItem } from '../state/order.js'
import { refundedOf } from './standing.js'

export type AskedItem = z.infer<typeof refundItemSchema>
type AskedQuantity = Extract<AskedItem, { quantity: number }>
type AskedAmount = Exclude<AskedItem, { quantity: number }>

export type Refused = Readonly<{ refused: string }>

/** Limits are not looked at where another refund of the order is under way and the store does not mind. */
export type Pricing = Readonly<{ settings: StoreSettings; order: Order; checksLimits: boolean }>

export function priceItems(
  asked: readonly AskedItem[],
  pricing: Pricing,
): readonly RefundedItem[] | Refused {
  const priced: RefundedItem[] = []
  for (const item of asked) {
    // An item may stand twice in one request: the first of them counts as gone already.
    const before = refundedOf(pricing.order, priced, item)
    const price =
      'quantity' in item
        ? priceQuantity(item, before.quantity, pricing)
        : priceAmount(item, before.asked, pricing)
    if ('refused' in price) return price
    priced.push(price)
  }
  return priced
}

function priceQuantity(
  item: AskedQuantity,
  before: number,
  { settings, order, checksLimits }: Pricing,
): RefundedItem | Refused {
  const { item_type: type, item_id: id, quantity, reason = '' } = item
  const product = order.base.products.find((line) => line.id === id)
  if (product === undefined) return { refused: `The order has no product ${id}.` }
  const line = type === 'PRODUCT' ? product.discounted : product.wrapping
  if (type === 'GIFT_WRAPPING' && line.gross === 0) {
    return { refused: `The product ${id} was not wrapped.` }
  }
  if (checksLimits && before + quantity > product.quantity) {
    return { refused: `The quantity to refund of ${id} exceeds the remaining quantity.` }
  }
  const part = (units: number): number =>
    share(units, before + quantity, product.quantity) - share(units, before, product.quantity)
  const whole = { gross: part(line.gross), tax: part(line.tax) }
  const adjustments = 'adjustments' in item ? (item.adjustments ?? []) : []
  let off = 0
  for (const { amount } of adjustments) {
    const units = unitsOf(amount, order.base.currency)
    if (units === null) return { refused: 'An adjustment has too many decimals.' }
    off -= units
  }
  if (off > whole.gross) return { refused: `The adjustments exceed what is refunded of ${id}.` }
  const gross = whole.gross - off
  const tax =
    settings.adjustmentTax === 'unchanged'
      ? Math.min(whole.tax, gross)
      : share(whole.tax, gross, whole.gross)
  return { type, id, quantity, reason, adjustments, asked: null, gross, tax }
}

function priceAmount(
  item: AskedAmount,
  before: number,
  { settings, order, checksLimits }: Pricing,
): RefundedItem | Refused {
  const { item_type: type, item_id: id, amount, reason = '' } = item
  const asked = unitsOf(amount, order.base.currency)
  if (asked === null) return { refused: 'An amount has too many decimals.' }
  if (type === 'TAX') return { refused: 'Items of the type TAX cannot be refunded.' }
  const shared = { type, id, quantity: null, reason, adjustments: [], asked }
  if (type === 'ORDER') {
    if (id !== order.base.id) return { refused: `The order ${id} is another one.` }
    return { ...shared, gross: asked, tax: 0 }
  }
  const cost = costOf(order, type, id)
  if (cost === undefined) return { refused: `The order has nothing of the type ${type} at ${id}.` }
  const side = sideOf(settings, order)
  if (checksLimits && before + asked > cost[side]) {
    return { refused: `The amount exceeds what remains of ${type} at ${id}.` }
  }
  const part = (units: number): number =>
    share(units, before + asked, cost[side]) - share(units, before, cost[side])
  const tax = part(cost.tax)
  return { ...shared, gross: side === 'gross' ? asked : asked + tax, tax }
}

function costOf(
  { base }: Order,
  type: 'SHIPPING' | 'HANDLING' | 'FEE',
  id: number,
): Amount | undefined {
  if (type === 'FEE') return base.fees.find((fee) => fee.id === id)?.cost
  const address = base.addresses.find((one) => one.id === id)
  return type === 'SHIPPING' ? address?.shipping : address?.handling
}

function sideOf({ amountItems }: StoreSettings, { base }: Order): Side {
  if (amountItems === 'order_mode') return base.side
  return amountItems === 'tax_included' ? 'gross' : 'net'
}
