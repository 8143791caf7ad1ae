import { describe, expect, test } from 'vitest'
import { priceDocument } from '../../../src/aggregates/pricing.js'
import { contactSchema, lineSchema } from '../../../src/events/parts.js'
import { orderContentSchema } from '../../../src/events/order-events.js'
import type { PlatformOrder } from '../../../src/platforms/platform.js'
import { sending, storeWith, within } from '../support/open-store.js'
import { json, noContent, routes, text } from '../support/store-server.js'
import {
  cost,
  orderRoutes,
  wireAddress,
  wireOrder,
  type WireParts,
  wireProduct,
  wireTax,
  wireTransaction,
} from '../support/wire-order.js'

async function read(parts: WireParts): Promise<PlatformOrder> {
  const { store } = await storeWith(orderRoutes(parts))
  const answer = await store.readOrder('100', within())
  if (answer.outcome === 'failed') throw new Error(`${answer.reason}: ${answer.detail}`)
  if (answer.value === null) throw new Error('no order')
  return answer.value
}

/** What the ledger itself reckons from the lines. */
function ledgerTotals({ lines, prices, currency }: PlatformOrder) {
  const ledgerLines = lines.map(({ platformLine: _, ...line }) => lineSchema.parse(line))
  return priceDocument(ledgerLines, { prices, rounding: 'per_line', currency }).totals
}

const usd = (amount: string) => ({ amount, currency: 'USD' })

const taxedOnTop: WireParts = {
  order: wireOrder({ ...cost('total', '25.0000', '27.0000'), payment_status: 'captured' }),
  products: [
    wireProduct({
      quantity: 2,
      ...cost('price', '10.0000', '11.0000'),
      ...cost('total', '20.0000', '22.0000'),
    }),
  ],
  addresses: [wireAddress(cost('cost', '5.0000', '5.0000'))],
  taxes: [wireTax({ order_product_id: '1', line_amount: '2.0000' })],
  transactions: [wireTransaction({ amount: 27 })],
}

const CAPTURE = { order: '100', amount: usd('1.00'), reference: 'ref:abc' }

