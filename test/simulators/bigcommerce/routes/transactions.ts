/** V3: transactions are read and recorded; payments are captured and voided. */
import type { z } from 'zod'
import type { transactionRequestSchema } from '../contract/transactions.js'
import { v3Date } from '../contract/values.js'
import { type Answer, NO_CONTENT, v3Data, v3Error, v3Page } from '../http/answers.js'
import { unitsOf, v3Amount } from '../state/amounts.js'
import type { Order, Transaction } from '../state/order.js'
import { faceOf } from '../state/views.js'
import { type Handler, type OrderCall, ofOrder } from './call.js'

export const transactions: Handler = ofOrder(({ order, query, nowMs }) => {
  const seen = order.transactions.filter(({ visibleAtMs }) => visibleAtMs <= nowMs)
  if (seen.length === 0) return NO_CONTENT
  return v3Page(
    seen.map((transaction) => transactionView(transaction, order)),
    query,
  )
})

/** Whether a store offers this at all is not documented: it may say that there is no such path. */
export const createTransaction: Handler = ofOrder(async (call): Promise<Answer> => {
  const { engine, store, order, nowMs, visibleAtMs } = call
  const { postTransactions, captureSetsPaymentStatus } = store.settings
  if (postTransactions !== 'offered') return NOT_OFFERED[postTransactions]
  const transaction = transactionOf(call)
  if (transaction === null) {
    const errors = { amount: 'has too many decimals', currency: `is ${order.base.currency}` }
    return v3Error(422, 'The amount or its currency is not that of the order.', errors)
  }
  const before = faceOf(order)
  const captures = ['capture', 'purchase'].includes(transaction.event)
  const isCaptured = captures && transaction.status === 'ok' && captureSetsPaymentStatus
  const paymentStatus = isCaptured ? 'captured' : before.paymentStatus
  const face = { ...before, paymentStatus, modifiedAtMs: nowMs }
  const place = { store: store.settings.hash, order: order.base.id, atMs: nowMs, visibleAtMs }
  await engine.commit([{ type: 'transaction_recorded', ...place, face, transaction }])
  return v3Data(transactionView(transaction, order), 201)
})

export const capture: Handler = ofOrder((call) => paymentAction(call, 'capture'))

export const voidPayment: Handler = ofOrder((call) => paymentAction(call, 'void'))

const NOT_OFFERED: Readonly<Record<'404' | '405' | '422', Answer>> = {
  404: v3Error(404, 'The requested resource was not found.'),
  405: v3Error(405, 'The method is not allowed for the requested resource.'),
  422: v3Error(422, 'Transactions cannot be created.'),
}

function transactionOf({ body, store, order, nowMs, visibleAtMs }: OrderCall): Transaction | null {
  const asked = body as z.infer<typeof transactionRequestSchema>
  const units = unitsOf(asked.amount, order.base.currency)
  if (units === null || asked.currency !== order.base.currency) return null
  return {
    id: store.next.transaction,
    event: asked.event,
    method: asked.method,
    gateway: asked.gateway,
    units,
    currency: asked.currency,
    gatewayTransactionId: asked.gateway_transaction_id ?? '',
    createdAtMs: asked.date_created === undefined ? nowMs : Date.parse(asked.date_created),
    isTest: asked.test ?? false,
    status: asked.status ?? 'ok',
    reference: asked.reference_transaction_id ?? null,
    displayName: asked.offline?.display_name ?? null,
    customMethod: asked.custom?.payment_method ?? null,
    visibleAtMs,
  }
}

/** `capture pending` at once, `captured` later; the like for void. Only what a gateway has authorised. */
async function paymentAction(call: OrderCall, event: 'capture' | 'void'): Promise<Answer> {
  const { engine, store, order, nowMs, visibleAtMs } = call
  const before = faceOf(order)
  const authorised = order.transactions.find((row) => row.event === 'authorization')
  if (before.paymentStatus !== 'authorized' || authorised === undefined) {
    return v3Error(422, 'The order has no authorized payment.')
  }
  const place = { store: store.settings.hash, order: order.base.id, atMs: nowMs }
  const atMs = nowMs + store.settings.paymentActionMs
  const transaction: Transaction = {
    ...authorised,
    id: store.next.transaction,
    event,
    reference: authorised.id,
    createdAtMs: atMs,
    visibleAtMs: atMs,
  }
  const paymentStatus = event === 'capture' ? 'captured' : 'void'
  const later = { what: 'payment' as const, atMs, order: order.base.id, paymentStatus, transaction }
  const face = { ...before, paymentStatus: `${event} pending`, modifiedAtMs: nowMs }
  await engine.commit([
    { type: 'order_changed', ...place, visibleAtMs, face },
    { type: 'later_planned', ...place, key: `payment ${order.base.id}`, later },
  ])
  return { status: 201, body: {} }
}

function transactionView(row: Transaction, order: Order) {
  const amount = v3Amount(row.units, row.currency)
  const certificate = {
    code: 'GIFT-1',
    original_balance: amount,
    starting_balance: amount,
    remaining_balance: 0,
    status: 'active',
  }
  return {
    id: row.id,
    order_id: `${order.base.id}`,
    event: row.event,
    method: row.method,
    amount,
    currency: row.currency,
    gateway: row.gateway,
    gateway_transaction_id: row.gatewayTransactionId,
    date_created: v3Date(row.createdAtMs),
    test: row.isTest,
    status: row.status,
    fraud_review: false,
    reference_transaction_id: row.reference,
    offline: row.displayName === null ? null : { display_name: row.displayName },
    custom: row.customMethod === null ? null : { payment_method: row.customMethod },
    payment_method_id: null,
    payment_instrument_token: null,
    avs_result: null,
    cvv_result: null,
    credit_card: row.method === 'credit_card' ? CARD : null,
    gift_certificate: row.method === 'gift_certificate' ? certificate : null,
    store_credit: row.method === 'store_credit' ? { remaining_balance: 0 } : null,
    custom_provider_field_result: null,
  }
}

const CARD = {
  card_type: 'visa',
  card_iin: '411111',
  card_last4: '1111',
  card_expiry_month: 12,
  card_expiry_year: 2031,
}
