import { z } from 'zod'
import { accountTypeSchema } from '../../src/events/books-events.js'
import { slugSchema, text } from '../../src/events/text.js'
import { isCurrency } from '../../src/money/currency.js'
import { booksCommand, DEFAULT_BOOKS } from '../command.js'
import { accept, refuse } from '../decision.js'

const input = z.strictObject({
  books: slugSchema.default(DEFAULT_BOOKS),
  account: slugSchema,
  name: text(200),
  type: accountTypeSchema,
  currency: z
    .string()
    .refine(isCurrency, { message: 'is no currency of ISO 4217' })
    .optional()
    .meta({ pattern: '^[A-Z]{3}$', description: 'The only one it takes, if given.' }),
  outstanding: z
    .strictObject({ receipts: slugSchema, payments: slugSchema })
    .optional()
    .describe('Bank accounts only: a pair of outstanding accounts switches the matching step on.'),
})

export const openAccount = booksCommand({
  name: 'open-account',
  area: 'books',
  summary: 'Opens an account of the chart of accounts',
  rows: ['N3', 'L4'],
  input,
  output: z.strictObject({}),
  books: ({ books }) => books,
  decide(asked, books) {
    const { outstanding } = asked
    if (books.accounts.has(asked.account)) {
      return refuse({ code: 'account_open_already', account: asked.account })
    }
    if (outstanding !== undefined && asked.type !== 'bank') {
      return refuse({
        code: 'outstanding_accounts_only_for_bank',
        account: asked.account,
        type: asked.type,
      })
    }
    for (const account of outstanding === undefined
      ? []
      : [outstanding.receipts, outstanding.payments]) {
      const known = books.accounts.get(account)
      if (known === undefined) {
        return refuse({ code: 'account_not_found', account, books: asked.books })
      }
      const { type } = known
      if (type !== 'outstanding') {
        return refuse({ code: 'account_type_not_allowed', account, type, allowed: ['outstanding'] })
      }
      if (known.closed) return refuse({ code: 'account_closed', account })
    }
    return accept({ type: 'AccountOpened', data: { ...asked, booksCurrency: books.currency } })
  },
  answer: () => ({}),
})
