/** What comes about by itself: a payment that is declined after it was accepted, a capture that goes through. */
import { statusAfterRefunds } from '../refunds/standing.js'
import type { Effect, Later } from './effects.js'
import { faceOf } from './views.js'
import { orderOf, type Store } from './world.js'

export function laterEffects(store: Store, key: string, later: Later, nowMs: number): Effect[] {
  if (later.what === 'decline') return declineEffects(store, later, nowMs)
  const { paymentStatus, transaction } = later
  const face = { ...faceOf(orderOf(store, later.order)), paymentStatus, modifiedAtMs: nowMs }
  return [
    {
      type: 'transaction_recorded',
      store: store.settings.hash,
      order: later.order,
      atMs: nowMs,
      visibleAtMs: nowMs,
      face,
      transaction,
      later: key,
    },
  ]
}

type Declined = Readonly<{ order: number; refund: number; message: string }>

/** All payments of a refund that move money by themselves are declined: the money is with the store again. */
export function declineEffects(store: Store, asked: Declined, nowMs: number): Effect[] {
  const order = orderOf(store, asked.order)
  const made = order.refunds.find(({ id }) => id === asked.refund)
  if (made === undefined) throw new Error(`Order ${asked.order} has no refund ${asked.refund}.`)
  const isOnline = made.payments.some(({ offline }) => !offline)
  const payments = made.payments.map((payment) =>
    payment.offline && isOnline ? payment : { ...payment, declined: asked.message },
  )
  const refund = { ...made, payments }
  const ofThem = payments.filter(({ declined }) => declined !== null)
  const transactions = order.transactions
    .filter(({ id }) => ofThem.some(({ transaction }) => transaction === id))
    .map((transaction) => ({ ...transaction, status: 'error' as const }))
  const refunds = order.refunds.map((other) => (other.id === refund.id ? refund : other))
  const face = {
    ...faceOf(order),
    ...statusAfterRefunds(store.settings, order, refunds),
    modifiedAtMs: nowMs,
  }
  return [
    {
      type: 'refund_declined',
      store: store.settings.hash,
      order: asked.order,
      atMs: nowMs,
      visibleAtMs: nowMs,
      face,
      refund,
      transactions,
    },
  ]
}
