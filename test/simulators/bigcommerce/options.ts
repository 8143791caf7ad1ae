/** All that can be set: of a store, of the faults, of the process. */
import { z } from 'zod'
import { ROUTE_CLASSES } from './contract.js'
import { currencySchema } from './contract/values.js'

const milliseconds = z.number().nonnegative()

/** How a store behaves where the platform's documentation leaves room, and what it allows. */
export const storeSettingsSchema = z.strictObject({
  hash: z.string().regex(/^[a-z0-9]+$/),
  token: z.string().min(1),
  name: z.string().default('A store'),
  storeId: z.string().regex(/^\d+$/).default('1001'),
  currency: currencySchema.default('EUR'),
  clientId: z.string().min(1).default('client'),
  clientSecret: z.string().min(1).default('client-secret'),
  /** Requests in a window; `null`: no limit. */
  quota: z.int().positive().nullable().default(150),
  windowMs: milliseconds.default(30_000),
  retryAfterHeader: z.boolean().default(true),
  /** Route classes that the token has no right to: 403. */
  forbidden: z.array(z.enum(ROUTE_CLASSES)).default([]),
  /** Option A of marking an order as paid. */
  postTransactions: z.enum(['offered', '404', '405', '422']).default('offered'),
  captureSetsPaymentStatus: z.boolean().default(true),
  /** Whether PUT of a status that means "paid" (2, 9, 10, 11) moves payment_status, and where to. */
  statusSetsPaymentStatus: z.enum(['stays', 'captured', 'paid']).default('stays'),
  /** What becomes of a refund while another of the same order is under way. `corrupt`: what is left is not checked. */
  concurrentRefunds: z.enum(['reject_409', 'reject_422', 'corrupt']).default('reject_409'),
  refundSetsStatus: z.boolean().default(true),
  /** What the amount of SHIPPING, HANDLING and FEE items is. `order_mode`: as the order's prices are kept. */
  amountItems: z.enum(['order_mode', 'tax_included', 'tax_excluded']).default('order_mode'),
  /** `guide`: has tax in it, and says that it has not, under the guide's name for the field. */
  quoteTotals: z.enum(['with_tax', 'without_tax', 'guide']).default('with_tax'),
  requestedAmount: z.enum(['number', 'text']).default('number'),
  reasonIn: z.enum(['items', 'refund', 'both']).default('items'),
  adjustmentTax: z.enum(['in_proportion', 'unchanged']).default('in_proportion'),
  /** The tax that an order product shows when it is discounted. */
  productTax: z.enum(['before_discount', 'after_discount']).default('before_discount'),
  taxAdjustmentPayments: z.enum(['optional', 'required']).default('optional'),
  /** Between `capture pending` and `captured`, and the like. */
  paymentActionMs: milliseconds.default(50),
  /** The platform itself wants HTTPS on port 443. */
  hookDestinations: z.enum(['loopback_http', 'https_443']).default('loopback_http'),
  /** Of the platform's delays between deliveries, of which the first is 60 s. */
  hookRetryScale: z.number().positive().default(0.001),
  hookTimeoutMs: milliseconds.default(5_000),
  /** Whether a hook is switched off after the last retry. */
  deactivateHooks: z.boolean().default(true),
  blockedDomains: z.array(z.string()).default([]),
  /** What stands in a reason and says whose refund it is. */
  markerPattern: z.string().default('ref:[^\\s"\'\\\\]+'),
})

export type StoreSettings = Readonly<z.infer<typeof storeSettingsSchema>>
export type StoreInput = z.input<typeof storeSettingsSchema>

const BEFORE = [
  'slow',
  'limited',
  'overloaded',
  'redirect',
  'reset_before',
  'hang_before',
  'error_before',
] as const
const AFTER = [
  'answer_lost',
  'hang_after',
  'half_body',
  'error_after',
  'html',
  'garbage',
  'huge',
  'extra_fields',
] as const
const EFFECT = ['stale', 'late_decline'] as const
const NOTICE = ['duplicate_notice', 'lose_notice', 'unsigned_notice', 'forged_notice'] as const

/** Drawn when a notice is due, the others each time that it is delivered. */
const LATE_NOTICE = ['reorder_notice'] as const

export const faultSchema = z.strictObject({
  id: z.string().optional(),
  kind: z.enum([...BEFORE, ...AFTER, ...EFFECT, ...NOTICE, ...LATE_NOTICE]),
  /** All stores unless given. */
  store: z.string().optional(),
  /** `writes`: all but reads and quotes. Notices know no class. */
  on: z.enum([...ROUTE_CLASSES, 'writes', 'any']).default('any'),
  orders: z.array(z.int()).optional(),
  probability: z.number().min(0).max(1).default(1),
  /** How often at most. */
  times: z.int().positive().optional(),
  /** How long: of `slow`, `late_decline`, `reorder_notice`; at most: of `stale`; of the window: of `limited`. */
  ms: milliseconds.optional(),
  /** At least: of `stale` and `reorder_notice`. */
  minMs: milliseconds.default(0),
  /** Of `error_before`, `error_after`, `redirect`. */
  status: z.int().min(300).max(599).optional(),
  /** Of `huge`. */
  bytes: z.int().positive().optional(),
  /** Of `redirect`; the simulator itself, which counts, unless given. Loopback only. */
  location: z
    .url()
    .refine(
      (text) => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(text).hostname),
      'Only to loopback.',
    )
    .optional(),
})

export type Fault = Readonly<z.infer<typeof faultSchema>>
export type FaultInput = z.input<typeof faultSchema>
export type BeforeKind = (typeof BEFORE)[number]
export type AfterKind = (typeof AFTER)[number]
export type EffectKind = (typeof EFFECT)[number]
export type NoticeKind = (typeof NOTICE)[number]
export type FaultKind = Fault['kind']

export const isBefore = oneOf(BEFORE)
export const isAfter = oneOf(AFTER)
export const isEffect = oneOf(EFFECT)
export const isNotice = oneOf(NOTICE)
export const isLateNotice = oneOf(LATE_NOTICE)

function oneOf<Kind extends FaultKind>(kinds: readonly Kind[]) {
  return (kind: FaultKind): kind is Kind => (kinds as readonly FaultKind[]).includes(kind)
}

export const simulatorOptionsSchema = z.strictObject({
  /** 0: any that is free. */
  port: z.int().min(0).max(65_535).default(0),
  /** Where the journal stands; none: nothing outlives the process. */
  folder: z.string().optional(),
  /** Opened unless the journal knows them. */
  stores: z.array(storeSettingsSchema).default([]),
  /** In place of those that the journal knows. */
  faults: z.array(faultSchema).optional(),
  /** Of all that is drawn by chance. */
  seed: z.int().default(1),
})

export type SimulatorOptions = z.input<typeof simulatorOptionsSchema>
