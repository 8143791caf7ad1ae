/**
 * What a test does with the simulator besides calling it as the platform: it opens stores, seeds and changes orders, sets
 * faults, and asks what truly is and what was asked. In the same process and over HTTP it is the same.
 */
import { z } from 'zod'
import type { RouteClass } from '../contract.js'
import { type FaultInput, faultSchema, type StoreInput } from '../options.js'
import type { RequestRecord } from '../record/record.js'
import { paymentStatusSchema, statusIdSchema } from '../contract/order.js'
import type { SeedOrder } from '../seed/seed-input.js'
import type { RefundRequest } from '../refunds/payments.js'
import { refundRequestSchema } from '../contract/refunds.js'
import type { Attempt, Hook } from '../state/hook.js'
import type { OrderBase, OrderFace, Refund, Shipment, Transaction } from '../state/order.js'
import type { SetFault } from '../state/world.js'
import type { StoreSummary } from './summary.js'

export type SimulatorControl = Readonly<{
  /** Opens a store, or sets it anew with what is not given as it is. */
  setStore(settings: Partial<StoreInput> & { hash: string }): Promise<null>
  seedOrders(
    asked: Readonly<{ store: string; orders: readonly SeedOrder[] }>,
  ): Promise<OrderTruth[]>
  /** As somebody in the store's own panel would. */
  changeOrder(asked: OrderChange): Promise<OrderTruth>
  /** Made at the store itself; 422 as elsewhere becomes an error. */
  refundAtStore(
    asked: Readonly<{ store: string; order: number; request: RefundRequest }>,
  ): Promise<Refund>
  /** A refund that was accepted turns out not to be paid. */
  declineRefund(
    asked: Readonly<{ store: string; order: number; refund: number; message?: string }>,
  ): Promise<OrderTruth>
  /** These and no others. */
  setFaults(faults: readonly FaultInput[]): Promise<null>
  addFault(fault: FaultInput): Promise<null>
  /** With how often each may still hit, where that is bounded. */
  faults(asked?: Readonly<Record<string, never>>): Promise<readonly SetFault[]>
  order(asked: Readonly<{ store: string; order: number }>): Promise<OrderTruth>
  /** All orders of a store. */
  orders(asked: Readonly<{ store: string }>): Promise<OrderTruth[]>
  /** Refunds of a store by what stands in their reasons: more than one for a marker was paid twice. */
  refundsByMarker(asked: Readonly<{ store: string }>): Promise<Record<string, number[]>>
  /** Transactions of a store by their reference. */
  transactionsByReference(asked: Readonly<{ store: string }>): Promise<Record<string, number[]>>
  summary(asked: Readonly<{ store: string }>): Promise<StoreSummary>
  /** Writes and quotes, the oldest first. */
  requests(
    asked: Readonly<{ store: string; order?: number; class?: RouteClass }>,
  ): Promise<RequestRecord[]>
  hooks(asked: Readonly<{ store: string }>): Promise<HooksTruth>
}>

/** As it truly is, whatever readers are shown. */
export type OrderTruth = Readonly<{
  base: OrderBase
  face: OrderFace
  refunds: readonly Refund[]
  transactions: readonly Transaction[]
  shipments: readonly Shipment[]
}>

export type HooksTruth = Readonly<{
  hooks: readonly Hook[]
  /** Notices that are still to be delivered. */
  waiting: number
  attempts: readonly Attempt[]
}>

export type OrderChange = Readonly<{
  store: string
  order: number
  statusId?: number | undefined
  paymentStatus?: string | undefined
  staffNotes?: string | undefined
  isDeleted?: boolean | undefined
  /** Of an order product, so many. */
  ship?: Readonly<{ product: number; quantity: number; trackingNumber: string }> | undefined
}>

const ofStore = z.strictObject({ store: z.string() })
const ofOrder = ofStore.extend({ order: z.int() })

/** What each call is given, as it comes over HTTP. */
export const CONTROL_INPUTS = {
  // Parsed where they are used: an optional field with a default would be set anew here.
  setStore: z.looseObject({ hash: z.string() }),
  seedOrders: ofStore.extend({ orders: z.array(z.unknown()) }),
  changeOrder: ofOrder.extend({
    statusId: statusIdSchema.optional(),
    paymentStatus: paymentStatusSchema.optional(),
    staffNotes: z.string().optional(),
    isDeleted: z.boolean().optional(),
    ship: z
      .strictObject({ product: z.int(), quantity: z.int().positive(), trackingNumber: z.string() })
      .optional(),
  }),
  refundAtStore: ofOrder.extend({ request: refundRequestSchema }),
  declineRefund: ofOrder.extend({ refund: z.int(), message: z.string().optional() }),
  setFaults: z.array(faultSchema),
  addFault: faultSchema,
  faults: z.strictObject({}).optional(),
  order: ofOrder,
  orders: ofStore,
  refundsByMarker: ofStore,
  transactionsByReference: ofStore,
  summary: ofStore,
  requests: ofStore.extend({ order: z.int().optional(), class: z.string().optional() }),
  hooks: ofStore,
} as const satisfies Record<keyof SimulatorControl, z.ZodType>
