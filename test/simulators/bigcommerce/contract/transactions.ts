/** V3: transactions. */
import { z } from 'zod'
import { currencySchema, idSchema, v3AmountSchema, v3DateSchema } from './values.js'

const eventSchema = z.enum([
  'purchase',
  'authorization',
  'capture',
  'refund',
  'void',
  'pending',
  'settled',
])

const methodSchema = z.enum([
  'credit_card',
  'electronic_wallet',
  'gift_certificate',
  'store_credit',
  'apple_pay_card',
  'apple_pay_token',
  'bigpay_token',
  'token',
  'custom',
  'offsite',
  'offline',
  'nonce',
])

const offlineSchema = z.strictObject({ display_name: z.string() })
const customSchema = z.strictObject({ payment_method: z.string() })

/** The body that option A of "mark as paid" sends. */
export const transactionRequestSchema = z.strictObject({
  event: eventSchema,
  method: methodSchema,
  amount: v3AmountSchema.positive(),
  currency: currencySchema,
  gateway: z.string().min(1),
  gateway_transaction_id: z.string().optional(),
  date_created: v3DateSchema.optional(),
  test: z.boolean().optional(),
  status: z.enum(['ok', 'error']).optional(),
  fraud_review: z.boolean().optional(),
  reference_transaction_id: z.int().optional(),
  offline: offlineSchema.optional(),
  custom: customSchema.optional(),
})

export const transactionSchema = z.strictObject({
  id: idSchema,
  // Text, unlike everywhere else.
  order_id: z.string().regex(/^\d+$/),
  event: eventSchema,
  method: methodSchema,
  amount: v3AmountSchema,
  currency: currencySchema,
  // An open set.
  gateway: z.string(),
  gateway_transaction_id: z.string(),
  date_created: v3DateSchema,
  test: z.boolean(),
  status: z.enum(['ok', 'error']),
  fraud_review: z.boolean(),
  reference_transaction_id: z.int().nullable(),
  offline: offlineSchema.nullable(),
  custom: customSchema.nullable(),
  payment_method_id: z.string().nullable(),
  payment_instrument_token: z.string().nullable(),
  avs_result: z.strictObject({}).nullable(),
  cvv_result: z.strictObject({}).nullable(),
  credit_card: z
    .strictObject({
      card_type: z.string(),
      card_iin: z.string(),
      card_last4: z.string(),
      card_expiry_month: z.int(),
      card_expiry_year: z.int(),
    })
    .nullable(),
  gift_certificate: z
    .strictObject({
      code: z.string(),
      original_balance: v3AmountSchema,
      starting_balance: v3AmountSchema,
      remaining_balance: v3AmountSchema,
      status: z.enum(['active', 'pending', 'disabled', 'expired']),
    })
    .nullable(),
  store_credit: z.strictObject({ remaining_balance: v3AmountSchema }).nullable(),
  custom_provider_field_result: z.null(),
})
