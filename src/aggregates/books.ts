/** The legal entity: its settings, chart of accounts, exchange rates, periods, and which parties are one. */
import type { AccountType, BooksSettings } from '../events/books-events.js'
import type { BooksFact, LedgerEvent } from '../events/ledger-event.js'
import type { Rounding } from '../events/parts.js'
import { CorruptStream } from './corrupt-stream.js'

export type Account = Readonly<{
  account: string
  name: string
  type: AccountType
  /** The only currency it takes; `null`: every one. */
  currency: string | null
  /** Bank accounts with a matching step: where money waits until a statement shows it. */
  outstanding: Readonly<{ receipts: string; payments: string }> | null
  closed: boolean
}>

export type Books = Readonly<
  | { status: 'absent' }
  | {
      status: 'open'
      books: string
      name: string
      currency: string
      timeZone: string
      rounding: Rounding
      accounts: ReadonlyMap<string, Account>
      settings: BooksSettings
      /** By currency, the newest day first: books currency for one unit from that day on (L20). */
      rates: ReadonlyMap<string, readonly ExchangeRate[]>
      /** In which a number was asked for. */
      years: readonly number[]
      period: Period
      /** By party: the one it was merged into (L26). */
      mergedInto: ReadonlyMap<string, string>
    }
>
type ExchangeRate = Readonly<{ from: string; rate: string }>

/** Days up to `closedThrough` are closed; while the series follow a change, it is under way (L10). */
export type Period = Readonly<{
  closedThrough: string | null
  change: null | PeriodChange
}>
/** One is told from the next, also of the same day, by the revision of the event that began it. */
export type PeriodChange = Readonly<
  | { kind: 'closing'; through: string; revision: number }
  | { kind: 'reopening'; through: string | null; revision: number }
>
export type OpenBooks = Extract<Books, { status: 'open' }>

export const initialBooks: Books = { status: 'absent' }

type BooksEvent = Extract<LedgerEvent, { type: BooksFact['type'] }>

export const DEFAULT_SETTINGS: BooksSettings = {
  discounts: 'net',
  giftCertificates: 'multi_purpose',
  depositTax: null,
  charges: 'first_invoice',
  refundThresholds: [],
}

export function evolveBooks(state: Books, event: BooksEvent): Books {
  if (event.type === 'BooksOpened') {
    if (state.status === 'open') throw new CorruptStream(event, 'the books are open already')
    return {
      status: 'open',
      ...event.data,
      accounts: new Map(),
      settings: DEFAULT_SETTINGS,
      rates: new Map(),
      years: [],
      period: { closedThrough: null, change: null },
      mergedInto: new Map(),
    }
  }
  if (state.status === 'absent') throw new CorruptStream(event, 'the books are not open')
  return evolveOpenBooks(state, event)
}

function evolveOpenBooks(
  books: OpenBooks,
  event: Exclude<BooksEvent, { type: 'BooksOpened' }>,
): OpenBooks {
  switch (event.type) {
    case 'AccountOpened': {
      const { account, name, type, currency = null, outstanding = null } = event.data
      const opened = { account, name, type, currency, outstanding, closed: false }
      return { ...books, accounts: new Map(books.accounts).set(account, opened) }
    }
    case 'AccountClosed': {
      const account = books.accounts.get(event.data.account)
      if (account === undefined) throw new CorruptStream(event, 'there is no such account')
      const closed = { ...account, closed: true }
      return { ...books, accounts: new Map(books.accounts).set(account.account, closed) }
    }
    case 'BooksConfigured': {
      const { books: _books, ...settings } = event.data
      return { ...books, settings }
    }
    case 'ExchangeRatesSet':
      return { ...books, rates: withRates(books.rates, event.data) }
    case 'FiscalYearOpened':
      return { ...books, years: [...books.years, event.data.year].sort((a, b) => a - b) }
    case 'PeriodClosing': {
      const { through } = event.data
      return withChange(books, { kind: 'closing', through, revision: event.revision }, event)
    }
    case 'PeriodReopening': {
      const { through } = event.data
      return withChange(books, { kind: 'reopening', through, revision: event.revision }, event)
    }
    case 'PeriodClosed':
    case 'PeriodReopened':
      return { ...books, period: { closedThrough: event.data.through, change: null } }
    case 'PartiesMerged': {
      const { party, into } = event.data
      return { ...books, mergedInto: new Map(books.mergedInto).set(party, into) }
    }
    case 'PartiesUnmerged': {
      const { party } = event.data
      const rest = [...books.mergedInto].filter(([merged]) => merged !== party)
      return { ...books, mergedInto: new Map(rest) }
    }
  }
}

/**
 * The last closed day as decisions must see it: a period that is being closed is closed, and one that is being reopened
 * is so until its series have followed.
 */
export function closedThrough({ period: { closedThrough: closed, change } }: OpenBooks) {
  return change?.kind === 'closing' ? change.through : closed
}

/** The rate that counts on a day: the newest that was set for it or before; `null`: there is none (L20). */
export function rateOn(books: OpenBooks, currency: string, day: string): string | null {
  return books.rates.get(currency)?.find(({ from }) => from <= day)?.rate ?? null
}

/** The party that stands for all that were merged with it (L26). */
export function partyStandingFor(
  { mergedInto }: Pick<OpenBooks, 'mergedInto'>,
  party: string,
): string {
  let standing = party
  for (;;) {
    const into = mergedInto.get(standing)
    if (into === undefined) return standing
    standing = into
  }
}

/** Whether the two stand for one; nobody is one with nobody alone. */
export function isOneParty(
  books: Pick<OpenBooks, 'mergedInto'>,
  party: string | null,
  other: string | null,
): boolean {
  if (party === null || other === null) return party === other
  return partyStandingFor(books, party) === partyStandingFor(books, other)
}

function withChange(books: OpenBooks, change: PeriodChange, event: BooksEvent): OpenBooks {
  // Whoever carries the other one on may still be writing to the series.
  if (books.period.change !== null) throw new CorruptStream(event, 'another change is under way')
  return { ...books, period: { ...books.period, change } }
}

function withRates(
  rates: OpenBooks['rates'],
  { from, rates: given }: EventOf<'ExchangeRatesSet'>['data'],
): OpenBooks['rates'] {
  const next = new Map(rates)
  for (const { currency, rate } of given) {
    const others = (next.get(currency) ?? []).filter((known) => known.from !== from)
    next.set(
      currency,
      [...others, { from, rate }].sort((a, b) => (a.from < b.from ? 1 : -1)),
    )
  }
  return next
}

type EventOf<Type extends BooksEvent['type']> = Extract<BooksEvent, { type: Type }>