describe('an order', () => {
  test('is as every order is', async () => {
    expect(await read(taxedOnTop)).toEqual({
      order: '100',
      number: '100',
      placedAt: '2018-01-10T21:05:30.000Z',
      modifiedAt: '2018-12-05T20:16:55.000Z',
      status: 'Awaiting Fulfillment',
      paymentStatus: 'captured',
      customer: '11',
      billTo: {
        name: 'Jane Doe',
        address: '455 Main Street, Austin Texas 78751',
        email: 'jane@example.com',
        phone: '555-123-4567',
        country: 'US',
      },
      shipTo: expect.objectContaining({ name: 'Jane Doe' }),
      paymentMethod: 'Credit Card',
      gateway: 'stripe',
      currency: 'USD',
      exchangeRate: null,
      prices: 'tax_excluded',
      lines: [
        {
          kind: 'item',
          platformLine: '1',
          sku: 'TOWEL',
          description: 'Towel',
          quantity: '2',
          unitPrice: '10',
          tax: { code: 'Sales Tax', ratePercent: '10' },
          platformTax: usd('2.00'),
        },
        {
          kind: 'shipping',
          platformLine: '51',
          description: 'Flat rate',
          quantity: '1',
          unitPrice: '5',
          tax: { code: 'No tax', ratePercent: '0', reason: 'The store charged no tax' },
          platformTax: usd('0.00'),
        },
      ],
      totals: { net: usd('25.00'), tax: usd('2.00'), gross: usd('27.00') },
      storeCredit: usd('0.00'),
      giftCertificates: usd('0.00'),
      payments: [
        {
          method: 'credit_card',
          gateway: 'stripe',
          transaction: 'ch_1',
          storeTransaction: '1',
          amount: usd('27.00'),
          isOffline: false,
        },
      ],
      isRepaired: false,
      isRounded: false,
    })
  })

  test('fits into what the ledger takes', async () => {
    const order = await read(taxedOnTop)
    const lines = order.lines.map(({ platformLine: _, ...line }) => line)
    expect(lineSchema.array().parse(lines)).toEqual(lines)
    expect(contactSchema.parse(order.billTo)).toEqual(order.billTo)
    const payments = order.payments.map(
      ({ isOffline: _, storeTransaction: _id, transaction, ...payment }) =>
        transaction === null ? payment : { ...payment, transaction },
    )
    expect(orderContentSchema.shape.payments.parse(payments)).toEqual(payments)
    expect(ledgerTotals(order)).toEqual(order.totals)
  })

  test('is asked for with everything that hangs on it, once, and once more at the end', async () => {
    const { store, server } = await storeWith(orderRoutes(taxedOnTop))
    await store.readOrder('100', within())
    const paths = server.asked.map(({ path }) => path)
    expect([paths[0], paths.at(-1)]).toEqual(Array(2).fill('/v2/orders/100?include=fees'))
    expect(paths.slice(1, -1).sort()).toEqual([
      '/v2/orders/100/products?page=1&limit=250',
      '/v2/orders/100/shipping_addresses?page=1&limit=250',
      '/v2/orders/100/taxes?details=true&page=1&limit=250',
      '/v3/orders/100/transactions?page=1&limit=250',
    ])
  })

  test('that there is none of is null, whatever its id', async () => {
    const { store, server } = await storeWith(routes({}))
    expect(await store.readOrder('404', within())).toEqual({ outcome: 'read', value: null })
    expect(await store.payment('404', within())).toEqual({ outcome: 'read', value: null })
    expect(server.asked).toHaveLength(2)
    for (const id of ['', '0', '../store', '1?x', '1/products', '-1', 'x']) {
      expect(await store.readOrder(id, within())).toEqual({ outcome: 'read', value: null })
    }
    expect(server.asked).toHaveLength(2)
  })

  test('is not missed because a page of somebody else says 404', async () => {
    const page = { 'content-type': 'text/html' }
    const { store } = await storeWith(text(404, '<h1>Not Found</h1>', page))
    const read = await store.readOrder('100', within())
    expect(read).toMatchObject({ outcome: 'failed', reason: 'not_understood', status: 404 })
    expect(await store.recordCapture(CAPTURE, sending())).toMatchObject({
      outcome: 'refused',
      reason: 'not_found',
    })
  })

  test('of which one part fails, fails as that part does', async () => {
    const answer = orderRoutes(taxedOnTop)
    const { store } = await storeWith((response, asked) => {
      if (asked.path.includes('/taxes'))
        json(403, [{ status: 403, message: 'No.' }])(response, asked)
      else answer(response, asked)
    })
    expect(await store.readOrder('100', within())).toMatchObject({
      outcome: 'failed',
      reason: 'not_authorised',
      detail: 'No.',
    })
  })

  test('that another one is answered for is not understood', async () => {
    const { store } = await storeWith(
      orderRoutes({ ...taxedOnTop, order: { ...taxedOnTop.order, id: 101 } }),
    )
    expect(await store.readOrder('100', within())).toMatchObject({ reason: 'not_understood' })
  })
})

describe('an order that changes while it is read', () => {
  /** Its date moves with each of the first changes. */
  async function changing(changes: number) {
    let reads = 0
    const { store, server } = await storeWith((response, asked) => {
      if (!asked.path.startsWith('/v2/orders/100?')) {
        orderRoutes(taxedOnTop)(response, asked)
        return
      }
      reads += 1
      const second = `${10 + Math.min(reads, changes)}`
      const date_modified = `Wed, 05 Dec 2018 20:16:${second} +0000`
      json(200, { ...taxedOnTop.order, date_modified })(response, asked)
    })
    return { answer: await store.readOrder('100', within()), asked: server.asked.length }
  }

  test('is read again from its beginning', async () => {
    const { answer } = await changing(3)
    expect(answer).toMatchObject({ value: { modifiedAt: '2018-12-05T20:16:13.000Z' } })
  })

  test('is given up where it goes on', async () => {
    const { answer, asked } = await changing(100)
    expect(answer).toMatchObject({ outcome: 'failed', reason: 'unavailable' })
    expect(asked).toBe(3 * 6)
  })
})

