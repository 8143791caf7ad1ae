/** The legal entity: its name, currency, time zone, rounding and chart of accounts (stream `books-<slug>`). */
import { z } from 'zod'
import { event } from './event.js'
import { roundingSchema } from './parts.js'
import {
  daySchema,
  exchangeRateSchema,
  moneySchema,
  ratePercentSchema,
  slugSchema,
  text,
  uuidSchema,
} from './text.js'

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

/** Where a company may choose (postings.md): all settings as they are now. */
export const booksSettingsSchema = z.strictObject({
  /** `gross`: sales at list price, discounts on an account of their own (J2). */
  discounts: z.enum(['net', 'gross']),
  /** `single_purpose`: a gift certificate is revenue and taxed when sold (J5). */
  giftCertificates: z.enum(['multi_purpose', 'single_purpose']),
  /** The tax that is due on a deposit when it comes (J12); `null`: with the invoice. */
  depositTax: z.strictObject({ code: text(40), ratePercent: ratePercentSchema }).nullable(),
  /** Charges of an order by hand with several invoices (L17); a platform's order follows its instance. */
  charges: z.enum(['first_invoice', 'in_proportion']),
  /**
   * Up to where a role gives money back alone, by document (N6). A role that is not named may do so without limit; one
   * that is named waits for approval in every currency that it is not named with.
   */
  refundThresholds: z.array(z.strictObject({ role: text(40), threshold: moneySchema })).max(200),
})
export type BooksSettings = z.infer<typeof booksSettingsSchema>

export const booksConfigured = event(
  'BooksConfigured',
  booksSettingsSchema.extend({ books: slugSchema }),
)

/** Books currency for one unit, from that day until a later rate (L20). */
export const exchangeRatesSet = event(
  'ExchangeRatesSet',
  z.strictObject({
    books: slugSchema,
    from: daySchema,
    rates: z
      .array(z.strictObject({ currency: z.string().length(3), rate: exchangeRateSchema }))
      .min(1)
      .max(200),
    source: text(200).optional(),
  }),
)

/** The first number of the year was asked for: whoever closes a period knows which series there are. */
export const fiscalYearOpened = event(
  'FiscalYearOpened',
  z.strictObject({ books: slugSchema, year: z.int().min(1900).max(9999) }),
)

/** From here on nothing that a person asks for posts up to this day; the series follow (architecture 3). */
export const periodClosing = event(
  'PeriodClosing',
  z.strictObject({ books: slugSchema, through: daySchema }),
)

/** No series gives a number up to this day any more, and none given before waits for its document. */
export const periodClosed = event(
  'PeriodClosed',
  z.strictObject({ books: slugSchema, through: daySchema }),
)

/** The days after `through` are to be opened again; `null`: all. Still closed until the series have followed. */
export const periodReopening = event(
  'PeriodReopening',
  z.strictObject({ books: slugSchema, through: daySchema.nullable(), reason: text(500) }),
)

export const periodReopened = event(
  'PeriodReopened',
  z.strictObject({ books: slugSchema, through: daySchema.nullable() }),
)

/** Two parties are one: credits of either can be used for either. Documents do not change (L26). */
export const partiesMerged = event(
  'PartiesMerged',
  z.strictObject({ books: slugSchema, party: uuidSchema, into: uuidSchema, reason: text(500) }),
)

export const partiesUnmerged = event(
  'PartiesUnmerged',
  z.strictObject({ books: slugSchema, party: uuidSchema, into: uuidSchema, reason: text(500) }),
)
