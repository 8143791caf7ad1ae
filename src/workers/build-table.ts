/** The SQL of a build's table: made from the projection's columns, read by key and written in bulk. */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { AnyRow, Projection } from '../../projections/projection.js'
import { type ColumnType, READ_MODEL_SCHEMA, type ReadModelTables } from '../read-model/schema.js'

type Database = Kysely<ReadModelTables>
type Table = Projection['table']

export function tableNameOf(projection: Projection, build: number): string {
  return `${projection.name}_${build}`
}

/** Without its secondary indexes: a bulk fill is faster without them. */
export async function createBuildTable(
  db: Database,
  table: Table,
  tableName: string,
): Promise<void> {
  const columns = Object.entries(table.columns).map(
    ([name, type]) => sql`${sql.ref(name)} ${sql.raw(columnDefinition(type))}`,
  )
  await sql`create table ${at(tableName)} (
    ${sql.join(columns)},
    primary key (${sql.join(table.key.map((name) => sql.ref(name)))})
  )`.execute(db)
}

export async function createIndexes(db: Database, table: Table, tableName: string): Promise<void> {
  for (const [index, columns] of table.indexes.entries()) {
    await sql`create index if not exists ${sql.id(`${tableName}_by_${index + 1}`)} on ${at(tableName)}
      (${sql.join(columns.map((name) => sql.ref(name)))})`.execute(db)
  }
}

export async function dropBuildTable(db: Database, tableName: string): Promise<void> {
  await sql`drop table if exists ${at(tableName)}`.execute(db)
}

/** Tells a row among the rows of its table. */
export function keyText(table: Table, row: AnyRow): string {
  return table.key.length === 1
    ? String(row[table.key[0] ?? ''])
    : JSON.stringify(table.key.map((name) => row[name]))
}

/** The rows of these keys, as far as they are there, by their {@link keyText}. */
export async function readRows(
  db: Database,
  table: Table,
  { tableName, keys }: Readonly<{ tableName: string; keys: readonly AnyRow[] }>,
): Promise<ReadonlyMap<string, AnyRow>> {
  if (keys.length === 0) return new Map()
  const on = table.key.map((name) => sql`t.${sql.ref(name)} = k.${sql.ref(name)}`)
  const { rows } = await sql<AnyRow>`
    select t.* from (${unnested(table, table.key, keys)}) k
    join ${at(tableName)} t on ${sql.join(on, sql` and `)}`.execute(db)
  return new Map(rows.map((row) => [keyText(table, row), row]))
}

/** Inserts the rows, or replaces what stands under their keys. */
export async function writeRows(
  db: Database,
  table: Table,
  { tableName, rows }: Readonly<{ tableName: string; rows: readonly AnyRow[] }>,
): Promise<void> {
  if (rows.length === 0) return
  const names = Object.keys(table.columns)
  const columns = sql.join(names.map((name) => sql.ref(name)))
  const key = sql.join(table.key.map((name) => sql.ref(name)))
  const changes = names
    .filter((name) => !table.key.includes(name))
    .map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`)
  await sql`insert into ${at(tableName)} (${columns}) ${unnested(table, names, rows)}
    on conflict (${key}) do update set ${sql.join(changes)}`.execute(db)
}

export async function deleteRows(
  db: Database,
  table: Table,
  { tableName, keys }: Readonly<{ tableName: string; keys: readonly AnyRow[] }>,
): Promise<void> {
  if (keys.length === 0) return
  const on = table.key.map((name) => sql`t.${sql.ref(name)} = k.${sql.ref(name)}`)
  await sql`delete from ${at(tableName)} t using (${unnested(table, table.key, keys)}) k
    where ${sql.join(on, sql` and `)}`.execute(db)
}

export function at(tableName: string): RawBuilder<unknown> {
  return sql.id(READ_MODEL_SCHEMA, tableName)
}

/** Columns go over the wire as arrays of texts, one parameter a column however many rows there are. */
function unnested(
  table: Table,
  names: readonly string[],
  rows: readonly AnyRow[],
): RawBuilder<unknown> {
  const arrays = names.map((name) => sql`${rows.map((row) => columnText(row[name]))}::text[]`)
  const aliases = names.map((_name, index) => sql.id(`c${index}`))
  const values = names.map(
    (name, index) =>
      sql`r.${sql.id(`c${index}`)}::${sql.raw(postgresType(typeOf(table, name)))} as ${sql.ref(name)}`,
  )
  return sql`select ${sql.join(values)} from unnest(${sql.join(arrays)}) as r(${sql.join(aliases)})`
}

function columnText(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value
  if (value === undefined) throw new TypeError('A row lacks a column of its table')
  return JSON.stringify(value)
}

function typeOf(table: Table, name: string): ColumnType {
  const type = table.columns[name]
  if (type === undefined) throw new TypeError(`There is no column ${name}`)
  return type
}

function postgresType(type: ColumnType): string {
  return type.replace(' null', '')
}

/** Text compares by code point, so that the order of a list is the same on every machine. */
function columnDefinition(type: ColumnType): string {
  const base = postgresType(type)
  const collation = base === 'text' ? ' collate "C"' : ''
  return `${base}${collation}${type.endsWith(' null') ? '' : ' not null'}`
}
