/** A series' stream: read backwards to its last checkpoint, and continued with checkpoints of its own. */
import { evolveSeries, initialSeries, type Series } from '../src/aggregates/series.js'
import { isSeriesEvent, type LedgerEvent, type LedgerFact } from '../src/events/ledger-event.js'
import type { SeriesName } from '../src/events/series-events.js'
import type { LedgerLog, Origin, StreamEnd } from '../src/event-store/log.js'
import { CorruptStream } from '../src/aggregates/corrupt-stream.js'

/** `year`: of the posting dates; `null` for a series that is never reset. */
export type SeriesKey = Readonly<{ books: string; series: SeriesName; year: number | null }>
export type LoadedSeries = Readonly<{ series: Series; end: StreamEnd }>

/** A series is read backwards to its last checkpoint: at most so many events and one page. */
const CHECKPOINT_EVERY_EVENTS = 1000
const READ_BACK_PAGE = 250

export function seriesStream({ books, series, year }: SeriesKey): string {
  const name = series.replace('/', '-')
  return year === null ? `series-${books}-${name}` : `series-${books}-${name}-${year}`
}

export async function loadSeries(log: LedgerLog, stream: string): Promise<LoadedSeries> {
  const newestFirst: LedgerEvent[] = []
  for (;;) {
    const oldest = newestFirst.at(-1)
    if (oldest?.revision === 0 || oldest?.type === 'SeriesCheckpointed') break
    const page = await log.readBack(stream, {
      limit: READ_BACK_PAGE,
      ...(oldest === undefined ? {} : { from: oldest.revision - 1 }),
    })
    if (page.length === 0) break
    const checkpoint = page.findIndex(({ type }) => type === 'SeriesCheckpointed')
    newestFirst.push(...(checkpoint === -1 ? page : page.slice(0, checkpoint + 1)))
  }
  const last = newestFirst[0]
  const end =
    last === undefined ? 'no_stream' : { revision: last.revision, hash: last.metadata.hash }
  return { series: fold(initialSeries, newestFirst.reverse()), end }
}

/** The series as it then stands, or `null` where the append did not succeed or its answer never came. */
export async function appendToSeries(
  log: LedgerLog,
  { key, stream }: Readonly<{ key: SeriesKey; stream: string }>,
  { series, end }: LoadedSeries,
  facts: readonly LedgerFact[],
  origin: Origin,
): Promise<LoadedSeries | null> {
  const answer = await log.append(stream, end, withCheckpoint(key, series, end, facts), origin)
  if (answer.outcome !== 'appended') return null
  return { series: fold(series, answer.events), end: answer.end }
}

function fold(series: Series, events: readonly LedgerEvent[]): Series {
  return events.reduce((state, event) => {
    if (!isSeriesEvent(event)) throw new CorruptStream(event, 'it belongs to no series')
    return evolveSeries(state, event)
  }, series)
}

function withCheckpoint(
  key: SeriesKey,
  series: Series,
  end: StreamEnd,
  facts: readonly LedgerFact[],
): LedgerFact[] {
  const first = end === 'no_stream' ? 0 : end.revision + 1
  const crosses = (first % CHECKPOINT_EVERY_EVENTS) + facts.length >= CHECKPOINT_EVERY_EVENTS
  if (!crosses) return [...facts]
  const { next, closedThrough } = series
  const data = { ...key, next, open: [...series.open.values()], closedThrough }
  return [{ type: 'SeriesCheckpointed', data }, ...facts]
}
