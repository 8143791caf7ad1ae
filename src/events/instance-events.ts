/** A connected store: its settings and workflows (stream `instance-<id>`). No credential is ever in an event (S4). */
import { z } from 'zod'
import { event } from './event.js'
import { daySchema, slugSchema, text, uuidSchema } from './text.js'

export const platformSchema = z.enum(['bigcommerce', 'magento2'])
export type Platform = z.infer<typeof platformSchema>

/** How far an imported order is carried by itself, when, and over which account (L28). */
export const workflowSchema = z.strictObject({
  /** As the platform names it; `*` for every method that no other workflow names. */
  paymentMethod: text(100),
  until: z.enum(['order', 'draft_invoice', 'posted_invoice', 'registered_payment']),
  when: z.enum(['ordered', 'captured', 'shipped']),
  /** Where the payment is registered; only for `registered_payment`. */
  account: slugSchema.optional(),
  /** The method captures by itself, so that *Mark Order As Paid* is closed (P1). */
  capturesItself: z.boolean(),
})
export type Workflow = z.infer<typeof workflowSchema>

export const instanceSettingsSchema = z.strictObject({
  name: text(200),
  /** Older orders are history: visible, without postings (L29). */
  startDate: daySchema.nullable(),
  /** Shipping, handling and fees of an order with several invoices: whole on the first, or in proportion (L17). */
  charges: z.enum(['first_invoice', 'in_proportion']),
  /** Up to so many minor units a line the platform's total may differ from the ledger's own sum (L19). */
  roundingUnitsPerLine: z.int().min(0).max(100),
  workflows: z.array(workflowSchema).max(100),
  /** *Mark Order as Paid?* (P1) */
  markOrdersPaid: z.boolean(),
  /** How the store is told first that an order is paid; the second way is for stores that do not offer the first (P5). */
  markPaidBy: z.enum(['capture_record', 'payment_confirmation']),
  /** Where the store reckons a refund to another amount: the ledger's is sent, or nothing is (B3). */
  refundDifference: z.enum(['override', 'refuse']),
  /** A credit note over a refund that was made at the store is posted at once, or stays a draft (B9). */
  storeRefunds: z.enum(['posted', 'draft']),
})
export type InstanceSettings = z.infer<typeof instanceSettingsSchema>

export const PLATFORM_SETTINGS_DEFAULT = {
  markOrdersPaid: false,
  markPaidBy: 'capture_record',
  refundDifference: 'override',
  storeRefunds: 'posted',
} as const satisfies Partial<InstanceSettings>

/** Instances were connected before anything could be told to their stores. */
const beforePlatforms = (data: unknown): unknown => ({
  ...PLATFORM_SETTINGS_DEFAULT,
  ...(data as Record<string, unknown>),
})

export const instanceRegistered = event(
  'InstanceRegistered',
  instanceSettingsSchema.extend({
    /** UUIDv5 of platform and normalised address: one store, one instance. */
    instance: uuidSchema,
    books: slugSchema,
    platform: platformSchema,
    address: text(200),
  }),
  [beforePlatforms],
)

/** All settings as they are now. */
export const instanceConfigured = event(
  'InstanceConfigured',
  instanceSettingsSchema.extend({ instance: uuidSchema }),
  [beforePlatforms],
)
