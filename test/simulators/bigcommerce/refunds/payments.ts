/** The payments of a refund: as they are asked for, and whether the order can be paid back so. */
import type { z } from 'zod'
import type { refundRequestSchema } from '../contract/refunds.js'
import { unitsOf } from '../state/amounts.js'
import type { Order } from '../state/order.js'
import type { Store } from '../state/world.js'
import { gatewayRefusal, methodsFor, storeCreditRefusal } from './methods.js'
import type { Refused } from './price-items.js'
import { EXCEEDS_REMAINING } from './quote.js'
import { refundedBy, remainingUnits } from './standing.js'

export type RefundRequest = z.infer<typeof refundRequestSchema>

export type Payment = Readonly<{ provider: string; units: number; offline: boolean }>

export function paymentsOf(
  asked: RefundRequest,
  store: Store,
  units: number,
  order: Order,
): readonly Payment[] | Refused {
  if (asked.payments === undefined) {
    if (store.settings.taxAdjustmentPayments === 'required') {
      return { refused: 'The payments of the refund are missing.' }
    }
    return methodsFor(units, order).at(-1) ?? []
  }
  const payments: Payment[] = []
  for (const payment of asked.payments) {
    const amount = unitsOf(payment.amount, order.base.currency)
    if (amount === null) return { refused: 'An amount has too many decimals.' }
    payments.push({ provider: payment.provider_id, units: amount, offline: payment.offline })
  }
  return payments
}

/** Why these payments do not pay that refund, or `null`. */
export function paymentsRefusal(
  payments: readonly Payment[],
  units: number,
  order: Order,
  checksLimits: boolean,
): string | null {
  const sum = payments.reduce((total, payment) => total + payment.units, 0)
  if (checksLimits && sum > remainingUnits(order)) return EXCEEDS_REMAINING
  if (sum !== units) return 'The payments do not add up to the refund amount.'
  if (new Set(payments.map(({ provider }) => provider)).size !== payments.length) {
    return 'A provider stands in the payments more than once.'
  }
  for (const { provider, units: amount, offline } of payments) {
    if (provider === 'custom') {
      if (offline) continue
      return 'A custom payment can only be recorded as offline.'
    }
    if (provider === 'storecredit') {
      const refusal = storeCreditRefusal(order)
      if (refusal !== null) return refusal
      continue
    }
    const paid = order.base.parts.find(
      (part) => part.provider === provider && (part.kind === 'gateway' || part.kind === 'offline'),
    )
    if (paid === undefined) return `The order was not paid by ${provider}.`
    if (checksLimits && amount > paid.units - refundedBy(order, provider).units) {
      return `The amount exceeds what ${provider} can give back.`
    }
    const refusal = gatewayRefusal(amount, paid, order)
    if (!offline && refusal !== '') return refusal
  }
  return null
}
