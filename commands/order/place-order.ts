import { z } from 'zod'
import { documentIdSchema, slugSchema } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { currencyRefusal } from '../document-currency.js'
import { orderId } from '../document-id.js'
import { firstFact } from '../first-fact.js'
import { BOOKS_RATE, orderInput, orderTotals } from './order-input.js'

/** An order entered by hand opens a folio (L1). */
export const placeOrder = folioCommand({
  name: 'place-order',
  area: 'order',
  summary: 'Places an order by hand',
  rows: ['L1'],
  input: orderInput.extend({ books: slugSchema.default(DEFAULT_BOOKS) }),
  output: z.strictObject({ orderId: documentIdSchema }),
  document: () => null,
  books: ({ books }) => books,
  decide(asked, { folio, folioId, books }) {
    if (folio.order.status !== 'absent') {
      return refuse({ code: 'folio_has_an_order', order: folio.order.orderId })
    }
    const { books: slug, currency = books.currency, ...content } = asked
    const { lines, storeCredit, giftCertificates, payments } = content
    const foreign = currencyRefusal({ currency, lines }, books, [
      storeCredit,
      giftCertificates,
      ...payments.map(({ amount }) => amount),
    ])
    if (foreign !== null) return refuse(foreign)
    return accept({
      type: 'OrderPlaced',
      data: {
        ...content,
        currency,
        exchangeRate: BOOKS_RATE,
        books: slug,
        orderId: orderId(folioId),
        totals: orderTotals(content.lines, content.prices, books),
      },
    })
  },
  answer: (facts) => ({ orderId: firstFact(facts, 'OrderPlaced').data.orderId }),
})