describe('lines, taxes and discounts come to the total', () => {
  test('prices with their tax in', async () => {
    const order = await read({
      order: wireOrder({
        ...cost('total', '10.9091', '12.0000'),
        is_tax_inclusive_pricing: true,
      }),
      products: [
        wireProduct({
          quantity: 3,
          ...cost('price', '3.0303', '3.3333'),
          ...cost('total', '9.0909', '10.0000'),
        }),
      ],
      addresses: [wireAddress(cost('cost', '1.8182', '2.0000'))],
      taxes: [
        wireTax({ order_product_id: '1', line_amount: '0.9091' }),
        wireTax({ line_item_type: 'shipping', line_amount: '0.1818' }),
      ],
    })
    expect(order.prices).toBe('tax_included')
    expect(
      order.lines.map(({ unitPrice, platformTax }) => [unitPrice, platformTax.amount]),
    ).toEqual([
      ['3.3333', '0.91'],
      ['2', '0.18'],
    ])
    expect(ledgerTotals(order)).toEqual(order.totals)
    expect(order.totals).toEqual({ net: usd('10.91'), tax: usd('1.09'), gross: usd('12.00') })
    // 10.9091 is ten dollars ninety-one and a part that no dollar has.
    expect(order.isRounded).toBe(true)
  })

  const discounted = (given: object, products: object): WireParts => ({
    order: wireOrder({ ...cost('total', '27.0000', '29.7000'), ...given }),
    products: [
      wireProduct({
        quantity: 2,
        ...cost('price', '10.0000', '11.0000'),
        ...cost('total', '20.0000', '22.0000'),
        ...products,
      }),
      wireProduct({
        id: 2,
        sku: '',
        name: 'Mug',
        ...cost('price', '10.0000', '11.0000'),
        ...cost('total', '10.0000', '11.0000'),
        ...(products === NAMED ? { discounted_total_inc_tax: '9.9000' } : {}),
      }),
    ],
    taxes: [
      wireTax({ order_product_id: '1', line_amount: '1.8000' }),
      wireTax({ order_product_id: '2', line_amount: '0.9000' }),
    ],
  })
  const NAMED = { discounted_total_inc_tax: '19.8000' }

  test('discounts that name their line', async () => {
    const order = await read(
      discounted({}, { applied_discounts: [{ amount: '1.0000' }, { amount: 2 }] }),
    )
    expect(order.lines.map(({ discount }) => discount)).toEqual([usd('3.00'), undefined])
    expect(ledgerTotals(order)).toEqual(order.totals)
  })

  test('what is paid for a line in the end, where the discounts that name it do not fit', async () => {
    const order = await read(discounted({}, NAMED))
    expect(order.lines.map(({ discount }) => discount)).toEqual([usd('2.00'), usd('1.00')])
    expect(ledgerTotals(order)).toEqual(order.totals)
  })

  test('discounts of the order are shared out among its goods', async () => {
    const order = await read(
      discounted({ discount_amount: '1.0000', coupon_discount: '2.0000' }, {}),
    )
    expect(order.lines.map(({ discount }) => discount)).toEqual([usd('2.00'), usd('1.00')])
    expect(ledgerTotals(order)).toEqual(order.totals)
  })

  test('beyond the goods they are shared out among all', async () => {
    const order = await read({
      order: wireOrder({ ...cost('total', '0.0000', '0.0000'), coupon_discount: '15.0000' }),
      products: [
        wireProduct({
          ...cost('price', '10.0000', '10.0000'),
          ...cost('total', '10.0000', '10.0000'),
        }),
      ],
      addresses: [wireAddress(cost('cost', '5.0000', '5.0000'))],
    })
    expect(order.lines.map(({ discount }) => discount)).toEqual([usd('10.00'), usd('5.00')])
    expect(ledgerTotals(order)).toEqual(order.totals)
  })

  test('what nothing explains is left as it is', async () => {
    const order = await read(
      discounted(cost('total', '26.4900', '29.1900'), {
        applied_discounts: [{ amount: '3.0000' }],
      }),
    )
    expect(order.lines.map(({ discount }) => discount)).toEqual([usd('3.00'), undefined])
    expect(ledgerTotals(order).net).toEqual(usd('27.00'))
    expect(order.totals.net).toEqual(usd('26.49'))
  })

  test('shipping and handling of each address, wrapping of each product, and fees', async () => {
    const order = await read({
      order: wireOrder({
        ...cost('total', '58.0000', '63.8000'),
        wrapping_cost_ex_tax: '6.0000',
        fees: [
          { id: 9, display_name_merchant: 'Insurance', ...cost('cost', '12.0000', '13.2000') },
        ],
      }),
      products: [
        wireProduct({
          quantity: 2,
          ...cost('price', '10.0000', '11.0000'),
          ...cost('total', '20.0000', '22.0000'),
          wrapping_name: 'Ribbon',
          ...cost('wrapping_cost', '6.0000', '6.6000'),
        }),
        wireProduct({
          id: 2,
          order_address_id: 52,
          ...cost('price', '10.0000', '11.0000'),
          ...cost('total', '10.0000', '11.0000'),
        }),
      ],
      addresses: [
        wireAddress({
          ...cost('cost', '4.0000', '4.4000'),
          ...cost('handling_cost', '1.0000', '1.1000'),
        }),
        wireAddress({ id: 52, shipping_method: '', ...cost('cost', '5.0000', '5.5000') }),
      ],
      taxes: [
        wireTax({ order_product_id: '1', line_amount: '2.0000' }),
        wireTax({ order_product_id: '2', line_amount: '1.0000', order_address_id: 52 }),
        wireTax({ line_item_type: 'gift-wrapping', line_amount: '0.6000' }),
        // An automatic tax names no address.
        wireTax({ line_item_type: 'shipping', line_amount: '0.9000', order_address_id: undefined }),
        wireTax({ line_item_type: 'handling', order_product_id: '1', line_amount: '0.1000' }),
      ],
    })
    expect(
      order.lines.map((line) => [
        line.kind,
        line.platformLine,
        line.description,
        line.quantity,
        line.unitPrice,
        line.platformTax.amount,
        line.tax.ratePercent,
      ]),
    ).toEqual([
      ['item', '1', 'Towel', '2', '10', '2.00', '10'],
      ['wrapping', '1', 'Ribbon', '2', '3', '0.60', '10'],
      ['item', '2', 'Towel', '1', '10', '1.00', '10'],
      ['shipping', '51', 'Flat rate', '1', '4', '0.40', '10'],
      ['handling', '51', 'Handling', '1', '1', '0.10', '10'],
      ['shipping', '52', 'Shipping', '1', '5', '0.50', '10'],
      ['fee', '9', 'Insurance', '1', '12', '1.20', '10'],
    ])
    expect(ledgerTotals(order)).toEqual(order.totals)
  })

  test('wrapping whose cost is that of one piece, as the order says', async () => {
    const order = await read({
      order: wireOrder({ ...cost('total', '26.0000', '26.0000'), wrapping_cost_ex_tax: '6.0000' }),
      products: [
        wireProduct({
          quantity: 2,
          ...cost('price', '10.0000', '10.0000'),
          ...cost('total', '20.0000', '20.0000'),
          ...cost('wrapping_cost', '3.0000', '3.0000'),
        }),
      ],
    })
    expect(order.lines[1]).toMatchObject({ kind: 'wrapping', quantity: '2', unitPrice: '3' })
    expect(ledgerTotals(order)).toEqual(order.totals)
  })

  test('a digital order has its costs on itself', async () => {
    const order = await read({
      order: wireOrder({
        ...cost('total', '12.0000', '12.0000'),
        ...cost('handling_cost', '2.0000', '2.0000'),
      }),
      products: [
        wireProduct({
          type: 'digital',
          order_address_id: 0,
          ...cost('price', '10.0000', '10.0000'),
          ...cost('total', '10.0000', '10.0000'),
        }),
      ],
    })
    expect(order.shipTo).toBeNull()
    expect(order.lines[1]).toMatchObject({ kind: 'handling', platformLine: 'order' })
    expect(ledgerTotals(order)).toEqual(order.totals)
  })

  test('a gift certificate that is sold, and what was paid with credit and another one', async () => {
    const order = await read({
      order: wireOrder({
        ...cost('total', '50.0000', '50.0000'),
        payment_status: 'captured',
        store_credit_amount: '10.0000',
        gift_certificate_amount: '15.0000',
      }),
      products: [
        wireProduct({
          type: 'giftcertificate',
          order_address_id: 0,
          ...cost('price', '50.0000', '50.0000'),
          ...cost('total', '50.0000', '50.0000'),
        }),
      ],
      transactions: [
        wireTransaction({ amount: 25 }),
        wireTransaction({ id: 2, method: 'store_credit', gateway: 'storecredit', amount: 10 }),
        wireTransaction({ id: 3, method: 'gift_certificate', amount: 15 }),
      ],
    })
    expect(order.lines[0]).toMatchObject({
      kind: 'gift_certificate',
      tax: { code: 'No tax', ratePercent: '0', reason: expect.stringContaining('certificate') },
    })
    expect([order.storeCredit, order.giftCertificates]).toEqual([usd('10.00'), usd('15.00')])
    expect(order.payments.map(({ amount }) => amount)).toEqual([usd('25.00')])
  })

  test('tenths of cents of many lines add up to the tax of the order', async () => {
    const lines = [1, 2, 3, 4, 5, 6, 7]
    const order = await read({
      order: wireOrder(cost('total', '7.7700', '8.4175')),
      products: lines.map((id) =>
        wireProduct({
          id,
          ...cost('price', '1.1100', '1.2025'),
          ...cost('total', '1.1100', '1.2025'),
        }),
      ),
      taxes: lines.map((id) =>
        wireTax({ order_product_id: `${id}`, rate: '8.3333', line_amount: '0.0925' }),
      ),
    })
    expect(order.lines.map(({ platformTax }) => platformTax.amount).sort()).toEqual([
      '0.09',
      '0.09',
      '0.09',
      '0.09',
      '0.09',
      '0.10',
      '0.10',
    ])
    expect(order.totals.tax).toEqual(usd('0.65'))
    expect(ledgerTotals(order).tax).toEqual(usd('0.65'))
    expect(order.isRounded).toBe(true)
  })
})

