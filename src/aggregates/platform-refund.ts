/** A refund that the order's store has, made here or there. */
import type { FactOfType } from '../events/ledger-event.js'
import type { Entry } from '../events/parts.js'
import { minus, type Money, sum } from '../money/money.js'

type Recorded = FactOfType<'PlatformRefundRecorded'>['data']
type Seen = FactOfType<'PlatformRefundSeen'>['data']

export type PlatformRefund = Readonly<{
  platformRefundId: string
  createdAt: string
  createdOn: string
  amount: Money
  tax: Money
  payments: Recorded['payments']
  /** Why it belongs to no document yet; `null`: it does. */
  held: Seen['held'] | null
  /** The credit note or prepayment that it gives back; its id stands there for good (B4). */
  documentId: string | null
  /** What left the document through gateways and as store credit, less what was declined later. */
  online: Money
  storeCredit: Money
  /** By which it left (J21, J23); `null`: it moved nothing. */
  entry: Entry | null
}>

/** What stands of it at the store: what was declined does not (B5). */
export function standingAmount({ amount, payments }: PlatformRefund): Money {
  const declined = payments.flatMap((payment) => (payment.isDeclined ? [payment.amount] : []))
  return minus(amount, sum(declined, amount.currency))
}

/** The refund whose id stands on the document. */
export function refundOfDocument(
  refunds: ReadonlyMap<string, PlatformRefund>,
  documentId: string,
): PlatformRefund | null {
  return [...refunds.values()].find((refund) => refund.documentId === documentId) ?? null
}
