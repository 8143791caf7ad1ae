/** What of an order was given back at its store, here or there, and what its payment is called then (B5). */
import type { Folio } from '../../src/aggregates/folio.js'
import { standingAmount } from '../../src/aggregates/platform-refund.js'
import { compare, isZero, type Money, sum } from '../../src/money/money.js'
import { type ImportedOrder, PARTIALLY_REFUNDED, REFUNDED } from './store-order.js'

export function refundedAtStore(order: ImportedOrder, { platformRefunds }: Folio): Money {
  const { currency } = order
  const standing = [...platformRefunds.values()].map(standingAmount)
  return sum(
    standing.filter((amount) => amount.currency === currency),
    currency,
  )
}

/** Whether what stands of its refunds reaches the order's total, or the store itself says so. */
export function isRefundedInFull(order: ImportedOrder, folio: Folio): boolean {
  return (
    order.paymentStatus.toLowerCase() === REFUNDED ||
    compare(refundedAtStore(order, folio), order.platform.totals.gross) >= 0
  )
}

/** As the refunds have it, which what the store shows on its next reading may overrule. */
export function paymentStatusAfter(order: ImportedOrder, folio: Folio): string {
  const refunded = refundedAtStore(order, folio)
  if (isZero(refunded)) return 'captured'
  return compare(refunded, order.platform.totals.gross) >= 0 ? REFUNDED : PARTIALLY_REFUNDED
}
