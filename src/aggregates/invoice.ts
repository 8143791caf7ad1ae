import type { InvoiceContent } from '../events/invoice-events.js'
import type { Entry } from '../events/parts.js'
import { minus, type Money, plus, zero } from '../money/money.js'
import { type LineCredited, nothingCredited } from './crediting.js'
import type { PricingTerms } from './pricing.js'

/** A customer invoice or vendor bill. What it still asks is `due`; refunds never change it. */
export type Invoice = Readonly<
  | { status: 'draft'; content: InvoiceContent }
  | { status: 'discarded'; invoiceId: string }
  | {
      status: 'posted'
      content: InvoiceContent
      number: string
      /** The day it counts for: none of its notes is posted before (L21). */
      postingDate: string
      due: Money
      /** Settled by payments. */
      paid: Money
      /** Settled by its own credit notes (L11). */
      settled: Money
      /** Everything that its posted notes took back, in all and by line (L5). */
      creditedGross: Money
      credited: readonly LineCredited[]
    }
>

export type PostedInvoice = Extract<Invoice, { status: 'posted' }>

export function postedInvoice(
  content: InvoiceContent,
  { number, postingDate }: Pick<Entry, 'number' | 'postingDate'>,
): PostedInvoice {
  const nothing = zero(content.currency)
  return {
    status: 'posted',
    content,
    number,
    postingDate,
    due: content.totals.gross,
    paid: nothing,
    settled: nothing,
    creditedGross: nothing,
    credited: nothingCredited(content.lines, content.currency),
  }
}

export function withPayment(invoice: PostedInvoice, applied: Money): PostedInvoice {
  return { ...invoice, due: minus(invoice.due, applied), paid: plus(invoice.paid, applied) }
}

export function withSettlement(invoice: PostedInvoice, amount: Money): PostedInvoice {
  return { ...invoice, due: minus(invoice.due, amount), settled: plus(invoice.settled, amount) }
}

export function pricingTerms({ prices, rounding, currency }: PricingTerms): PricingTerms {
  return { prices, rounding, currency }
}
