/** What of an order has gone back already, and what that makes of its status. */
import type { StoreSettings } from '../options.js'
import type { Order, OrderFace, Refund, RefundedItem } from '../state/order.js'
import { faceOf, standingUnits, stands } from '../state/views.js'

/** What can still be given back of the order. */
export function remainingUnits(order: Order, refunds: readonly Refund[] = order.refunds): number {
  return refunds.reduce((left, refund) => left - standingUnits(refund), order.base.total.gross)
}

/** What has gone back of one line, by what it is asked by; `also` counts as gone. */
export function refundedOf(
  order: Order,
  also: readonly RefundedItem[],
  line: Readonly<{ item_type: string; item_id: number }>,
): Readonly<{ quantity: number; asked: number }> {
  const gone = order.refunds.filter(stands).flatMap(({ items }) => items)
  let [quantity, asked] = [0, 0]
  for (const item of [...gone, ...also]) {
    if (item.type !== line.item_type || item.id !== line.item_id) continue
    quantity += item.quantity ?? 0
    asked += item.asked ?? 0
  }
  return { quantity, asked }
}

/** What a provider has given back already. */
export function refundedBy(
  order: Order,
  provider: string,
): Readonly<{ units: number; online: number }> {
  const payments = order.refunds
    .flatMap((refund) => refund.payments)
    .filter((payment) => payment.provider === provider && payment.declined === null)
  return {
    units: payments.reduce((sum, payment) => sum + payment.units, 0),
    online: payments.filter(({ offline }) => !offline).length,
  }
}

/** 14 then 4; what it was before, where all of them were declined. */
export function statusAfterRefunds(
  { refundSetsStatus }: StoreSettings,
  order: Order,
  refunds: readonly Refund[],
): Pick<OrderFace, 'statusId' | 'paymentStatus'> {
  const { statusId, paymentStatus } = faceOf(order)
  if (!refundSetsStatus) return { statusId, paymentStatus }
  if (!refunds.some(stands)) return refunds[0]?.before ?? { statusId, paymentStatus }
  return remainingUnits(order, refunds) > 0
    ? { statusId: 14, paymentStatus: 'partially refunded' }
    : { statusId: 4, paymentStatus: 'refunded' }
}
