/** Lines as callers write them: `120.50` is as good as `120.5`. What is decided on, and stored, is canonical. */
import { z } from 'zod'
import { lineKindSchema, lineSchema, taxSchema } from '../src/events/parts.js'
import { isCurrency } from '../src/money/currency.js'
import { canonicalDecimal, DECIMAL_TEXT, RATE_TEXT } from '../src/money/quantity.js'

/** An amount of it could not be written down otherwise. */
export const currencyInput = z
  .string()
  .refine(isCurrency, { message: 'is no currency of ISO 4217' })
  .meta({ pattern: '^[A-Z]{3}$' })

const decimalText = z.string().regex(DECIMAL_TEXT, {
  message:
    'is no decimal text such as "12.5", of at most 12 digits before the point and 6 after it',
})

export const decimalInput = decimalText.transform(canonicalDecimal)

/** Books currency for one unit of another (L20). */
export const exchangeRateInput = z
  .string()
  .regex(RATE_TEXT, {
    message:
      'is no decimal text such as "0.8741", of at most 12 digits before the point and 12 after it',
  })
  .transform(canonicalDecimal)

export const ratePercentInput = decimalText
  .regex(/^[^-]/, { message: 'is negative' })
  .transform(canonicalDecimal)

export const lineInput = lineSchema.extend({
  // The others are lines that the ledger writes by itself (J4, J42).
  kind: lineKindSchema.exclude(['rounding', 'opening']),
  quantity: decimalInput,
  unitPrice: decimalInput.describe(
    "In the document's currency, with up to six digits after the point.",
  ),
  tax: taxSchema.extend({ ratePercent: ratePercentInput }),
})
