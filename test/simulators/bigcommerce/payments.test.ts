import { expect, test } from 'vitest'
import { until } from './checked-client.js'
import { scene, type Scene } from './scenes.js'

const OFFLINE = { gateway: 'bankdeposit', method: 'Bank Deposit', status: '' as const }

const capture = (made: Scene, fields: object = {}) =>
  made.call('POST', `${made.v3}/transactions`, {
    event: 'capture',
    method: 'offline',
    gateway: 'custom',
    amount: 25,
    currency: 'EUR',
    gateway_transaction_id: 'capture-1',
    ...fields,
  })

const paymentStatus = async (made: Scene) =>
  (await made.call('GET', made.v2)).body.payment_status as string

test('an order paid offline has no transactions: 204; its manual capture is one, and marks it captured', async () => {
  const made = await scene({ payment: OFFLINE })
  const none = await made.call('GET', `${made.v3}/transactions`)
  expect([none.status, none.text]).toEqual([204, ''])
  const { status, body } = await capture(made)
  expect([status, body.data]).toMatchObject([
    201,
    { order_id: `${made.id}`, event: 'capture', amount: 25, gateway_transaction_id: 'capture-1' },
  ])
  const listed = await made.call('GET', `${made.v3}/transactions`)
  expect(listed.body).toMatchObject({ data: [body.data], meta: { pagination: { total: 1 } } })
  expect(await paymentStatus(made)).toBe('captured')
  const references = await made.simulator.control.transactionsByReference({ store: 'abc' })
  expect(references).toEqual({ 'capture-1': [body.data.id] })
})

test('a store may leave the payment status as it was', async () => {
  const made = await scene({ payment: OFFLINE }, { captureSetsPaymentStatus: false })
  expect((await capture(made)).status).toBe(201)
  expect(await paymentStatus(made)).toBe('')
})

test.each(['404', '405', '422'] as const)(
  'a store may not offer transactions: %s',
  async (postTransactions) => {
    const made = await scene({ payment: OFFLINE }, { postTransactions })
    expect((await capture(made)).status).toBe(Number(postTransactions))
    expect((await made.truth()).transactions).toEqual([])
  },
)

test('a transaction is of the currency of its order, and has no field that nobody knows', async () => {
  const made = await scene({ payment: OFFLINE })
  expect((await capture(made, { currency: 'USD' })).status).toBe(422)
  expect((await capture(made, { amount: '25' })).status).toBe(422)
  expect((await capture(made, { order_id: 1 })).status).toBe(422)
})

test.each([
  ['stays', ''],
  ['captured', 'captured'],
  ['paid', 'paid'],
] as const)(
  'what becomes of the payment when the status is put to paid: %s',
  async (rule, seen) => {
    const made = await scene({ payment: OFFLINE }, { statusSetsPaymentStatus: rule })
    const { status, body } = await made.call('PUT', made.v2, { status_id: 11 })
    expect([status, body.status_id, body.payment_status]).toEqual([200, 11, seen])
    expect(await paymentStatus(made)).toBe(seen)
  },
)

test('putting a status of refunded moves no money', async () => {
  const made = await scene()
  await made.call('PUT', made.v2, { status_id: 4 })
  expect(await made.truth()).toMatchObject({ refunds: [], face: { paymentStatus: 'captured' } })
})

test('an authorised payment is captured, and voided, a while after it was asked', async () => {
  for (const [action, pending, then] of [
    ['capture', 'capture pending', 'captured'],
    ['void', 'void pending', 'void'],
  ]) {
    const made = await scene({ payment: { status: 'authorized' } }, { paymentActionMs: 700 })
    const path = `${made.v3}/payment_actions/${action}`
    expect((await made.call('POST', path)).status).toBe(201)
    expect(await paymentStatus(made)).toBe(pending)
    await until(
      () => paymentStatus(made),
      (status) => status === then,
    )
    expect((await made.truth()).transactions.at(-1)).toMatchObject({ event: action })
    expect((await made.call('POST', path)).status).toBe(422)
  }
})

test('gateways that leave no transactions have none', async () => {
  const made = await scene({ payment: { gateway: 'paypalexpress' } })
  expect((await made.call('GET', `${made.v3}/transactions`)).status).toBe(204)
})

test('store credit and gift certificates are transactions of their own', async () => {
  const made = await scene({ storeCredit: '5.00', giftCertificate: '4.00' })
  const { body } = await made.call('GET', `${made.v3}/transactions`)
  expect(body.data).toMatchObject([
    { method: 'credit_card', gateway: 'braintree', amount: 16 },
    { method: 'store_credit', amount: 5, store_credit: { remaining_balance: 0 } },
    { method: 'gift_certificate', amount: 4, gift_certificate: { original_balance: 4 } },
  ])
})
