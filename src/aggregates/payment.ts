import type { FactOfType } from '../events/ledger-event.js'
import type { Entry } from '../events/parts.js'
import type { Flow } from '../events/payment-events.js'
import { type Money, zero } from '../money/money.js'

/** Money that moved: a payment of an invoice or bill, a prepayment, or a refund of a credit. */
export type Payment = Readonly<{
  paymentId: string
  /** `null` for a refund and a prepayment. */
  invoiceId: string | null
  /** The credit document of a refund; `null` for a payment. */
  documentId: string | null
  flow: Flow
  account: string
  heldIn: string
  date: string
  amount: Money
  /** What of it settled its invoice. */
  applied: Money
  /** `awaited`: in payment until the bank's statement shows it (L4). */
  matching: 'awaited' | 'none' | 'matched'
  /** The account that it was matched on. */
  matchedOn: string | null
  /** The gateway's own transaction; a second payment of it is refused. */
  online: Readonly<{ gateway: string; transaction: string }> | null
  /** The opposite of it takes the payment back (J30). */
  entry: Entry
  reversed: boolean
}>

export function paymentOf(
  fact: FactOfType<'PaymentRegistered' | 'PrepaymentRegistered' | 'CreditRefunded'>,
): Payment {
  const { paymentId, flow, account, heldIn, date, amount, matching, entry } = fact.data
  const moved = { paymentId, flow, account, heldIn, date, amount, matching, entry }
  const rest = { matchedOn: null, reversed: false }
  const none = zero(amount.currency)
  switch (fact.type) {
    case 'PaymentRegistered': {
      const { invoiceId, applied, online = null } = fact.data
      return { ...moved, ...rest, invoiceId, documentId: null, applied, online }
    }
    case 'PrepaymentRegistered': {
      const { online = null } = fact.data
      return { ...moved, ...rest, invoiceId: null, documentId: null, applied: none, online }
    }
    case 'CreditRefunded': {
      const { documentId } = fact.data
      return { ...moved, ...rest, invoiceId: null, documentId, applied: none, online: null }
    }
  }
}
