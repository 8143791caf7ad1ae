/**
 * The daily check of R4: each control account equals the open items of its documents, in the currency of the books and
 * in each of the documents', and all accounts together come to zero.
 */
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { READ_MODEL_SCHEMA, type RowOf, table } from '../read-model/schema.js'
import { type Page, type ReadDatabase, liveTable } from './list-page.js'
import { pageParameters } from './parameters.js'

/** All differences are one page. */
export const dailyCheckParameters = pageParameters.pick({
  limit: true,
  after: true,
  minPosition: true,
  books: true,
})

/** `expected`: what the open items come to; of the trial balance nothing. */
export const differencesView = table({
  key: ['sortKey'],
  columns: {
    check: 'text',
    books: 'text',
    account: 'text null',
    currency: 'text',
    balance: 'numeric',
    expected: 'numeric',
    booksCurrency: 'text',
    booksBalance: 'numeric',
    booksExpected: 'numeric',
    sortKey: 'text',
  },
  indexes: [],
})
export type Difference = RowOf<typeof differencesView>

/** Read models follow the log each at its own pace; only at one position can they be compared. */
const COMPARED = ['account_list', 'open_items', 'trial_balance', 'trial_balance_by_currency']
const MEET_TIMEOUT_MS = 5_000
const LOOK_EVERY_MS = 50

/**
 * No rows where all is well. `position` is `null` where the read models did not meet at one in five seconds: then
 * nothing was compared.
 */
export async function dailyCheck(
  db: ReadDatabase,
  { limit, books }: z.infer<typeof dailyCheckParameters>,
): Promise<Page<Difference>> {
  const deadline = performance.now() + MEET_TIMEOUT_MS
  for (;;) {
    const { met, position, rows } = await differencesNow(db, books)
    if (met || performance.now() >= deadline) {
      const shown = rows.slice(0, limit)
      return { rows: shown, total: rows.length, totalIsExact: true, next: null, position }
    }
    await new Promise((look) => setTimeout(look, LOOK_EVERY_MS))
  }
}

/** More than that is no list to work through, but a broken ledger. */
const DIFFERENCES_MAX = 1_000

type Meeting = Readonly<{ met: boolean; position: string | null }>
type Compared = Difference | Readonly<Record<keyof Difference, null>>

/** Positions and rows in one statement, which sees one state of the database. */
async function differencesNow(
  db: ReadDatabase,
  books: string | undefined,
): Promise<Meeting & Readonly<{ rows: readonly Difference[] }>> {
  const ofBooks = books === undefined ? sql<boolean>`true` : sql<boolean>`d.books = ${books}`
  const found = await db
    .selectFrom(
      sql<Meeting & Compared>`(
        select m.met, m.position, d.* from ${meeting()} m
        left join ${await differences(db)} d on m.met and ${ofBooks}
        order by d.sort_key limit ${DIFFERENCES_MAX})`.as('found'),
    )
    .selectAll('found')
    .execute()
  const [{ met, position } = { met: false, position: null }] = found
  return {
    met,
    position: met ? position : null,
    rows: found
      .map(({ met: _met, position: _position, ...row }) => row as Compared)
      .filter(isThere),
  }
}

/** Where there is no difference, the meeting stands alone. */
function isThere(row: Compared): row is Difference {
  return row.check !== null
}

/** Whether all that is compared stands at one position, and at which. */
function meeting(): RawBuilder<unknown> {
  return sql`(
    select count(*) = ${COMPARED.length} and count(distinct coalesce(b.position, -1)) = 1 as met,
      max(b.position) as position
    from ${sql.id(READ_MODEL_SCHEMA, 'projection_live')} l
    join ${sql.id(READ_MODEL_SCHEMA, 'projection_builds')} b on b.name = l.name and b.build = l.build
    where l.name = any(${COMPARED}))`
}

async function differences(db: ReadDatabase): Promise<RawBuilder<unknown>> {
  const { from: accounts } = await liveTable(db, 'account_list')
  const { from: items } = await liveTable(db, 'open_items')
  const { from: totals } = await liveTable(db, 'trial_balance')
  const { from: byCurrency } = await liveTable(db, 'trial_balance_by_currency')
  const control = sql`(
    select books, account from ${accounts} where type in ('receivable', 'payable', 'prepayment'))`
  const open = sql`(
    select books, account, currency, books_currency,
      sum(case side when 'debit' then amount_open else -amount_open end) as expected,
      sum(case side when 'debit' then books_amount_open else -books_amount_open end)
        as books_expected
    from ${items} group by books, account, currency, books_currency)`
  return sql`(
    select c.*, concat_ws(' ', c.check, c.books, c.account, c.currency) collate "C" as sort_key
    from (
      select 'Control Account' as check, a.books, a.account, a.currency, a.balance,
        coalesce(o.expected, 0) as expected, a.currency as books_currency,
        a.balance as books_balance, coalesce(o.expected, 0) as books_expected
      from ${accounts} a join ${control} k using (books, account)
      left join (select books, account, sum(books_expected) as expected from ${open} e
        group by books, account) o using (books, account)
      union all
      select 'Control Account by Currency', books, account, currency, coalesce(b.balance, 0),
        coalesce(o.expected, 0), coalesce(b.books_currency, o.books_currency),
        coalesce(b.books_balance, 0), coalesce(o.books_expected, 0)
      from (select * from ${byCurrency} t join ${control} k using (books, account)) b
      full join (select * from ${open} e join ${control} k using (books, account)) o
        using (books, account, currency)
      union all
      select 'Trial Balance', books, null, currency, sum(balance), 0, currency, sum(balance), 0
      from ${totals} t group by books, currency
      union all
      select 'Trial Balance by Currency', books, null, currency, sum(balance), 0, books_currency,
        sum(books_balance), 0
      from ${byCurrency} t group by books, currency, books_currency
    ) c
    where c.balance <> c.expected or c.books_balance <> c.books_expected)`
}
