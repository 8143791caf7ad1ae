/** A list as HTTP shows it: where it is, what it asks its query, and its columns in their order. */
import type { z } from 'zod'
import type { Found, Page, ReadDatabase } from '../queries/list-page.js'
import type { pageParameters } from '../queries/parameters.js'

/** How a cell is shown to people. The value is text, a number, `null`, or for a link `{ href }`. */
export type CellKind = 'text' | 'number' | 'date' | 'instant' | 'link'

export type Cell = string | number | boolean | null | Readonly<{ href: string }>

export type Column<Row> = Readonly<{
  key: string
  label: string
  kind: CellKind
  value: (row: Row) => Cell
}>

/** One cell a column, by key; besides these what a reader needs and no column shows: the id, the currency. */
export type ListRow = Readonly<Record<string, Cell>>

type PageParameters = z.infer<typeof pageParameters>

export type List = Readonly<{
  /** `/invoices` */
  path: string
  title: string
  /** The projection that fills it, for waits. */
  projection: string
  columns: readonly Column<unknown>[]
  parameters: z.ZodType<PageParameters>
  page: (db: ReadDatabase, parameters: PageParameters) => Promise<Page<ListRow>>
  /** What the answer has beside its rows: the totals of a report. */
  extra?: (
    db: ReadDatabase,
    parameters: PageParameters,
  ) => Promise<Readonly<Record<string, unknown>>>
  find?: (db: ReadDatabase, id: string) => Promise<Found<Readonly<Record<string, unknown>>>>
}>

export type ListDefinition<Row, Parameters extends PageParameters> = Readonly<{
  path: string
  title: string
  projection: string
  columns: readonly Column<Row>[]
  /** Beside the columns, each row has these. */
  members: (row: Row) => ListRow
  parameters: z.ZodType<Parameters>
  query: (db: ReadDatabase, parameters: Parameters) => Promise<Page<Row>>
  extra?: (db: ReadDatabase, parameters: Parameters) => Promise<Readonly<Record<string, unknown>>>
  find?: (db: ReadDatabase, id: string) => Promise<Found<Row & Readonly<{ sortKey: string }>>>
}>

/** Forgets the type of the rows, so that lists can stand side by side. */
export function list<Row, Parameters extends PageParameters>(
  definition: ListDefinition<Row, Parameters>,
): List {
  const { path, title, projection, columns, members, parameters, query, extra, find } = definition
  const cells = (row: Row): ListRow => ({
    ...members(row),
    ...Object.fromEntries(columns.map(({ key, value }) => [key, value(row)])),
  })
  return {
    path,
    title,
    projection,
    columns: columns as readonly Column<unknown>[],
    parameters,
    page: async (db, asked) => {
      const page = await query(db, asked as Parameters)
      return { ...page, rows: page.rows.map(cells) }
    },
    ...(extra === undefined ? {} : { extra: (db, asked) => extra(db, asked as Parameters) }),
    ...(find === undefined
      ? {}
      : {
          find: async (db, id) => {
            const { row, position } = await find(db, id)
            if (row === null) return { row: null, position }
            const { sortKey: _sortKey, ...document } = row
            return { row: document, position }
          },
        }),
  }
}
