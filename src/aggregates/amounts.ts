/**
 * An amount in the currency of its document and in that of the books (L8). A document is booked with one rate; what is
 * settled of it later is taken off at the rate that it was booked with, so that nothing is left over at the end (J40).
 */
import type { Entry, Posting } from '../events/parts.js'
import {
  equals,
  extended,
  isZero,
  minus,
  type Money,
  negate,
  plus,
  proportion,
  split,
  sum,
  zero,
} from '../money/money.js'
import { atPlace } from './at-place.js'

export type Amounts = Readonly<{ amount: Money; booksAmount: Money }>

/** `amount × rate` in the currency of the books, rounded half away from zero. */
export function exchanged(amount: Money, rate: string, booksCurrency: string): Money {
  return extended(amount.amount, rate, booksCurrency)
}

/** What a part of an open balance is in books currency: in proportion, and all of it where the part is all. */
export function booksPart(open: Amounts, part: Money): Money {
  if (equals(open.amount, part)) return open.booksAmount
  if (isZero(open.amount)) return zero(open.booksAmount.currency)
  return proportion(open.booksAmount, part.amount, open.amount.amount)
}

export function plusBoth(left: Amounts, right: Amounts): Amounts {
  return {
    amount: plus(left.amount, right.amount),
    booksAmount: plus(left.booksAmount, right.booksAmount),
  }
}

export function minusBoth(left: Amounts, right: Amounts): Amounts {
  return {
    amount: minus(left.amount, right.amount),
    booksAmount: minus(left.booksAmount, right.booksAmount),
  }
}

export function nothing(currency: string, booksCurrency: string): Amounts {
  return { amount: zero(currency), booksAmount: zero(booksCurrency) }
}

/** Credits less debits of what names this document in an entry. */
export function creditOf(entry: Entry, document: string): Amounts | null {
  const postings = entry.postings.filter((posting) => posting.document === document)
  return postings.reduce<Amounts | null>((total, posting) => {
    const moved = credited(posting)
    return total === null ? moved : plusBoth(total, moved)
  }, null)
}

/**
 * All postings of a document booked at one rate: each side comes to the same in books currency, shared out among its
 * postings by largest remainder.
 */
export function atRate(
  postings: readonly Posting[],
  rate: string,
  booksCurrency: string,
): Posting[] {
  const placed = postings.map((posting, place) => ({ posting, place }))
  const booked = (['debit', 'credit'] as const).flatMap((side) => {
    const ofSide = placed.filter(({ posting }) => posting.side === side)
    const parts = booksAmounts(
      ofSide.map(({ posting }) => posting.amount),
      rate,
      booksCurrency,
    )
    return ofSide.map(({ posting, place }, index) => {
      const atBooks = { ...posting, booksAmount: atPlace(parts, index) }
      return { posting: withBooksBase(atBooks, rate, booksCurrency), place }
    })
  })
  return booked.sort((a, b) => a.place - b.place).map(({ posting }) => posting)
}

function booksAmounts(amounts: readonly Money[], rate: string, booksCurrency: string): Money[] {
  const [first] = amounts
  if (first === undefined) return []
  const total = sum(amounts, first.currency)
  if (isZero(total)) return amounts.map(() => zero(booksCurrency))
  return split(
    exchanged(total, rate, booksCurrency),
    amounts.map(({ amount }) => amount),
  )
}

function withBooksBase(posting: Posting, rate: string, booksCurrency: string): Posting {
  const { tax } = posting
  if (tax === undefined || tax.base.currency === booksCurrency) return posting
  return { ...posting, tax: { ...tax, booksBase: exchanged(tax.base, rate, booksCurrency) } }
}

/** Which postings of a document are taken back together: by account, and by code and rate on a tax account. */
export function postingPlace({ account, tax }: Pick<Posting, 'account' | 'tax'>): string {
  return tax === undefined ? account : `${account} ${tax.code} ${tax.ratePercent}`
}

/** Credits less debits of a place, and of the amounts that its tax is charged on. */
type BookedPlace = Amounts & Readonly<{ base: Amounts | null }>

/** What a document's own entry booked, control accounts apart, by place; less what was taken back of it. */
export type Booked = ReadonlyMap<string, BookedPlace>

export function withBooked(booked: Booked, { postings }: Entry): Booked {
  const next = new Map(booked)
  for (const posting of postings) {
    if (posting.document !== undefined) continue
    const place = postingPlace(posting)
    const moved = { ...credited(posting), base: creditedBase(posting) }
    const before = next.get(place)
    next.set(place, before === undefined ? moved : plusPlace(before, moved))
  }
  return next
}

function plusPlace(left: BookedPlace, right: BookedPlace): BookedPlace {
  // Of one place either all postings have a tax, or none.
  const base = left.base === null || right.base === null ? null : plusBoth(left.base, right.base)
  return { ...plusBoth(left, right), base }
}

function creditedBase({ side, tax }: Posting): Amounts | null {
  if (tax === undefined) return null
  // Where the document is in the currency of the books, only one base is written down.
  const { base, booksBase = base } = tax
  return credited({ side, amount: base, booksAmount: booksBase })
}

function credited({
  side,
  amount,
  booksAmount,
}: Pick<Posting, 'side' | 'amount' | 'booksAmount'>): Amounts {
  return side === 'credit'
    ? { amount, booksAmount }
    : { amount: negate(amount), booksAmount: negate(booksAmount) }
}
