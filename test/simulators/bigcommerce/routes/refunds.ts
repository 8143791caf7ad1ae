/** V3: refunds are quoted, made and read. */
import { v3Date } from '../contract/values.js'
import { type Answer, v3Data, v3Page, wrappedError } from '../http/answers.js'
import { makeRefund } from '../refunds/make-refund.js'
import type { RefundRequest } from '../refunds/payments.js'
import { quoteData, type QuoteRequest, reckon } from '../refunds/quote.js'
import type { StoreSettings } from '../options.js'
import { v3Amount } from '../state/amounts.js'
import type { Order, Refund, RefundedItem } from '../state/order.js'
import { visibleRefunds } from '../state/views.js'
import { orderOf, type Store } from '../state/world.js'
import { type Handler, notFound, ofOrder } from './call.js'

export const quoteRefund: Handler = ofOrder(({ order, store, body }) => {
  const { settings } = store
  const reckoned = reckon(body as QuoteRequest, { settings, order, checksLimits: true })
  return 'refused' in reckoned
    ? wrappedError(422, reckoned.refused)
    : v3Data(quoteData(reckoned, settings, order), 201)
})

/** 201 says that it is recorded and planned: whether the provider pays shows later. */
export const createRefund: Handler = ofOrder(async (call): Promise<Answer> => {
  const { engine, order, store, body, overlaps } = call
  const rule = store.settings.concurrentRefunds
  if (overlaps && rule !== 'corrupt') {
    const status = rule === 'reject_409' ? 409 : 422
    return wrappedError(status, 'Another refund of this order is being processed.')
  }
  const { nowMs, visibleAtMs, declineAtMs } = call
  const options = { nowMs, visibleAtMs, declineAtMs, checksLimits: !overlaps }
  const made = makeRefund(body as RefundRequest, store, order, options)
  if ('refused' in made) return wrappedError(422, made.refused)
  await engine.commit(made.effects)
  return v3Data(refundView(made.refund, store.settings, order), 201)
})

export const refundsOfOrder: Handler = ofOrder(({ order, store, query, nowMs }) => {
  const seen = visibleRefunds(order, nowMs).filter(hasTransaction(query['transaction_id']))
  return v3Data(seen.map((refund) => refundView(refund, store.settings, order)))
})

export const refund: Handler = (call) => {
  const id = call.parameters['refund'] ?? 0
  const found = seenRefunds(call.store, call.nowMs).find((row) => row.refund.id === id)
  return found === undefined
    ? notFound(call)
    : v3Data(refundView(found.refund, call.store.settings, found.order))
}

export const refunds: Handler = ({ store, query, nowMs }) => {
  const orders = idsOf(query['order_id:in'])
  const ids = idsOf(query['id:in'])
  const from = Date.parse(query['created:min'] ?? '1970-01-01')
  const to = Date.parse(query['created:max'] ?? '9999-12-31')
  const found = seenRefunds(store, nowMs)
    .filter(({ refund: { id, order } }) => has(ids, id) && has(orders, order))
    .filter(({ refund: { createdAtMs } }) => createdAtMs >= from && createdAtMs <= to)
    .filter(({ refund: one }) => hasTransaction(query['transaction_id'])(one))
  const views = found.map((row) => refundView(row.refund, store.settings, row.order))
  return v3Page(views, query)
}

export function refundView(
  { items, payments, ...made }: Refund,
  settings: StoreSettings,
  { base: { currency } }: Order,
) {
  const money = (units: number): number => v3Amount(units, currency)
  const reason = items.find((item) => item.reason !== '')?.reason ?? ''
  return {
    id: made.id,
    order_id: made.order,
    user_id: 0,
    created: v3Date(made.createdAtMs),
    reason: settings.reasonIn === 'items' ? '' : reason,
    total_amount: money(made.units),
    total_tax: money(made.tax),
    uses_merchant_override_values: made.isOverridden,
    items: items.map((item) => itemView(item, settings, money)),
    payments: payments.map(({ id, provider, units, offline, transaction, declined }) => ({
      id,
      provider_id: provider,
      amount: money(units),
      offline,
      is_declined: declined !== null,
      declined_message: declined ?? '',
      ...(transaction === null ? {} : { transaction_id: `${transaction}` }),
    })),
  }
}

function itemView(
  { type, id, quantity, reason, adjustments, asked }: RefundedItem,
  { reasonIn, requestedAmount }: StoreSettings,
  money: (units: number) => number,
) {
  const amount = asked === null ? null : money(asked)
  return {
    item_type: type,
    item_id: id,
    reason: reasonIn === 'refund' ? '' : reason,
    // Only ever there for products.
    ...(type === 'PRODUCT' ? { quantity } : {}),
    adjustments,
    requested_amount: requestedAmount === 'text' && amount !== null ? `${amount}` : amount,
  }
}

function seenRefunds(store: Store, nowMs: number) {
  return [...store.refundOrder].flatMap(([id, orderId]) => {
    const order = orderOf(store, orderId)
    const found = visibleRefunds(order, nowMs).find((one) => one.id === id)
    return found === undefined ? [] : [{ refund: found, order }]
  })
}

function hasTransaction(asked: string | undefined): (refund: Refund) => boolean {
  return ({ payments }) =>
    asked === undefined || payments.some(({ transaction }) => `${transaction}` === asked)
}

function idsOf(text: string | undefined): readonly number[] | null {
  return text === undefined ? null : text.split(',').map(Number)
}

function has(ids: readonly number[] | null, id: number): boolean {
  return ids === null || ids.includes(id)
}
