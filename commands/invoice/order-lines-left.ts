/** What of an order is not invoiced yet: ordered, less invoiced, plus what notes gave free again (L2). */
import type { Folio } from '../../src/aggregates/folio.js'
import type { Invoice } from '../../src/aggregates/invoice.js'
import type { OpenOrder } from '../../src/aggregates/order.js'
import { minus, type Money, proportion, zero } from '../../src/money/money.js'
import { minusDecimal, plusDecimal } from '../../src/money/quantity.js'

/** Of one order line. Below zero (for a discount line: above) where the order was lowered after it was invoiced. */
export type LineLeft = Readonly<{ quantity: string; discount: Money }>

/** By order line, counted from 0; drafts count as invoiced, except the one named. */
export function orderLinesLeft(
  order: OpenOrder,
  folio: Folio,
  exceptDraft: string | null = null,
): LineLeft[] {
  const left = order.lines.map(({ quantity, discount }): LineLeft => ({
    quantity,
    discount: discount ?? zero(order.currency),
  }))
  for (const invoice of folio.invoices.values()) {
    if (invoice.status === 'discarded' || invoice.content.order?.orderId !== order.orderId) continue
    if (invoice.status === 'draft' && invoice.content.invoiceId === exceptDraft) continue
    const reopened = reopenedQuantities(invoice, folio)
    invoice.content.lines.forEach(({ orderLine, quantity, discount }, index) => {
      const before = orderLine === undefined ? undefined : left[orderLine]
      if (before === undefined || orderLine === undefined) return
      const kept = minusDecimal(quantity, reopened.get(index) ?? '0')
      left[orderLine] = {
        quantity: minusDecimal(before.quantity, kept),
        discount:
          discount === undefined
            ? before.discount
            : minus(before.discount, proportion(discount, kept, quantity)),
      }
    })
  }
  return left
}

/** By line of the invoice: what its posted notes took back to be invoiced again. */
function reopenedQuantities(
  invoice: Exclude<Invoice, { status: 'discarded' }>,
  folio: Folio,
): ReadonlyMap<number, string> {
  const reopened = new Map<number, string>()
  for (const note of folio.creditNotes.values()) {
    if (note.status !== 'posted' || !note.content.invoiceableAgain) continue
    if (note.content.invoice?.invoiceId !== invoice.content.invoiceId) continue
    for (const { invoiceLine, quantity } of note.content.lines) {
      if (invoiceLine === undefined) continue
      reopened.set(invoiceLine, plusDecimal(reopened.get(invoiceLine) ?? '0', quantity))
    }
  }
  return reopened
}
