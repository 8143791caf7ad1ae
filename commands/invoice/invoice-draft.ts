/** What the commands that make a draft invoice share: its terms, its amounts, its checks. */
import { z } from 'zod'
import type { OpenBooks } from '../../src/aggregates/books.js'
import { priceDocument } from '../../src/aggregates/pricing.js'
import type { InvoiceContent } from '../../src/events/invoice-events.js'
import { invoiceContentSchema } from '../../src/events/invoice-events.js'
import {
  contactSchema,
  LINES_MAX,
  type Line,
  partySchema,
  pricesSchema,
} from '../../src/events/parts.js'
import { daySchema, text } from '../../src/events/text.js'
import { isZeroDecimal } from '../../src/money/quantity.js'
import { currencyRefusal } from '../document-currency.js'
import { knownRate } from '../exchange.js'
import { currencyInput, exchangeRateInput, lineInput } from '../line-input.js'
import type { Refusal } from '../refusal.js'

export const invoiceTermsInput = {
  documentDate: daySchema.optional().describe('Today unless given.'),
  dueDate: daySchema.optional().describe("The document's own date unless given."),
  note: text(2000).optional(),
  exchangeRate: exchangeRateInput
    .optional()
    .describe(
      "Books currency for one unit of the document's; that of the table on its day unless given (L20).",
    ),
}

export const invoicePartiesInput = {
  party: partySchema.default(null),
  billTo: contactSchema.nullable().default(null),
  supplierReference: invoiceContentSchema.shape.supplierReference,
}

export const invoiceLinesInput = {
  currency: currencyInput.optional(),
  prices: pricesSchema.default('tax_excluded'),
  lines: z.array(lineInput).min(1).max(LINES_MAX),
}

type Unpriced = Omit<
  InvoiceContent,
  'lines' | 'taxes' | 'totals' | 'rounding' | 'exchangeRate' | 'documentDate' | 'dueDate'
> & {
  lines: (Line & { orderLine?: number })[]
  documentDate?: string | undefined
  dueDate?: string | undefined
  /** Given, or the order's own; else that of the table. */
  exchangeRate?: string | null | undefined
}

/** The whole content of a draft, with its amounts, or the rule it breaks. */
export function invoiceContent(
  unpriced: Unpriced,
  { books, today }: Readonly<{ books: OpenBooks; today: string }>,
): InvoiceContent | Refusal {
  const { currency, prices } = unpriced
  const foreign = currencyRefusal(unpriced)
  if (foreign !== null) return foreign
  const taxed = giftCertificateRefusal(unpriced.lines, books)
  if (taxed !== null) return taxed
  const documentDate = unpriced.documentDate ?? today
  const dueDate = unpriced.dueDate ?? documentDate
  if (dueDate < documentDate)
    return { code: 'due_date_before_document_date', documentDate, dueDate }
  const asked = { currency, date: documentDate, given: unpriced.exchangeRate }
  const exchangeRate = knownRate(asked, books)
  if (exchangeRate !== null && typeof exchangeRate === 'object') return exchangeRate
  const terms = { prices, rounding: books.rounding, currency }
  return {
    ...unpriced,
    ...priceDocument(unpriced.lines, terms),
    documentDate,
    dueDate,
    rounding: books.rounding,
    exchangeRate,
  }
}

/** Sold for later, it is no revenue yet, and no tax is due on it (J5). */
export function giftCertificateRefusal(
  lines: readonly Line[],
  { settings }: Pick<OpenBooks, 'settings'>,
): Refusal | null {
  if (settings.giftCertificates === 'single_purpose') return null
  const line = lines.findIndex(
    ({ kind, tax }) => kind === 'gift_certificate' && !isZeroDecimal(tax.ratePercent),
  )
  const ratePercent = lines[line]?.tax.ratePercent
  return ratePercent === undefined ? null : { code: 'gift_certificate_taxed', line, ratePercent }
}

export function isRefusal(value: object): value is Refusal {
  return 'code' in value
}
