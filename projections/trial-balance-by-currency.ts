/** R4, L8: debits and credits of every account by the currency of the documents, in that and in the books' currency. */
import type { Posting } from '../src/events/parts.js'
import { excess, zero } from '../src/money/money.js'
import {
  trialBalanceByCurrencyTable,
  type TrialBalanceByCurrencyRow,
} from '../src/read-model/schema.js'
import { added } from './documents.js'
import { inBooks, inDocument, onEntries, type PostingEvent, sideTotal } from './entries.js'
import { projection } from './projection.js'

type Key = Readonly<{ books: string; account: string; currency: string }>

const posted = {
  rows: ({ data: { entry } }: PostingEvent): readonly Key[] => {
    const keys = new Map<string, Key>()
    for (const { account, amount } of entry.postings) {
      const { currency } = amount
      keys.set(`${account} ${currency}`, { books: entry.books, account, currency })
    }
    return [...keys.values()]
  },
  fold: (row: TrialBalanceByCurrencyRow | undefined, event: PostingEvent, key: Key) => {
    const postings = event.data.entry.postings.filter(
      ({ account, amount }) => account === key.account && amount.currency === key.currency,
    )
    return moved(row ?? unmoved(key, postings), postings)
  },
}

export const trialBalanceByCurrency = projection({
  name: 'trial_balance_by_currency',
  version: 1,
  table: trialBalanceByCurrencyTable,
  on: onEntries(posted),
})

function unmoved(key: Key, [posting]: readonly Posting[]): TrialBalanceByCurrencyRow {
  const booksCurrency = posting?.booksAmount.currency ?? key.currency
  const none = zero(key.currency).amount
  const booksNone = zero(booksCurrency).amount
  return {
    ...key,
    debit: none,
    credit: none,
    balance: none,
    booksCurrency,
    booksDebit: booksNone,
    booksCredit: booksNone,
    booksBalance: booksNone,
    sortKey: `${key.books} ${key.account} ${key.currency}`,
  }
}

function moved(
  row: TrialBalanceByCurrencyRow,
  postings: readonly Posting[],
): TrialBalanceByCurrencyRow {
  const { currency, booksCurrency } = row
  const total = (before: string, side: Posting['side']) =>
    added(before, sideTotal(postings, side, inDocument) ?? zero(currency))
  const booksTotal = (before: string, side: Posting['side']) =>
    added(before, sideTotal(postings, side, inBooks) ?? zero(booksCurrency))
  const debit = total(row.debit, 'debit')
  const credit = total(row.credit, 'credit')
  const booksDebit = booksTotal(row.booksDebit, 'debit')
  const booksCredit = booksTotal(row.booksCredit, 'credit')
  return {
    ...row,
    debit,
    credit,
    balance: balance(debit, credit, currency),
    booksDebit,
    booksCredit,
    booksBalance: balance(booksDebit, booksCredit, booksCurrency),
  }
}

function balance(debit: string, credit: string, currency: string): string {
  return excess({ amount: debit, currency }, { amount: credit, currency }).amount
}
