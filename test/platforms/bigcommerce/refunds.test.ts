import { describe, expect, test } from 'vitest'
import type { RefundItem, RefundRequest } from '../../../src/platforms/platform.js'
import { sending, storeWith, within } from '../support/open-store.js'
import { json, noContent, text } from '../support/store-server.js'

const usd = (amount: string) => ({ amount, currency: 'USD' })

const ITEMS: readonly RefundItem[] = [
  { kind: 'item', platformLine: '1', quantity: 2 },
  { kind: 'item', platformLine: '2', quantity: 1, lessBy: usd('10.20') },
  { kind: 'wrapping', platformLine: '1', quantity: 2 },
  { kind: 'shipping', platformLine: '51', amount: usd('5.00') },
  { kind: 'handling', platformLine: '51', amount: usd('1.50') },
  { kind: 'fee', platformLine: '9', amount: usd('0.10') },
  { kind: 'order', amount: usd('80.35') },
]

const WIRE_ITEMS = [
  { item_type: 'PRODUCT', item_id: 1, quantity: 2 },
  {
    item_type: 'PRODUCT',
    item_id: 2,
    quantity: 1,
    adjustments: [{ amount: -10.2, description: 'Refunded for less' }],
  },
  { item_type: 'GIFT_WRAPPING', item_id: 1, quantity: 2 },
  { item_type: 'SHIPPING', item_id: 51, amount: 5 },
  { item_type: 'HANDLING', item_id: 51, amount: 1.5 },
  { item_type: 'FEE', item_id: 9, amount: 0.1 },
  { item_type: 'ORDER', item_id: 100, amount: 80.35 },
]

const QUOTE = {
  order_id: 100,
  total_refund_amount: 119.35,
  total_refund_tax_amount: 9.35,
  rounding: 0,
  adjustment: 0,
  tax_inclusive: true,
  refund_methods: [
    [
      {
        provider_id: 'storecredit',
        provider_description: 'Store Credit',
        amount: 119.35,
        offline: false,
      },
    ],
    [
      {
        provider_id: 'bankdeposit',
        provider_description: 'Bank Deposit',
        amount: 80.35,
        offline: true,
      },
      {
        provider_id: 'storecredit',
        provider_description: 'Store Credit',
        amount: 39,
        offline: false,
      },
    ],
  ],
}

const REFUND = {
  id: 12,
  order_id: 100,
  user_id: 0,
  created: '2026-06-16T16:44:15+02:00',
  reason: '',
  total_amount: 50,
  total_tax: -5.5,
  uses_merchant_override_values: false,
  items: [
    {
      item_type: 'PRODUCT',
      item_id: 87,
      quantity: 1,
      reason: 'Torn ref:abc',
      requested_amount: null,
    },
    { item_type: 'SHIPPING', item_id: 51, reason: 'Torn ref:abc', requested_amount: '10.00' },
    { item_type: 'TAX', item_id: 51, requested_amount: 1.5 },
  ],
  payments: [
    {
      id: 13,
      provider_id: 'stripe',
      amount: 50,
      offline: false,
      is_declined: true,
      declined_message: 'No.',
    },
    {
      id: 14,
      provider_id: 'custom',
      amount: 0,
      offline: true,
      is_declined: false,
      declined_message: '',
    },
  ],
}

const READ_REFUND = {
  refund: '12',
  order: '100',
  createdAt: '2026-06-16T14:44:15.000Z',
  reasons: ['Torn ref:abc'],
  total: usd('50.00'),
  tax: usd('-5.50'),
  items: [
    { kind: 'item', platformLine: '87', quantity: 1, amount: null },
    { kind: 'shipping', platformLine: '51', quantity: null, amount: usd('10.00') },
    { kind: 'other', platformLine: '51', quantity: null, amount: usd('1.50') },
  ],
  payments: [
    {
      provider: 'stripe',
      description: '',
      amount: usd('50.00'),
      isOffline: false,
      isDeclined: true,
      declinedMessage: 'No.',
    },
    {
      provider: 'custom',
      description: '',
      amount: usd('0.00'),
      isOffline: true,
      isDeclined: false,
      declinedMessage: null,
    },
  ],
}

const REQUEST: RefundRequest = {
  order: '100',
  currency: 'USD',
  items: ITEMS,
  reason: 'Torn ref:abc',
  payments: [{ provider: 'stripe', description: 'Stripe', amount: usd('50.00'), isOffline: false }],
  override: null,
}

const quoteOf = (given: object = {}) => json(201, { data: { ...QUOTE, ...given }, meta: {} })
const asked = { order: '100', currency: 'USD', items: ITEMS }

