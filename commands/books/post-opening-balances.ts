import { z } from 'zod'
import { exchanged } from '../../src/aggregates/amounts.js'
import { atPlace } from '../../src/aggregates/at-place.js'
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { AccountType } from '../../src/events/books-events.js'
import type { OpeningItem } from '../../src/events/opening-events.js'
import { directionSchema, LINES_MAX, partySchema, type Posting } from '../../src/events/parts.js'
import {
  daySchema,
  documentIdSchema,
  moneySchema,
  slugSchema,
  text,
} from '../../src/events/text.js'
import { isPositive, type Money, negate, sum } from '../../src/money/money.js'
import { creditAccount } from '../credit/allocated-credit.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { acceptNumbered, refuse } from '../decision.js'
import { nextJournalId } from '../document-id.js'
import { credit, debit, entryOf } from '../entry.js'
import { exchangeRate } from '../exchange.js'
import { firstFact } from '../first-fact.js'
import { exchangeRateInput } from '../line-input.js'
import { askedDay } from '../posting-day.js'
import type { Refusal } from '../refusal.js'

const itemInput = z.strictObject({
  kind: z.enum(['invoice', 'prepayment']),
  direction: directionSchema.default('out'),
  number: text(40).describe('The number that it has had.'),
  party: partySchema.default(null),
  documentDate: daySchema,
  dueDate: daySchema.optional(),
  amount: moneySchema.describe('What it still asks, or still has to give.'),
})
const accountInput = z.strictObject({
  account: slugSchema,
  side: z.enum(['debit', 'credit']),
  amount: moneySchema,
})
const input = z.strictObject({
  books: slugSchema.default(DEFAULT_BOOKS),
  date: daySchema.describe('The day that the books begin with.'),
  exchangeRate: exchangeRateInput
    .optional()
    .describe('Books currency for one unit; that of the table on the day unless given (L20).'),
  items: z.array(itemInput).max(LINES_MAX).default([]),
  accounts: z
    .array(accountInput)
    .max(500)
    .default([])
    .describe('Bank, store credit, taxes and all else that is not kept by document.'),
})
type Input = z.infer<typeof input>

/** They are the sum of their documents: an opening amount of theirs is an item. */
const KEPT_BY_DOCUMENT: readonly AccountType[] = [
  'receivable',
  'payable',
  'prepayment',
  'outstanding',
  'equity',
]
const OPENING = 'opening-balances'

/**
 * What the books begin with: one entry in one currency, with open items by party; the rest goes to the account of
 * opening balances, which is zero once the cut-over is complete (L29, J42).
 */
export const postOpeningBalances = folioCommand({
  name: 'post-opening-balances',
  area: 'books',
  summary:
    'Posts opening balances: open invoices, bills and prepayments by party, and account sums',
  rows: ['L29'],
  input,
  output: z.strictObject({
    number: text(40).meta({ examples: ['JRN/2026/00001'] }),
    documents: z
      .array(z.strictObject({ number: text(40), documentId: documentIdSchema }))
      .describe('The items, under the ids by which they are paid, allocated and refunded.'),
  }),
  document: () => null,
  books: ({ books }) => books,
  decide(asked, { folio, folioId, books, today }) {
    const refusal = openingRefusal(asked, { books, today })
    if (refusal !== null) return refuse(refusal)
    const day = askedDay(asked.date, books)
    if ('code' in day) return refuse(day)
    const [first] = [...asked.items, ...asked.accounts]
    if (first === undefined) return refuse({ code: 'total_zero' })
    const { currency } = first.amount
    const rate = exchangeRate({ currency, date: asked.date, given: asked.exchangeRate }, books)
    if (typeof rate === 'object') return refuse(rate)
    const items = openingItems(asked, { folioId, rate, booksCurrency: books.currency })
    const postings = balanced(
      [
        ...items.map(itemPosting),
        ...asked.accounts.map(({ account, side, amount }) => {
          const detail = { booksAmount: exchanged(amount, rate, books.currency) }
          return side === 'debit' ? debit(account, amount, detail) : credit(account, amount, detail)
        }),
      ],
      { currency, booksCurrency: books.currency },
    )
    return acceptNumbered(
      [{ series: 'JRN', document: nextJournalId(folioId, folio), postingDate: day.postingDate }],
      (number) => [
        {
          type: 'OpeningBalancesPosted',
          data: {
            books: books.books,
            date: asked.date,
            items,
            entry: entryOf({ books: books.books, number, ...day, postings }),
          },
        },
      ],
    )
  },
  answer: (facts) => {
    const { entry, items } = firstFact(facts, 'OpeningBalancesPosted').data
    return {
      number: entry.number,
      documents: items.map(({ number, documentId }) => ({ number, documentId })),
    }
  },
})

