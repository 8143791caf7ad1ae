import { z } from 'zod'
import { daySchema, slugSchema, text } from '../../src/events/text.js'
import type { OpenBooks } from '../../src/aggregates/books.js'
import { compareDecimal } from '../../src/money/quantity.js'
import { booksCommand, DEFAULT_BOOKS } from '../command.js'
import { accept, refuse } from '../decision.js'
import { currencyInput, exchangeRateInput } from '../line-input.js'

const RATES_MAX = 200

const input = z.strictObject({
  books: slugSchema.default(DEFAULT_BOOKS),
  from: daySchema
    .optional()
    .describe('The day that they count from, until a later rate; today unless given.'),
  rates: z
    .array(
      z.strictObject({
        currency: currencyInput,
        rate: exchangeRateInput.describe(
          'Books currency for one unit, with up to twelve digits after the point.',
        ),
      }),
    )
    .min(1)
    .max(RATES_MAX)
    .refine((rates) => new Set(rates.map(({ currency }) => currency)).size === rates.length, {
      message: 'names a currency twice',
    }),
  source: text(200).optional().describe('Where they are from, such as the European Central Bank.'),
})

/** Adds to the table of rates that documents without a rate of their own take theirs from (L20). */
export const setExchangeRate = booksCommand({
  name: 'set-exchange-rate',
  area: 'books',
  summary: 'Sets exchange rates from a day on: books currency for one unit of another',
  rows: ['L20'],
  input,
  output: z.strictObject({}),
  books: ({ books }) => books,
  decide({ books: slug, from, rates, source }, books, { today }) {
    for (const { currency, rate } of rates) {
      if (currency === books.currency) {
        return refuse({ code: 'exchange_rate_not_needed', currency, rate })
      }
      if (compareDecimal(rate, '0') <= 0) {
        return refuse({ code: 'exchange_rate_not_positive', currency, rate })
      }
    }
    const day = from ?? today
    if (rates.every((rate) => isSet(rate, day, books))) return accept()
    return accept({
      type: 'ExchangeRatesSet',
      data: { books: slug, from: day, rates, ...(source === undefined ? {} : { source }) },
    })
  },
  answer: () => ({}),
})

/** For that very day: an earlier rate of the same height may be followed by another one set in between. */
function isSet(
  { currency, rate }: Readonly<{ currency: string; rate: string }>,
  day: string,
  { rates }: OpenBooks,
): boolean {
  return rates.get(currency)?.some((known) => known.from === day && known.rate === rate) === true
}
