/**
 * The years of the books (L10): the first number of a year in any series waits until the books list the year, so that
 * whoever closes a period knows every series there can be. A decision that saw the year listed has also seen each
 * closing before that.
 */
import { type Books, closedThrough, type OpenBooks } from '../src/aggregates/books.js'
import { yearOf } from '../src/events/day.js'
import { isDeliverySeries } from '../src/events/series-events.js'
import type { LedgerLog, Origin } from '../src/event-store/log.js'
import type { AggregateCache } from './aggregate-cache.js'
import type { NumberRequest } from './decision.js'

const ATTEMPTS_MAX = 20

/** One posting date in each year that the books do not list yet. */
export function datesOfNewYears(
  requests: readonly NumberRequest[],
  { years }: Pick<OpenBooks, 'years'>,
): readonly string[] {
  const dates = requests
    .filter(({ series, postingDate }) => {
      return !isDeliverySeries(series) && !years.includes(yearOf(postingDate))
    })
    .map(({ postingDate }) => postingDate)
  return [...new Map(dates.map((date) => [yearOf(date), date])).values()]
}

/** Lists the year of the date; whoever asked decides again, for the date may be closed by now. */
export async function openYearOf(
  date: string,
  stream: string,
  {
    log,
    books,
    origin,
  }: Readonly<{ log: LedgerLog; books: AggregateCache<Books>; origin: Origin }>,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const loaded = await books.load(stream, 0)
    const { state } = loaded
    const year = yearOf(date)
    if (state.status === 'absent' || state.years.includes(year) || isClosed(date, state)) return
    const data = { books: state.books, year }
    const answer = await log.append(stream, loaded.end, [{ type: 'FiscalYearOpened', data }], {
      ...origin,
      // The key belongs to the folio; one that a caller could choose has no blanks.
      commandKey: `${origin.commandKey} year ${year}`,
    })
    if (answer.outcome !== 'appended') continue
    books.appended(stream, loaded, answer.events)
    return
  }
}

function isClosed(date: string, books: OpenBooks): boolean {
  const closed = closedThrough(books)
  return closed !== null && date <= closed
}
