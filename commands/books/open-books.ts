import { z } from 'zod'
import { roundingSchema } from '../../src/events/parts.js'
import { slugSchema, text } from '../../src/events/text.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { isCurrency } from '../../src/money/currency.js'
import { DEFAULT_BOOKS, openingCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { DEFAULT_CHART, DEFAULT_OUTSTANDING } from './default-chart.js'

const input = z.strictObject({
  books: slugSchema.default(DEFAULT_BOOKS),
  name: text(200).default('Main books'),
  currency: z
    .string()
    .refine(isCurrency, { message: 'is no currency of ISO 4217' })
    .default('GBP')
    .meta({ pattern: '^[A-Z]{3}$', description: 'The one currency of the books.' }),
  timeZone: text(60)
    .default('Europe/London')
    .describe('IANA name; the days of the books are days there.'),
  rounding: roundingSchema.default('per_line'),
})

/** Opens a legal entity with the default chart of accounts; its bank account has the matching step on (L4). */
export const openBooks = openingCommand({
  name: 'open-books',
  area: 'books',
  summary: 'Opens the books of a legal entity, with the default chart of accounts',
  rows: ['N3', 'L10', 'L20'],
  input,
  output: z.strictObject({
    accounts: z.int().min(0).describe('Opened with the books: the default chart.'),
  }),
  books: ({ books }) => books,
  decide(asked, books) {
    if (books.status === 'open') return refuse({ code: 'books_open_already', books: asked.books })
    const { timeZone } = asked
    if (!isTimeZone(timeZone)) return refuse({ code: 'time_zone_unknown', timeZone })
    const accounts = DEFAULT_CHART.map((account): LedgerFact => ({
      type: 'AccountOpened',
      data: {
        books: asked.books,
        booksCurrency: asked.currency,
        ...account,
        ...(account.account === 'bank' ? { outstanding: DEFAULT_OUTSTANDING } : {}),
      },
    }))
    return accept({ type: 'BooksOpened', data: asked }, ...accounts)
  },
  answer: (events) => ({ accounts: events.length - 1 }),
})

/** Without this check the books would open, and no day of theirs could ever be told. */
function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}