describe('a quote', () => {
  test('is asked for line by line, and gives each complete way to pay', async () => {
    const { store, server } = await storeWith(quoteOf())
    expect(await store.quoteRefund(asked, within())).toEqual({
      outcome: 'read',
      value: {
        total: usd('119.35'),
        tax: usd('9.35'),
        methods: [
          [
            {
              provider: 'storecredit',
              description: 'Store Credit',
              amount: usd('119.35'),
              isOffline: false,
            },
          ],
          [
            {
              provider: 'bankdeposit',
              description: 'Bank Deposit',
              amount: usd('80.35'),
              isOffline: true,
            },
            {
              provider: 'storecredit',
              description: 'Store Credit',
              amount: usd('39.00'),
              isOffline: false,
            },
          ],
        ],
      },
    })
    const [request] = server.asked
    expect(`${request?.method} ${request?.path}`).toBe(
      'POST /v3/orders/100/payment_actions/refund_quotes',
    )
    expect(JSON.parse(request?.body ?? '')).toEqual({ items: WIRE_ITEMS })
  })

  const pays = (...amounts: number[]) => ({
    refund_methods: amounts.map((amount) => [{ provider_id: 'custom', amount }]),
  })

  test.each([
    ['holds the tax, and says so', { tax_inclusive: true, ...pays(119.35) }, '119.35'],
    ['does not, and says so', { tax_inclusive: false, ...pays(128.7) }, '128.70'],
    [
      'says so by its other name',
      { tax_inclusive: undefined, is_tax_included: false, ...pays(128.7) },
      '128.70',
    ],
    ['says that it does not, and does', { tax_inclusive: false, ...pays(119.35) }, '119.35'],
    ['says that it does, and does not', { tax_inclusive: true, ...pays(128.7) }, '128.70'],
    ['says nothing of it', { tax_inclusive: undefined, ...pays(119.35) }, '119.35'],
    ['has no way to be paid in full', { tax_inclusive: false, ...pays(1) }, '128.70'],
    ['has no way to be paid', { tax_inclusive: true, refund_methods: [] }, '119.35'],
  ])('whose total %s comes with its tax', async (_what, given, total) => {
    const { store } = await storeWith(quoteOf(given))
    expect(await store.quoteRefund(asked, within())).toMatchObject({ value: { total: usd(total) } })
  })

  test('has noise taken off its amounts, and no digit', async () => {
    const binary = text(
      201,
      JSON.stringify({ data: QUOTE }).replaceAll('119.35', '119.35000000000001'),
    )
    const { store } = await storeWith(binary)
    expect(await store.quoteRefund(asked, within())).toMatchObject({
      value: { total: usd('119.35') },
    })
    const { store: other } = await storeWith(quoteOf({ total_refund_amount: 119.355 }))
    expect(await other.quoteRefund(asked, within())).toMatchObject({
      reason: 'not_understood',
      detail: '119.355 has more digits than USD',
    })
  })

  test.each([
    [
      'shipping without an address',
      [{ kind: 'shipping', platformLine: 'order', amount: usd('1.00') }],
    ],
    ['half a piece', [{ kind: 'item', platformLine: '1', quantity: 0.5 }]],
    ['no piece', [{ kind: 'wrapping', platformLine: '1', quantity: 0 }]],
    [
      'more than it was sold for',
      [{ kind: 'item', platformLine: '1', quantity: 1, lessBy: usd('-1.00') }],
    ],
    ['nothing', []],
  ] as [string, RefundItem[]][])('for %s is refused before it is asked', async (_what, items) => {
    const { store, server } = await storeWith(quoteOf())
    const quote = await store.quoteRefund({ ...asked, items }, within())
    expect(quote).toMatchObject({ outcome: 'failed', reason: 'refused', status: null })
    const sent = await store.refund({ ...REQUEST, items }, sending())
    expect(sent).toMatchObject({ outcome: 'refused', reason: 'refused', status: null })
    expect(server.asked).toEqual([])
  })
})

