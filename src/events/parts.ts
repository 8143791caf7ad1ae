/** Shapes that several events share: contacts, lines, taxes, entries. */
import { z } from 'zod'
import { personal } from './personal.js'
import {
  daySchema,
  decimalSchema,
  documentIdSchema,
  moneySchema,
  ratePercentSchema,
  slugSchema,
  text,
  textOrEmpty,
  uuidSchema,
} from './text.js'

/** A document has at most so many lines. One whose texts make it larger than an append (900 kB) is refused too. */
export const LINES_MAX = 1000

/** Whom a document names. It is text of the document: later changes of the party do not change it (L26). */
export const contactSchema = z.strictObject({
  name: personal(text(200)).optional(),
  address: personal(text(1000)).optional(),
  email: personal(text(254)).optional(),
  phone: personal(text(50)).optional(),
  /** ISO 3166 or the source's own word; not personal, for tax reports need it after a person was forgotten. */
  country: text(100).optional(),
})
export type Contact = z.infer<typeof contactSchema>

/** What a line stands for. All but `item` are charges; each kind books to a revenue account of its own (J1). */
export const lineKindSchema = z.enum([
  'item',
  'shipping',
  'handling',
  'wrapping',
  'fee',
  /** What a shopper can spend later: a liability, no revenue (J5). */
  'gift_certificate',
  /** What a platform's total has beyond the ledger's own sum (J4, L19). */
  'rounding',
  /** What a document still asked when the books were taken over (J42). */
  'opening',
])
export type LineKind = z.infer<typeof lineKindSchema>

/** A tax code with its rate as it was on the day, never looked up again. `reason`: why none was charged (J3). */
export const taxSchema = z.strictObject({
  code: text(40),
  ratePercent: ratePercentSchema,
  reason: text(200).optional(),
  /** The supplier charges nothing; the buyer owes the tax at this rate and deducts it at once (J33). */
  reverseCharge: z.literal(true).optional(),
})
export type Tax = z.infer<typeof taxSchema>

export const pricesSchema = z.enum(['tax_included', 'tax_excluded'])
export const roundingSchema = z.enum(['per_line', 'global'])
export const directionSchema = z.enum(['out', 'in'])

/** `out`: towards a customer; `in`: from a supplier. */
export type Direction = z.infer<typeof directionSchema>
export type Prices = z.infer<typeof pricesSchema>
export type Rounding = z.infer<typeof roundingSchema>

/** A line as it was asked for: a negative quantity or unit price is a discount line (L3). */
export const lineSchema = z.strictObject({
  kind: lineKindSchema,
  sku: text(100).optional(),
  description: textOrEmpty(500),
  quantity: decimalSchema,
  /** In the document's currency, with up to six digits after the point. */
  unitPrice: decimalSchema,
  /** Taken off the line's quantity × unit price; in the same tax mode as the price. */
  discount: moneySchema.optional(),
  tax: taxSchema,
  /** What the platform charged on the line, kept as it came (L19). */
  platformTax: moneySchema.optional(),
})
export type Line = z.infer<typeof lineSchema>

/** A line with its amounts: gross = net + taxAmount, each to the unit. */
export const pricedLineSchema = lineSchema.extend({
  net: moneySchema,
  taxAmount: moneySchema,
  gross: moneySchema,
  /** The order's line it invoices, counted from 0. */
  orderLine: z.int().min(0).optional(),
  /** The line's discount without tax, where it is booked to an account of its own (J2). */
  discountNet: moneySchema.optional(),
})
export type PricedLine = z.infer<typeof pricedLineSchema>

/** A line of a credit note; a linked one names the line of its invoice, counted from 0. */
export const creditLineSchema = lineSchema.extend({
  net: moneySchema,
  taxAmount: moneySchema,
  gross: moneySchema,
  invoiceLine: z.int().min(0).optional(),
  /** Money only: no quantity comes back (L14). */
  byAmount: z.literal(true).optional(),
})
export type CreditLine = z.infer<typeof creditLineSchema>

/** One row a tax code and rate, with its base, also where the tax is 0 (J1, J3). */
export const taxTotalSchema = taxSchema.extend({ base: moneySchema, amount: moneySchema })
export type TaxTotal = z.infer<typeof taxTotalSchema>

export const totalsSchema = z.strictObject({
  net: moneySchema,
  tax: moneySchema,
  gross: moneySchema,
})
export type Totals = z.infer<typeof totalsSchema>

/**
 * One debit or credit. `amount` is in the document's currency, `booksAmount` in the books' (L8). A posting to a
 * receivable, payable or prepayment account names the `document` whose balance it moves.
 */
export const postingSchema = z.strictObject({
  account: slugSchema,
  side: z.enum(['debit', 'credit']),
  amount: moneySchema,
  booksAmount: moneySchema,
  document: documentIdSchema.optional(),
  tax: z
    .strictObject({
      code: text(40),
      ratePercent: ratePercentSchema,
      base: moneySchema,
      /** In the currency of the books, where that is another one (L20). */
      booksBase: moneySchema.optional(),
    })
    .optional(),
})
export type Posting = z.infer<typeof postingSchema>

/** A line and, where each has a tax code of its own under reverse charge, two tax postings; and what is owed. */
const POSTINGS_MAX = LINES_MAX * 3 + 10

/** A journal entry: its number, the day it counts for (L21), and postings whose debits equal their credits. */
export const entrySchema = z.strictObject({
  books: slugSchema,
  number: text(40),
  postingDate: daySchema,
  postings: z.array(postingSchema).max(POSTINGS_MAX),
  /** The day it happened, in a period that was closed by then: it counts on the first open day instead (L10). */
  movedFrom: daySchema.optional(),
})
export type Entry = z.infer<typeof entrySchema>

/** A party's id; `null` for a sale without a customer, whose credits cannot be allocated (L26). */
export const partySchema = uuidSchema.nullable()
