/** What a refund would come to. A refund is reckoned by the same. */
import type { z } from 'zod'
import type { quoteRequestSchema } from '../contract/refunds.js'
import type { StoreSettings } from '../options.js'
import { share, unitsOf, v3Amount } from '../state/amounts.js'
import type { Order, RefundedItem } from '../state/order.js'
import { faceOf, stands } from '../state/views.js'
import { type Method, methodsFor } from './methods.js'
import { priceItems, type Pricing, type Refused } from './price-items.js'
import { remainingUnits } from './standing.js'

export type Reckoned = Readonly<{
  items: readonly RefundedItem[]
  /** Tax included. */
  units: number
  tax: number
  orderLevel: number
  /** Below zero: more was asked for than is left. */
  adjustment: number
}>

export type QuoteRequest = z.infer<typeof quoteRequestSchema>

export function reckon(asked: QuoteRequest, pricing: Pricing): Reckoned | Refused {
  const { order } = pricing
  const refused = notRefundable(order)
  if (refused !== null) return { refused }
  if ('tax_adjustment_amount' in asked) return reckonTax(asked.tax_adjustment_amount, order)
  const items = priceItems(asked.items, pricing)
  if ('refused' in items) return items
  const wanted = sumOf(items, 'gross')
  const tax = sumOf(items, 'tax')
  if (wanted === 0) return { refused: 'The refund amount must be greater than zero.' }
  const left = pricing.checksLimits ? remainingUnits(order) : wanted
  if (left <= 0) return { refused: EXCEEDS_REMAINING }
  const units = Math.min(wanted, left)
  return {
    items,
    units,
    tax: share(tax, units, wanted),
    orderLevel: sumOf(
      items.filter(({ type }) => type === 'ORDER'),
      'gross',
    ),
    adjustment: units - wanted,
  }
}

/** Exact wording unknown: the documentation has none of today. */
export const EXCEEDS_REMAINING = 'The refund amount is greater than the remaining amount.'

export function quoteData(reckoned: Reckoned, settings: StoreSettings, order: Order) {
  const { currency } = order.base
  const money = (units: number): number => v3Amount(units, currency)
  const { units, tax, orderLevel, adjustment } = reckoned
  const withoutTax = settings.quoteTotals === 'without_tax'
  const isGuide = settings.quoteTotals === 'guide'
  return {
    ...(isGuide ? {} : { order_id: order.base.id }),
    total_refund_amount: money(withoutTax ? units - tax : units),
    total_refund_tax_amount: money(tax),
    order_level_refund_amount: money(orderLevel),
    rounding: 0,
    adjustment: money(adjustment),
    ...(isGuide ? { is_tax_included: false } : { tax_inclusive: !withoutTax }),
    refund_methods: methodsFor(units, order).map((method) => methodData(method, money)),
  }
}

function methodData(method: Method, money: (units: number) => number) {
  return method.map((option) => ({
    provider_id: option.provider,
    provider_description: option.description,
    amount: money(option.units),
    offline: option.offline,
    offline_provider: option.offlineProvider,
    offline_reason: option.offlineReason,
  }))
}

function notRefundable(order: Order): string | null {
  const { paymentStatus } = faceOf(order)
  if (!['captured', 'paid', 'partially refunded', 'refunded'].includes(paymentStatus)) {
    return 'The order has no captured payment to refund.'
  }
  return order.base.isSettled ? null : 'The payment of the order has not settled yet.'
}

/** Tax that an overridden refund kept back, which is all that an adjustment can be of. */
function reckonTax(amount: number, order: Order): Reckoned | Refused {
  const units = unitsOf(amount, order.base.currency)
  let overcharged = 0
  for (const refund of order.refunds.filter(stands)) {
    if (refund.isTaxAdjustment) overcharged -= refund.units
    else if (refund.isOverridden) overcharged += sumOf(refund.items, 'tax') - refund.tax
  }
  if (units === null || units !== overcharged) {
    return { refused: 'The tax adjustment is not what was overcharged.' }
  }
  return { items: [], units, tax: units, orderLevel: 0, adjustment: 0 }
}

function sumOf(items: readonly RefundedItem[], what: 'gross' | 'tax'): number {
  return items.reduce((sum, item) => sum + item[what], 0)
}
