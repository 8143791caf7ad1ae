import { z } from 'zod'
import type { OpenBooks } from '../../src/aggregates/books.js'
import { type PricingTerms, priceDocument } from '../../src/aggregates/pricing.js'
import { orderContentSchema, orderLineSchema } from '../../src/events/order-events.js'
import { type Line, LINES_MAX, type Totals } from '../../src/events/parts.js'
import { currencyRefusal } from '../document-currency.js'
import { knownRate } from '../exchange.js'
import { currencyInput, exchangeRateInput, lineInput } from '../line-input.js'
import type { Refusal } from '../refusal.js'

const orderLineInput = lineInput.extend({
  platformLine: orderLineSchema.shape.platformLine.describe(
    'What the store calls the line by when it is refunded: of its product, address or fee (B11).',
  ),
})

/** What a caller says of an order; the currency defaults to the books'. */
export const orderInput = orderContentSchema.omit({ currency: true, exchangeRate: true }).extend({
  currency: currencyInput.optional(),
  exchangeRate: exchangeRateInput
    .optional()
    .describe(
      "Books currency for one unit of the order's; that of the table on its day unless given (L20).",
    ),
  lines: z.array(orderLineInput).min(1).max(LINES_MAX),
  payments: orderContentSchema.shape.payments.default([]),
})

type Given = Readonly<
  Pick<
    z.infer<typeof orderInput>,
    'currency' | 'exchangeRate' | 'placedOn' | 'storeCredit' | 'giftCertificates' | 'payments'
  > & { lines: readonly Line[] }
>

/** In which currency the order is, and at what rate; none may be known yet (L20). All its amounts are in it. */
export function orderCurrency(
  given: Given,
  books: OpenBooks,
  totals?: Totals,
): Readonly<{ currency: string; exchangeRate: string | null }> | Refusal {
  const { currency = books.currency, lines, storeCredit, giftCertificates, payments } = given
  const foreign = currencyRefusal({ currency, lines }, [
    totals?.net,
    totals?.tax,
    totals?.gross,
    storeCredit,
    giftCertificates,
    ...payments.map(({ amount }) => amount),
  ])
  if (foreign !== null) return foreign
  const exchangeRate = knownRate(
    { currency, date: given.placedOn, given: given.exchangeRate },
    books,
  )
  if (exchangeRate !== null && typeof exchangeRate === 'object') return exchangeRate
  return { currency, exchangeRate }
}

/** The order's totals by our own pricing, with what the platform says it charged on a line (L19). */
export function orderTotals(lines: readonly Line[], terms: PricingTerms): Totals {
  return priceDocument(lines, terms).totals
}
