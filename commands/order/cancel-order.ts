import { z } from 'zod'
import type { Folio } from '../../src/aggregates/folio.js'
import type { OpenOrder } from '../../src/aggregates/order.js'
import { draftInvoicesOf } from '../../src/aggregates/order-documents.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { documentIdSchema, text } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { notesOnCancellation } from './proposed-notes.js'

/**
 * Posts nothing: drafts of invoices and planned deliveries are discarded, nothing more of the order is invoiced, shipped
 * or marked as paid, and over what was invoiced a draft credit note is proposed (L2, L15).
 */
export const cancelOrder = folioCommand({
  name: 'cancel-order',
  area: 'order',
  summary: 'Cancels what of an order is not invoiced yet, and proposes credit notes over the rest',
  rows: ['L2', 'L15'],
  input: z.strictObject({ orderId: documentIdSchema, reason: text(500) }),
  output: z.strictObject({
    draftsDiscarded: z.int().min(0),
    shipmentsDiscarded: z.int().min(0).describe('Deliveries that were planned.'),
    creditNotes: z
      .array(documentIdSchema)
      .describe('Drafts proposed over what the posted invoices still have to credit.'),
  }),
  document: ({ orderId }) => orderId,
  books: () => DEFAULT_BOOKS,
  decide({ orderId, reason }, context) {
    const { folio } = context
    const { order } = folio
    if (order.status === 'absent' || order.orderId !== orderId) {
      return refuse({ code: 'order_not_found', order: orderId })
    }
    if (order.status === 'cancelled') return accept()
    return accept(
      { type: 'OrderCancelled', data: { orderId, reason } },
      ...discardedDrafts(order, folio),
      ...discardedPlans(folio),
      ...notesOnCancellation(order, reason, context),
    )
  },
  answer: (facts) => ({
    draftsDiscarded: facts.filter(({ type }) => type === 'InvoiceDraftDiscarded').length,
    shipmentsDiscarded: facts.filter(({ type }) => type === 'ShipmentPlanDiscarded').length,
    creditNotes: facts.flatMap((fact) =>
      fact.type === 'CreditNoteDrafted' ? [fact.data.creditNoteId] : [],
    ),
  }),
})

function discardedDrafts(order: OpenOrder, folio: Folio): LedgerFact[] {
  return draftInvoicesOf(order, folio).map(({ content: { invoiceId } }) => ({
    type: 'InvoiceDraftDiscarded',
    data: { invoiceId },
  }))
}

function discardedPlans({ shipments }: Folio): LedgerFact[] {
  return [...shipments.values()].flatMap((shipment): LedgerFact[] =>
    shipment.status === 'planned'
      ? [{ type: 'ShipmentPlanDiscarded', data: { shipmentId: shipment.content.shipmentId } }]
      : [],
  )
}
