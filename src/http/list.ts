/** A list as HTTP shows it: where it is, what it asks its query, and its columns in their order. */
import type { z } from 'zod'
import type { Found, Page, ReadDatabase } from '../queries/list-page.js'
import type { pageParameters } from '../queries/parameters.js'
import type { Columns, ColumnType, RowOf, Table } from '../read-model/schema.js'

/** How a cell is shown to people. The value is text, a number, `null`, or for a link `{ href }`. */
export type CellKind = 'text' | 'sentence' | 'number' | 'date' | 'instant' | 'link'

export type Cell = string | number | boolean | null | Readonly<{ href: string }>

export type Column<Key extends string = string> = Readonly<{
  key: Key
  label: string
  kind: CellKind
}>

/** One cell a column, by key; besides these what a reader needs and no column shows: the id, the currency. */
export type ListRow = Readonly<Record<string, Cell>>

type PageParameters = z.infer<typeof pageParameters>

/** What an answer has beside what every list, or every document, has. */
type Members = Readonly<Record<string, unknown>>

export type List = Readonly<{
  /** `/invoices` */
  path: string
  title: string
  /** The projection that fills it, for waits. */
  projection: string
  table: Table
  columns: readonly Column[]
  /** The columns of the table that stand in each row beside those shown. */
  members: readonly string[]
  parameters: z.ZodType<PageParameters>
  page: (db: ReadDatabase, parameters: PageParameters) => Promise<Page<ListRow>>
  /** What the answer has beside its rows: the totals of a report. */
  extra?: (db: ReadDatabase, parameters: PageParameters, page: Page<ListRow>) => Promise<Members>
  extraSchema?: z.ZodObject
  /** What documents show, where lists have columns that only their query knows. */
  documentTable?: Table
  /** Where a whole document is found; left out: the list has none. */
  find?: 'in_folio' | ((db: ReadDatabase, id: string) => Promise<Found<Members>>)
  documentSchema?: z.ZodObject
}>

type Parts<C extends Columns, Parameters extends PageParameters> = Readonly<{
  path: string
  title: string
  projection: string
  table: Table<C>
  /** What names a row, joined by colons; left out: the key of the table. */
  id?: readonly TextColumn<C>[]
  columns: readonly Column<CellColumn<C> | typeof VIEW.key>[]
  /** Beside the columns, each row has these. */
  members: readonly CellColumn<C>[]
  parameters: z.ZodType<Parameters>
  query: (db: ReadDatabase, parameters: Parameters) => Promise<Page<RowOf<Table<C>>>>
  extra?: Readonly<{
    schema: z.ZodObject
    read: (
      db: ReadDatabase,
      parameters: Parameters,
      page: Page<ListRow>,
    ) => Promise<Members> | Members
  }>
  find?: 'in_folio' | ((db: ReadDatabase, id: string) => Promise<Found<RowOf<Table<C>>>>)
  documentTable?: Table
  /** What a document has beside its row. */
  document?: z.ZodObject
}>

/** Leads to the whole document. */
export const VIEW = { key: 'view', label: 'View', kind: 'link' } as const

export function column<const Key extends string>(
  key: Key,
  label: string,
  kind: CellKind = 'text',
): Column<Key> {
  return { key, label, kind }
}

/** Forgets the type of the rows, so that lists can stand side by side. */
export function list<C extends Columns, Parameters extends PageParameters>(
  parts: Parts<C, Parameters>,
): List {
  const { path, title, projection, table, columns, members, parameters } = parts
  const { id = table.key, query, extra, find, document, documentTable } = parts
  const cells = (row: ListRow): ListRow => {
    const name = id.map((key) => row[key] as string | number).join(':')
    const shown = columns.map(({ key }) => [
      key,
      key === VIEW.key ? { href: `${path}/${inAddress(name)}` } : (row[key] ?? null),
    ])
    const beside = members.map((key) => [key, row[key] ?? null])
    return { id: name, ...Object.fromEntries([...beside, ...shown]) } as ListRow
  }
  return {
    path,
    title,
    projection,
    table,
    columns,
    members,
    parameters,
    page: async (db, asked) => {
      const page = await query(db, asked as Parameters)
      return { ...page, rows: page.rows.map((row) => cells(row as ListRow)) }
    },
    ...(extra === undefined
      ? {}
      : {
          extra: async (db, asked, page) => extra.read(db, asked as Parameters, page),
          extraSchema: extra.schema,
        }),
    ...(find === undefined
      ? {}
      : { find: find === 'in_folio' ? find : (db, name) => withoutSortKey(find(db, name)) }),
    ...(document === undefined ? {} : { documentSchema: document }),
    ...(documentTable === undefined ? {} : { documentTable }),
  }
}

/** A store's own names may have any letter; a colon stands as it is. */
function inAddress(name: string): string {
  return encodeURIComponent(name).replaceAll('%3A', ':')
}

/** Only lists are sorted by it. */
async function withoutSortKey(found: Promise<Found<Members>>): Promise<Found<Members>> {
  const { row, position } = await found
  if (row === null) return { row, position }
  const { sortKey: _sortKey, ...document } = row
  return { row: document, position }
}

/** All but lists of texts, which no cell shows. */
type CellColumn<C extends Columns> = ColumnOf<C, Exclude<ColumnType, 'jsonb' | 'jsonb null'>>
type TextColumn<C extends Columns> = ColumnOf<C, 'text' | 'integer'>
type ColumnOf<C extends Columns, Type extends ColumnType> = {
  [Key in keyof C]: C[Key] extends Type ? Key : never
}[keyof C] &
  string
