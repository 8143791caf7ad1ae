/** Every amount of a document is in the document's currency, which may be another than the books' (L20). */
import type { Line } from '../src/events/parts.js'
import type { Money } from '../src/money/money.js'
import type { Refusal } from './refusal.js'

export function currencyRefusal(
  { currency, lines }: Readonly<{ currency: string; lines: readonly Line[] }>,
  others: readonly (Money | undefined)[] = [],
): Refusal | null {
  const amounts = [
    ...lines.flatMap(({ discount, platformTax }) => [discount, platformTax]),
    ...others,
  ]
  const foreign = amounts.find((amount) => amount !== undefined && amount.currency !== currency)
  if (foreign === undefined) return null
  return { code: 'currency_differs', expected: currency, given: foreign.currency }
}