describe('the tax of a line', () => {
  const withTaxes = (taxes: readonly object[], given: object = {}) =>
    read({
      order: wireOrder(cost('total', '10.0000', '11.2500')),
      products: [
        wireProduct({
          ...cost('price', '10.0000', '11.2500'),
          ...cost('total', '10.0000', '11.2500'),
          ...given,
        }),
      ],
      taxes: taxes.map((tax) => wireTax({ order_product_id: '1', ...tax })),
    })

  test('is of several taxes together', async () => {
    const order = await withTaxes([
      { name: 'State', rate: '10.0000', line_amount: '1.0000' },
      { name: 'County', rate: '2.5000', line_amount: '0.2500' },
    ])
    expect(order.lines[0]?.tax).toEqual({ code: 'State + County', ratePercent: '12.5' })
    expect(order.lines[0]?.platformTax).toEqual(usd('1.25'))
  })

  test('without details is the line’s own, at the rate that comes to it', async () => {
    const order = await withTaxes([])
    expect(order.lines[0]?.tax).toEqual({ code: 'Tax', ratePercent: '12.5' })
    expect(order.lines[0]?.platformTax).toEqual(usd('1.25'))
  })

  test('has the name of the only tax of the order, where its details name no line', async () => {
    const order = await withTaxes([
      { order_product_id: null, line_item_type: null, line_amount: '1.2500', name: 'VAT' },
    ])
    expect(order.lines[0]?.tax).toEqual({ code: 'VAT', ratePercent: '12.5' })
  })

  test('that was not charged says so', async () => {
    const order = await read({
      order: wireOrder(cost('total', '10.0000', '10.0000')),
      products: [
        wireProduct({
          ...cost('price', '10.0000', '10.0000'),
          ...cost('total', '10.0000', '10.0000'),
        }),
      ],
      taxes: [wireTax({ order_product_id: '1', line_amount: '0.0000' })],
    })
    expect(order.lines[0]?.tax).toEqual({
      code: 'Sales Tax',
      ratePercent: '0',
      reason: 'The store charged no Sales Tax',
    })
  })

  test('of what costs nothing is that of the other lines', async () => {
    const free = { ...cost('price', '0.0000', '0.0000'), ...cost('total', '0.0000', '0.0000') }
    const order = await read({
      order: wireOrder(cost('total', '10.0000', '11.0000')),
      products: [
        wireProduct({
          ...cost('price', '10.0000', '11.0000'),
          ...cost('total', '10.0000', '11.0000'),
        }),
        wireProduct({ id: 2, ...free }),
      ],
      taxes: [wireTax({ order_product_id: '1', line_amount: '1.0000' })],
    })
    expect(order.lines[1]?.tax).toEqual({ code: 'Sales Tax', ratePercent: '10' })
  })
})