function openingRefusal(
  { date, items, accounts }: Input,
  { books, today }: Readonly<{ books: OpenBooks; today: string }>,
): Refusal | null {
  if (date > today) return { code: 'date_in_future', date, today }
  const amounts = [...items, ...accounts].map(({ amount }) => amount)
  for (const amount of amounts) {
    if (!isPositive(amount)) return { code: 'amount_not_positive', amount }
    const { currency: expected } = atPlace(amounts, 0)
    if (amount.currency !== expected) {
      return { code: 'currency_differs', expected, given: amount.currency }
    }
  }
  const numbers = new Set<string>()
  for (const { number, kind, direction, documentDate, dueDate, amount } of items) {
    const name = `${kind} ${direction} ${number}`
    if (numbers.has(name)) return { code: 'opening_number_named_twice', number }
    numbers.add(name)
    if (integerDigits(amount) > PRICE_INTEGER_DIGITS_MAX) {
      const { currency } = amount
      return { code: 'amount_too_large', currency, integerDigitsMax: PRICE_INTEGER_DIGITS_MAX }
    }
    if (documentDate > date) return { code: 'date_in_future', date: documentDate, today: date }
    if (dueDate !== undefined && dueDate < documentDate) {
      return { code: 'due_date_before_document_date', documentDate, dueDate }
    }
  }
  for (const { account, amount } of accounts) {
    const known = books.accounts.get(account)
    if (known === undefined) return { code: 'account_not_found', account, books: books.books }
    const { type, closed, currency: accountCurrency } = known
    if (KEPT_BY_DOCUMENT.includes(type)) {
      return { code: 'account_not_for_opening_balances', account, type }
    }
    if (closed) return { code: 'account_closed', account }
    const { currency } = amount
    if (accountCurrency !== null && accountCurrency !== currency) {
      return { code: 'account_currency_differs', account, accountCurrency, currency }
    }
  }
  return null
}

/** An item is credited over a line of its own, whose unit price has no more. */
const PRICE_INTEGER_DIGITS_MAX = 12

function integerDigits({ amount }: Money): number {
  return amount.replace(/\..*$/, '').length
}

function openingItems(
  { items }: Input,
  terms: Readonly<{ folioId: string; rate: string; booksCurrency: string }>,
): OpeningItem[] {
  const { folioId, rate, booksCurrency } = terms
  const counted = { invoice: 0, prepayment: 0 }
  return items.map(({ dueDate, ...item }) => {
    counted[item.kind] += 1
    const suffix = item.kind === 'invoice' ? 'i' : 'pre'
    return {
      ...item,
      documentId: `${folioId}-${suffix}${counted[item.kind]}`,
      ...(dueDate === undefined ? {} : { dueDate }),
      booksAmount: exchanged(item.amount, rate, booksCurrency),
      exchangeRate: rate,
    }
  })
}

function itemPosting({
  kind,
  direction,
  documentId: document,
  amount,
  booksAmount,
}: OpeningItem): Posting {
  const detail = { document, booksAmount }
  if (kind === 'invoice') {
    return direction === 'out'
      ? debit('receivable', amount, detail)
      : credit('payable', amount, detail)
  }
  const account = creditAccount(kind, direction)
  return direction === 'out' ? credit(account, amount, detail) : debit(account, amount, detail)
}

/** What the others lack stands on the account of opening balances, in both currencies. */
function balanced(
  postings: readonly Posting[],
  { currency, booksCurrency }: Readonly<{ currency: string; booksCurrency: string }>,
): Posting[] {
  const signed = (value: Money, side: Posting['side']) => (side === 'debit' ? value : negate(value))
  const amount = sum(
    postings.map((line) => signed(line.amount, line.side)),
    currency,
  )
  const booksAmount = sum(
    postings.map((line) => signed(line.booksAmount, line.side)),
    booksCurrency,
  )
  return [...postings, credit(OPENING, amount, { booksAmount })]
}
