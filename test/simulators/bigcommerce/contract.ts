/**
 * The contract of the BigCommerce API as far as the ledger speaks it: every route with the schema of what is sent and of
 * what is answered. All are strict, so that a field nobody knows of is found. The simulator parses by it, and a test
 * can hold every exchange that passes against it (`contract/exchange.ts`).
 */
import { z } from 'zod'
import {
  hookAdminSchema,
  hookAnswerSchema,
  hookChangeSchema,
  hookListQuerySchema,
  hookListSchema,
  hookRequestSchema,
} from './contract/hooks.js'
import { orderChangeSchema, orderListQuerySchema, orderSchema } from './contract/order.js'
import {
  orderFeeSchema,
  orderProductSchema,
  orderTaxSchema,
  shipmentSchema,
  shippingAddressSchema,
  storeSchema,
  timeSchema,
} from './contract/order-parts.js'
import {
  quoteAnswerSchema,
  quoteRequestSchema,
  refundAnswerSchema,
  refundListQuerySchema,
  refundRequestSchema,
  refundSchema,
} from './contract/refunds.js'
import { transactionRequestSchema, transactionSchema } from './contract/transactions.js'
import { emptyMetaSchema, paginationSchema } from './contract/values.js'

export const ROUTE_CLASSES = [
  'reads',
  'quotes',
  'refunds',
  'transactions',
  'status',
  'payments',
  'hooks',
] as const

/** What faults and rights are given for. All GETs are reads, whatever they read. */
export type RouteClass = (typeof ROUTE_CLASSES)[number]

export type ContractRoute = Readonly<{
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/stores/{hash}`; `:order` and the like stand for one number. */
  path: string
  class: RouteClass
  /** `null`: it takes no body. */
  request: z.ZodType | null
  query: z.ZodType
  /** By status; `null`: no body. */
  answers: Readonly<Record<number, z.ZodType | null>>
}>

const NO_QUERY = z.strictObject({})
const PAGED = z
  .strictObject({ page: z.string().regex(/^\d+$/), limit: z.string().regex(/^\d+$/) })
  .partial()

function read(path: string, answer: z.ZodType, query: z.ZodType = NO_QUERY): ContractRoute {
  const answers = { 200: answer }
  return { method: 'GET', path, class: 'reads', request: null, query, answers }
}

/** V2 lists are bare arrays, and empty ones have no body at all. */
function v2List(path: string, item: z.ZodType, query: z.ZodType = NO_QUERY): ContractRoute {
  const answers = { 200: z.array(item).min(1), 204: null }
  return { method: 'GET', path, class: 'reads', request: null, query, answers }
}

type Write = Pick<ContractRoute, 'class' | 'request' | 'answers'>

function write(method: 'POST' | 'PUT' | 'DELETE', path: string, rest: Write): ContractRoute {
  return { method, path, query: NO_QUERY, ...rest }
}

const refundsAnswer = z.strictObject({ data: z.array(refundSchema), meta: emptyMetaSchema })
const actionsPath = '/v3/orders/:order/payment_actions'

export const CONTRACT = {
  store: read('/v2/store', storeSchema),
  time: read('/v2/time', timeSchema),
  orders: v2List('/v2/orders', orderSchema, orderListQuerySchema),
  order: read(
    '/v2/orders/:order',
    orderSchema,
    z.strictObject({ include: z.literal('fees').optional() }),
  ),
  changeOrder: write('PUT', '/v2/orders/:order', {
    class: 'status',
    request: orderChangeSchema,
    answers: { 200: orderSchema },
  }),
  orderProducts: v2List('/v2/orders/:order/products', orderProductSchema, PAGED),
  shippingAddresses: v2List('/v2/orders/:order/shipping_addresses', shippingAddressSchema, PAGED),
  orderTaxes: v2List(
    '/v2/orders/:order/taxes',
    orderTaxSchema,
    PAGED.extend({ details: z.enum(['true', 'false']).optional() }),
  ),
  orderFees: v2List('/v2/orders/:order/fees', orderFeeSchema, PAGED),
  shipments: v2List('/v2/orders/:order/shipments', shipmentSchema, PAGED),
  quoteRefund: write('POST', `${actionsPath}/refund_quotes`, {
    class: 'quotes',
    request: quoteRequestSchema,
    answers: { 201: quoteAnswerSchema },
  }),
  createRefund: write('POST', `${actionsPath}/refunds`, {
    class: 'refunds',
    request: refundRequestSchema,
    answers: { 201: refundAnswerSchema },
  }),
  refundsOfOrder: read(
    `${actionsPath}/refunds`,
    refundsAnswer,
    z.strictObject({ transaction_id: z.string().optional() }),
  ),
  refund: read('/v3/orders/payment_actions/refunds/:refund', refundAnswerSchema),
  refunds: read(
    '/v3/orders/payment_actions/refunds',
    z.strictObject({ data: z.array(refundSchema), meta: paginationSchema }),
    refundListQuerySchema,
  ),
  capture: write('POST', `${actionsPath}/capture`, {
    class: 'payments',
    request: null,
    answers: { 201: z.strictObject({}) },
  }),
  void: write('POST', `${actionsPath}/void`, {
    class: 'payments',
    request: null,
    answers: { 201: z.strictObject({}) },
  }),
  transactions: {
    ...read(
      '/v3/orders/:order/transactions',
      z.strictObject({ data: z.array(transactionSchema).min(1), meta: paginationSchema }),
      PAGED,
    ),
    answers: {
      200: z.strictObject({ data: z.array(transactionSchema).min(1), meta: paginationSchema }),
      204: null,
    },
  },
  createTransaction: write('POST', '/v3/orders/:order/transactions', {
    class: 'transactions',
    request: transactionRequestSchema,
    answers: { 201: z.strictObject({ data: transactionSchema, meta: emptyMetaSchema }) },
  }),
  hooks: read('/v3/hooks', hookListSchema, hookListQuerySchema),
  hooksAdmin: read(
    '/v3/hooks/admin',
    hookAdminSchema,
    z.strictObject({ is_active: z.enum(['true', 'false']).optional() }),
  ),
  hook: read('/v3/hooks/:hook', hookAnswerSchema),
  createHook: write('POST', '/v3/hooks', {
    class: 'hooks',
    request: hookRequestSchema,
    answers: { 200: hookAnswerSchema },
  }),
  changeHook: write('PUT', '/v3/hooks/:hook', {
    class: 'hooks',
    request: hookChangeSchema,
    answers: { 200: hookAnswerSchema },
  }),
  deleteHook: write('DELETE', '/v3/hooks/:hook', {
    class: 'hooks',
    request: null,
    answers: { 200: hookAnswerSchema },
  }),
} as const satisfies Record<string, ContractRoute>

export type RouteName = keyof typeof CONTRACT
