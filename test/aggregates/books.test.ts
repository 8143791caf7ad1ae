import { describe, expect, test } from 'vitest'
import {
  type Books,
  closedThrough,
  evolveBooks,
  initialBooks,
  isOneParty,
} from '../../src/aggregates/books.js'
import { CorruptStream } from '../../src/aggregates/corrupt-stream.js'
import type { BooksFact, EventOfType } from '../../src/events/ledger-event.js'
import { SAMPLE_FACTS } from '../fixtures/sample-facts.js'

const { BooksOpened, AccountOpened, AccountClosed } = SAMPLE_FACTS

function booksOf(...facts: readonly BooksFact[]): Books {
  return facts.reduce<Books>((books, fact, revision) => {
    const event = { ...fact, stream: 'books-main', revision } as EventOfType<BooksFact['type']>
    return evolveBooks(books, event)
  }, initialBooks)
}

function accountOf(books: Books, account: string) {
  return books.status === 'open' ? books.accounts.get(account) : undefined
}

const plain: BooksFact = {
  type: 'AccountOpened',
  data: { books: 'main', account: 'till', name: 'Till', type: 'cash', booksCurrency: 'GBP' },
}

test('books are absent until they are opened, and then without accounts', () => {
  expect(booksOf()).toEqual({ status: 'absent' })
  const opened = booksOf(BooksOpened)
  expect(opened).toMatchObject({ status: 'open', ...BooksOpened.data })
  expect(opened.status === 'open' && opened.accounts.size).toBe(0)
})

test('an account that names no currency and no outstanding accounts has none', () => {
  expect(accountOf(booksOf(BooksOpened, plain), 'till')).toEqual({
    account: 'till',
    name: 'Till',
    type: 'cash',
    currency: null,
    outstanding: null,
    closed: false,
  })
})

test('a closed account keeps what it was, and the others stay open', () => {
  const books = booksOf(BooksOpened, AccountOpened, plain, AccountClosed)
  const { account, name, type, currency, outstanding } = AccountOpened.data
  const closed = { account, name, type, currency, outstanding, closed: true }
  expect(accountOf(books, 'bank')).toEqual(closed)
  expect(accountOf(books, 'till')).toMatchObject({ closed: false })
})

describe('an event that does not fit those before it stops the stream', () => {
  test.each<[string, readonly BooksFact[], string]>([
    ['books opened twice', [BooksOpened, BooksOpened], 'the books are open already'],
    ['an account before the books', [AccountOpened], 'the books are not open'],
    ['an account closed that is not there', [BooksOpened, AccountClosed], 'no such account'],
  ])('%s', (_what, facts, why) => {
    expect(() => booksOf(...facts)).toThrow(CorruptStream)
    expect(() => booksOf(...facts)).toThrow(why)
  })
})

describe('periods', () => {
  const { PeriodClosing, PeriodClosed, PeriodReopening, PeriodReopened } = SAMPLE_FACTS
  const period = (...facts: readonly BooksFact[]) => {
    const books = booksOf(BooksOpened, ...facts)
    return books.status === 'open' ? { ...books.period, closed: closedThrough(books) } : null
  }
  const closing = (through: string): BooksFact => ({
    ...PeriodClosing,
    data: { ...PeriodClosing.data, through },
  })
  const done = (through: string): BooksFact => ({
    ...PeriodClosed,
    data: { ...PeriodClosed.data, through },
  })
  const reopening = (through: string | null): BooksFact => ({
    ...PeriodReopening,
    data: { ...PeriodReopening.data, through },
  })

  test('are closed from the moment they are being closed, and until they are open again', () => {
    expect(period()).toMatchObject({ closed: null, change: null })
    expect(period(closing('2026-10-31'))).toEqual({
      closedThrough: null,
      change: { kind: 'closing', through: '2026-10-31', revision: 1 },
      closed: '2026-10-31',
    })
    const closed = [closing('2026-10-31'), done('2026-10-31')]
    expect(period(...closed)).toEqual({
      closedThrough: '2026-10-31',
      change: null,
      closed: '2026-10-31',
    })
    expect(period(...closed, closing('2026-11-15'))).toMatchObject({ closed: '2026-11-15' })
    expect(period(...closed, reopening('2026-09-30'))).toEqual({
      closedThrough: '2026-10-31',
      change: { kind: 'reopening', through: '2026-09-30', revision: 3 },
      closed: '2026-10-31',
    })
    const reopened = { ...PeriodReopened, data: { ...PeriodReopened.data, through: null } }
    expect(period(...closed, reopening(null), reopened)).toMatchObject({ closed: null })
  })

  test.each([
    ['a closing', closing('2026-10-31')],
    ['a reopening', reopening(null)],
  ])('under %s do not begin another change: that is damage', (_which, change) => {
    for (const other of [closing('2026-11-01'), reopening(null)]) {
      expect(() => period(change, other)).toThrow(CorruptStream)
      expect(() => period(change, other)).toThrow('another change is under way')
    }
  })
})

test('years are listed in their order, whenever they came', () => {
  const { FiscalYearOpened } = SAMPLE_FACTS
  const opened = (year: number): BooksFact => ({
    ...FiscalYearOpened,
    data: { ...FiscalYearOpened.data, year },
  })
  const books = booksOf(BooksOpened, ...[2026, 2024, 2027, 2025].map(opened))
  expect(books.status === 'open' && books.years).toEqual([2024, 2025, 2026, 2027])
})

test.each([
  ['opened twice', [BooksOpened, BooksOpened], 'the books are open already'],
  ['that are not open', [AccountOpened], 'the books are not open'],
  ['without the account that is closed', [BooksOpened, AccountClosed], 'there is no such account'],
])('books %s are damage', (_which, facts, why) => {
  expect(() => booksOf(...facts)).toThrow(CorruptStream)
  expect(() => booksOf(...facts)).toThrow(why)
})

test('a party that stands alone is one with itself, and nobody is one with nobody alone', () => {
  const books = { mergedInto: new Map([['ada', 'bea']]) }
  expect(isOneParty(books, 'ada', 'bea')).toBe(true)
  expect(isOneParty(books, 'bea', 'ada')).toBe(true)
  expect(isOneParty(books, 'ada', 'cal')).toBe(false)
  expect(isOneParty(books, null, 'ada')).toBe(false)
  expect(isOneParty(books, 'ada', null)).toBe(false)
  expect(isOneParty(books, null, null)).toBe(true)
})