describe('money that the store has', () => {
  const paid = (order: object, transactions: readonly object[] = []) =>
    read({
      order: wireOrder({ ...cost('total', '30.0000', '30.0000'), ...order }),
      products: [
        wireProduct({
          ...cost('price', '30.0000', '30.0000'),
          ...cost('total', '30.0000', '30.0000'),
        }),
      ],
      transactions: transactions.map((transaction) => wireTransaction({ ...transaction })),
    }).then(({ payments }) => payments)

  test('is what was bought or captured, went well and was no test', async () => {
    const payments = await paid({}, [
      { id: 1, event: 'purchase', amount: 10 },
      { id: 2, event: 'capture', amount: 5.5, gateway_transaction_id: '' },
      { id: 3, event: 'capture', method: 'offline', gateway: 'custom', amount: '4.00' },
      { id: 4, event: 'authorization', amount: 1 },
      { id: 5, event: 'refund', amount: 1 },
      { id: 6, event: 'void', amount: 1 },
      { id: 7, event: 'pending', amount: 1 },
      { id: 8, event: 'settled', amount: 1 },
      { id: 9, status: 'error', amount: 1 },
      { id: 10, test: true, amount: 1 },
    ])
    expect(
      payments.map(({ transaction, amount, isOffline }) => [transaction, amount.amount, isOffline]),
    ).toEqual([
      ['ch_1', '10.00', false],
      ['2', '5.50', false],
      ['ch_1', '4.00', true],
    ])
  })

  test.each(['captured', 'paid', 'Refunded', 'partially refunded'])(
    'is what it asked for where no gateway lists it and the order is %s',
    async (payment_status) => {
      const payments = await paid({
        payment_status,
        payment_method: 'Test Payment Gateway',
        store_credit_amount: '4.0000',
        gift_certificate_amount: '1.0000',
      })
      expect(payments).toEqual([
        {
          method: 'Test Payment Gateway',
          gateway: 'Test Payment Gateway',
          transaction: null,
          storeTransaction: null,
          amount: usd('25.00'),
          isOffline: false,
        },
      ])
    },
  )

  test('is offline where the method is one of those that the platform only notes', async () => {
    const [payment] = await paid({ payment_status: 'paid', payment_method: 'Bank Deposit' })
    expect(payment).toMatchObject({ gateway: 'Bank Deposit', isOffline: true })
  })

  test.each(['', 'authorized', 'pending', 'declined', 'void', 'capture pending'])(
    'is none where no gateway lists any and the order is %j',
    async (payment_status) => {
      expect(await paid({ payment_status })).toEqual([])
    },
  )

  test('is none where credit of the store paid for it all', async () => {
    expect(await paid({ payment_status: 'captured', store_credit_amount: '30.0000' })).toEqual([])
  })

  test('in another currency than the order is not understood', async () => {
    await expect(paid({}, [{ amount: 10, currency: 'EUR' }])).rejects.toThrow(/is in EUR/)
  })
})

