/** A number series of one year: what comes next, and which numbers wait for their document (architecture 3). */
import type { LedgerEvent, SeriesFact } from '../events/ledger-event.js'
import type { Binding } from '../events/series-events.js'

export type Series = Readonly<{
  next: number
  /** By document: bound, and not yet known to stand on it. The same document gets the same number back. */
  open: ReadonlyMap<string, Binding>
  /** No further number for a posting date up to this day (L10). */
  closedThrough: string | null
}>

export const initialSeries: Series = { next: 1, open: new Map(), closedThrough: null }

type SeriesEvent = Extract<LedgerEvent, { type: SeriesFact['type'] }>

export function evolveSeries(series: Series, event: SeriesEvent): Series {
  switch (event.type) {
    case 'NumbersTaken': {
      const used = new Set(event.data.used)
      const open = new Map([...series.open].filter(([, { number }]) => !used.has(number)))
      for (const binding of event.data.taken) open.set(binding.document, binding)
      return { ...series, next: series.next + event.data.taken.length, open }
    }
    case 'NumberVoided': {
      const open = new Map(
        [...series.open].filter(([, { number }]) => number !== event.data.number),
      )
      return { ...series, open }
    }
    case 'SeriesCheckpointed':
      return {
        next: event.data.next,
        open: new Map(event.data.open.map((binding) => [binding.document, binding])),
        closedThrough: event.data.closedThrough ?? null,
      }
    case 'SeriesClosedThrough':
      return { ...series, closedThrough: event.data.through }
  }
}

/** Whether the series gives no further number for the day (L10). */
export function isClosedOn({ closedThrough }: Pick<Series, 'closedThrough'>, day: string): boolean {
  return closedThrough !== null && day <= closedThrough
}
