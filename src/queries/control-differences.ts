/** The daily check of R4: each control account equals the open items of its documents. */
import { sql } from 'kysely'
import { liveTable, type ReadDatabase } from './list-page.js'

export type ControlDifference = Readonly<{
  books: string
  account: string
  /** Debits less credits of the account, and of its open items, in the currency of the books. */
  balance: string
  openItems: string
}>

/** Empty where all is well. */
export async function controlDifferences(db: ReadDatabase): Promise<readonly ControlDifference[]> {
  const { from: accounts } = await liveTable(db, 'account_list')
  const { from: items } = await liveTable(db, 'open_items')
  const compared = db
    .selectFrom(accounts.as('a'))
    .select([
      sql<string>`a.books`.as('books'),
      sql<string>`a.account`.as('account'),
      sql<string>`a.balance::text`.as('balance'),
      sql<string>`coalesce((
        select sum(case i.side when 'debit' then i.books_amount_open else -i.books_amount_open end)
        from ${items} i where i.books = a.books and i.account = a.account), 0)::text`.as(
        'openItems',
      ),
    ])
    .where(sql<boolean>`a.type in ('receivable', 'payable', 'prepayment')`)
  return db
    .selectFrom(compared.as('c'))
    .select([
      sql<string>`books`.as('books'),
      sql<string>`account`.as('account'),
      sql<string>`balance`.as('balance'),
      sql<string>`open_items`.as('openItems'),
    ])
    .where(sql<boolean>`balance::numeric <> open_items::numeric`)
    .execute()
}
