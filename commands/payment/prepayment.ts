/** Money before any invoice asked for it: J12 for customers, J38 for suppliers. */
import { booksPart, exchanged } from '../../src/aggregates/amounts.js'
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import type { Posting } from '../../src/events/parts.js'
import { type Money, taxWithin } from '../../src/money/money.js'
import { creditPostings } from '../credit/allocated-credit.js'
import { credit, debit, entryOf, opposite } from '../entry.js'
import { flowOf, type Movement, movementData } from './payment-entry.js'

type Registered = FactOfType<'PrepaymentRegistered'>['data']

export function prepayment(
  movement: Movement,
  { direction, party, order }: Pick<Registered, 'direction' | 'party' | 'order'>,
  numbers: Readonly<{ number: string; documentId: string; prepaymentNumber: string }>,
  books: OpenBooks,
): FactOfType<'PrepaymentRegistered'> {
  const { documentId, number, prepaymentNumber } = numbers
  const tax = depositTax(movement.amount, direction, books)
  const postings = prepaymentPostings(movement, { documentId, direction, tax }, books)
  return {
    type: 'PrepaymentRegistered',
    data: {
      ...movementData(movement, books),
      direction,
      flow: flowOf(direction),
      party,
      prepayment: { documentId, number: prepaymentNumber },
      order,
      ...(movement.online === undefined ? {} : { online: movement.online }),
      ...(tax === undefined ? {} : { tax }),
      entry: entryOf({ books: books.books, number, ...movement.day, postings }),
    },
  }
}

/** Where a deposit is taxed when it comes, the tax is within it (J12). */
function depositTax(
  amount: Money,
  direction: Registered['direction'],
  { settings: { depositTax: tax } }: OpenBooks,
): Registered['tax'] {
  if (tax === null || direction === 'in') return undefined
  return { ...tax, amount: taxWithin(amount, tax.ratePercent) }
}

/** What comes in is the opposite of what a credit of it gives out later. */
function prepaymentPostings(
  { place, amount, rate }: Movement,
  { documentId, direction, tax }: Pick<Registered, 'direction' | 'tax'> & { documentId: string },
  { currency }: OpenBooks,
): Posting[] {
  const booksAmount = exchanged(amount, rate, currency)
  const given = creditPostings({
    documentId,
    documentKind: 'prepayment',
    direction,
    amount,
    booksAmount,
    ...(tax === undefined
      ? {}
      : { tax: { ...tax, booksAmount: booksPart({ amount, booksAmount }, tax.amount) } }),
  })
  const money = { booksAmount }
  return direction === 'out'
    ? [debit(place.heldIn, amount, money), ...opposite(given)]
    : [...opposite(given), credit(place.heldIn, amount, money)]
}
