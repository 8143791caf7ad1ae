import { z } from 'zod'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { documentIdSchema, text } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'

/** Posts nothing; open drafts of the order are discarded, and nothing more of it can be invoiced (L2, L15). */
export const cancelOrder = folioCommand({
  name: 'cancel-order',
  area: 'order',
  summary: 'Cancels what of an order is not invoiced yet',
  rows: ['L2', 'L15'],
  input: z.strictObject({ orderId: documentIdSchema, reason: text(500) }),
  output: z.strictObject({ draftsDiscarded: z.int().min(0) }),
  document: ({ orderId }) => orderId,
  books: () => DEFAULT_BOOKS,
  decide({ orderId, reason }, { folio }) {
    const { order } = folio
    if (order.status === 'absent' || order.orderId !== orderId) {
      return refuse({ code: 'order_not_found', order: orderId })
    }
    if (order.status === 'cancelled') return accept()
    const drafts = [...folio.invoices.values()].flatMap((invoice): LedgerFact[] =>
      invoice.status === 'draft'
        ? [{ type: 'InvoiceDraftDiscarded', data: { invoiceId: invoice.content.invoiceId } }]
        : [],
    )
    return accept({ type: 'OrderCancelled', data: { orderId, reason } }, ...drafts)
  },
  answer: (events) => ({ draftsDiscarded: Math.max(events.length - 1, 0) }),
})
