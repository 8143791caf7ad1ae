/**
 * What a refund gives back, in the store's own names (B11): whole pieces at the price they were sold for, goods back for
 * less, charges of their address; and everything that the order does not know as such, as an amount of the order.
 */
import type { PostedCreditNote } from '../../src/aggregates/credit.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import type { CreditLine, PricedLine } from '../../src/events/parts.js'
import type { RefundItem } from '../../src/events/platform-events.js'
import {
  equals,
  isNegative,
  isPositive,
  minus,
  type Money,
  negate,
  plus,
  proportion,
  zero,
} from '../../src/money/money.js'
import { invoiceOf } from '../invoice/posted-invoice.js'
import type { ImportedOrder } from './store-order.js'

type Items = Readonly<{ items: RefundItem[]; tax: Money }>

/** Of the whole note by its lines; of a part of it, which no line stands for, as one amount. */
export function refundItems(
  note: PostedCreditNote,
  order: ImportedOrder,
  amount: Money,
  folio: Folio,
): Items {
  const { totals, lines, invoice } = note.content
  if (invoice === null || !equals(amount, totals.gross)) {
    const tax = proportion(totals.tax, amount.amount, totals.gross.amount)
    return { items: [{ kind: 'order', amount }], tax }
  }
  const invoiced = invoiceOf(folio, invoice.invoiceId)
  const items: RefundItem[] = []
  let ofOrder = zero(amount.currency)
  for (const line of lines) {
    const item = itemOf(line, invoiced, order)
    if (item === null) ofOrder = plus(ofOrder, line.gross)
    else items.push(item)
  }
  // Less than nothing can be given back of nothing: discounts are taken off with the rest, as one amount.
  if (isNegative(ofOrder)) return { items: [{ kind: 'order', amount }], tax: totals.tax }
  if (isPositive(ofOrder)) items.push({ kind: 'order', amount: ofOrder })
  return { items, tax: totals.tax }
}

/** `null`: the order knows no such line, or no such part of it. */
function itemOf(line: CreditLine, invoice: PostedInvoice, order: ImportedOrder): RefundItem | null {
  const sold = invoice.content.lines[line.invoiceLine ?? -1]
  const ordered = order.lines[sold?.orderLine ?? -1]
  const platformLine = ordered?.platformLine
  if (line.byAmount === true || sold === undefined || platformLine === undefined) return null
  if (!isPositive(line.gross)) return null
  switch (line.kind) {
    case 'item':
    case 'gift_certificate':
      return pieces(line, sold, { platformLine, prices: order.prices })
    case 'wrapping': {
      const quantity = wholeNumber(line.quantity)
      const whole = atSoldPrice(line, sold, order.prices)
      if (quantity === null || whole === null || !equals(whole, ofMode(line, order.prices)))
        return null
      return { kind: 'wrapping', platformLine, quantity }
    }
    case 'shipping':
    case 'handling':
    case 'fee':
      return { kind: line.kind, platformLine, amount: ofMode(line, order.prices) }
    case 'rounding':
    case 'opening':
      return null
  }
}

function pieces(
  line: CreditLine,
  sold: PricedLine,
  { platformLine, prices }: Readonly<{ platformLine: string; prices: ImportedOrder['prices'] }>,
): RefundItem | null {
  const quantity = wholeNumber(line.quantity)
  const whole = atSoldPrice(line, sold, prices)
  if (quantity === null || whole === null) return null
  const less = minus(ofMode(line, prices), whole)
  // More than it was sold for is no piece of it.
  if (isPositive(less)) return null
  return {
    kind: 'item',
    platformLine,
    quantity,
    ...(isNegative(less) ? { lessBy: negate(less) } : {}),
  }
}

/** What so many pieces were sold for, in the order's tax mode. */
function atSoldPrice(
  { quantity }: CreditLine,
  sold: PricedLine,
  prices: ImportedOrder['prices'],
): Money | null {
  return isPositive(sold.gross) ? proportion(ofMode(sold, prices), quantity, sold.quantity) : null
}

function ofMode(
  { gross, net }: Pick<PricedLine, 'gross' | 'net'>,
  prices: ImportedOrder['prices'],
): Money {
  return prices === 'tax_included' ? gross : net
}

function wholeNumber(quantity: string): number | null {
  return /^[1-9]\d{0,8}$/.test(quantity) ? Number.parseInt(quantity, 10) : null
}
