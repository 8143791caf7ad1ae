/** An order and its parts as interface V2 writes them: amounts are text of four digits, sometimes a number. */
import { z } from 'zod'
import { wireInstant } from '../instants.js'
import { amountOrNothing, amountText } from '../wire-amount.js'
import { wireCurrency, wireFlag, wireId, wireIdOrNone, wireText } from './wire.js'

const address = z.object({
  first_name: wireText,
  last_name: wireText,
  company: wireText,
  street_1: wireText,
  street_2: wireText,
  city: wireText,
  state: wireText,
  zip: wireText,
  country: wireText,
  country_iso2: wireText,
  phone: wireText,
  email: wireText,
})
export type WireAddress = z.infer<typeof address>

export const wireFee = z
  .object({
    id: wireId,
    display_name_customer: wireText,
    display_name_merchant: wireText,
    // The reference writes it both ways.
    cost_ex_tax: amountText.optional(),
    cost_exc_tax: amountText.optional(),
    cost_inc_tax: amountText,
    cost_tax: amountOrNothing,
  })
  .transform(({ cost_exc_tax, ...fee }) => ({
    ...fee,
    cost_ex_tax: fee.cost_ex_tax ?? cost_exc_tax ?? fee.cost_inc_tax,
  }))
export type WireFee = z.infer<typeof wireFee>

/** The fees themselves where they were asked for along with the order, else where they are. */
const fees = z.union([z.array(wireFee), z.object({ resource: z.string() })]).nullish()

export const wireOrder = z.object({
  id: wireId,
  customer_id: wireIdOrNone,
  date_created: wireInstant,
  date_modified: wireInstant,
  status_id: wireId,
  payment_status: wireText,
  payment_method: wireText,
  default_currency_code: wireCurrency,
  currency_code: wireText,
  currency_exchange_rate: amountOrNothing,
  store_default_currency_code: wireText,
  store_default_to_transactional_exchange_rate: amountOrNothing,
  is_tax_inclusive_pricing: wireFlag.nullish().transform((flag) => flag ?? false),
  total_ex_tax: amountText,
  total_inc_tax: amountText,
  total_tax: amountText,
  shipping_cost_ex_tax: amountOrNothing,
  shipping_cost_inc_tax: amountOrNothing,
  shipping_cost_tax: amountOrNothing,
  handling_cost_ex_tax: amountOrNothing,
  handling_cost_inc_tax: amountOrNothing,
  handling_cost_tax: amountOrNothing,
  wrapping_cost_ex_tax: amountOrNothing,
  discount_amount: amountOrNothing,
  coupon_discount: amountOrNothing,
  store_credit_amount: amountOrNothing,
  gift_certificate_amount: amountOrNothing,
  billing_address: address.nullish(),
  fees,
})
export type WireOrder = z.infer<typeof wireOrder>

export const wireProduct = z.object({
  id: wireId,
  order_address_id: wireIdOrNone,
  name: wireText,
  sku: wireText,
  type: wireText,
  quantity: amountText,
  price_ex_tax: amountText,
  price_inc_tax: amountText,
  total_ex_tax: amountText,
  total_inc_tax: amountText,
  total_tax: amountOrNothing,
  wrapping_name: wireText,
  wrapping_cost_ex_tax: amountOrNothing,
  wrapping_cost_inc_tax: amountOrNothing,
  wrapping_cost_tax: amountOrNothing,
  applied_discounts: z.array(z.object({ amount: amountOrNothing })).nullish(),
  discounted_total_inc_tax: amountText.nullish(),
})
export type WireProduct = z.infer<typeof wireProduct>

export const wireShippingAddress = address.extend({
  id: wireId,
  shipping_method: wireText,
  cost_ex_tax: amountOrNothing,
  cost_inc_tax: amountOrNothing,
  cost_tax: amountOrNothing,
  handling_cost_ex_tax: amountOrNothing,
  handling_cost_inc_tax: amountOrNothing,
  handling_cost_tax: amountOrNothing,
})
export type WireShippingAddress = z.infer<typeof wireShippingAddress>

/** One tax on one line, where details were asked for; without a line it is on the order. */
export const wireTax = z.object({
  order_address_id: wireIdOrNone,
  order_product_id: wireIdOrNone,
  name: wireText,
  class: wireText,
  rate: amountOrNothing,
  line_amount: amountOrNothing,
  line_item_type: wireText,
})
export type WireTax = z.infer<typeof wireTax>

/** One whose time is none stands between others that have one. */
export const wireChangedOrder = z.object({
  id: wireId,
  date_modified: wireInstant.nullable().catch(null),
})
