/** Decides a refund: its effect, or why it is refused. */
import { unitsOf } from '../state/amounts.js'
import type { Effect } from '../state/effects.js'
import type { Order, Refund, RefundPayment, Transaction } from '../state/order.js'
import { faceOf } from '../state/views.js'
import type { Store } from '../state/world.js'
import { type Payment, paymentsOf, paymentsRefusal, type RefundRequest } from './payments.js'
import type { Refused } from './price-items.js'
import { EXCEEDS_REMAINING, reckon, type Reckoned } from './quote.js'
import { remainingUnits, statusAfterRefunds } from './standing.js'

export type RefundOptions = Readonly<{
  nowMs: number
  visibleAtMs: number
  /** `null`: the provider pays. */
  declineAtMs: number | null
  checksLimits: boolean
}>

export function makeRefund(
  asked: RefundRequest,
  store: Store,
  order: Order,
  options: RefundOptions,
): Readonly<{ refund: Refund; effects: readonly Effect[] }> | Refused {
  const { checksLimits } = options
  const reckoned = reckonRefund(asked, store, order, checksLimits)
  if ('refused' in reckoned) return reckoned
  const wanted = paymentsOf(asked, store, reckoned.units, order)
  if ('refused' in wanted) return wanted
  const refusal = paymentsRefusal(wanted, reckoned.units, order, checksLimits)
  if (refusal !== null) return { refused: refusal }
  const transactions = transactionsOf(wanted, store, order, options)
  const payments = wanted.map((payment, index): RefundPayment => ({
    id: store.next.refundPayment + index,
    provider: payment.provider,
    units: payment.units,
    offline: payment.offline,
    transaction: transactions.find(({ gateway }) => gateway === payment.provider)?.id ?? null,
    declined: null,
  }))
  const { statusId, paymentStatus } = faceOf(order)
  const refund: Refund = {
    id: store.next.refund,
    order: order.base.id,
    createdAtMs: options.nowMs,
    visibleAtMs: options.visibleAtMs,
    items: reckoned.items,
    payments,
    units: reckoned.units,
    tax: reckoned.tax,
    isOverridden: asked.merchant_calculated_override !== undefined,
    isTaxAdjustment: 'tax_adjustment_amount' in asked,
    before: order.refunds[0]?.before ?? { statusId, paymentStatus },
  }
  return { refund, effects: effectsOf(refund, transactions, store, order, options) }
}

function effectsOf(
  refund: Refund,
  transactions: readonly Transaction[],
  store: Store,
  order: Order,
  { nowMs, visibleAtMs, declineAtMs }: RefundOptions,
): Effect[] {
  const place = { store: store.settings.hash, order: order.base.id, atMs: nowMs }
  const status = statusAfterRefunds(store.settings, order, [...order.refunds, refund])
  const face = { ...faceOf(order), ...status, modifiedAtMs: nowMs }
  const effects: Effect[] = [
    { type: 'refund_made', ...place, visibleAtMs, face, refund, transactions },
  ]
  if (declineAtMs !== null) {
    const later = {
      what: 'decline' as const,
      atMs: declineAtMs,
      order: order.base.id,
      refund: refund.id,
      message: 'The transaction was declined by the provider.',
    }
    effects.push({ type: 'later_planned', ...place, key: `decline ${refund.id}`, later })
  }
  return effects
}

/** The merchant's own figures stand in place of those reckoned, and no tax is reckoned again. */
function reckonRefund(
  asked: RefundRequest,
  store: Store,
  order: Order,
  checksLimits: boolean,
): Reckoned | Refused {
  const override = asked.merchant_calculated_override
  const pricing = { settings: store.settings, order, checksLimits }
  if (override === undefined) return reckon(asked, pricing)
  const units = unitsOf(override.total_amount, order.base.currency)
  const tax = unitsOf(override.total_tax, order.base.currency)
  if (units === null || tax === null) return { refused: 'An amount has too many decimals.' }
  if (units === 0) return { refused: 'The refund amount must be greater than zero.' }
  if (checksLimits && units > remainingUnits(order)) return { refused: EXCEEDS_REMAINING }
  if ('tax_adjustment_amount' in asked) {
    return { items: [], units, tax, orderLevel: 0, adjustment: 0 }
  }
  const reckoned = reckon(asked, pricing)
  return 'refused' in reckoned ? reckoned : { ...reckoned, units, tax, adjustment: 0 }
}

/** A gateway that moves money leaves a transaction. */
function transactionsOf(
  payments: readonly Payment[],
  store: Store,
  order: Order,
  { nowMs, visibleAtMs }: RefundOptions,
): Transaction[] {
  const online = payments.filter(({ provider, offline }) => !offline && provider !== 'storecredit')
  return online.map(({ provider, units }, index) => ({
    id: store.next.transaction + index,
    event: 'refund',
    method: 'credit_card',
    gateway: provider,
    units,
    currency: order.base.currency,
    gatewayTransactionId: `${provider}-refund-${store.next.refund}`,
    createdAtMs: nowMs,
    isTest: false,
    status: 'ok',
    reference: order.transactions.find(({ gateway }) => gateway === provider)?.id ?? null,
    displayName: null,
    customMethod: null,
    visibleAtMs,
  }))
}
