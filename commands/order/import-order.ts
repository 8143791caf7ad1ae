import { v5 as uuidv5 } from 'uuid'
import { z } from 'zod'
import { totalsSchema } from '../../src/events/parts.js'
import {
  documentIdSchema,
  instantSchema,
  slugSchema,
  text,
  textOrEmpty,
  uuidSchema,
} from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { currencyRefusal } from '../document-currency.js'
import { HAND_OPENED_NAMESPACE, orderId } from '../document-id.js'
import { BOOKS_RATE, orderInput, orderTotals } from './order-input.js'
import { isSameContent } from './same-content.js'

/**
 * The state of an order as a platform shows it; its folio is UUIDv5(instance, platform order id). The same state again
 * changes nothing, an older one than the one recorded is ignored (L1); the same date with other content is a change.
 */
export const importOrder = folioCommand({
  name: 'import-order',
  area: 'order',
  summary: 'Takes over an order, or its newer state, from a platform',
  rows: ['L1'],
  input: orderInput.extend({
    books: slugSchema.default(DEFAULT_BOOKS),
    instance: uuidSchema.refine((instance) => instance !== HAND_OPENED_NAMESPACE, {
      message: 'is no instance: the names of folios opened by hand begin with it',
    }),
    platformOrderId: text(50),
    modifiedAt: instantSchema,
    status: textOrEmpty(50),
    paymentStatus: textOrEmpty(50),
    totals: totalsSchema
      .optional()
      .describe('As the platform shows them; by our own pricing where it shows none.'),
  }),
  output: z.strictObject({
    orderId: documentIdSchema,
    changed: z.boolean().describe('False: this state, or a newer one, was known already.'),
  }),
  document: () => null,
  opens: ({ instance, platformOrderId }) => uuidv5(platformOrderId, instance),
  books: ({ books }) => books,
  decide(asked, { folio, folioId, books }) {
    const { order } = folio
    if (order.status !== 'absent' && order.platform === null) {
      return refuse({ code: 'folio_has_an_order', order: order.orderId })
    }
    const { books: slug, currency = books.currency, totals, ...content } = asked
    const { lines, storeCredit, giftCertificates, payments } = content
    const foreign = currencyRefusal({ currency, lines }, books, [
      totals?.net,
      totals?.tax,
      totals?.gross,
      storeCredit,
      giftCertificates,
      ...payments.map(({ amount }) => amount),
    ])
    if (foreign !== null) return refuse(foreign)
    const data = {
      ...content,
      currency,
      exchangeRate: BOOKS_RATE,
      books: slug,
      orderId: orderId(folioId),
      totals: totals ?? orderTotals(content.lines, content.prices, books),
    }
    const known = order.status === 'absent' ? null : order.platform
    if (known !== null && data.modifiedAt < known.modifiedAt) return accept()
    if (known !== null && isSameContent(data, known)) return accept()
    return accept({ type: 'OrderImported', data })
  },
  answer: ([imported], folioId) => ({
    orderId: orderId(folioId),
    changed: imported !== undefined,
  }),
})