describe('a refund', () => {
  const done = json(201, { data: REFUND, meta: {} })

  test('says what it is for on each item, and which way it is paid', async () => {
    const { store, server } = await storeWith(done)
    expect(await store.refund(REQUEST, sending())).toEqual({ outcome: 'done', value: READ_REFUND })
    const [request] = server.asked
    expect(`${request?.method} ${request?.path}`).toBe(
      'POST /v3/orders/100/payment_actions/refunds',
    )
    expect(JSON.parse(request?.body ?? '')).toEqual({
      items: WIRE_ITEMS.map((item) => ({ ...item, reason: 'Torn ref:abc' })),
      payments: [{ provider_id: 'stripe', amount: 50, offline: false }],
    })
  })

  test('in place of what the store would reckon', async () => {
    const { store, server } = await storeWith(done)
    const override = { total: usd('50.00'), tax: usd('0.00') }
    await store.refund({ ...REQUEST, override }, sending())
    expect(JSON.parse(server.asked[0]?.body ?? '')).toMatchObject({
      merchant_calculated_override: { total_amount: 50, total_tax: 0 },
    })
  })

  test('keeps every digit of a large amount', async () => {
    const { store, server } = await storeWith(done)
    const payment = { provider: 'custom', description: '', isOffline: true }
    const amount = usd('999999999999999.99')
    await store.refund({ ...REQUEST, payments: [{ ...payment, amount }] }, sending())
    expect(server.asked[0]?.body).toContain('"amount":999999999999999.99,')
  })

  test.each([
    ['of another order', { order_id: 101 }],
    ['without an id', { id: undefined }],
    ['without its payments', { payments: undefined }],
    ['of an amount that no dollar has', { total_amount: 50.005 }],
  ])('answered with one %s is unknown', async (_what, given) => {
    const { store } = await storeWith(json(201, { data: { ...REFUND, ...given } }))
    expect(await store.refund(REQUEST, sending())).toMatchObject({
      outcome: 'unknown',
      status: 201,
    })
  })

  test('with a reason too long to keep its mark is refused before it is sent', async () => {
    const { store, server } = await storeWith(done)
    const request = { ...REQUEST, reason: `${'x'.repeat(1_000)} ref:abc` }
    expect(await store.refund(request, sending())).toMatchObject({ outcome: 'refused' })
    expect(server.asked).toEqual([])
  })

  test.each([
    [
      json(422, {
        data: [
          { status: 422, title: 'Unable to provide store credit for a guest customer.', type: 'x' },
        ],
      }),
      {
        outcome: 'refused',
        reason: 'refused',
        detail: 'Unable to provide store credit for a guest customer.',
      },
    ],
    [
      json(422, {
        status: 422,
        title: 'Invalid.',
        type: 'x',
        errors: { items: 'none', amount: 'is missing' },
      }),
      { outcome: 'refused', detail: 'Invalid.: items: none; amount: is missing' },
    ],
    [
      json(503, { data: [{ order_id: 1, status: 503, error: 'Tax service gone away' }], meta: {} }),
      { outcome: 'unknown', status: 503, detail: 'Tax service gone away' },
    ],
    [
      json(404, [
        {
          status: 404,
          message: 'The requested resource was not found.',
          details: { invalid: 'id' },
        },
      ]),
      {
        outcome: 'refused',
        reason: 'not_found',
        detail: 'The requested resource was not found.: invalid: id',
      },
    ],
    [text(502, '<html><style>p{}</style><h1>Bad</h1> Gateway</html>'), { detail: 'Bad Gateway' }],
    [text(500, ''), { outcome: 'unknown', detail: 'answered 500' }],
  ])('that is refused is so in the store’s own words', async (answer, meaning) => {
    const { store } = await storeWith(answer)
    expect(await store.refund(REQUEST, sending())).toMatchObject(meaning)
  })
})

describe('the refunds of an order', () => {
  const of = { order: '100', currency: 'USD' }

  test('are listed, the oldest first', async () => {
    const refunds = [{ ...REFUND, id: 100 }, REFUND, { ...REFUND, id: 99, items: [] }]
    const { store, server } = await storeWith(json(200, { data: refunds, meta: {} }))
    const read = await store.refunds(of, within())
    expect(read).toMatchObject({
      value: [READ_REFUND, { refund: '99', items: [] }, { refund: '100' }],
    })
    expect(server.asked[0]?.path).toBe('/v3/orders/100/payment_actions/refunds')
  })

  test.each([
    ['an empty list', json(200, { data: [], meta: {} })],
    ['no content', noContent],
  ])('are none where %s is answered', async (_what, answer) => {
    const { store } = await storeWith(answer)
    expect(await store.refunds(of, within())).toEqual({ outcome: 'read', value: [] })
  })

  test('with one among them that is not understood are not understood', async () => {
    const { store } = await storeWith(json(200, { data: [REFUND, { ...REFUND, total_tax: 'x' }] }))
    expect(await store.refunds(of, within())).toMatchObject({
      reason: 'not_understood',
      detail: '1.total_tax: is no amount',
    })
  })
})
