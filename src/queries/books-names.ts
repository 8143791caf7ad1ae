/** The books that are open, by slug: each of them has accounts. */
import { sql } from 'kysely'
import { liveTable, type ReadDatabase } from './list-page.js'

export async function booksNames(db: ReadDatabase): Promise<readonly string[]> {
  const { from } = await liveTable(db, 'account_list')
  const rows = await db
    .selectFrom(from.as('t'))
    .select(sql<string>`books`.as('books'))
    .distinct()
    .orderBy(sql`books`)
    .execute()
  return rows.map(({ books }) => books)
}