describe('currencies', () => {
  test('the rate is how much of the store’s one unit of the order’s is', async () => {
    const order = await read({
      order: wireOrder({
        ...cost('total', '3.0000', '3.0000'),
        default_currency_code: 'EUR',
        store_default_to_transactional_exchange_rate: '0.8000000000',
      }),
      products: [
        wireProduct({ ...cost('price', '3.0000', '3.0000'), ...cost('total', '3.0000', '3.0000') }),
      ],
    })
    expect(order.currency).toBe('EUR')
    expect(order.exchangeRate).toEqual({ currency: 'USD', rate: '1.25' })
    expect(order.totals.gross).toEqual({ amount: '3.00', currency: 'EUR' })
  })

  test.each([
    ['JPY', '1000.0000', '1000'],
    ['KWD', '1.2340', '1.234'],
  ])('%s has digits of its own', async (default_currency_code, wire, amount) => {
    const order = await read({
      order: wireOrder({ ...cost('total', wire, wire), default_currency_code }),
      products: [wireProduct({ ...cost('price', wire, wire), ...cost('total', wire, wire) })],
    })
    expect(order.totals.gross).toEqual({ amount, currency: default_currency_code })
    expect(order.isRounded).toBe(false)
    expect(ledgerTotals(order)).toEqual(order.totals)
  })

  test('one that there is none of is not understood', async () => {
    await expect(
      read({
        order: wireOrder({ ...cost('total', '1.0000', '1.0000'), default_currency_code: 'ZZZ' }),
      }),
    ).rejects.toThrow(/not_understood: default_currency_code/)
  })
})

