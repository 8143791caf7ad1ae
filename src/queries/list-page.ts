/** One page of a read model's list: by its sort key, from a cursor on, with a total that costs no more than a page. */
import { type Kysely, sql, type RawBuilder } from 'kysely'
import { READ_MODEL_SCHEMA, type ReadModelTables } from '../read-model/schema.js'

/** The read side cannot write: a query gets nothing but this. */
export type ReadDatabase = Pick<Kysely<ReadModelTables>, 'selectFrom'>

export type PageRequest = Readonly<{
  limit: number
  /** The cursor that the page before gave as `next`; `null` for the first page. */
  after: string | null
}>

export type Page<Row> = Readonly<{
  rows: readonly Row[]
  /** Exact up to {@link TOTAL_EXACT_MAX}; beyond it that figure, and `totalIsExact` is false (H6). */
  total: number
  totalIsExact: boolean
  /** `null` on the last page. */
  next: string | null
  /** The rows hold at least every event up to here; `null` for an empty log. */
  position: string | null
}>

export type Found<Row> = Readonly<{ row: Row | null; position: string | null }>

export const PAGE_LIMIT_MAX = 200
export const PAGE_LIMIT_DEFAULT = 50
export const TOTAL_EXACT_MAX = 10_000

/** The read model has never been built: no worker has run over this database. */
export class ReadModelMissing extends Error {
  constructor(name: string) {
    super(`There is no read model ${name} yet`)
    this.name = 'ReadModelMissing'
  }
}

type Value = string | boolean
type Filter = Readonly<Record<string, Value | undefined>>

export type ListOptions = Readonly<{
  projection: string
  order: 'asc' | 'desc'
  /** Columns and what must stand in them; `undefined` asks nothing. */
  filter: Filter
  /** What is read in place of the projection's table: a selection from it, in parentheses, with a `sort_key`. */
  selection?: (from: RawBuilder<Row>) => RawBuilder<Row>
}>

type Row = Readonly<Record<string, unknown>>

export async function listPage<R extends Readonly<{ sortKey: string }>>(
  db: ReadDatabase,
  { projection, order, filter, selection }: ListOptions,
  { limit, after }: PageRequest,
): Promise<Page<R>> {
  const { from: table, position } = await liveTable(db, projection)
  const from = selection?.(table) ?? table
  const matching = [...conditions(filter)]
  const beyond =
    after === null
      ? []
      : [sql<boolean>`sort_key ${order === 'asc' ? sql`>` : sql`<`} ${sortKeyIn(after) ?? ''}`]
  const rows = await db
    .selectFrom(from.as('t'))
    .selectAll('t')
    .where(all([...matching, ...beyond]))
    .orderBy(sql`sort_key`, order)
    .limit(limit + 1)
    .execute()
  const counted = await db
    .selectFrom((eb) =>
      eb
        .selectFrom(from.as('t'))
        .select(sql<number>`1`.as('one'))
        .where(all(matching))
        .limit(TOTAL_EXACT_MAX + 1)
        .as('counted'),
    )
    .select(sql<number>`count(*)::integer`.as('total'))
    .executeTakeFirstOrThrow()
  const shown = rows.slice(0, limit) as unknown as readonly R[]
  const last = shown.at(-1)
  return {
    rows: shown,
    total: Math.min(counted.total, TOTAL_EXACT_MAX),
    totalIsExact: counted.total <= TOTAL_EXACT_MAX,
    next: rows.length > limit && last !== undefined ? cursorAt(last.sortKey) : null,
    position,
  }
}

export async function findRow<R>(
  db: ReadDatabase,
  projection: string,
  key: Filter,
): Promise<Found<R>> {
  const { from, position } = await liveTable(db, projection)
  const row = await db
    .selectFrom(from.as('t'))
    .selectAll('t')
    .where(all(conditions(key)))
    .orderBy(sql`sort_key`)
    .limit(1)
    .executeTakeFirst()
  return { row: (row as R | undefined) ?? null, position }
}

/** The table of the live build, to read from, and how far it is. */
export async function liveTable(
  db: ReadDatabase,
  projection: string,
): Promise<Readonly<{ from: RawBuilder<Row>; position: string | null }>> {
  const live = await db
    .selectFrom('read_model.projection_live as live')
    .innerJoin('read_model.projection_builds as builds', (join) =>
      join.onRef('builds.name', '=', 'live.name').onRef('builds.build', '=', 'live.build'),
    )
    .where('live.name', '=', projection)
    .select(['builds.tableName', 'builds.position'])
    .executeTakeFirst()
  if (live === undefined) throw new ReadModelMissing(projection)
  return { from: sql<Row>`${sql.id(READ_MODEL_SCHEMA, live.tableName)}`, position: live.position }
}

/** `null` for a text that no page gave as its cursor. */
export function sortKeyIn(cursor: string): string | null {
  const sortKey = Buffer.from(cursor, 'base64url').toString('utf8')
  return sortKey !== '' && !sortKey.includes('\u0000') && cursorAt(sortKey) === cursor
    ? sortKey
    : null
}

function cursorAt(sortKey: string): string {
  return Buffer.from(sortKey, 'utf8').toString('base64url')
}

function conditions(filter: Filter): RawBuilder<boolean>[] {
  return Object.entries(filter).flatMap(([column, value]) =>
    value === undefined ? [] : [sql<boolean>`${sql.ref(column)} = ${value}`],
  )
}

function all(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return conditions.length === 0
    ? sql<boolean>`true`
    : sql<boolean>`${sql.join(conditions, sql` and `)}`
}
