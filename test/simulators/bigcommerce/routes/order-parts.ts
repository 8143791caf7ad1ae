/** V2: the lines of an order, where they go, their taxes, fees and parcels. */
import { v2List } from '../http/answers.js'
import { v2Date } from '../contract/values.js'
import { type Amount, split, v2Amount } from '../state/amounts.js'
import type { Order, OrderProduct, TaxRate } from '../state/order.js'
import { quantityRefunded, visibleRefunds } from '../state/views.js'
import { type Handler, type OrderCall, ofOrder, pageOf } from './call.js'
import { costs, feeView, quantityOf } from './order-view.js'

export const orderProducts: Handler = part(({ order, store, nowMs }) => {
  const refunds = visibleRefunds(order, nowMs)
  const isAfter = store.settings.productTax === 'after_discount'
  return order.base.products.map((product) => {
    const refunded = quantityRefunded(refunds, product.id, 'PRODUCT')
    const total_tax = money(order, (isAfter ? product.discounted : product.total).tax)
    return { ...productView(product, order), total_tax, ...refundView(product, refunded) }
  })
})

export const shippingAddresses: Handler = part(({ order }) =>
  order.base.addresses.map(({ id, contact, method, shipping, handling }) => {
    const lines = order.base.products.filter(({ addressId }) => addressId === id)
    const sent = order.shipments.filter(({ addressId }) => addressId === id)
    return {
      id,
      order_id: order.base.id,
      ...contact,
      items_total: quantityOf(lines),
      items_shipped: sent.reduce((sum, { items }) => sum + quantityOf(items), 0),
      shipping_method: method,
      shipping_zone_id: 1,
      shipping_zone_name: 'Everywhere',
      base_cost: money(order, shipping[order.base.side]),
      ...costs('cost', shipping, (units) => money(order, units)),
      base_handling_cost: money(order, handling[order.base.side]),
      ...costs('handling_cost', handling, (units) => money(order, units)),
    }
  }),
)

/** A row for each rate of each line. Taxes of fees stand with the fees: there is no line type for them. */
export const orderTaxes: Handler = part(({ order }) => {
  const { products, addresses } = order.base
  const rows = [
    ...products.flatMap((line) => [
      ...taxRows(line.discounted, line.rates, line.addressId, 'item', line.id),
      ...taxRows(line.wrapping, line.rates, line.addressId, 'gift-wrapping', null),
    ]),
    ...addresses.flatMap(({ id, rates, shipping, handling }) => [
      ...taxRows(shipping, rates, id, 'shipping', null),
      ...taxRows(handling, rates, id, 'handling', null),
    ]),
  ]
  return rows.map(({ units, ...row }, index) => ({
    id: 900_000 + index + 1,
    order_id: order.base.id,
    ...row,
    priority_amount: money(order, units),
    line_amount: money(order, units),
  }))
})

export const orderFees: Handler = part(({ order }) =>
  order.base.fees.map((fee) => feeView(fee, order)),
)

export const shipments: Handler = part(({ order }) =>
  order.shipments.map((shipment) => ({
    id: shipment.id,
    order_id: order.base.id,
    customer_id: order.base.customerId,
    order_address_id: shipment.addressId,
    date_created: v2Date(shipment.createdAtMs),
    tracking_number: shipment.trackingNumber,
    tracking_carrier: '',
    tracking_link: '',
    generated_tracking_link: '',
    shipping_provider: shipment.provider,
    shipping_provider_display_name: shipment.provider,
    shipping_method: shipment.method,
    comments: '',
    merchant_shipping_cost: '0.0000',
    billing_address: order.base.billing,
    shipping_address:
      order.base.addresses.find(({ id }) => id === shipment.addressId)?.contact ??
      order.base.billing,
    items: shipment.items.map(({ product, quantity }) => ({
      order_product_id: product,
      product_id: order.base.products.find(({ id }) => id === product)?.productId ?? 0,
      quantity,
    })),
  })),
)

function part(rows: (call: OrderCall) => readonly unknown[]): Handler {
  return ofOrder((call) => v2List(pageOf(rows(call), call.query)))
}

function money({ base }: Order, units: number): string {
  return v2Amount(units, base.currency)
}

function productView(product: OrderProduct, order: Order) {
  const { unit, total, discounted, wrapping } = product
  const { side } = order.base
  const text = (units: number): string => money(order, units)
  const shipped = order.shipments
    .flatMap(({ items }) => items)
    .filter((item) => item.product === product.id)
  return {
    id: product.id,
    order_id: order.base.id,
    order_address_id: product.addressId,
    product_id: product.productId,
    variant_id: product.variantId,
    name: product.name,
    sku: product.sku,
    type: product.type,
    base_price: text(unit[side]),
    ...costs('price', unit, text),
    base_total: text(total[side]),
    ...costs('total', total, text),
    quantity: product.quantity,
    quantity_shipped: quantityOf(shipped),
    refund_amount: '0.0000',
    wrapping_name: product.wrappingName,
    base_wrapping_cost: text(wrapping[side]),
    ...costs('wrapping_cost', wrapping, text),
    applied_discounts: product.discounts.map(({ units, ...discount }) => ({
      ...discount,
      amount: text(units),
    })),
    discounted_total_inc_tax: text(discounted.gross),
  }
}

function refundView({ quantity }: OrderProduct, refunded: number) {
  return { quantity_refunded: refunded, is_refunded: refunded >= quantity }
}

function taxRows(
  { tax, gross }: Amount,
  rates: readonly TaxRate[],
  address: number,
  type: 'item' | 'shipping' | 'handling' | 'gift-wrapping',
  product: number | null,
) {
  if (gross === 0) return []
  const parts = split(
    tax,
    rates.map(({ ratePercent }) => Math.round(Number(ratePercent) * 10_000)),
  )
  return rates.map(({ name, taxClass, ratePercent }, index) => ({
    order_address_id: address,
    tax_rate_id: index + 1,
    sales_tax_id: `TAX-${index + 1}`,
    tax_class_id: 0,
    name,
    class: taxClass,
    rate: Number(ratePercent).toFixed(4),
    priority: 0,
    units: parts[index] ?? 0,
    order_pickup_method_id: 0,
    order_product_id: product === null ? null : `${product}`,
    line_item_type: type,
  }))
}
