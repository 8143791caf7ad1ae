import { describe, expect, test } from 'vitest'
import { type Books, evolveBooks, initialBooks } from '../../src/aggregates/books.js'
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
