import { describe, expect, test } from 'vitest'
import { sending, storeWith, within } from '../support/open-store.js'
import { json, noContent, routes, text } from '../support/store-server.js'
import { cost, orderRoutes, wireOrder, wireTransaction } from '../support/wire-order.js'

const usd = (amount: string) => ({ amount, currency: 'USD' })
const CAPTURE = { order: '100', amount: usd('80.35'), reference: 'ref:abc' }

describe('the payment of an order', () => {
  const order = wireOrder({
    ...cost('total', '100.0000', '110.0000'),
    payment_status: 'Pending',
    status_id: 7,
    store_credit_amount: '10.0000',
    gift_certificate_amount: '5.0000',
  })

  test('is what was asked, and what came in by whom', async () => {
    const transactions = [
      wireTransaction({ id: 1, event: 'capture', amount: 20 }),
      wireTransaction({
        id: 2,
        event: 'capture',
        method: 'offline',
        gateway: 'custom',
        amount: 30.5,
        gateway_transaction_id: 'ref:abc',
      }),
      wireTransaction({
        id: 3,
        event: 'capture',
        method: 'offline',
        gateway: 'custom',
        amount: 1,
        gateway_transaction_id: '',
      }),
      wireTransaction({ id: 4, method: 'store_credit', amount: 10 }),
    ]
    const { store } = await storeWith(orderRoutes({ order, transactions }))
    expect(await store.payment('100', within())).toEqual({
      outcome: 'read',
      value: {
        status: 'Awaiting Payment',
        paymentStatus: 'pending',
        modifiedAt: '2018-12-05T20:16:55.000Z',
        currency: 'USD',
        total: usd('110.00'),
        storeCredit: usd('10.00'),
        giftCertificates: usd('5.00'),
        captured: usd('51.50'),
        captures: [
          { transaction: '2', reference: 'ref:abc', amount: usd('30.50') },
          { transaction: '3', reference: null, amount: usd('1.00') },
        ],
      },
    })
  })

  test('is all of it where no transaction is listed and the order is paid', async () => {
    const paid = { ...order, payment_status: 'paid' }
    const { store } = await storeWith(orderRoutes({ order: paid }))
    expect(await store.payment('100', within())).toMatchObject({
      value: { captured: usd('95.00') },
    })
  })

  test.each([
    ['the total', { total_inc_tax: '110.0050' }, []],
    ['a transaction', {}, [wireTransaction({ amount: 1.005 })]],
  ])(
    'is not understood where %s has more digits than the currency',
    async (_what, given, transactions) => {
      const { store } = await storeWith(
        orderRoutes({ order: { ...order, ...given }, transactions }),
      )
      expect(await store.payment('100', within())).toMatchObject({ reason: 'not_understood' })
    },
  )
})

describe('a capture that is recorded', () => {
  test('is a transaction of an offline payment, with our reference', async () => {
    const { store, server } = await storeWith(json(201, { data: { id: 33 }, meta: {} }))
    expect(await store.recordCapture(CAPTURE, sending())).toEqual({
      outcome: 'done',
      value: { transaction: '33' },
    })
    const [request] = server.asked
    expect(`${request?.method} ${request?.path}`).toBe('POST /v3/orders/100/transactions')
    expect(JSON.parse(request?.body ?? '')).toEqual({
      event: 'capture',
      method: 'offline',
      gateway: 'custom',
      amount: 80.35,
      currency: 'USD',
      offline: { display_name: 'Manual payment' },
      gateway_transaction_id: 'ref:abc',
      status: 'ok',
      test: false,
    })
  })

  test('may have no name at the store', async () => {
    const { store } = await storeWith(json(200, { data: {}, meta: {} }))
    expect(await store.recordCapture(CAPTURE, sending())).toEqual({
      outcome: 'done',
      value: { transaction: null },
    })
  })

  test.each([404, 405, 422])('is refused with its %i where it is not offered', async (status) => {
    const { store } = await storeWith(json(status, { status, title: 'No.', type: 'x' }))
    expect(await store.recordCapture(CAPTURE, sending())).toMatchObject({
      outcome: 'refused',
      status,
      detail: 'No.',
    })
  })

  test.each([
    ['nothing', text(201, '')],
    ['no content', noContent],
    ['a list', json(200, [])],
  ])('answered with %s is unknown', async (_what, answer) => {
    const { store } = await storeWith(answer)
    expect(await store.recordCapture(CAPTURE, sending())).toMatchObject({ outcome: 'unknown' })
  })
})

describe('a payment that is confirmed', () => {
  test('moves the order on', async () => {
    const { store, server } = await storeWith(json(200, wireOrder({ id: 100 })))
    expect(await store.confirmPayment('100', sending())).toEqual({ outcome: 'done', value: null })
    const [request] = server.asked
    expect([request?.method, request?.path, request?.body]).toEqual([
      'PUT',
      '/v2/orders/100',
      '{"status_id":11}',
    ])
  })

  test('of another order is unknown', async () => {
    const { store } = await storeWith(json(200, wireOrder({ id: 101 })))
    expect(await store.confirmPayment('100', sending())).toMatchObject({ outcome: 'unknown' })
  })
})

test('what names no order is refused before it is sent', async () => {
  const { store, server } = await storeWith(json(200, {}))
  for (const order of ['', '../1', '1/../2', 'x', '01']) {
    expect(await store.recordCapture({ ...CAPTURE, order }, sending())).toMatchObject({
      outcome: 'refused',
      reason: 'not_found',
    })
    expect(await store.confirmPayment(order, sending())).toMatchObject({ outcome: 'refused' })
  }
  expect(server.asked).toEqual([])
})

describe('what the credentials open', () => {
  const orders = json(200, [{ id: 1, date_modified: 'Tue, 20 Nov 2012 00:00:00 +0000' }])

  test.each([
    ['with its name', json(200, { name: 'Shop' }), 'Shop'],
    ['without a name', json(200, { name: '' }), null],
    ['with its name closed', json(403, [{ status: 403, message: 'No.' }]), null],
  ])('is a store, %s', async (_what, store, name) => {
    const { store: opened } = await storeWith(
      routes({ 'GET /v2/orders': orders, 'GET /v2/store': store }),
    )
    expect(await opened.check(within())).toEqual({ outcome: 'read', value: { name } })
  })

  test('is a store of which no order is there yet', async () => {
    const { store } = await storeWith(routes({ 'GET /v2/orders': noContent }))
    expect(await store.check(within())).toMatchObject({ outcome: 'read' })
  })

  test('is nothing where its orders are closed', async () => {
    const closed = json(401, [{ status: 401, message: 'Unauthorized' }])
    const { store } = await storeWith(closed)
    expect(await store.check(within())).toMatchObject({
      outcome: 'failed',
      reason: 'not_authorised',
      detail: 'Unauthorized',
    })
  })
})
