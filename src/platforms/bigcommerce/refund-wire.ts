/** Refunds and their quotes as interface V3 writes them. */
import { z } from 'zod'
import { wireInstant } from '../instants.js'
import { amountText } from '../wire-amount.js'
import { wireFlag, wireId, wireText } from './wire.js'

/** Sent back as it came. */
const providerId = z.string().min(1).max(200)

export const wireQuote = z.object({
  total_refund_amount: amountText,
  total_refund_tax_amount: amountText,
  // The reference has the first name, the guide the second.
  tax_inclusive: wireFlag.nullish(),
  is_tax_included: wireFlag.nullish(),
  refund_methods: z.array(
    z.array(
      z.object({
        provider_id: providerId,
        provider_description: wireText,
        amount: amountText,
        offline: wireFlag.nullish(),
      }),
    ),
  ),
})
export type WireQuote = z.infer<typeof wireQuote>

export const wireRefund = z.object({
  id: wireId,
  order_id: wireId,
  created: wireInstant,
  reason: wireText,
  total_amount: amountText,
  total_tax: amountText,
  items: z
    .array(
      z.object({
        item_type: z.string().max(50),
        item_id: z.string().max(50),
        reason: wireText,
        quantity: z.string().nullish(),
        requested_amount: amountText.nullish(),
      }),
    )
    .nullish(),
  payments: z.array(
    z.object({
      id: wireId.nullish().catch(null),
      provider_id: providerId,
      amount: amountText,
      offline: wireFlag.nullish(),
      is_declined: wireFlag.nullish(),
      declined_message: wireText,
    }),
  ),
})
export type WireRefund = z.infer<typeof wireRefund>
