import { z } from 'zod'
import { documentIdSchema, slugSchema } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { orderId } from '../document-id.js'
import { firstFact } from '../first-fact.js'
import { orderCurrency, orderInput, orderTotals } from './order-input.js'

/** An order entered by hand opens a folio (L1). */
export const placeOrder = folioCommand({
  name: 'place-order',
  area: 'order',
  summary: 'Places an order by hand',
  rows: ['L1', 'L20'],
  input: orderInput.extend({ books: slugSchema.default(DEFAULT_BOOKS) }),
  output: z.strictObject({ orderId: documentIdSchema }),
  document: () => null,
  books: ({ books }) => books,
  decide(asked, { folio, folioId, books }) {
    if (folio.order.status !== 'absent') {
      return refuse({ code: 'folio_has_an_order', order: folio.order.orderId })
    }
    const { books: slug, ...content } = asked
    const currency = orderCurrency(content, books)
    if ('code' in currency) return refuse(currency)
    const { lines, prices } = content
    const terms = { prices, rounding: books.rounding, currency: currency.currency }
    return accept({
      type: 'OrderPlaced',
      data: {
        ...content,
        ...currency,
        books: slug,
        orderId: orderId(folioId),
        totals: orderTotals(lines, terms),
      },
    })
  },
  answer: (facts) => ({ orderId: firstFact(facts, 'OrderPlaced').data.orderId }),
})
