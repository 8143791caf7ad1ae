/** What of an order is not invoiced yet: ordered, less invoiced, plus what notes gave free again (L2, L17). */
import type { Folio } from '../../src/aggregates/folio.js'
import type { OpenOrder } from '../../src/aggregates/order.js'
import {
  invoicesOfOrder,
  linkedLines,
  type LiveInvoice,
  postedInvoicesOf,
  postedNotesOn,
} from '../../src/aggregates/order-documents.js'
import { lineBase } from '../../src/aggregates/pricing.js'
import type { Line } from '../../src/events/parts.js'
import { minus, type Money, proportion, zero } from '../../src/money/money.js'
import { minusDecimal, plusDecimal } from '../../src/money/quantity.js'

/** Of one order line. Below zero (for a discount line: above) where the order was lowered after it was invoiced. */
export type LineLeft = Readonly<{
  ordered: Line
  quantity: string
  discount: Money
  platformTax: Money
  /** Quantity × unit price less discount; `null`: a part of it was invoiced at another price, so that it says nothing. */
  base: Money | null
}>

/** By order line, counted from 0; drafts count as invoiced, except the one named. */
export function orderLinesLeft(
  order: OpenOrder,
  folio: Folio,
  exceptDraft: string | null = null,
): LineLeft[] {
  const isOther = ({ status, content }: LiveInvoice) =>
    status === 'posted' || content.invoiceId !== exceptDraft
  return linesLeftAfter(order, folio, invoicesOfOrder(order, folio).filter(isOther))
}

/** As {@link orderLinesLeft}; only what is posted counts as invoiced. */
export function orderLinesUnposted(order: OpenOrder, folio: Folio): LineLeft[] {
  return linesLeftAfter(order, folio, postedInvoicesOf(order, folio))
}

function linesLeftAfter(
  order: OpenOrder,
  folio: Folio,
  invoices: readonly LiveInvoice[],
): LineLeft[] {
  const none = zero(order.currency)
  const left = order.lines.map(({ platformLine: _atTheStore, ...line }): LineLeft => ({
    ordered: line,
    quantity: line.quantity,
    discount: line.discount ?? none,
    platformTax: line.platformTax ?? none,
    base: lineBase(line, order.currency),
  }))
  for (const invoice of invoices) {
    const reopened = reopenedQuantities(invoice, folio)
    invoice.content.lines.forEach((line, index) => {
      const { orderLine } = line
      if (orderLine === undefined) return
      const before = left[orderLine]
      // An order whose state did not fit any more was taken as it came: the place may be gone.
      if (before === undefined) return
      const kept = minusDecimal(line.quantity, reopened.get(index) ?? '0')
      left[orderLine] = withoutPart(before, line, kept)
    })
  }
  return left
}

function withoutPart(before: LineLeft, line: Line, kept: string): LineLeft {
  const { ordered } = before
  const { currency } = before.discount
  const less = (left: Money, part: Money | undefined) =>
    part === undefined ? left : minus(left, proportion(part, kept, line.quantity))
  const samePrice = line.unitPrice === ordered.unitPrice
  return {
    ordered,
    quantity: minusDecimal(before.quantity, kept),
    discount: less(before.discount, line.discount),
    platformTax: less(before.platformTax, line.platformTax),
    base: before.base === null || !samePrice ? null : less(before.base, lineBase(line, currency)),
  }
}

/** By line of the invoice: what its posted notes took back to be invoiced again. */
function reopenedQuantities(invoice: LiveInvoice, folio: Folio): ReadonlyMap<number, string> {
  const reopened = new Map<number, string>()
  for (const { content } of postedNotesOn(invoice.content.invoiceId, folio)) {
    if (!content.invoiceableAgain) continue
    for (const { invoiceLine, quantity, byAmount } of linkedLines(content)) {
      if (byAmount === true) continue
      reopened.set(invoiceLine, plusDecimal(reopened.get(invoiceLine) ?? '0', quantity))
    }
  }
  return reopened
}
