/** What an order charges for, line by line, before anybody asks after taxes and discounts. */
import { extended, type Money } from '../../money/money.js'
import { isZeroDecimal, plusDecimal, proportionDecimal } from '../../money/quantity.js'
import type { PlatformOrderLine } from '../platform.js'
import type { WireFee, WireOrder, WireProduct, WireShippingAddress, WireTax } from './order-wire.js'
import type { WireTransaction } from './transaction-wire.js'

export type OrderParts = Readonly<{
  order: WireOrder
  products: readonly WireProduct[]
  addresses: readonly WireShippingAddress[]
  taxes: readonly WireTax[]
  fees: readonly WireFee[]
  transactions: readonly WireTransaction[]
}>

export type ChargedLine = Readonly<{
  kind: PlatformOrderLine['kind']
  platformLine: string
  sku: string | null
  description: string
  quantity: string
  /** In the order's tax mode. */
  unitPrice: string
  /** Quantity × unit price, in the order's tax mode. */
  base: Money
  /** As the line itself says. */
  tax: string
  address: string | null
  /** Sum of the discounts that name it. */
  discounts: string
  /** What the shopper pays for it, taxes included and discounts off; `null`: it does not say. */
  discountedGross: string | null
}>

/** Of an order without a shipping address, the costs of the order stand on a line of this name. */
export const ORDER_LINE = 'order'

export function chargedLines(parts: OrderParts): ChargedLine[] {
  const { order, products, fees } = parts
  return [
    ...products.flatMap((product) => [
      productLine(product, order),
      ...wrappingLines(product, parts),
    ]),
    ...costLines(parts),
    ...fees.map((fee) => feeLine(fee, order)),
  ]
}

function productLine(product: WireProduct, order: WireOrder): ChargedLine {
  const discounts = product.applied_discounts ?? []
  return {
    ...NO_EXTRAS,
    kind: product.type === 'giftcertificate' ? 'gift_certificate' : 'item',
    platformLine: product.id,
    sku: product.sku ?? null,
    description: product.name ?? '',
    ...priced(product.quantity, price(product, 'price', order), order),
    tax: product.total_tax,
    address: product.order_address_id,
    discounts: discounts.map(({ amount }) => amount).reduce(plusDecimal, '0'),
    discountedGross: product.discounted_total_inc_tax ?? null,
  }
}

/** The cost of wrapping stands on the product for all its pieces; should the order's sum say so, for each of them. */
function wrappingLines(product: WireProduct, { order, products }: OrderParts): ChargedLine[] {
  const cost = price(product, 'wrapping_cost', order)
  if (isZeroDecimal(cost) || isZeroDecimal(product.quantity)) return []
  const currency = order.default_currency_code
  const sumBy = (of: (wrapped: WireProduct) => string): string =>
    extended('1', products.map(of).reduce(plusDecimal, '0'), currency).amount
  const inOrder = extended('1', order.wrapping_cost_ex_tax, currency).amount
  const isOfAll = sumBy((wrapped) => wrapped.wrapping_cost_ex_tax) === inOrder
  const isOfEach =
    !isOfAll &&
    sumBy((wrapped) => proportionDecimal(wrapped.wrapping_cost_ex_tax, wrapped.quantity, '1')) ===
      inOrder
  const { quantity } = product
  const tax = product.wrapping_cost_tax
  return [
    {
      ...NO_EXTRAS,
      kind: 'wrapping',
      platformLine: product.id,
      description: product.wrapping_name ?? '',
      ...(isOfEach ? priced(quantity, cost, order) : sharedOut(cost, quantity, order)),
      tax: isOfEach ? proportionDecimal(tax, quantity, '1') : tax,
      address: product.order_address_id,
    },
  ]
}

/** Refunds of wrapping go by the piece, so that its price is that of one, where the pieces add up to the cost. */
function sharedOut(cost: string, quantity: string, order: WireOrder) {
  const shared = priced(quantity, proportionDecimal(cost, '1', quantity), order)
  const whole = priced('1', cost, order)
  return shared.base.amount === whole.base.amount ? shared : whole
}

/** Shipping and handling stand on their address, or on the order where it has none. */
function costLines({ order, addresses }: OrderParts): ChargedLine[] {
  const places =
    addresses.length > 0
      ? addresses.map((address) => ({
          id: address.id,
          method: address.shipping_method ?? '',
          shipping: costs(address, 'cost', order),
          handling: costs(address, 'handling_cost', order),
        }))
      : [
          {
            id: ORDER_LINE,
            method: '',
            shipping: costs(order, 'shipping_cost', order),
            handling: costs(order, 'handling_cost', order),
          },
        ]
  return places.flatMap(({ id, method, shipping, handling }) =>
    [
      { kind: 'shipping' as const, description: method, ...shipping },
      { kind: 'handling' as const, description: '', ...handling },
    ]
      .filter(({ base, tax }) => !isZeroDecimal(base.amount) || !isZeroDecimal(tax))
      .map((line) => ({ ...NO_EXTRAS, ...line, platformLine: id, address: id })),
  )
}

function feeLine(fee: WireFee, order: WireOrder): ChargedLine {
  return {
    ...NO_EXTRAS,
    kind: 'fee',
    platformLine: fee.id,
    description: fee.display_name_merchant ?? fee.display_name_customer ?? '',
    ...costs(fee, 'cost', order),
    address: null,
  }
}

const NO_EXTRAS = { sku: null, discounts: '0', discountedGross: null }

type Both<Name extends string> = Readonly<Record<`${Name}_ex_tax` | `${Name}_inc_tax`, string>>

/** The one of two prices that the order's amounts were reckoned from; the other is derived from it. */
function price<Name extends string>(wire: Both<Name>, name: Name, order: WireOrder): string {
  return order.is_tax_inclusive_pricing ? wire[`${name}_inc_tax`] : wire[`${name}_ex_tax`]
}

function costs<Name extends string>(
  wire: Both<Name> & Readonly<Record<`${Name}_tax`, string>>,
  name: Name,
  order: WireOrder,
) {
  return { ...priced('1', price(wire, name, order), order), tax: wire[`${name}_tax`] }
}

function priced(quantity: string, wirePrice: string, { default_currency_code }: WireOrder) {
  // Six digits are as many as a unit price has.
  const unitPrice = proportionDecimal(wirePrice, '1', '1')
  return { quantity, unitPrice, base: extended(quantity, unitPrice, default_currency_code) }
}
