import type { Folio } from '../../src/aggregates/folio.js'
import type { OpenOrder } from '../../src/aggregates/order.js'
import { orderLinesUnposted } from './order-lines-left.js'
import { isInvoiceable } from './order-parts.js'

/**
 * Whether every line's quantity and all charges, less what was cancelled, are on posted invoices (L17, P1). What of a
 * cancelled order is not invoiced was cancelled with it.
 */
export function isFullyInvoiced(order: OpenOrder, folio: Folio): boolean {
  if (order.status === 'cancelled') return true
  return orderLinesUnposted(order, folio).every(
    ({ ordered, quantity }) => !isInvoiceable(quantity, ordered.quantity),
  )
}
