/** The legal entity: its name, currency, time zone, rounding and chart of accounts (stream `books-<slug>`). */
import { z } from 'zod'
import { event } from './event.js'
import { roundingSchema } from './parts.js'
import { slugSchema, text } from './text.js'

export const accountTypeSchema = z.enum([
  'bank',
  'cash',
  'cheque',
  'outstanding',
  'gateway',
  'receivable',
  'payable',
  'prepayment',
  'liability',
  'tax',
  'revenue',
  'expense',
  'equity',
])
export type AccountType = z.infer<typeof accountTypeSchema>

export const booksOpened = event(
  'BooksOpened',
  z.strictObject({
    books: slugSchema,
    name: text(200),
    currency: z.string().length(3),
    /** IANA name: the days of the books are days there. */
    timeZone: text(60),
    rounding: roundingSchema,
  }),
)

export const accountOpened = event(
  'AccountOpened',
  z.strictObject({
    books: slugSchema,
    account: slugSchema,
    name: text(200),
    type: accountTypeSchema,
    /** The currency its balance is kept in. */
    booksCurrency: z.string().length(3),
    /** The only currency it takes; left out, it takes every one. */
    currency: z.string().length(3).optional(),
    /** Only for bank accounts: money is *in payment* on these two until it is matched with a statement (L4). */
    outstanding: z.strictObject({ receipts: slugSchema, payments: slugSchema }).optional(),
  }),
)

/** No further postings by hand; its history stays. */
export const accountClosed = event(
  'AccountClosed',
  z.strictObject({ books: slugSchema, account: slugSchema }),
)
