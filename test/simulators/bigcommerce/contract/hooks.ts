/** Webhooks: how they are managed, and what is delivered. */
import { z } from 'zod'
import { emptyMetaSchema, idSchema, paginationSchema } from './values.js'

const headersSchema = z.record(z.string(), z.string())

export const hookRequestSchema = z.strictObject({
  scope: z.string().min(1),
  destination: z.string().min(1),
  is_active: z.boolean().optional(),
  headers: headersSchema.nullable().optional(),
})

export const hookChangeSchema = hookRequestSchema
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'At least one field is required.')

const hookFields = {
  id: idSchema,
  client_id: z.string().min(1),
  store_hash: z.string().min(1),
  scope: z.string().min(1),
  destination: z.string().min(1),
  headers: headersSchema.nullable(),
  is_active: z.boolean(),
  created_at: z.int().positive(),
  updated_at: z.int().positive(),
}

export const hookAnswerSchema = z.strictObject({
  data: z.strictObject(hookFields),
  meta: emptyMetaSchema,
})

export const hookListSchema = z.strictObject({
  data: z.array(z.strictObject(hookFields)),
  meta: paginationSchema,
})

export const hookAdminSchema = z.strictObject({
  data: z.strictObject({
    emails: z.array(z.string()),
    hooks_list: z.array(
      z.strictObject({ ...hookFields, status: z.enum(['inactive', 'active', 'deactivated']) }),
    ),
    blocked_domains: z.array(
      z.strictObject({
        destination: z.string(),
        time_left: z.int().nonnegative(),
        reasons: z.array(
          z.strictObject({
            failure_description: z.string(),
            count: z.int(),
            timestamp: z.int(),
          }),
        ),
      }),
    ),
  }),
  meta: paginationSchema,
})

export const hookListQuerySchema = z
  .strictObject({
    page: z.string().regex(/^\d+$/),
    limit: z.string().regex(/^\d+$/),
    is_active: z.enum(['true', 'false']),
    scope: z.string(),
    destination: z.string(),
  })
  .partial()

const noticeFields = {
  store_id: z.string(),
  hash: z.string().regex(/^[0-9a-f]{40}$/),
  created_at: z.int().positive(),
  producer: z.string().regex(/^stores\/.+$/),
}

/** What is delivered. It holds ids and no values. */
export const noticeSchema = z.discriminatedUnion('scope', [
  z.strictObject({
    scope: z.enum(['store/order/created', 'store/order/updated', 'store/order/archived']),
    data: z.strictObject({ type: z.literal('order'), id: idSchema }),
    ...noticeFields,
  }),
  z.strictObject({
    scope: z.literal('store/order/statusUpdated'),
    data: z.strictObject({
      type: z.literal('order'),
      id: idSchema,
      status: z.strictObject({ previous_status_id: z.int(), new_status_id: z.int() }).optional(),
    }),
    ...noticeFields,
  }),
  z.strictObject({
    scope: z.literal('store/order/refund/created'),
    data: z.strictObject({
      type: z.literal('order'),
      id: idSchema,
      refund: z.strictObject({ refund_id: idSchema }),
    }),
    ...noticeFields,
  }),
  z.strictObject({
    scope: z.enum(['store/order/transaction/created', 'store/order/transaction/updated']),
    // There is no `id` in it.
    data: z.strictObject({
      type: z.literal('transaction'),
      order_id: z.string(),
      transaction_id: z.string(),
      transaction_status: z.string(),
      transaction_type: z.string(),
      result: z.strictObject({ code: z.string(), message: z.string(), type: z.string() }),
      platform_transaction_id: z.string(),
      provider_transaction_id: z.string(),
    }),
    ...noticeFields,
  }),
  z.strictObject({
    scope: z.literal('store/shipment/created'),
    data: z.strictObject({ type: z.literal('shipment'), id: idSchema, orderId: idSchema }),
    ...noticeFields,
  }),
])
