import type { FactOfType } from '../events/ledger-event.js'
import type { Flow } from '../events/payment-events.js'
import type { Money } from '../money/money.js'

/** Money that moved: a payment of an invoice or bill, or a refund of a credit. */
export type Payment = Readonly<{
  paymentId: string
  /** `null` for a refund. */
  invoiceId: string | null
  /** The credit document of a refund; `null` for a payment. */
  documentId: string | null
  flow: Flow
  account: string
  heldIn: string
  date: string
  amount: Money
  /** `awaited`: in payment until the bank's statement shows it (L4). */
  matching: 'awaited' | 'none' | 'matched'
  /** The gateway's own transaction; a second payment of it is refused. */
  online: Readonly<{ gateway: string; transaction: string }> | null
}>

export function paymentOf(fact: FactOfType<'PaymentRegistered' | 'CreditRefunded'>): Payment {
  const { paymentId, flow, account, heldIn, date, amount, matching } = fact.data
  const { invoiceId, online } =
    fact.type === 'PaymentRegistered' ? fact.data : { invoiceId: null, online: undefined }
  return {
    paymentId,
    invoiceId,
    documentId: fact.type === 'CreditRefunded' ? fact.data.documentId : null,
    flow,
    account,
    heldIn,
    date,
    amount,
    matching,
    online: online ?? null,
  }
}
