/** What the books were set to when a decision was made: settings, closed period, merged parties, by revision. */
import type { BooksSettings } from '../../src/events/books-events.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import type { Entry } from '../../src/events/parts.js'
import type { Report } from './report.js'

type State = Readonly<{
  settings: Pick<BooksSettings, 'discounts' | 'giftCertificates' | 'depositTax'>
  /** Up to here nothing is posted; a period that is being closed counts for what people ask for. */
  closed: string | null
  closing: string | null
  mergedInto: ReadonlyMap<string, string>
}>

const OPENED: State = {
  settings: { discounts: 'net', giftCertificates: 'multi_purpose', depositTax: null },
  closed: null,
  closing: null,
  mergedInto: new Map(),
}

export function createBooks(report: Report) {
  const states = new Map<string, State[]>()

  /** Every event of a books stream. */
  function feed(event: LedgerEvent): void {
    const history = states.get(event.stream) ?? []
    history[event.revision] = after(history.at(-1) ?? OPENED, event)
    states.set(event.stream, history)
  }

  /** As they were when it was decided. */
  function decidedUnder({ metadata }: LedgerEvent, books: string): State {
    const stream = `books-${books}`
    const revision = metadata.decidedUnder[stream]
    return states.get(stream)?.[revision ?? -1] ?? OPENED
  }

  /** L10: nothing is posted inside a closed period, and what is moved out of one goes to its first open day. */
  function checkPeriod(event: LedgerEvent, { books, number, postingDate, movedFrom }: Entry): void {
    const closed = states.get(`books-${books}`)?.at(-1)?.closed ?? null
    if (closed !== null && postingDate <= closed) {
      report('posted_in_closed_period', number, `is dated ${postingDate}, closed through ${closed}`)
    }
    const then = decidedUnder(event, books)
    const known = later(then.closed, then.closing)
    if (movedFrom === undefined) return
    if (known === null || movedFrom > known || postingDate !== dayAfter(known)) {
      const sentence = `of ${movedFrom} is dated ${postingDate}, closed through ${known ?? 'no day'}`
      report('moved_without_need', number, sentence)
    }
  }

  /** Whom a party stands for after all merges (L26). */
  function standing(event: LedgerEvent, books: string, party: string | null): string | null {
    const { mergedInto } = decidedUnder(event, books)
    let found = party
    while (found !== null && mergedInto.has(found)) found = mergedInto.get(found) ?? null
    return found
  }

  return { feed, decidedUnder, checkPeriod, standing }
}

export type BooksHistory = ReturnType<typeof createBooks>

function after(state: State, event: LedgerEvent): State {
  const { type, data } = event
  if (type === 'BooksConfigured') return { ...state, settings: data }
  if (type === 'PeriodClosing') return { ...state, closing: data.through }
  if (type === 'PeriodClosed' || type === 'PeriodReopened') {
    return { ...state, closed: data.through, closing: null }
  }
  if (type === 'PartiesMerged') {
    return { ...state, mergedInto: new Map(state.mergedInto).set(data.party, data.into) }
  }
  if (type === 'PartiesUnmerged') {
    const rest = [...state.mergedInto].filter(([party]) => party !== data.party)
    return { ...state, mergedInto: new Map(rest) }
  }
  return state
}

function later(left: string | null, right: string | null): string | null {
  return left === null || (right !== null && right > left) ? right : left
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}
