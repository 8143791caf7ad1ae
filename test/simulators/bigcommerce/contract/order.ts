/** V2 orders: what is answered of an order, and what may be changed of it. */
import { z } from 'zod'
import { contactFields, orderFeeSchema } from './order-parts.js'
import { currencySchema, idSchema, v2AmountSchema, v2DateSchema, v2RateSchema } from './values.js'

export const paymentStatusSchema = z.enum([
  'authorized',
  'captured',
  'capture pending',
  'declined',
  'held for review',
  'paid',
  'partially refunded',
  'pending',
  'refunded',
  'void',
  'void pending',
  '',
])

export const statusIdSchema = z.int().min(0).max(14)

const costs = <Name extends string>(name: Name) =>
  ({
    [`${name}_ex_tax`]: v2AmountSchema,
    [`${name}_inc_tax`]: v2AmountSchema,
    [`${name}_tax`]: v2AmountSchema,
  }) as Record<`${Name}_${'ex_tax' | 'inc_tax' | 'tax'}`, typeof v2AmountSchema>

export const orderSchema = z.strictObject({
  id: idSchema,
  customer_id: z.int().nonnegative(),
  date_created: v2DateSchema,
  date_modified: v2DateSchema,
  date_shipped: z.union([v2DateSchema, z.literal('')]),
  status_id: statusIdSchema,
  status: z.string(),
  custom_status: z.string(),
  ...costs('subtotal'),
  base_shipping_cost: v2AmountSchema,
  ...costs('shipping_cost'),
  base_handling_cost: v2AmountSchema,
  ...costs('handling_cost'),
  base_wrapping_cost: v2AmountSchema,
  ...costs('wrapping_cost'),
  ...costs('total'),
  is_tax_inclusive_pricing: z.boolean(),
  items_total: z.int().nonnegative(),
  items_shipped: z.int().nonnegative(),
  payment_method: z.string(),
  payment_provider_id: z.union([z.string(), z.number()]),
  payment_status: paymentStatusSchema,
  // Documented as always zero: what was refunded is the sum of the refunds.
  refunded_amount: z.literal('0.0000'),
  store_credit_amount: v2AmountSchema,
  gift_certificate_amount: v2AmountSchema,
  currency_id: idSchema,
  currency_code: currencySchema,
  currency_exchange_rate: v2RateSchema,
  default_currency_id: idSchema,
  default_currency_code: currencySchema,
  store_default_currency_code: currencySchema,
  store_default_to_transactional_exchange_rate: v2RateSchema,
  discount_amount: v2AmountSchema,
  coupon_discount: v2AmountSchema,
  billing_address: z.strictObject(contactFields),
  order_source: z.string(),
  channel_id: z.int().positive(),
  external_source: z.string().nullable(),
  external_id: z.string().nullable(),
  external_order_id: z.string(),
  external_merchant_id: z.string().nullable(),
  tax_provider_id: z.string(),
  customer_locale: z.string(),
  fees: z.array(orderFeeSchema),
  is_deleted: z.boolean(),
  staff_notes: z.string(),
  customer_message: z.string(),
})

/** Of the many fields that can be written those near a payment. */
export const orderChangeSchema = z
  .strictObject({
    status_id: statusIdSchema,
    payment_method: z.string(),
    payment_provider_id: z.union([z.string(), z.number()]),
    staff_notes: z.string().max(65_535),
    external_order_id: z.string(),
    customer_message: z.string(),
  })
  .partial()

/** Query values arrive as text. */
const integerText = z.string().regex(/^\d+$/)

export const orderListQuerySchema = z
  .strictObject({
    min_id: integerText,
    max_id: integerText,
    min_total: z.string(),
    max_total: z.string(),
    customer_id: integerText,
    email: z.string(),
    status_id: integerText,
    payment_method: z.string(),
    min_date_created: z.string(),
    max_date_created: z.string(),
    min_date_modified: z.string(),
    max_date_modified: z.string(),
    channel_id: integerText,
    external_order_id: z.string(),
    is_deleted: z.enum(['true', 'false']),
    page: integerText,
    limit: integerText,
    sort: z
      .string()
      .regex(
        /^(?:id|customer_id|date_created|date_modified|status_id|channel_id|external_id)(?::(?:asc|desc))?$/,
      ),
    include: z.literal('fees'),
  })
  .partial()
