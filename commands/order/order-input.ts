import { z } from 'zod'
import type { OpenBooks } from '../../src/aggregates/books.js'
import { priceDocument } from '../../src/aggregates/pricing.js'
import { orderContentSchema } from '../../src/events/order-events.js'
import { type Line, LINES_MAX, type Prices, type Totals } from '../../src/events/parts.js'
import { lineInput } from '../line-input.js'

/** What a caller says of an order; currency and rate default to the books'. */
export const orderInput = orderContentSchema
  .omit({ currency: true, exchangeRate: true, payments: true })
  .extend({
    currency: z.string().length(3).optional(),
    lines: z.array(lineInput).min(1).max(LINES_MAX),
    payments: orderContentSchema.shape.payments.default([]),
  })

/** The order's totals by our own pricing; a platform's amounts are kept beside them on the lines (L19). */
export function orderTotals(
  lines: readonly Line[],
  prices: Prices,
  { currency, rounding }: Pick<OpenBooks, 'currency' | 'rounding'>,
): Totals {
  return priceDocument(lines, { prices, rounding, currency }).totals
}

export const BOOKS_RATE = '1'
