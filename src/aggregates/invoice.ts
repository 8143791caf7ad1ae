import type { InvoiceContent } from '../events/invoice-events.js'
import type { Entry } from '../events/parts.js'
import { minus, type Money, plus, zero } from '../money/money.js'
import { type Amounts, type Booked, creditOf, nothing, withBooked } from './amounts.js'
import type { PostedContent } from './credit.js'
import { type LineCredited, nothingCredited } from './crediting.js'
import type { PricingTerms } from './pricing.js'

/** A customer invoice or vendor bill. What it still asks is `due`; refunds never change it. */
export type Invoice = Readonly<
  | { status: 'draft'; content: InvoiceContent }
  | { status: 'discarded'; invoiceId: string }
  | {
      status: 'posted'
      content: PostedContent<InvoiceContent>
      number: string
      /** The day it counts for: none of its notes is posted before (L21). */
      postingDate: string
      due: Money
      /** What it still asks at the rate that it was booked with (J40). */
      booksDue: Money
      /** Settled by payments, store credit included. */
      paid: Money
      /** Settled by its own credit notes (L11). */
      settled: Money
      /** Settled by credits of other documents (L7, L13). */
      allocated: Money
      /** Everything that its posted notes took back, in all and by line (L5). */
      creditedGross: Money
      credited: readonly LineCredited[]
      /** What its entry booked, less what its notes took back: a note is booked with these figures (L20). */
      booked: Booked
    }
>

export type PostedInvoice = Extract<Invoice, { status: 'posted' }>

type Settlement = 'paid' | 'settled' | 'allocated'

export function postedInvoice(content: PostedContent<InvoiceContent>, entry: Entry): PostedInvoice {
  const { number, postingDate } = entry
  const none = zero(content.currency)
  // One that asks nothing has no posting of its own.
  const booksCurrency = entry.postings[0]?.booksAmount.currency ?? content.currency
  const asked = creditOf(entry, content.invoiceId) ?? nothing(content.currency, booksCurrency)
  const { booksAmount } = asked
  return {
    status: 'posted',
    content,
    number,
    postingDate,
    due: content.totals.gross,
    booksDue:
      content.direction === 'in' ? booksAmount : minus(zero(booksAmount.currency), booksAmount),
    paid: none,
    settled: none,
    allocated: none,
    creditedGross: none,
    credited: nothingCredited(content.lines, content.currency),
    booked: withBooked(new Map(), entry),
  }
}

/** After so much of it was settled. */
export function withSettlement(
  invoice: PostedInvoice,
  by: Settlement,
  { amount, booksAmount }: Amounts,
): PostedInvoice {
  return {
    ...invoice,
    due: minus(invoice.due, amount),
    booksDue: minus(invoice.booksDue, booksAmount),
    [by]: plus(invoice[by], amount),
  }
}

/** After what had settled it is gone: it is due again. */
export function withoutSettlement(
  invoice: PostedInvoice,
  by: Settlement,
  { amount, booksAmount }: Amounts,
): PostedInvoice {
  return {
    ...invoice,
    due: plus(invoice.due, amount),
    booksDue: plus(invoice.booksDue, booksAmount),
    [by]: minus(invoice[by], amount),
  }
}

/** What it still asks, in both currencies. */
export function openDue({ due, booksDue }: PostedInvoice): Amounts {
  return { amount: due, booksAmount: booksDue }
}

export function pricingTerms({ prices, rounding, currency }: PricingTerms): PricingTerms {
  return { prices, rounding, currency }
}
