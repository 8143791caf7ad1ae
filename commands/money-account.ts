/** Which accounts money may move over, and where an entry puts it (postings.md, **M**). */
import type { Account, OpenBooks } from '../src/aggregates/books.js'
import type { AccountType } from '../src/events/books-events.js'
import type { Flow } from '../src/events/payment-events.js'
import type { Refusal } from './refusal.js'

/** Refunds by hand go over these only (N3). */
export const HAND_ACCOUNT_TYPES: readonly AccountType[] = ['bank', 'cash', 'cheque']

/** What shoppers can still spend: a liability, paid with like an account of money (J26). */
export const STORE_CREDIT = 'store-credit'

export type MoneyPlace = Readonly<{ account: string; heldIn: string; matching: 'awaited' | 'none' }>

/** The account where it may be used, or why not. */
export function moneyAccount(
  account: string,
  {
    books,
    allowed,
    currency,
    isRateGiven = false,
  }: Readonly<{
    books: OpenBooks
    allowed: readonly AccountType[]
    currency: string
    /** Money of another currency may move over an account in the books' own, where its rate is given (N3). */
    isRateGiven?: boolean
  }>,
): Account | Refusal {
  const known = books.accounts.get(account)
  if (known === undefined) return { code: 'account_not_found', account, books: books.books }
  if (!allowed.includes(known.type)) {
    return { code: 'account_type_not_allowed', account, type: known.type, allowed }
  }
  if (known.closed) return { code: 'account_closed', account }
  const isExchanged = isRateGiven && known.currency === books.currency
  if (known.currency !== null && known.currency !== currency && !isExchanged) {
    return { code: 'account_currency_differs', account, accountCurrency: known.currency, currency }
  }
  return known
}

/** Bank: outstanding until matched, where the account has the step. Cheque: until cleared. Cash, gateway: at once. */
export function moneyPlace(account: Account, flow: Flow): MoneyPlace {
  const { outstanding, type } = account
  if (outstanding !== null) {
    const heldIn = flow === 'received' ? outstanding.receipts : outstanding.payments
    return { account: account.account, heldIn, matching: 'awaited' }
  }
  const matching = type === 'cheque' ? 'awaited' : 'none'
  return { account: account.account, heldIn: account.account, matching }
}
