import { z } from 'zod'
import { documentIdSchema, text } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { orderId as orderIdOf } from '../document-id.js'

/** Bypasses only the ledger's own *order refunded already*: the store still says what it thinks of it (B6). */
export const setForceRefund = folioCommand({
  name: 'set-force-refund',
  area: 'platform',
  summary: "Sets or clears an order's Force Refund, with a reason",
  rows: ['B6'],
  input: z.strictObject({
    orderId: documentIdSchema,
    forceRefund: z.boolean(),
    reason: text(500),
  }),
  output: z.strictObject({ orderId: documentIdSchema, changed: z.boolean() }),
  document: ({ orderId }) => orderId,
  books: () => DEFAULT_BOOKS,
  decide({ orderId, forceRefund, reason }, { folio, principal }) {
    const { order } = folio
    if (order.status === 'absent' || order.orderId !== orderId) {
      return refuse({ code: 'order_not_found', order: orderId })
    }
    if (order.platform === null) return refuse({ code: 'order_not_on_platform', order: orderId })
    if (folio.forceRefund === forceRefund) return accept()
    const data = { orderId, forceRefund, reason, by: principal }
    return accept({ type: 'ForceRefundSet', data })
  },
  answer: (facts, folioId) => ({ orderId: orderIdOf(folioId), changed: facts.length > 0 }),
})
