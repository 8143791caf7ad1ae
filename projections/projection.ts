/**
 * A projection is one file: its table, and a total map from event type to folds of rows (architecture 6). It does no
 * I/O and asks no clock; the engine reads the rows, folds and writes, the same way live and in a rebuild.
 */
import type { EventOfType, LedgerEvent, LedgerEventType } from '../src/events/ledger-event.js'
import type { KeyOf, RowOf, Table } from '../src/read-model/schema.js'

/** What one event type does to the rows. A fold that gives `null` deletes its row. */
export type Folding<Row, Key, Event> = Readonly<{
  /** The keys of the rows that the event touches, read off the event alone, each once. */
  rows: (event: Event) => readonly Key[]
  fold: (row: Row | undefined, event: Event, key: Key) => Row | null
}>

export type ProjectionDefinition<T extends Table> = Readonly<{
  /** `snake_case`; names the table too. */
  name: string
  /** Counted up with every change of the table or of a fold: the new version is built beside the old one. */
  version: number
  table: T
  on: Readonly<{
    [Type in LedgerEventType]: 'ignored' | Folding<RowOf<T>, KeyOf<T>, EventOfType<Type>>
  }>
}>

export type AnyRow = Readonly<Record<string, unknown>>

/** A projection as the engine sees it, which knows no table by name. */
export type Projection = Readonly<{
  name: string
  version: number
  table: Table
  on: Readonly<Record<LedgerEventType, 'ignored' | Folding<AnyRow, AnyRow, LedgerEvent>>>
}>

export function projection<T extends Table>(definition: ProjectionDefinition<T>): Projection {
  // The map is total and typed where it is written; the engine looks a folding up by the event's own type.
  return definition as unknown as Projection
}

/** An event names a row that is not there: events before it are missing, or it should not be in this log. */
export class MissingRow extends Error {
  constructor(event: LedgerEvent, what: string) {
    super(
      `${event.type} ${event.revision} of ${event.stream} needs ${what}, which no event before it made`,
    )
    this.name = 'MissingRow'
  }
}

/** The row, for a fold that cannot do without it. */
export function needed<Row>(row: Row | undefined, event: LedgerEvent, what: string): Row {
  if (row === undefined) throw new MissingRow(event, what)
  return row
}
