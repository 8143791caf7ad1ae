/** An order as it truly is, and as its readers see it. */
import type { Order, OrderFace, Refund } from './order.js'

/** As it truly is. */
export function faceOf(order: Order): OrderFace {
  const last = order.faces.at(-1)
  if (last === undefined) throw new Error(`Order ${order.base.id} has no face.`)
  return last.face
}

/** As readers see it at an instant. */
export function visibleFace(order: Order, nowMs: number): OrderFace {
  const seen = order.faces.findLast(({ visibleAtMs }) => visibleAtMs <= nowMs)
  return (seen ?? order.faces[0])?.face ?? faceOf(order)
}

export function visibleRefunds(order: Order, nowMs: number): Refund[] {
  return order.refunds.filter(({ visibleAtMs }) => visibleAtMs <= nowMs)
}

/** What of a refund still stands: a payment that was declined gave nothing back. */
export function standingUnits({ payments }: Refund): number {
  return payments
    .filter(({ declined }) => declined === null)
    .reduce((sum, { units }) => sum + units, 0)
}

export function stands(refund: Refund): boolean {
  return refund.payments.some(({ declined }) => declined === null)
}

/** Units of a line that went back in refunds that stand. */
export function quantityRefunded(
  refunds: readonly Refund[],
  product: number,
  type: 'PRODUCT' | 'GIFT_WRAPPING',
): number {
  return refunds
    .filter(stands)
    .flatMap(({ items }) => items)
    .filter((item) => item.type === type && item.id === product)
    .reduce((sum, { quantity }) => sum + (quantity ?? 0), 0)
}
