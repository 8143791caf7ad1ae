/**
 * R4: numbers that stand on no document, each with the reason. A number is open from when it is taken until its
 * document is posted with it; then its row goes.
 */
import { formatNumber } from '../src/events/document-number.js'
import type { EventOfType, LedgerEvent } from '../src/events/ledger-event.js'
import { unusedNumbersTable, type UnusedNumberRow } from '../src/read-model/schema.js'
import { sortKeyOf } from './documents.js'
import { onEntries, type PostingEvent } from './entries.js'
import { projection } from './projection.js'

type Key = Pick<UnusedNumberRow, 'books' | 'number'>
type SeriesEvent = EventOfType<'NumbersTaken' | 'NumberVoided' | 'NumberReleased'>

const standing = {
  rows: numbersOn,
  fold: () => null,
}

export const unusedNumbers = projection({
  name: 'unused_numbers',
  version: 1,
  table: unusedNumbersTable,
  on: {
    ...onEntries(standing),
    DeliveryValidated: {
      rows: ({ data: { books, number } }) => [{ books, number }],
      fold: () => null,
    },
    NumbersTaken: {
      rows: (event) =>
        [...event.data.taken.map(({ number }) => number), ...event.data.used].map((number) =>
          keyOf(event, number),
        ),
      fold: (_row, event, key) => {
        const taken = event.data.taken.find(
          ({ number }) => keyOf(event, number).number === key.number,
        )
        if (taken === undefined) return null
        return {
          ...unused(event, key),
          document: taken.document,
          postingDate: taken.postingDate,
          status: 'Open',
          reason: null,
        }
      },
    },
    // On the folio, before the series voids it.
    NumberReleased: {
      rows: (event) => [keyOf(event, event.data.number)],
      fold: (row, event, key) => given(row, event, { key, status: 'Released' }),
    },
    NumberVoided: {
      rows: (event) => [keyOf(event, event.data.number)],
      fold: (row, event, key) => given(row, event, { key, status: 'Voided' }),
    },
  },
})

/** All numbers that the event's documents stand under; a settlement stands under its trigger's. */
function numbersOn({ type, data }: PostingEvent): readonly Key[] {
  const { books } = data.entry
  const own =
    type === 'PrepaymentRegistered'
      ? data.prepayment
      : type === 'PaymentRegistered'
        ? data.overpayment
        : undefined
  const numbers = new Set([data.entry.number, ...(own === undefined ? [] : [own.number])])
  return [...numbers].map((number) => ({ books, number }))
}

function given(
  row: UnusedNumberRow | undefined,
  event: EventOfType<'NumberReleased' | 'NumberVoided'>,
  { key, status }: Readonly<{ key: Key; status: string }>,
): UnusedNumberRow {
  const { document, reason } = event.data
  const { postingDate } = row ?? { postingDate: null }
  return { ...unused(event, key), document, postingDate, status, reason }
}

function keyOf({ data: { books, series, year } }: SeriesEvent, number: number): Key {
  return { books, number: formatNumber(series, year, number) }
}

function unused({ data: { series, year }, metadata }: SeriesEvent & LedgerEvent, key: Key) {
  return {
    ...key,
    series: series as string,
    year,
    changedAt: metadata.recordedAt,
    sortKey: sortKeyOf(key.books, key.number, ''),
  }
}
