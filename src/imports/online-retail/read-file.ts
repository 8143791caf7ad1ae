import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { columns, createIntern, parseLine } from './parse-line.js'
import type { Column, Intern } from './parse-line.js'
import { addPlace, noPlaces, unreadable } from './places.js'
import type { Place, PlaceList, Unreadable } from './places.js'
import type { Source, SourceDocument } from './source.js'
import { readTextLines } from './text-lines.js'

/** The public data set has 541,909 lines. */
export const linesPerFileMax = 5_000_000

/** `today` is `YYYY-MM-DD`: a document dated later is a place. */
export type ReadOptions = { today: string; linesMax?: number }

/**
 * Reads a file in the online-retail format whole and judges every line of it: either all lines
 * are readable, grouped into documents, or the answer lists the places. Nothing is classified.
 *
 * Fields never contain line breaks (they are control characters), so a line is a record: a quote
 * left open spoils its own line and no other, and each such line is a place of its own.
 */
export const readOnlineRetail = async (
  path: string,
  { today, linesMax = linesPerFileMax }: ReadOptions,
): Promise<Source | Unreadable> => {
  const digest = createHash('sha256')
  const places = noPlaces()
  const documents = new Map<string, SourceDocument>()
  const intern = createIntern()
  let order: readonly Column[] | undefined
  let lines = 0
  for await (const row of readTextLines(path, digest)) {
    if ('place' in row) {
      addPlace(places, row.place)
      if (row.number <= 1) return unreadable(places)
      continue
    }
    if (row.text === '') continue
    const fields = fieldsOf(row.text)
    if (!order) {
      order = readHeader(fields, row.number, places)
      if (places.total > 0) return unreadable(places)
      continue
    }
    lines += 1
    if (lines > linesMax) {
      addPlace(places, tooManyLines(row.number, linesMax))
      return unreadable(places)
    }
    readLine({ fields, line: row.number, order, today, intern, documents, places })
  }
  if (!order) addPlace(places, { line: 1, code: 'file_empty', message: 'The file has no header.' })
  if (places.total > 0) return unreadable(places)
  return { readable: true, documents: [...documents.values()], lines, sha256: digest.digest('hex') }
}

type Reading = {
  fields: readonly string[] | undefined
  line: number
  order: readonly Column[]
  today: string
  intern: Intern
  documents: Map<string, SourceDocument>
  places: PlaceList
}

const readLine = ({ fields, line, order, today, intern, documents, places }: Reading): void => {
  if (!fields || fields.length !== order.length) {
    addPlace(places, fields ? fieldCountWrong(line, fields.length) : quotesUnbalanced(line))
    return
  }
  const byColumn = {} as Record<Column, string>
  order.forEach((column, index) => (byColumn[column] = withoutOuterSpaces(fields[index] ?? '')))
  const parsed = parseLine(byColumn, line, today, intern)
  if ('places' in parsed) {
    for (const place of parsed.places) addPlace(places, place)
    return
  }
  const document = documents.get(parsed.number)
  if (document) document.lines.push(parsed.line)
  else documents.set(parsed.number, { number: parsed.number, lines: [parsed.line] })
}

/** Spaces only: `trim` would also hide control characters from the judge. */
const withoutOuterSpaces = (value: string): string =>
  value.startsWith(' ') || value.endsWith(' ') ? value.replaceAll(/^ +| +$/g, '') : value

/** A line without quotes is its parts; the rules of quoting are left to the library. */
const fieldsOf = (text: string): readonly string[] | undefined => {
  if (!text.includes('"')) return text.split(',')
  try {
    // A delimiter that no text line contains keeps stray carriage returns in their field.
    return parse(text, { record_delimiter: '\n' })[0]
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}

const readHeader = (
  fields: readonly string[] | undefined,
  line: number,
  places: PlaceList,
): readonly Column[] => {
  if (!fields) {
    addPlace(places, quotesUnbalanced(line))
    return []
  }
  const names = fields.map((name) => name.trim())
  const known = new Set<string>(columns)
  const seen = new Set<string>()
  for (const name of names) {
    if (!known.has(name)) addPlace(places, columnFault('column_unknown', line, name, 'is unknown'))
    else if (seen.has(name)) {
      addPlace(places, columnFault('column_duplicate', line, name, 'is there more than once'))
    }
    seen.add(name)
  }
  for (const column of columns) {
    if (!seen.has(column)) {
      addPlace(places, columnFault('column_missing', line, column, 'is missing'))
    }
  }
  return names.filter((name): name is Column => known.has(name))
}

const columnFault = (code: Place['code'], line: number, column: string, what: string): Place => {
  const shown = column.length > 60 ? `${column.slice(0, 60)}…` : column
  const message = `The column ${JSON.stringify(shown)} ${what}; the columns are ${columns.join(', ')}.`
  return { line, column: shown, code, message }
}

const fieldCountWrong = (line: number, found: number): Place => ({
  line,
  code: 'field_count_wrong',
  message: `The line has ${found.toString()} fields where the header has ${columns.length.toString()}.`,
})

const quotesUnbalanced = (line: number): Place => ({
  line,
  code: 'quotes_unbalanced',
  message: 'A quotation mark is opened and not closed on the line, or stands inside a field.',
})

const tooManyLines = (line: number, max: number): Place => ({
  line,
  code: 'too_many_lines',
  message: `The file has more than ${max.toString()} lines; split it.`,
})
