/** What documents come to in the read models: for whoever must prove that they are all there. */
import { sql } from 'kysely'
import { liveTable, type ReadDatabase } from './list-page.js'

export type DocumentTotals = Readonly<{
  /** How many of the documents asked for are there, posted. */
  found: number
  /** Sum of their totals, tax included. */
  total: string
}>

/** Documents asked for in one statement. */
const IDS_PER_STATEMENT_MAX = 5_000

const LISTS = {
  invoices: { projection: 'invoice_list', id: 'invoice_id' },
  creditNotes: { projection: 'credit_note_list', id: 'credit_note_id' },
} as const

/** One figure a page of ids; the caller adds them up. All documents are in one currency. */
export async function documentTotals(
  db: ReadDatabase,
  list: keyof typeof LISTS,
  ids: readonly string[],
): Promise<readonly DocumentTotals[]> {
  const { projection, id } = LISTS[list]
  const { from } = await liveTable(db, projection)
  const pages: DocumentTotals[] = []
  for (let first = 0; first < ids.length; first += IDS_PER_STATEMENT_MAX) {
    const page = ids.slice(first, first + IDS_PER_STATEMENT_MAX)
    pages.push(
      await db
        .selectFrom(from.as('t'))
        .select([
          sql<number>`count(*)::integer`.as('found'),
          sql<string>`coalesce(sum(total), 0)::text`.as('total'),
        ])
        .where(sql<boolean>`${sql.ref(id)} = any(${page}) and number is not null`)
        .executeTakeFirstOrThrow(),
    )
  }
  return pages
}
