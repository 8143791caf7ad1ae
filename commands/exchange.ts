/** Amounts in two currencies, as decisions book them (L20, J40). */
import { type Amounts, type Booked, exchanged, postingPlace } from '../src/aggregates/amounts.js'
import { atPlace } from '../src/aggregates/at-place.js'
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
const BOOKS_RATE = '1'

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
  const { amount, booksAmount } = atPlace(postings, 0)
  const difference = sum(
    postings.map(({ side, booksAmount: booked }) => negate(signed(side, booked))),
    booksAmount.currency,
  )
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
  postings: readonly Posting[],
  booked: Booked,
  at: Rate,
): Posting[] {
  const control = atPlace(postings, 0)
  const others = postings.slice(1)
  const rests = restsOfPlaces(others, booked, at)
  const converted = others.map((posting) => {
    const part = exchanged(posting.amount, at.rate, at.booksCurrency)
    const rest = rests.get(posting)
    const booksAmount = rest === undefined ? part : plus(part, rest)
    return { ...posting, booksAmount, ...taxInBooks(posting, booked, at) }
  })
  const balance = sum(
    converted.map(({ side, booksAmount }) => signed(side, booksAmount)),
    at.booksCurrency,
  )
  return [{ ...control, booksAmount: signed(control.side, negate(balance)) }, ...converted]
}

type Rate = Readonly<{ rate: string; booksCurrency: string }>

/** What the parts of a place, each at the rate, lack of all that is taken back there: it goes with the largest. */
function restsOfPlaces(
  postings: readonly Posting[],
  booked: Booked,
  at: Rate,
): ReadonlyMap<Posting, Money> {
  const rests = new Map<Posting, Money>()
  for (const [place, ofPlace] of byPlace(postings)) {
    const amounts = ofPlace.map(({ side, amount }) => signed(side, amount))
    const whole = takenBack(booked.get(place), amounts.reduce(plus), at)
    const parts = amounts.map((amount) => exchanged(amount, at.rate, at.booksCurrency))
    const largest = ofPlace.reduce((one, other) =>
      compare(other.amount, one.amount) > 0 ? other : one,
    )
    const rest = minus(whole, sum(parts, at.booksCurrency))
    rests.set(largest, signed(largest.side, rest))
  }
  return rests
}

/** One posting has all of a tax code. */
function taxInBooks(posting: Posting, booked: Booked, at: Rate): Pick<Posting, 'tax'> {
  const { side, tax } = posting
  if (tax === undefined || tax.base.currency === at.booksCurrency) return {}
  const left = booked.get(postingPlace(posting))?.base
  const booksBase = takenBack(left, signed(side, tax.base), at)
  return { tax: { ...tax, booksBase: signed(side, booksBase) } }
}

function byPlace(postings: readonly Posting[]): ReadonlyMap<string, readonly Posting[]> {
  const places = new Map<string, Posting[]>()
  for (const posting of postings) {
    const place = postingPlace(posting)
    places.set(place, [...(places.get(place) ?? []), posting])
  }
  return places
}

/** In books currency; at the rate where it is no part of what is left. */
function takenBack(left: Amounts | null | undefined, total: Money, at: Rate): Money {
  const taken = negate(total)
  if (left === undefined || left === null) return exchanged(total, at.rate, at.booksCurrency)
  if (equals(left.amount, taken)) return negate(left.booksAmount)
  const isPart =
    isNegative(taken) === isNegative(left.amount) &&
    compare(magnitude(taken), magnitude(left.amount)) < 0
  return isPart
    ? negate(proportion(left.booksAmount, taken.amount, left.amount.amount))
    : exchanged(total, at.rate, at.booksCurrency)
}

/** Credits less debits; and back again. */
function signed(side: Posting['side'], amount: Money): Money {
  return side === 'credit' ? amount : negate(amount)
}

function magnitude(amount: Money): Money {
  return isNegative(amount) ? negate(amount) : amount
}
