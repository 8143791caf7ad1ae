/** V3: quotes and refunds. */
import { z } from 'zod'
import {
  emptyMetaSchema,
  idSchema,
  v3AmountNotNegativeSchema,
  v3AmountSchema,
  v3DateSchema,
} from './values.js'

const reasonSchema = z.string().max(1_000).optional()

const adjustmentSchema = z.strictObject({
  amount: v3AmountSchema.negative(),
  description: z.string().max(255).optional(),
})

const quantityItemFields = {
  item_id: idSchema,
  quantity: z.int().positive(),
  reason: reasonSchema,
  // Ignored for what is bound by quantity.
  amount: v3AmountNotNegativeSchema.optional(),
}

const amountItemFields = {
  item_id: idSchema,
  amount: v3AmountNotNegativeSchema,
  reason: reasonSchema,
}

export const refundItemSchema = z.discriminatedUnion('item_type', [
  z.strictObject({
    item_type: z.literal('PRODUCT'),
    ...quantityItemFields,
    adjustments: z.array(adjustmentSchema).optional(),
  }),
  z.strictObject({ item_type: z.literal('GIFT_WRAPPING'), ...quantityItemFields }),
  z.strictObject({ item_type: z.literal('SHIPPING'), ...amountItemFields }),
  z.strictObject({ item_type: z.literal('HANDLING'), ...amountItemFields }),
  z.strictObject({ item_type: z.literal('FEE'), ...amountItemFields }),
  z.strictObject({ item_type: z.literal('ORDER'), ...amountItemFields }),
  z.strictObject({ item_type: z.literal('TAX'), ...amountItemFields }),
])

const refundItemsSchema = z.array(refundItemSchema).min(1)

const overrideSchema = z.strictObject({
  total_amount: v3AmountNotNegativeSchema,
  total_tax: v3AmountSchema,
})

const paymentRequestSchema = z.strictObject({
  provider_id: z.string().min(1),
  amount: v3AmountNotNegativeSchema,
  offline: z.boolean(),
})

const taxAdjustmentSchema = v3AmountSchema.positive()

export const quoteRequestSchema = z.union([
  z.strictObject({ items: refundItemsSchema }),
  z.strictObject({ tax_adjustment_amount: taxAdjustmentSchema }),
])

export const refundRequestSchema = z.union([
  z.strictObject({
    items: refundItemsSchema,
    payments: z.array(paymentRequestSchema).min(1),
    merchant_calculated_override: overrideSchema.optional(),
  }),
  z.strictObject({
    tax_adjustment_amount: taxAdjustmentSchema,
    payments: z.array(paymentRequestSchema).min(1).optional(),
    merchant_calculated_override: overrideSchema.optional(),
  }),
])

export const paymentOptionSchema = z.strictObject({
  provider_id: z.string(),
  provider_description: z.string(),
  amount: v3AmountNotNegativeSchema,
  offline: z.boolean(),
  offline_provider: z.boolean(),
  offline_reason: z.string(),
})

const quoteFields = {
  order_id: idSchema,
  total_refund_amount: v3AmountSchema,
  total_refund_tax_amount: v3AmountSchema,
  order_level_refund_amount: v3AmountSchema,
  rounding: v3AmountSchema,
  adjustment: v3AmountSchema,
  // Each inner array is one complete way to pay.
  refund_methods: z.array(z.array(paymentOptionSchema).min(1)),
}

export const quoteAnswerSchema = z.strictObject({
  data: z.union([
    z.strictObject({ ...quoteFields, tax_inclusive: z.boolean() }),
    // As the guide shows it.
    z.strictObject({
      ...quoteFields,
      order_id: idSchema.optional(),
      is_tax_included: z.boolean(),
    }),
  ]),
  meta: emptyMetaSchema,
})

const refundedItemFields = {
  item_id: idSchema,
  reason: z.string(),
  adjustments: z.array(adjustmentSchema),
  requested_amount: z.union([v3AmountSchema, z.string().regex(/^\d+(?:\.\d+)?$/), z.null()]),
}

export const refundSchema = z.strictObject({
  id: idSchema,
  order_id: idSchema,
  user_id: z.int().nonnegative(),
  created: v3DateSchema,
  reason: z.string(),
  total_amount: v3AmountNotNegativeSchema,
  total_tax: v3AmountSchema,
  uses_merchant_override_values: z.boolean(),
  items: z.array(
    z.discriminatedUnion('item_type', [
      z.strictObject({
        item_type: z.literal('PRODUCT'),
        ...refundedItemFields,
        quantity: z.int().positive(),
      }),
      z.strictObject({
        item_type: z.enum(['GIFT_WRAPPING', 'SHIPPING', 'HANDLING', 'ORDER', 'FEE']),
        ...refundedItemFields,
      }),
    ]),
  ),
  payments: z
    .array(
      z.strictObject({
        id: idSchema,
        provider_id: z.string(),
        amount: v3AmountNotNegativeSchema,
        offline: z.boolean(),
        is_declined: z.boolean(),
        declined_message: z.string(),
        transaction_id: z.string().optional(),
      }),
    )
    .min(1),
})

export const refundAnswerSchema = z.strictObject({ data: refundSchema, meta: emptyMetaSchema })

export const refundListQuerySchema = z
  .strictObject({
    'order_id:in': z.string().regex(/^\d+(?:,\d+)*$/),
    'id:in': z.string().regex(/^\d+(?:,\d+)*$/),
    'created:min': v3DateSchema,
    'created:max': v3DateSchema,
    transaction_id: z.string(),
    page: z.string().regex(/^\d+$/),
    limit: z.string().regex(/^\d+$/),
  })
  .partial()