describe('texts', () => {
  const named = (name: string) =>
    read({
      order: wireOrder(cost('total', '1.0000', '1.0000')),
      products: [
        wireProduct({
          name,
          ...cost('price', '1.0000', '1.0000'),
          ...cost('total', '1.0000', '1.0000'),
        }),
      ],
    })

  test.each([
    ['half of a character', 'a\ud83d', 'a\ufffd'],
    ['a character that no database takes', 'a\u0000b', 'ab'],
    ['too long', `${'x'.repeat(499)}😀`, 'x'.repeat(499)],
  ])('%s is mended, and the order says so', async (_what, name, description) => {
    const order = await named(name)
    expect(order.lines[0]?.description).toBe(description)
    expect(order.isRepaired).toBe(true)
  })

  test('of which none was mended say nothing', async () => {
    expect(await named('Zwölf Boxkämpfer 😀')).toMatchObject({ isRepaired: false })
  })
})

test('lists of more than a page are read to their end', async () => {
  const answer = orderRoutes(taxedOnTop)
  const product = (id: number) =>
    wireProduct({ id, ...cost('price', '1.0000', '1.0000'), ...cost('total', '1.0000', '1.0000') })
  const { store } = await storeWith((response, asked) => {
    if (asked.path.includes('/products?page=1&')) {
      json(
        200,
        Array.from({ length: 250 }, (_, index) => product(index + 1)),
      )(response, asked)
    } else if (asked.path.includes('/products?page=2&')) {
      json(200, [product(251)])(response, asked)
    } else if (asked.path.includes('/transactions')) {
      const page = asked.path.includes('page=1') ? 1 : 2
      const pagination = { current_page: page, total_pages: 2 }
      json(200, { data: [wireTransaction({ id: page, amount: page })], meta: { pagination } })(
        response,
        asked,
      )
    } else answer(response, asked)
  })
  const read = await store.readOrder('100', within())
  if (read.outcome === 'failed' || read.value === null) throw new Error('no order')
  expect(read.value.lines.filter(({ kind }) => kind === 'item')).toHaveLength(251)
  expect(read.value.payments.map(({ amount }) => amount.amount)).toEqual(['1.00', '2.00'])
})

test('changed orders are asked for since an instant, the one longest unchanged first', async () => {
  const { store, server } = await storeWith((response, asked) => {
    const isLast = asked.path.includes('page=2')
    const orders = [
      { id: 7, date_modified: 'Tue, 20 Nov 2012 00:00:00 +0000' },
      { id: '8', date_modified: '2012-11-20T01:00:00+01:00' },
    ]
    if (asked.path.includes('page=3')) noContent(response, asked)
    else json(200, isLast ? orders.slice(0, 1) : orders)(response, asked)
  })
  const ask = (page: number) =>
    store.changedOrders({ since: '2012-11-19T23:59:59.999Z', page, pageSize: 2 }, within())
  expect(await ask(1)).toEqual({
    outcome: 'read',
    value: {
      orders: [
        { order: '7', modifiedAt: '2012-11-20T00:00:00.000Z' },
        { order: '8', modifiedAt: '2012-11-20T00:00:00.000Z' },
      ],
      isLast: false,
    },
  })
  expect(await ask(2)).toMatchObject({ value: { isLast: true } })
  expect(await ask(3)).toEqual({ outcome: 'read', value: { orders: [], isLast: true } })
  expect(server.asked[0]?.path).toBe(
    '/v2/orders?min_date_modified=Mon%2C%2019%20Nov%202012%2023%3A59%3A59%20%2B0000' +
      '&sort=date_modified%3Aasc&page=1&limit=2',
  )
})
