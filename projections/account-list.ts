/** The chart of accounts with its balances in the books' currency. */
import { zero } from '../src/money/money.js'
import { accountListTable, type AccountRow } from '../src/read-model/schema.js'
import { added } from './documents.js'
import {
  type AccountKey,
  accountsOf,
  debitBalance,
  inBooks,
  onEntries,
  type PostingEvent,
} from './entries.js'
import { needed, projection } from './projection.js'

const posted = {
  rows: accountsOf,
  fold: (row: AccountRow | undefined, event: PostingEvent, { books, account }: AccountKey) => {
    const found = needed(row, event, `account ${account} of ${books}`)
    const postings = event.data.entry.postings.filter((posting) => posting.account === account)
    return { ...found, balance: added(found.balance, debitBalance(postings, inBooks)) }
  },
}

export const accountList = projection({
  name: 'account_list',
  version: 2,
  table: accountListTable,
  on: {
    ...onEntries(posted),
    AccountOpened: {
      rows: ({ data }) => [{ books: data.books, account: data.account }],
      fold: (_row, { data }) => ({
        books: data.books,
        account: data.account,
        name: data.name,
        type: data.type,
        onlyCurrency: data.currency ?? null,
        currency: data.booksCurrency,
        balance: zero(data.booksCurrency).amount,
        closed: false,
        sortKey: `${data.books} ${data.account}`,
      }),
    },
    AccountClosed: {
      rows: ({ data }) => [{ books: data.books, account: data.account }],
      fold: (row, event, { books, account }) => ({
        ...needed(row, event, `account ${account} of ${books}`),
        closed: true,
      }),
    },
  },
})
