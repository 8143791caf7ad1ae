/** What the payments of an order did, as interface V3 writes it. */
import { z } from 'zod'
import { amountText } from '../wire-amount.js'
import { wireFlag, wireId, wireText } from './wire.js'

export const wireTransaction = z.object({
  id: wireId,
  event: z.string(),
  method: wireText,
  gateway: wireText,
  amount: amountText,
  currency: z.string(),
  gateway_transaction_id: wireText,
  test: wireFlag.nullish(),
  status: wireText,
})
export type WireTransaction = z.infer<typeof wireTransaction>

/** Money that came in: the store says so, and it was no test (P6). Credit of the store's own is no money. */
export function isPayment({ event, status, test, method }: WireTransaction): boolean {
  return (
    (event === 'purchase' || event === 'capture') &&
    status === 'ok' &&
    test !== true &&
    !CREDIT_METHODS.includes(method ?? '')
  )
}

/** By a gateway, or elsewhere: neither what was paid with credit of the store's own, nor what went back, says that. */
export function saysHowItWasPaid({ event, method }: WireTransaction): boolean {
  return event !== 'refund' && !CREDIT_METHODS.includes(method ?? '')
}

const CREDIT_METHODS = ['store_credit', 'gift_certificate']

/** Recorded at the store by whoever had the money, ours among them. */
export function isManualCapture(transaction: WireTransaction): boolean {
  const { event, method } = transaction
  return isPayment(transaction) && event === 'capture' && method === 'offline'
}
