/** Reading journal entries: which accounts they move, and by how much in the books' currency. */
import type { EventOfType } from '../src/events/ledger-event.js'
import type { Posting } from '../src/events/parts.js'
import type { Money } from '../src/money/money.js'
import { accumulated, minus, zero } from '../src/money/money.js'

/** The events that carry postings. */
export type PostingEvent = EventOfType<
  | 'InvoicePosted'
  | 'PaymentRegistered'
  | 'PaymentReconciled'
  | 'CreditNotePosted'
  | 'CreditSettled'
  | 'CreditRefunded'
>

export type AccountKey = Readonly<{ books: string; account: string }>

/** Each account that the event's entry moves, once. */
export function accountsOf({ data: { entry } }: PostingEvent): readonly AccountKey[] {
  const accounts = new Set(entry.postings.map(({ account }) => account))
  return [...accounts].map((account) => ({ books: entry.books, account }))
}

/** What the postings add to one side. Nothing at all is `null`, for there is no zero without a currency. */
export function sideTotal(
  postings: readonly Posting[],
  side: Posting['side'],
  amountOf: (posting: Posting) => Money,
): Money | null {
  return postings
    .filter((posting) => posting.side === side)
    .map(amountOf)
    .reduce<Money | null>(
      (total, amount) => (total === null ? amount : accumulated(total, amount)),
      null,
    )
}

/** Debits less credits. The postings are at least one. */
export function debitBalance(
  postings: readonly Posting[],
  amountOf: (posting: Posting) => Money,
): Money {
  const debit = sideTotal(postings, 'debit', amountOf)
  const credit = sideTotal(postings, 'credit', amountOf)
  const { currency } = debit ?? credit ?? { currency: '' }
  return minus(debit ?? zero(currency), credit ?? zero(currency))
}

export const inBooks = (posting: Posting): Money => posting.booksAmount
export const inDocument = (posting: Posting): Money => posting.amount
