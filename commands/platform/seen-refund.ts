import type { Folio } from '../../src/aggregates/folio.js'
import type { FactOfType, LedgerFact } from '../../src/events/ledger-event.js'
import type { StoreRefund } from '../../src/events/platform-events.js'
import { folioAfter } from '../consequences.js'
import type { Held } from './place-refund.js'
import { paymentStatusAfter } from './refunded-at-store.js'
import { type ImportedOrder, storeOrderOf } from './store-order.js'

/** That it is there, and why it belongs to no document yet (B9); `null`: so it was known. */
export function seenRefund(
  refund: StoreRefund,
  held: Held,
  order: ImportedOrder,
  folio: Folio,
): LedgerFact | null {
  const known = folio.platformRefunds.get(refund.platformRefundId)
  if (known?.held === held && isSameStanding(known.payments, refund.payments)) return null
  const data = { ...storeOrderOf(order), ...refund, held, paymentStatus: '-' }
  const seen: FactOfType<'PlatformRefundSeen'> = { type: 'PlatformRefundSeen', data }
  const paymentStatus = paymentStatusAfter(order, folioAfter(folio, [seen]))
  return { ...seen, data: { ...data, paymentStatus } }
}

function isSameStanding(left: StoreRefund['payments'], right: StoreRefund['payments']): boolean {
  return (
    left.length === right.length &&
    left.every(({ isDeclined }, index) => isDeclined === right[index]?.isDeclined)
  )
}
