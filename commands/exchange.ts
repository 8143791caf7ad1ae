/** Amounts in two currencies, as decisions book them (L20, J40). */
import { type Amounts, type Booked, exchanged, postingPlace } from '../src/aggregates/amounts.js'
import { type OpenBooks, rateOn } from '../src/aggregates/books.js'
import type { Posting } from '../src/events/parts.js'
import {
  compare,
  equals,
  isNegative,
  isZero,
  minus,
  type Money,
  negate,
  plus,
  proportion,
  sum,
  zero,
} from '../src/money/money.js'
import { compareDecimal } from '../src/money/quantity.js'
import { credit, debit } from './entry.js'
import type { Refusal } from './refusal.js'

type Asked = Readonly<{ currency: string; date: string; given?: string | null | undefined }>

/** In the books' own currency a rate is 1 and nothing else. */
export const BOOKS_RATE = '1'

/** The rate of a document: given, or that of the table on its day. */
export function exchangeRate(asked: Asked, books: OpenBooks): string | Refusal {
  const known = knownRate(asked, books)
  if (known !== null) return known
  const { currency, date } = asked
  return { code: 'exchange_rate_missing', currency, booksCurrency: books.currency, date }
}

/** As {@link exchangeRate}; `null` where none is known, for drafts, which may wait for one. */
export function knownRate(
  { currency, date, given }: Asked,
  books: OpenBooks,
): string | Refusal | null {
  if (given !== undefined && given !== null && compareDecimal(given, '0') <= 0) {
    return { code: 'exchange_rate_not_positive', currency, rate: given }
  }
  if (currency === books.currency) {
    if (given === undefined || given === null || given === BOOKS_RATE) return BOOKS_RATE
    return { code: 'exchange_rate_not_needed', currency, rate: given }
  }
  return given ?? rateOn(books, currency, date)
}

/**
 * The postings with what is missing in books currency as exchange gain or loss, with nothing in the document's (J40):
 * each document at the rate it was booked with, money at the day's.
 */
export function withExchangeDifference(postings: readonly Posting[]): Posting[] {
  const [first] = postings
  if (first === undefined) return []
  const { amount, booksAmount } = first
  const signed = postings.map(({ side, booksAmount: booked }) =>
    side === 'debit' ? booked : negate(booked),
  )
  const difference = sum(signed, booksAmount.currency)
  if (isZero(difference)) return [...postings]
  const nothing = zero(amount.currency)
  return [
    ...postings,
    isNegative(difference)
      ? debit('exchange-loss', nothing, { booksAmount: negate(difference) })
      : credit('exchange-gain', nothing, { booksAmount: difference }),
  ]
}

/**
 * What a note takes back of its invoice, with the invoice's own figures in books currency: of each account and tax code
 * in proportion to what is left of it there, and all that is left where the note takes all. The first posting names
 * the note and balances the others.
 */
export function atInvoiceFigures(
  [control, ...others]: readonly Posting[],
  booked: Booked,
  { rate, booksCurrency }: Readonly<{ rate: string; booksCurrency: string }>,
): Posting[] {
  if (control === undefined) return []
  const places = byPlace(others)
  const figures = new Map<Posting, Money>()
  for (const [place, postings] of places) {
    const signed = postings.map(signedAmount)
    const total = sum(signed, control.amount.currency)
    const booksTotal = takenBack(booked.get(place), total, { rate, booksCurrency })
    const parts = signed.map((amount) => exchanged(amount, rate, booksCurrency))
    const rest = minus(booksTotal, sum(parts, booksCurrency))
    const largest = indexOfLargest(signed)
    postings.forEach((posting, index) => {
      const part = parts[index] ?? zero(booksCurrency)
      const booksAmount = index === largest ? plus(part, rest) : part
      figures.set(posting, posting.side === 'credit' ? booksAmount : negate(booksAmount))
    })
  }
  const converted = others.map((posting) => {
    const booksAmount = figures.get(posting) ?? zero(booksCurrency)
    const base = booked.get(postingPlace(posting))?.base ?? undefined
    return { ...posting, booksAmount, ...taxInBooks(posting, base, { rate, booksCurrency }) }
  })
  const balance = sum(
    converted.map(({ side, booksAmount }) =>
      side === 'credit' ? booksAmount : negate(booksAmount),
    ),
    booksCurrency,
  )
  const owed = control.side === 'credit' ? negate(balance) : balance
  return [{ ...control, booksAmount: owed }, ...converted]
}

/** One posting has all of a tax code. */
function taxInBooks(
  { side, tax }: Posting,
  left: Amounts | undefined,
  at: Readonly<{ rate: string; booksCurrency: string }>,
): Pick<Posting, 'tax'> {
  if (tax === undefined || tax.base.currency === at.booksCurrency) return {}
  const signed = side === 'credit' ? tax.base : negate(tax.base)
  const booksBase = takenBack(left, signed, at)
  return { tax: { ...tax, booksBase: side === 'credit' ? booksBase : negate(booksBase) } }
}

function byPlace(postings: readonly Posting[]): ReadonlyMap<string, readonly Posting[]> {
  const places = new Map<string, Posting[]>()
  for (const posting of postings) {
    const place = postingPlace(posting)
    places.set(place, [...(places.get(place) ?? []), posting])
  }
  return places
}

function takenBack(
  left: Amounts | undefined,
  total: Money,
  { rate, booksCurrency }: Readonly<{ rate: string; booksCurrency: string }>,
): Money {
  if (left === undefined) return exchanged(total, rate, booksCurrency)
  const taken = negate(total)
  if (equals(left.amount, taken)) return negate(left.booksAmount)
  const isPart =
    isNegative(taken) === isNegative(left.amount) &&
    !isZero(left.amount) &&
    compare(magnitude(taken), magnitude(left.amount)) < 0
  return isPart
    ? negate(proportion(left.booksAmount, taken.amount, left.amount.amount))
    : exchanged(total, rate, booksCurrency)
}

function signedAmount({ side, amount }: Posting): Money {
  return side === 'credit' ? amount : negate(amount)
}

function indexOfLargest(amounts: readonly Money[]): number {
  return amounts.reduce(
    (largest, amount, index) =>
      compare(magnitude(amount), magnitude(amounts[largest] ?? amount)) > 0 ? index : largest,
    0,
  )
}

function magnitude(amount: Money): Money {
  return isNegative(amount) ? negate(amount) : amount
}
