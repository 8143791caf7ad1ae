import { z } from 'zod'
import { slugSchema } from '../../src/events/text.js'
import { booksCommand, DEFAULT_BOOKS } from '../command.js'
import { accept, refuse } from '../decision.js'
import { LEDGER_ACCOUNTS } from './default-chart.js'

export const closeAccount = booksCommand({
  name: 'close-account',
  area: 'books',
  summary: 'Closes an account: nothing new is registered over it, its history stays',
  rows: ['N3'],
  input: z.strictObject({ books: slugSchema.default(DEFAULT_BOOKS), account: slugSchema }),
  output: z.strictObject({}),
  books: ({ books }) => books,
  decide({ account, books: slug }, books) {
    const known = books.accounts.get(account)
    if (known === undefined) return refuse({ code: 'account_not_found', account, books: slug })
    const inUse = [...books.accounts.values()].some(
      ({ closed, outstanding }) =>
        !closed && [outstanding?.receipts, outstanding?.payments].includes(account),
    )
    if (LEDGER_ACCOUNTS.has(account) || inUse)
      return refuse({ code: 'account_needed_by_the_ledger', account })
    if (known.closed) return accept()
    return accept({ type: 'AccountClosed', data: { books: slug, account } })
  },
  answer: () => ({}),
})
