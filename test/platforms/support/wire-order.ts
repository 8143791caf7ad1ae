/** Orders as BigCommerce writes them: amounts of four digits, lists without content where they are empty. */
import { type Answer, json, noContent, routes } from './store-server.js'

type Wire = Readonly<Record<string, unknown>>

export type WireParts = Readonly<{
  order: Wire
  products?: readonly Wire[]
  addresses?: readonly Wire[]
  taxes?: readonly Wire[]
  transactions?: readonly Wire[]
}>

export const ADDRESS = {
  first_name: 'Jane',
  last_name: 'Doe',
  company: '',
  street_1: '455 Main Street',
  street_2: '',
  city: 'Austin',
  state: 'Texas',
  zip: '78751',
  country: 'United States',
  country_iso2: 'US',
  phone: '555-123-4567',
  email: 'jane@example.com',
}

export function wireOrder(given: Wire): Wire {
  return {
    id: 100,
    customer_id: 11,
    date_created: 'Wed, 10 Jan 2018 21:05:30 +0000',
    date_modified: 'Wed, 05 Dec 2018 20:16:55 +0000',
    status_id: 11,
    status: 'Awaiting Fulfillment',
    custom_status: 'On the way',
    payment_status: '',
    payment_method: 'Credit Card',
    payment_provider_id: '',
    default_currency_code: 'USD',
    currency_code: 'USD',
    currency_exchange_rate: '1.0000000000',
    store_default_currency_code: 'USD',
    store_default_to_transactional_exchange_rate: '1.0000000000',
    is_tax_inclusive_pricing: false,
    shipping_cost_ex_tax: '0.0000',
    shipping_cost_inc_tax: '0.0000',
    shipping_cost_tax: '0.0000',
    handling_cost_ex_tax: '0.0000',
    handling_cost_inc_tax: '0.0000',
    handling_cost_tax: '0.0000',
    wrapping_cost_ex_tax: '0.0000',
    discount_amount: '0.0000',
    coupon_discount: '0.0000',
    store_credit_amount: '0.0000',
    gift_certificate_amount: '0.0000',
    refunded_amount: '0.0000',
    billing_address: ADDRESS,
    products: { url: 'https://api.bigcommerce.com/x', resource: '/orders/100/products' },
    fees: [],
    ...given,
  }
}

export function wireProduct(given: Wire): Wire {
  return {
    id: 1,
    order_id: 100,
    product_id: 77,
    order_address_id: 51,
    name: 'Towel',
    sku: 'TOWEL',
    type: 'physical',
    quantity: 1,
    wrapping_name: '',
    wrapping_cost_ex_tax: '0.0000',
    wrapping_cost_inc_tax: '0.0000',
    wrapping_cost_tax: '0.0000',
    applied_discounts: [],
    ...given,
  }
}

export function wireAddress(given: Wire = {}): Wire {
  return {
    id: 51,
    ...ADDRESS,
    shipping_method: 'Flat rate',
    ...cost('cost', '0.0000', '0.0000'),
    ...cost('handling_cost', '0.0000', '0.0000'),
    ...given,
  }
}

/** `cost('total', '10.0000', '11.0000')`: both prices and the tax between them. */
export function cost(name: string, exTax: string, incTax: string): Wire {
  const tenThousandths = (text: string): bigint => BigInt(text.replace('.', ''))
  const tax = (tenThousandths(incTax) - tenThousandths(exTax)).toString().padStart(5, '0')
  return {
    [`${name}_ex_tax`]: exTax,
    [`${name}_inc_tax`]: incTax,
    [`${name}_tax`]: `${tax.slice(0, -4)}.${tax.slice(-4)}`,
  }
}

export function wireTax(given: Wire): Wire {
  return {
    id: 1,
    order_id: 100,
    order_address_id: 51,
    name: 'Sales Tax',
    class: 'Default Tax Class',
    rate: '10.0000',
    line_item_type: 'item',
    order_product_id: null,
    ...given,
  }
}

export function wireTransaction(given: Wire): Wire {
  return {
    id: 1,
    order_id: '100',
    event: 'purchase',
    method: 'credit_card',
    gateway: 'stripe',
    currency: 'USD',
    gateway_transaction_id: 'ch_1',
    test: false,
    status: 'ok',
    ...given,
  }
}

export function orderRoutes({
  order,
  products = [],
  addresses = [],
  taxes = [],
  transactions = [],
}: WireParts): Answer {
  return routes({
    'GET /v2/orders/100': json(200, order),
    'GET /v2/orders/100/products': list(products),
    'GET /v2/orders/100/shipping_addresses': list(addresses),
    'GET /v2/orders/100/taxes': list(taxes),
    'GET /v3/orders/100/transactions': transactionList(transactions),
  })
}

function list(items: readonly Wire[]): Answer {
  return items.length === 0 ? noContent : json(200, items)
}

function transactionList(items: readonly Wire[]): Answer {
  const pagination = { total: items.length, current_page: 1, total_pages: 1 }
  return items.length === 0 ? noContent : json(200, { data: items, meta: { pagination } })
}
