/** R4: debits and credits of every account in the books' currency. Their totals are equal at every position (L8). */
import { excess, zero } from '../src/money/money.js'
import { trialBalanceTable, type TrialBalanceRow } from '../src/read-model/schema.js'
import { added } from './documents.js'
import {
  type AccountKey,
  accountsOf,
  inBooks,
  onEntries,
  type PostingEvent,
  sideTotal,
} from './entries.js'
import { needed, projection } from './projection.js'

const posted = {
  rows: accountsOf,
  fold: (row: TrialBalanceRow | undefined, event: PostingEvent, { books, account }: AccountKey) => {
    const found = needed(row, event, `account ${account} of ${books}`)
    const { currency } = found
    const postings = event.data.entry.postings.filter((posting) => posting.account === account)
    const debit = added(found.debit, sideTotal(postings, 'debit', inBooks) ?? zero(currency))
    const credit = added(found.credit, sideTotal(postings, 'credit', inBooks) ?? zero(currency))
    const balance = excess({ amount: debit, currency }, { amount: credit, currency }).amount
    return { ...found, debit, credit, balance }
  },
}

export const trialBalance = projection({
  name: 'trial_balance',
  version: 2,
  table: trialBalanceTable,
  on: {
    ...onEntries(posted),
    // A closed account's history stays, and so does its line.
    AccountClosed: 'ignored',
    AccountOpened: {
      rows: ({ data }) => [{ books: data.books, account: data.account }],
      fold: (_row, { data }) => {
        const nothing = zero(data.booksCurrency).amount
        return {
          books: data.books,
          account: data.account,
          name: data.name,
          type: data.type,
          currency: data.booksCurrency,
          debit: nothing,
          credit: nothing,
          balance: nothing,
          sortKey: `${data.books} ${data.account}`,
        }
      },
    },
  },
})
