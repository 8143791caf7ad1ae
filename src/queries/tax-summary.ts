/** R4: base and tax by month, code and rate; and their totals in the currency of the books. */
import { sql } from 'kysely'
import { z } from 'zod'
import type { TaxSummaryRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage, liveTable } from './list-page.js'
import { currencyParameter, nameParameter, pageParameters } from './parameters.js'

export const taxSummaryParameters = pageParameters.extend({
  period: z
    .string()
    .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'is a month, such as 2026-11')
    .optional(),
  kind: z.enum(['output', 'input']).optional(),
  code: nameParameter.optional(),
  currency: currencyParameter.optional(),
})
type Parameters = z.infer<typeof taxSummaryParameters>

export function taxSummary(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: Parameters,
): Promise<Page<TaxSummaryRow>> {
  return listPage(db, { projection: 'tax_summary', order: 'asc', filter }, { limit, after })
}

export type TaxTotal = Readonly<{
  books: string
  period: string
  kind: string
  booksCurrency: string
  booksBase: string
  booksTax: string
}>

/** A report covers so many months at most: a century of them for output and input. */
const TOTALS_MAX = 2_400

/** One line a month and kind of what the filter leaves, whatever page of it is shown. */
export async function taxTotals(
  db: ReadDatabase,
  { books, period, kind, code, currency }: Parameters,
): Promise<readonly TaxTotal[]> {
  const { from } = await liveTable(db, 'tax_summary')
  const conditions = Object.entries({ books, period, kind, code, currency }).flatMap(
    ([column, value]) => (value === undefined ? [] : [sql<boolean>`${sql.ref(column)} = ${value}`]),
  )
  return db
    .selectFrom(from.as('t'))
    .select([
      sql<string>`books`.as('books'),
      sql<string>`period`.as('period'),
      sql<string>`kind`.as('kind'),
      sql<string>`books_currency`.as('booksCurrency'),
      sql<string>`sum(books_base)`.as('booksBase'),
      sql<string>`sum(books_tax)`.as('booksTax'),
    ])
    .where(
      conditions.length === 0
        ? sql<boolean>`true`
        : sql<boolean>`${sql.join(conditions, sql` and `)}`,
    )
    .groupBy([sql`books`, sql`period`, sql`kind`, sql`books_currency`])
    .orderBy(sql`books`)
    .orderBy(sql`period`)
    .orderBy(sql`kind`)
    .limit(TOTALS_MAX)
    .execute()
}
