/** What BigCommerce says of an order's payment, and the two ways to tell it that the money was received elsewhere. */
import { z } from 'zod'
import { sum } from '../../money/money.js'
import { numberText } from '../exact-json.js'
import { Mending } from '../mended-text.js'
import type {
  CallOptions,
  CaptureRecord,
  OrderPayment,
  Read,
  SendOptions,
  Sent,
} from '../platform.js'
import { NotUnderstood, understood } from '../understanding.js'
import { exactMoney, moneyNumber } from '../wire-amount.js'
import { type Api, failedRead } from './api.js'
import { amountOf, orderPayments, paymentStatusOf } from './order-payments.js'
import { AWAITING_FULFILLMENT, statusName } from './order-status.js'
import type { WireOrder } from './order-wire.js'
import { isOrderId, readTransactions, readWireOrder } from './read-order.js'
import { NO_SUCH_ORDER, refused } from './refunds.js'
import { isManualCapture, isPayment, type WireTransaction } from './transaction-wire.js'
import { wireId } from './wire.js'

export async function readPayment(
  api: Api,
  order: string,
  options: CallOptions,
): Promise<Read<OrderPayment | null>> {
  const found = await readWireOrder(api, order, options)
  if (found.outcome === 'failed') return found
  const { value: wire } = found
  if (wire === null) return { outcome: 'read', value: null }
  const transactions = await readTransactions(api, order, options)
  if (transactions.outcome === 'failed') return transactions
  const read = understood(() => orderPayment(wire, transactions.value))
  return read.isUnderstood
    ? { outcome: 'read', value: read.value }
    : failedRead('not_understood', api.words(read.detail))
}

/** What is still open follows from it, so that its amounts are exact or not understood. */
function orderPayment(order: WireOrder, transactions: readonly WireTransaction[]): OrderPayment {
  const { default_currency_code: currency } = order
  for (const { amount } of transactions.filter(isPayment)) exactMoney(amount, currency)
  const payments = orderPayments({ order, transactions }, new Mending())
  return {
    status: statusName(order.status_id),
    paymentStatus: paymentStatusOf(order),
    modifiedAt: order.date_modified,
    currency,
    total: exactMoney(order.total_inc_tax, currency),
    storeCredit: exactMoney(order.store_credit_amount, currency),
    giftCertificates: exactMoney(order.gift_certificate_amount, currency),
    captured: sum(
      payments.map(({ amount }) => amount),
      currency,
    ),
    captures: transactions.filter(isManualCapture).map((transaction) => ({
      transaction: transaction.id,
      reference: (transaction.gateway_transaction_id ?? '') || null,
      amount: amountOf(transaction, order),
    })),
  }
}

/**
 * As the reference describes a transaction of an offline payment. No path of the reference takes it any more: a store
 * that does not offer it answers 404, 405 or 422.
 */
export async function recordCapture(
  api: Api,
  { order, amount, reference }: CaptureRecord,
  options: SendOptions,
): Promise<Sent<Readonly<{ transaction: string | null }>>> {
  if (!isOrderId(order)) return refused('not_found', NO_SUCH_ORDER)
  return api.send(
    {
      order,
      method: 'POST',
      path: `/v3/orders/${order}/transactions`,
      body: {
        event: 'capture',
        method: 'offline',
        gateway: 'custom',
        amount: moneyNumber(amount),
        currency: amount.currency,
        offline: { display_name: 'Manual payment' },
        gateway_transaction_id: reference,
        status: 'ok',
        test: false,
      },
      reading: (json) => ({ transaction: recorded.parse(json).data.id ?? null }),
    },
    options,
  )
}

const recorded = z.object({ data: z.object({ id: wireId.nullish() }) })

/** Whether the store then shows the order as paid is seen by reading it. */
export async function confirmPayment(
  api: Api,
  order: string,
  options: SendOptions,
): Promise<Sent<null>> {
  if (!isOrderId(order)) return refused('not_found', NO_SUCH_ORDER)
  return api.send(
    {
      order,
      method: 'PUT',
      path: `/v2/orders/${order}`,
      body: { status_id: numberText(`${AWAITING_FULFILLMENT}`) },
      reading: (json) => {
        const { id } = confirmed.parse(json)
        if (id !== order) throw new NotUnderstood(`answered with order ${id}`)
        return null
      },
    },
    options,
  )
}

const confirmed = z.object({ id: wireId })
