/** The legal entity: currency, time zone, rounding and the chart of accounts. */
import type { AccountType } from '../events/books-events.js'
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
    }
>
export type OpenBooks = Extract<Books, { status: 'open' }>

export const initialBooks: Books = { status: 'absent' }

type BooksEvent = Extract<LedgerEvent, { type: BooksFact['type'] }>

export function evolveBooks(state: Books, event: BooksEvent): Books {
  if (event.type === 'BooksOpened') {
    if (state.status === 'open') throw new CorruptStream(event, 'the books are open already')
    return { status: 'open', ...event.data, accounts: new Map() }
  }
  if (state.status === 'absent') throw new CorruptStream(event, 'the books are not open')
  const accounts = new Map(state.accounts)
  if (event.type === 'AccountOpened') {
    const { account, name, type, currency = null, outstanding = null } = event.data
    accounts.set(account, { account, name, type, currency, outstanding, closed: false })
    return { ...state, accounts }
  }
  const account = accounts.get(event.data.account)
  if (account === undefined) throw new CorruptStream(event, 'there is no such account')
  accounts.set(account.account, { ...account, closed: true })
  return { ...state, accounts }
}
