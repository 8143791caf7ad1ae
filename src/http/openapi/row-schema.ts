/** What lists and documents answer, derived from the columns of their table and those they show. */
import { z } from 'zod'
import type { Columns, ColumnType } from '../../read-model/schema.js'
import { type List, VIEW } from '../list.js'

/** Sums may have more digits than any one amount. */
const numericSchema = z.string().regex(/^-?\d+(?:\.\d+)?$/)

/** As columns of these types come out of the database. */
const VALUES = {
  text: z.string(),
  numeric: numericSchema,
  date: z.iso.date(),
  timestamptz: z.iso.datetime(),
  integer: z.int(),
  boolean: z.boolean(),
  jsonb: z.array(z.string()),
} as const satisfies Record<Exclude<ColumnType, `${string} null`>, z.ZodType>

const linkSchema = z.strictObject({ href: z.string() })

/** One page of a list, with its columns for whoever shows it. */
export function listAnswerSchema({ table, columns, members, extraSchema }: List): z.ZodObject {
  const shown = columns.map(({ key }): [string, z.ZodType] => [key, cellSchema(table.columns, key)])
  const beside = members.map((key): [string, z.ZodType] => [key, cellSchema(table.columns, key)])
  return pageSchema(
    z.enum(columns.map(({ key }) => key)),
    z.strictObject({ id: z.string(), ...Object.fromEntries([...beside, ...shown]) }),
    extraSchema?.shape,
  )
}

export function pageSchema(
  key: z.ZodType,
  row: z.ZodType,
  extra: Readonly<Record<string, z.core.$ZodType>> = {},
): z.ZodObject {
  return z.strictObject({
    columns: z.array(z.strictObject({ key, label: z.string() })),
    rows: z.array(row),
    total: z.int().min(0).describe('Exact up to 10,000; beyond it that figure.'),
    totalIsExact: z.boolean(),
    next: z.string().nullable().describe('For `after`: the page that follows; null on the last.'),
    ...extra,
  })
}

/** The whole row but for what lists are sorted by, and what the document has beside it. */
export function documentAnswerSchema({
  table,
  documentTable = table,
  documentSchema,
}: List): z.ZodObject {
  const { sortKey: _sortKey, ...columns } = documentTable.columns
  const members = Object.keys(columns).map((key): [string, z.ZodType] => [
    key,
    cellSchema(columns, key),
  ])
  return z.strictObject({ ...Object.fromEntries(members), ...documentSchema?.shape })
}

function cellSchema(columns: Columns, key: string): z.ZodType {
  if (key === VIEW.key) return linkSchema
  const type = columns[key]
  if (type === undefined) throw new TypeError(`The table has no column ${key}`)
  const [base] = type.split(' ') as [keyof typeof VALUES]
  return type.endsWith(' null') ? VALUES[base].nullable() : VALUES[base]
}
