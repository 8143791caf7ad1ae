/** On which day a thing counts: its own, unless the period is closed by then (L10). */
import { closedThrough, type OpenBooks } from '../src/aggregates/books.js'
import { nextDay } from '../src/events/day.js'
import type { Entry } from '../src/events/parts.js'
import type { Refusal } from './refusal.js'

export type PostingDay = Pick<Entry, 'postingDate' | 'movedFrom'>

/** What a person asks for on a closed day is refused. */
export function askedDay(day: string, books: OpenBooks): PostingDay | Refusal {
  const closed = closedThrough(books)
  if (closed === null || day > closed) return { postingDate: day }
  return { code: 'period_closed', date: day, closedThrough: closed, firstOpenDay: nextDay(closed) }
}

/** What happened outside is never refused by a period: it counts on the first open day, and says so. */
export function happenedDay(day: string, books: OpenBooks): PostingDay {
  const closed = closedThrough(books)
  if (closed === null || day > closed) return { postingDate: day }
  return { postingDate: nextDay(closed), movedFrom: day }
}
