/** Lines as callers write them: `120.50` is as good as `120.5`. What is decided on, and stored, is canonical. */
import { z } from 'zod'
import { lineSchema, taxSchema } from '../src/events/parts.js'
import { canonicalDecimal, DECIMAL_TEXT } from '../src/money/quantity.js'

const decimalText = z.string().regex(DECIMAL_TEXT, {
  message:
    'is no decimal text such as "12.5", of at most 12 digits before the point and 6 after it',
})

export const decimalInput = decimalText.transform(canonicalDecimal)

const ratePercentInput = decimalText
  .regex(/^[^-]/, { message: 'is negative' })
  .transform(canonicalDecimal)

export const lineInput = lineSchema.extend({
  quantity: decimalInput,
  unitPrice: decimalInput.describe(
    "In the document's currency, with up to six digits after the point.",
  ),
  tax: taxSchema.extend({ ratePercent: ratePercentInput }),
})
