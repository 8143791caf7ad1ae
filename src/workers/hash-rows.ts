/** What a read model's table holds, as one hash: equal hashes are equal rows, byte for byte (R1). */
import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { AnyRow, Projection } from '../../projections/projection.js'
import type { ReadModelTables } from '../read-model/schema.js'
import { at } from './build-table.js'
import { liveBuilds } from './builds.js'

export type RowsHash = Readonly<{ hash: string; rows: number }>

const PAGE_SIZE = 10_000

/** In the order of the key, a page at a time: the memory it takes does not grow with the table. */
export async function hashTable(
  db: Kysely<ReadModelTables>,
  table: Projection['table'],
  tableName: string,
): Promise<RowsHash> {
  const hash = createHash('sha256')
  let rows = 0
  let after: AnyRow | undefined
  for (;;) {
    const page: readonly AnyRow[] = await readPage(db, table, { tableName, after })
    for (const row of page) hash.update(`${String(row['digest'])}\n`)
    rows += page.length
    after = page.at(-1)
    if (page.length < PAGE_SIZE) return { hash: hash.digest('hex'), rows }
  }
}

/** By projection name, of the live builds, all from one snapshot. */
export async function hashReadModels(
  db: Kysely<ReadModelTables>,
  projections: readonly Projection[],
): Promise<Readonly<Record<string, RowsHash>>> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (snapshot) => {
      const builds = await liveBuilds(snapshot)
      const hashes: Record<string, RowsHash> = {}
      for (const { name, table } of projections) {
        const build = builds.get(name)
        if (build !== undefined) hashes[name] = await hashTable(snapshot, table, build.tableName)
      }
      return hashes
    })
}

async function readPage(
  db: Kysely<ReadModelTables>,
  table: Projection['table'],
  { tableName, after }: Readonly<{ tableName: string; after: AnyRow | undefined }>,
): Promise<readonly AnyRow[]> {
  const key = sql.join(table.key.map((name) => sql`t.${sql.ref(name)}`))
  const from =
    after === undefined
      ? sql`true`
      : sql`(${key}) > (${sql.join(table.key.map((name) => after[name]))})`
  const { rows } = await sql<AnyRow>`
    select ${key}, md5(t::text) as digest from ${at(tableName)} t
    where ${from} order by ${key} limit ${PAGE_SIZE}`.execute(db)
  return rows
}
