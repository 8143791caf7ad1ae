import { z } from 'zod'
import { type BooksSettings, booksSettingsSchema } from '../../src/events/books-events.js'
import { slugSchema, text } from '../../src/events/text.js'
import { isNegative } from '../../src/money/money.js'
import { booksCommand, DEFAULT_BOOKS } from '../command.js'
import { accept } from '../decision.js'
import { ratePercentInput } from '../line-input.js'

const { discounts, giftCertificates, charges, refundThresholds } = booksSettingsSchema.shape

const input = z.strictObject({
  books: slugSchema.default(DEFAULT_BOOKS),
  discounts: discounts
    .optional()
    .describe('`gross`: sales at list price, discounts on an account of their own.'),
  giftCertificates: giftCertificates
    .optional()
    .describe('`single_purpose`: a gift certificate is revenue and taxed when it is sold.'),
  depositTax: z
    .strictObject({ code: text(40), ratePercent: ratePercentInput })
    .nullable()
    .optional()
    .describe('The tax that is due on a deposit when it comes; `null`: with the invoice.'),
  charges: charges
    .optional()
    .describe('How charges of an order are invoiced where it has several invoices.'),
  refundThresholds: refundThresholds
    .refine((thresholds) => thresholds.every(({ threshold }) => !isNegative(threshold)), {
      message: 'names a threshold below zero',
    })
    .refine(
      (thresholds) =>
        new Set(thresholds.map(({ role, threshold }) => `${role} ${threshold.currency}`)).size ===
        thresholds.length,
      { message: 'names a role twice with one currency' },
    )
    .optional()
    .describe(
      'All of them: up to where a role gives money back alone, by document. A role that is not named may do so without limit; one that is named waits for approval in every other currency.',
    ),
})

/** Where a company may choose (postings.md): what is left out stays as it is. */
export const configureBooks = booksCommand({
  name: 'configure-books',
  area: 'books',
  summary: 'Changes settings of the books; what is left out stays as it is',
  rows: ['N6', 'L13', 'L16', 'L17'],
  input,
  output: z.strictObject({}),
  books: ({ books }) => books,
  decide({ books: slug, ...asked }, books) {
    const { settings } = books
    const changed: BooksSettings = {
      discounts: asked.discounts ?? settings.discounts,
      giftCertificates: asked.giftCertificates ?? settings.giftCertificates,
      depositTax: asked.depositTax === undefined ? settings.depositTax : asked.depositTax,
      charges: asked.charges ?? settings.charges,
      refundThresholds: asked.refundThresholds ?? settings.refundThresholds,
    }
    if (written(changed) === written(settings)) return accept()
    return accept({ type: 'BooksConfigured', data: { books: slug, ...changed } })
  },
  answer: () => ({}),
})

/** Equal settings are equal texts, in whichever order their members came. */
function written({
  discounts,
  giftCertificates,
  depositTax,
  charges,
  refundThresholds,
}: BooksSettings): string {
  const thresholds = refundThresholds
    .map(({ role, threshold: { amount, currency } }) => JSON.stringify([role, currency, amount]))
    .sort()
  const tax = depositTax === null ? null : [depositTax.code, depositTax.ratePercent]
  return JSON.stringify([discounts, giftCertificates, tax, charges, thresholds])
}
