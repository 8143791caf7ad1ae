/** V2: orders read, listed and changed. */
import type { z } from 'zod'
import type { orderChangeSchema } from '../contract/order.js'
import { type Answer, v2Error, v2List } from '../http/answers.js'
import { unitsOfText } from '../state/amounts.js'
import type { Order, OrderFace } from '../state/order.js'
import { faceOf, visibleFace } from '../state/views.js'
import { type Call, type Handler, ofOrder, pageOf, V2_LIMIT_MAX } from './call.js'
import { orderView } from './order-view.js'

export const order: Handler = ofOrder(({ order: one, nowMs }) => ({
  status: 200,
  body: orderView(one, nowMs),
}))

export const orders: Handler = (call) => {
  const { query, store, nowMs } = call
  if (Number(query['limit'] ?? 1) > V2_LIMIT_MAX) {
    return v2Error(413, `The limit may be ${V2_LIMIT_MAX} at most.`)
  }
  const filters = filtersOf(query)
  if (filters === null) return v2Error(400, 'A filter has an invalid value.')
  const found = [...store.orders.values()]
    .map((one) => ({ order: one, face: visibleFace(one, nowMs) }))
    .filter((row) => filters.every((matches) => matches(row)))
    .sort(sorting(query['sort'] ?? 'id:asc'))
  return v2List(pageOf(found, query).map((row) => orderView(row.order, nowMs)))
}

type Row = Readonly<{ order: Order; face: OrderFace }>

export const changeOrder: Handler = ofOrder(async (call): Promise<Answer> => {
  const { engine, store, order: one, nowMs, visibleAtMs } = call
  const body = call.body as z.infer<typeof orderChangeSchema>
  const before = faceOf(one)
  const statusId = body.status_id ?? before.statusId
  const face: OrderFace = {
    ...before,
    statusId,
    paymentStatus: paymentStatusAfter(call, before, body.status_id),
    modifiedAtMs: nowMs,
    paymentMethod: body.payment_method ?? before.paymentMethod,
    paymentProviderId: body.payment_provider_id ?? before.paymentProviderId,
    staffNotes: body.staff_notes ?? before.staffNotes,
    externalOrderId: body.external_order_id ?? before.externalOrderId,
    customerMessage: body.customer_message ?? before.customerMessage,
  }
  const place = { store: store.settings.hash, order: one.base.id, atMs: nowMs, visibleAtMs }
  await engine.commit([{ type: 'order_changed', ...place, face }])
  // Whoever changed it is answered with what is true, even where readers do not see it yet.
  return { status: 200, body: orderView(one, Number.POSITIVE_INFINITY) }
})

/** Shipped, Awaiting Shipment, Completed, Awaiting Fulfillment. */
const PAID_STATUSES = [2, 9, 10, 11]

/** Read-only by itself, it may follow the status: how a store does that is a setting. */
function paymentStatusAfter(
  { store }: Call,
  { paymentStatus }: OrderFace,
  statusId: number | undefined,
): string {
  const { statusSetsPaymentStatus: rule } = store.settings
  const isOpen = ['', 'pending', 'authorized'].includes(paymentStatus)
  const means = statusId !== undefined && PAID_STATUSES.includes(statusId)
  return rule !== 'stays' && isOpen && means ? rule : paymentStatus
}

/** One test for each filter given; `null`: a value that is none. */
function filtersOf(query: Call['query']): ((row: Row) => boolean)[] | null {
  const filters: ((row: Row) => boolean)[] = []
  let isValid = true
  for (const [name, text] of Object.entries(query)) {
    const reads = READS[name]
    if (reads === undefined) continue
    const asked = reads.parse(text)
    if (typeof asked === 'number' && Number.isNaN(asked)) isValid = false
    filters.push((row) => {
      const actual = reads.of(row)
      if (name.startsWith('min_')) return actual >= asked
      return name.startsWith('max_') ? actual <= asked : actual === asked
    })
  }
  if (query['is_deleted'] === undefined) filters.push(({ face }) => !face.isDeleted)
  return isValid ? filters : null
}

type Read = Readonly<{
  parse: (text: string) => string | number
  of: (row: Row) => string | number
}>

const byId: Read = { parse: Number, of: ({ order: { base } }) => base.id }
const byTotal: Read = {
  parse: Number,
  of: ({ order: { base } }) => base.total.gross / unitsOfText('1', base.currency),
}
const byCreation: Read = {
  parse: Date.parse,
  of: ({ order: { base } }) => seconds(base.createdAtMs),
}
const byChange: Read = { parse: Date.parse, of: ({ face }) => seconds(face.modifiedAtMs) }
const itself = (text: string): string => text

const READS: Readonly<Record<string, Read>> = {
  min_id: byId,
  max_id: byId,
  min_total: byTotal,
  max_total: byTotal,
  customer_id: { parse: Number, of: ({ order: { base } }) => base.customerId },
  email: { parse: itself, of: ({ order: { base } }) => base.billing.email },
  status_id: { parse: Number, of: ({ face }) => face.statusId },
  payment_method: { parse: itself, of: ({ face }) => face.paymentMethod },
  min_date_created: byCreation,
  max_date_created: byCreation,
  min_date_modified: byChange,
  max_date_modified: byChange,
  channel_id: { parse: Number, of: ({ order: { base } }) => base.channelId },
  external_order_id: { parse: itself, of: ({ face }) => face.externalOrderId },
  is_deleted: { parse: itself, of: ({ face }) => `${face.isDeleted}` },
}

/** Dates have whole seconds in V2. */
function seconds(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000
}

const SORTS: Readonly<Record<string, (row: Row) => number | string>> = {
  id: byId.of,
  customer_id: ({ order: { base } }) => base.customerId,
  date_created: byCreation.of,
  date_modified: byChange.of,
  status_id: ({ face }) => face.statusId,
  channel_id: ({ order: { base } }) => base.channelId,
  external_id: ({ order: { base } }) => base.externalId ?? '',
}

function sorting(sort: string): (left: Row, right: Row) => number {
  const [field = 'id', direction = 'asc'] = sort.split(':')
  const of = SORTS[field] ?? byId.of
  const sign = direction === 'desc' ? -1 : 1
  return (left, right) => {
    const [a, b] = [of(left), of(right)]
    if (a === b) return left.order.base.id - right.order.base.id
    return a < b ? -sign : sign
  }
}
