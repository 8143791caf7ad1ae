/** V2: the lines of an order and all that hangs on it. */
import { z } from 'zod'
import { idSchema, v2AmountSchema, v2DateSchema } from './values.js'

const addressIdSchema = z.int().nonnegative()

export const orderProductSchema = z.strictObject({
  id: idSchema,
  order_id: idSchema,
  order_address_id: addressIdSchema,
  product_id: z.int().nonnegative(),
  variant_id: z.int().nonnegative(),
  name: z.string(),
  sku: z.string(),
  type: z.enum(['physical', 'digital', 'giftcertificate']),
  base_price: v2AmountSchema,
  price_ex_tax: v2AmountSchema,
  price_inc_tax: v2AmountSchema,
  price_tax: v2AmountSchema,
  base_total: v2AmountSchema,
  total_ex_tax: v2AmountSchema,
  total_inc_tax: v2AmountSchema,
  total_tax: v2AmountSchema,
  quantity: z.int().positive(),
  quantity_refunded: z.int().nonnegative(),
  quantity_shipped: z.int().nonnegative(),
  is_refunded: z.boolean(),
  // Deprecated: always zero.
  refund_amount: z.literal('0.0000'),
  wrapping_name: z.string(),
  base_wrapping_cost: v2AmountSchema,
  wrapping_cost_ex_tax: v2AmountSchema,
  wrapping_cost_inc_tax: v2AmountSchema,
  wrapping_cost_tax: v2AmountSchema,
  applied_discounts: z.array(
    z.strictObject({
      id: z.string(),
      amount: v2AmountSchema,
      name: z.string(),
      code: z.string().nullable(),
      target: z.enum(['order', 'product']),
    }),
  ),
  discounted_total_inc_tax: v2AmountSchema,
})

export const contactFields = {
  first_name: z.string(),
  last_name: z.string(),
  company: z.string(),
  street_1: z.string(),
  street_2: z.string(),
  city: z.string(),
  state: z.string(),
  zip: z.string(),
  country: z.string(),
  country_iso2: z.string(),
  phone: z.string(),
  email: z.string(),
}

export const shippingAddressSchema = z.strictObject({
  id: idSchema,
  order_id: idSchema,
  ...contactFields,
  items_total: z.int().nonnegative(),
  items_shipped: z.int().nonnegative(),
  shipping_method: z.string(),
  shipping_zone_id: z.int().nonnegative(),
  shipping_zone_name: z.string(),
  base_cost: v2AmountSchema,
  cost_ex_tax: v2AmountSchema,
  cost_inc_tax: v2AmountSchema,
  cost_tax: v2AmountSchema,
  base_handling_cost: v2AmountSchema,
  handling_cost_ex_tax: v2AmountSchema,
  handling_cost_inc_tax: v2AmountSchema,
  handling_cost_tax: v2AmountSchema,
})

export const orderTaxSchema = z.strictObject({
  id: idSchema,
  order_id: idSchema,
  order_address_id: addressIdSchema,
  // Deprecated.
  tax_rate_id: z.int().nonnegative(),
  sales_tax_id: z.string(),
  tax_class_id: z.int().nonnegative().nullable(),
  name: z.string(),
  class: z.string(),
  rate: v2AmountSchema,
  priority: z.int().nonnegative(),
  priority_amount: v2AmountSchema,
  line_amount: v2AmountSchema,
  order_pickup_method_id: z.int().nonnegative(),
  order_product_id: z.string().nullable(),
  line_item_type: z.enum(['item', 'shipping', 'handling', 'gift-wrapping']),
})

export const orderFeeSchema = z.strictObject({
  id: idSchema,
  type: z.literal('custom_fee'),
  display_name_customer: z.string(),
  display_name_merchant: z.string(),
  source: z.string(),
  base_cost: v2AmountSchema,
  cost_ex_tax: v2AmountSchema,
  cost_inc_tax: v2AmountSchema,
  cost_tax: v2AmountSchema,
  tax_class_id: z.int().nonnegative().nullable(),
})

export const shipmentSchema = z.strictObject({
  id: idSchema,
  order_id: idSchema,
  customer_id: z.int().nonnegative(),
  order_address_id: addressIdSchema,
  date_created: v2DateSchema,
  tracking_number: z.string().max(50),
  tracking_carrier: z.string(),
  tracking_link: z.string().max(500),
  generated_tracking_link: z.string(),
  shipping_provider: z.string(),
  shipping_provider_display_name: z.string(),
  shipping_method: z.string(),
  comments: z.string(),
  merchant_shipping_cost: v2AmountSchema,
  billing_address: z.strictObject(contactFields),
  shipping_address: z.strictObject(contactFields),
  items: z.array(
    z.strictObject({
      order_product_id: idSchema,
      product_id: z.int().nonnegative(),
      quantity: z.int().positive(),
    }),
  ),
})

/** The credentials check: what a store says of itself, as far as anybody asks. */
export const storeSchema = z.strictObject({
  id: z.string(),
  account_uuid: z.uuid(),
  domain: z.string(),
  secure_url: z.string(),
  status: z.string(),
  name: z.string(),
  admin_email: z.string(),
  country_code: z.string(),
  language: z.string(),
  currency: z.string(),
  currency_symbol: z.string(),
  decimal_places: z.int(),
  timezone: z.strictObject({ name: z.string(), raw_offset: z.int() }),
  plan_name: z.string(),
  plan_level: z.string(),
  is_price_entered_with_tax: z.boolean(),
  store_id: z.string(),
  default_channel_id: z.int().positive(),
})

export const timeSchema = z.strictObject({ time: z.int().positive() })
