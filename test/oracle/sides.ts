/** Postings as signed figures. */
import type { Posting } from '../../src/events/parts.js'
import { type Both, units } from './arithmetic.js'

/** Debits positive. */
export function signed(side: Posting['side'], amount: Posting['amount']): bigint {
  return side === 'debit' ? units(amount) : -units(amount)
}

export function signedBoth({ side, amount, booksAmount }: Posting): Both {
  return { amount: signed(side, amount), books: signed(side, booksAmount) }
}
