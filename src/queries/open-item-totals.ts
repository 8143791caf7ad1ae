/** R4: what is due from and to each party, and what credits they have left, by direction and currency. */
import { sql } from 'kysely'
import { z } from 'zod'
import { type RowOf, table } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage } from './list-page.js'
import { currencyParameter, directionParameter, pageParameters } from './parameters.js'

export const openItemTotalsParameters = pageParameters.extend({
  party: z.uuid().optional(),
  direction: directionParameter.optional(),
  currency: currencyParameter.optional(),
})

/** `balance` is `due` less `credit`. Documents without a party are one line. */
export const openItemTotalsView = table({
  key: ['sortKey'],
  columns: {
    books: 'text',
    party: 'text null',
    direction: 'text',
    currency: 'text',
    documents: 'integer',
    due: 'numeric',
    credit: 'numeric',
    balance: 'numeric',
    booksCurrency: 'text',
    booksDue: 'numeric',
    booksCredit: 'numeric',
    booksBalance: 'numeric',
    sortKey: 'text',
  },
  indexes: [],
})

export function openItemTotals(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof openItemTotalsParameters>,
): Promise<Page<RowOf<typeof openItemTotalsView>>> {
  return listPage(
    db,
    {
      projection: 'open_items',
      order: 'asc',
      filter,
      selection: (from) => sql`(
        select books, party, direction, currency, books_currency,
          concat_ws(' ', books, coalesce(party, '~'), direction, currency) collate "C" as sort_key,
          count(distinct document_id)::integer as documents,
          coalesce(sum(amount_open) filter (where asks), 0) as due,
          coalesce(sum(amount_open) filter (where not asks), 0) as credit,
          sum(case when asks then amount_open else -amount_open end) as balance,
          coalesce(sum(books_amount_open) filter (where asks), 0) as books_due,
          coalesce(sum(books_amount_open) filter (where not asks), 0) as books_credit,
          sum(case when asks then books_amount_open else -books_amount_open end) as books_balance
        from (
          select i.*, i.kind in ('Invoice', 'Bill') as asks from ${from} i where i.is_open
        ) items
        group by books, party, direction, currency, books_currency)`,
    },
    { limit, after },
  )
}
