/** The folios with a row that names a party, by every read model whose rows name anybody (A6). */
import { sql } from 'kysely'
import { liveTable, type ReadDatabase } from './list-page.js'

/** Projection and the column with the id of a document, which begins with its folio. */
const NAMING = {
  order_list: 'order_id',
  invoice_list: 'invoice_id',
  credit_note_list: 'credit_note_id',
  shipment_list: 'shipment_id',
  payment_list: 'payment_id',
} as const

const FOLIO_LENGTH = 36

export async function foliosNaming(db: ReadDatabase, party: string): Promise<readonly string[]> {
  const folios = new Set<string>()
  for (const [projection, column] of Object.entries(NAMING)) {
    const { from } = await liveTable(db, projection)
    const rows = await db
      .selectFrom(from.as('t'))
      .select(sql<string>`left(${sql.ref(column)}, ${FOLIO_LENGTH})`.as('folio'))
      .where(sql<boolean>`party = ${party}`)
      .distinct()
      .execute()
    for (const { folio } of rows) folios.add(folio)
  }
  return [...folios].sort()
}
