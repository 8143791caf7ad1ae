/**
 * Carries a change of the closed period through (L10, architecture 3): the books have said it, now every number series
 * follows, what was taken for a closed day is settled, and the books say that it is done. Each step may be repeated, by
 * anybody: a crash between two of them is made good by doing it all again.
 */
import type { Books, OpenBooks, PeriodChange } from '../src/aggregates/books.js'
import type { Folio } from '../src/aggregates/folio.js'
import { isClosedOn } from '../src/aggregates/series.js'
import type { LedgerFact } from '../src/events/ledger-event.js'
import { entrySeriesSchema } from '../src/events/series-events.js'
import type { LedgerLog, Origin } from '../src/event-store/log.js'
import type { AggregateCache } from './aggregate-cache.js'
import { folioOfDocument, folioStream } from './document-id.js'
import { type NumberSeries, takenNumber } from './number-series.js'
import { settleNumbers } from './release-numbers.js'
import { SeriesBusy } from './series-lane.js'
import { loadSeries, type SeriesKey, seriesStream } from './series-stream.js'

export type PeriodWorld = Readonly<{
  log: LedgerLog
  books: AggregateCache<Books>
  folios: AggregateCache<Folio>
  numbers: NumberSeries
  origin: Origin
}>

/** `busy`: others came between too often. The change stays under way, and whoever asks next carries it on. */
export type PeriodEnd = 'done' | 'busy'

const ROUNDS_MAX = 20

/** Whatever change of the books is under way; without one there is nothing to do. */
export async function concludePeriodChange(stream: string, world: PeriodWorld): Promise<PeriodEnd> {
  const open = (await world.books.load(stream, 0)).state
  if (open.status === 'absent' || open.period.change === null) return 'done'
  const { change } = open.period
  try {
    // No year can come to the list after this whose closed days a number could still be taken for.
    for (const year of open.years) {
      for (const series of entrySeriesSchema.options) {
        const key = { books: open.books, series, year }
        if ((await followed(key, change, stream, world)) === 'busy') return 'busy'
      }
    }
    return await concluded(change, stream, world)
  } catch (reason) {
    if (reason instanceof SeriesBusy) return 'busy'
    throw reason
  }
}

/** The last closed day of a series of that year, when the books are closed through that day. */
export function seriesClosedThrough(year: number, through: string | null): string | null {
  const lastDay = `${year}-12-31`
  if (through === null || through < `${year}-01-01`) return null
  return through < lastDay ? through : lastDay
}

async function followed(
  key: SeriesKey & Readonly<{ year: number }>,
  change: PeriodChange,
  stream: string,
  world: PeriodWorld,
): Promise<PeriodEnd> {
  const through = seriesClosedThrough(key.year, change.through)
  const origin = { ...world.origin, commandKey: '' }
  const isWanted = () => isUnderWay(change, stream, world)
  await world.numbers.closeThrough(key, through, { isWanted, origin })
  return change.kind === 'reopening' || through === null ? 'done' : settled(key, through, world)
}

/**
 * Numbers taken before for closed days: each stands on its document by now, or is released by an event on its folio, so
 * that a slow poster conflicts and decides again.
 */
async function settled(key: SeriesKey, through: string, world: PeriodWorld): Promise<PeriodEnd> {
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    const { series } = await loadSeries(world.log, seriesStream(key))
    const inside = [...series.open.values()].filter(({ postingDate }) =>
      isClosedOn({ closedThrough: through }, postingDate),
    )
    if (inside.length === 0) return 'done'
    for (const binding of inside) {
      const { document, postingDate } = binding
      const taken = takenNumber(key, binding, { series: key.series, document, postingDate })
      const stream = folioStream(folioOfDocument(document))
      await settleNumbers([taken], { ...world, stream, reason: `closed through ${through}` })
    }
    await world.numbers.writeUsed(key)
  }
  return 'busy'
}

async function concluded(
  change: PeriodChange,
  stream: string,
  world: PeriodWorld,
): Promise<PeriodEnd> {
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    const loaded = await world.books.load(stream, 0)
    // A change ends only when it is done: somebody else was quicker.
    if (loaded.state.status === 'absent' || !isSame(change, loaded.state)) return 'done'
    const facts = [doneFact(change, loaded.state.books)]
    const answer = await world.log.append(stream, loaded.end, facts, world.origin)
    if (answer.outcome !== 'appended') continue
    world.books.appended(stream, loaded, answer.events)
    return 'done'
  }
  return 'busy'
}

function doneFact(change: PeriodChange, books: string): LedgerFact {
  return change.kind === 'reopening'
    ? { type: 'PeriodReopened', data: { books, through: change.through } }
    : { type: 'PeriodClosed', data: { books, through: change.through } }
}

async function isUnderWay(
  change: PeriodChange,
  stream: string,
  { books }: PeriodWorld,
): Promise<boolean> {
  const { state } = await books.load(stream, 0)
  return state.status === 'open' && isSame(change, state)
}

function isSame({ revision }: PeriodChange, { period }: OpenBooks): boolean {
  return period.change?.revision === revision
}
