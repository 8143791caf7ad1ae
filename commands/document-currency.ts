/** In which currency a document may be, and with it every amount that is given along. */
import type { OpenBooks } from '../src/aggregates/books.js'
import type { Line } from '../src/events/parts.js'
import type { Money } from '../src/money/money.js'
import type { Refusal } from './refusal.js'

/** The books have one currency so far: documents in another come with exchange rates (L20). */
export function currencyRefusal(
  { currency, lines }: Readonly<{ currency: string; lines: readonly Line[] }>,
  books: OpenBooks,
  others: readonly (Money | undefined)[] = [],
): Refusal | null {
  if (currency !== books.currency) {
    return { code: 'currency_needs_exchange_rate', currency, booksCurrency: books.currency }
  }
  const amounts = [
    ...lines.flatMap(({ discount, platformTax }) => [discount, platformTax]),
    ...others,
  ]
  const foreign = amounts.find((amount) => amount !== undefined && amount.currency !== currency)
  if (foreign === undefined) return null
  return { code: 'currency_differs', expected: currency, given: foreign.currency }
}
