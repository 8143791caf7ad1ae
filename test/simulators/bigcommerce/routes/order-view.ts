/** An order as V2 writes it. */
import { v2Date } from '../contract/values.js'
import { type Amount, v2Amount } from '../state/amounts.js'
import type { Order, OrderFee } from '../state/order.js'
import { visibleFace } from '../state/views.js'

export const STATUS_NAMES = [
  'Incomplete',
  'Pending',
  'Shipped',
  'Partially Shipped',
  'Refunded',
  'Cancelled',
  'Declined',
  'Awaiting Payment',
  'Awaiting Pickup',
  'Awaiting Shipment',
  'Completed',
  'Awaiting Fulfillment',
  'Manual Verification Required',
  'Disputed',
  'Partially Refunded',
]

export function orderView(order: Order, nowMs: number) {
  const { base, shipments } = order
  const face = visibleFace(order, nowMs)
  const money = (units: number): string => v2Amount(units, base.currency)
  const status = STATUS_NAMES[face.statusId] ?? ''
  const currencyId = (code: string): number => (code === base.storeCurrency ? 1 : 2)
  return {
    id: base.id,
    customer_id: base.customerId,
    date_created: v2Date(base.createdAtMs),
    date_modified: v2Date(face.modifiedAtMs),
    date_shipped: face.shippedAtMs === null ? '' : v2Date(face.shippedAtMs),
    status_id: face.statusId,
    status,
    custom_status: status,
    ...costs('subtotal', base.subtotal, money),
    base_shipping_cost: money(base.shipping[base.side]),
    ...costs('shipping_cost', base.shipping, money),
    base_handling_cost: money(base.handling[base.side]),
    ...costs('handling_cost', base.handling, money),
    base_wrapping_cost: money(base.wrapping[base.side]),
    ...costs('wrapping_cost', base.wrapping, money),
    ...costs('total', base.total, money),
    is_tax_inclusive_pricing: base.side === 'gross',
    items_total: base.products.reduce((sum, { quantity }) => sum + quantity, 0),
    items_shipped: shipments.reduce((sum, { items }) => sum + quantityOf(items), 0),
    payment_method: face.paymentMethod,
    payment_provider_id: face.paymentProviderId,
    payment_status: face.paymentStatus,
    refunded_amount: '0.0000',
    store_credit_amount: money(base.storeCreditUnits),
    gift_certificate_amount: money(base.giftCertificateUnits),
    currency_id: currencyId(base.displayCurrency),
    currency_code: base.displayCurrency,
    currency_exchange_rate: '1.0000000000',
    default_currency_id: currencyId(base.currency),
    default_currency_code: base.currency,
    store_default_currency_code: base.storeCurrency,
    store_default_to_transactional_exchange_rate: base.exchangeRate,
    discount_amount: money(base.discountUnits),
    coupon_discount: money(base.couponUnits),
    billing_address: base.billing,
    order_source: base.source,
    channel_id: base.channelId,
    external_source: base.externalSource,
    external_id: base.externalId,
    external_order_id: face.externalOrderId,
    external_merchant_id: base.externalMerchantId,
    tax_provider_id: 'BasicTaxProvider',
    customer_locale: base.customerLocale,
    fees: base.fees.map((fee) => feeView(fee, order)),
    is_deleted: face.isDeleted,
    staff_notes: face.staffNotes,
    customer_message: face.customerMessage,
  }
}

export function feeView({ id, name, cost }: OrderFee, { base }: Order) {
  const money = (units: number): string => v2Amount(units, base.currency)
  return {
    id,
    type: 'custom_fee',
    display_name_customer: name,
    display_name_merchant: name,
    source: 'v2',
    base_cost: money(cost[base.side]),
    ...costs('cost', cost, money),
    tax_class_id: null,
  }
}

export function costs(name: string, { net, tax, gross }: Amount, money: (units: number) => string) {
  return {
    [`${name}_ex_tax`]: money(net),
    [`${name}_inc_tax`]: money(gross),
    [`${name}_tax`]: money(tax),
  }
}

export function quantityOf(items: readonly Readonly<{ quantity: number }>[]): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0)
}
