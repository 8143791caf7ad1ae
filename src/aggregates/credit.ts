import type { CreditNoteContent } from '../events/credit-note-events.js'
import { minus, type Money, plus, zero } from '../money/money.js'
import type { Direction, Entry } from '../events/parts.js'

export type CreditNote = Readonly<
  | { status: 'draft'; content: CreditNoteContent }
  | { status: 'discarded'; creditNoteId: string }
  | {
      status: 'posted'
      content: CreditNoteContent
      number: string
      /** The day it counts for: none of its refunds is dated before. */
      postingDate: string
      /** What settled its own invoice; it cannot be released again (J8). */
      settled: Money
      refunded: Money
    }
>

export type PostedCreditNote = Extract<CreditNote, { status: 'posted' }>

/** Money beyond what its invoice asked (L4). It is made by a payment, never drafted. */
export type Overpayment = Readonly<{
  documentId: string
  /** The payment it came with. */
  paymentId: string
  number: string
  direction: Direction
  party: string | null
  /** The day the money moved: its refund is not dated before it. */
  date: string
  amount: Money
  refunded: Money
}>

export function postedCreditNote(
  content: CreditNoteContent,
  { number, postingDate }: Pick<Entry, 'number' | 'postingDate'>,
): PostedCreditNote {
  const nothing = zero(content.currency)
  return { status: 'posted', content, number, postingDate, settled: nothing, refunded: nothing }
}

/** What is left to refund or to allocate: one figure that every way of giving back draws on (L12). */
export function remainingCredit(credit: PostedCreditNote | Overpayment): Money {
  if ('status' in credit) {
    return minus(minus(credit.content.totals.gross, credit.settled), credit.refunded)
  }
  return minus(credit.amount, credit.refunded)
}

export function withRefund<Credit extends PostedCreditNote | Overpayment>(
  credit: Credit,
  amount: Money,
): Credit {
  return { ...credit, refunded: plus(credit.refunded, amount) }
}
