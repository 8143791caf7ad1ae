import { expect, test } from 'vitest'
import { CREDENTIALS, refundOne, scene, type Scene } from './scenes.js'

const refund = ({ call, v3 }: Scene, body: unknown) =>
  call('POST', `${v3}/payment_actions/refunds`, body)
const pay = (amount: number) => [{ provider_id: 'braintree', amount, offline: false }]
const STORE = { store: CREDENTIALS.store }

test.each([{ status: 'authorized' as const }, { isSettled: false }])(
  'what was not captured, or not settled, cannot go back: %o',
  async (payment) => {
    const made = await scene({ payment })
    expect((await refund(made, refundOne(made, 10))).status).toBe(422)
  },
)

test('refunds are read by order, by id, and by filters with pages', async () => {
  const made = await scene()
  const { call, v3, id } = made
  const none = await call('GET', `${v3}/payment_actions/refunds`)
  expect([none.status, none.body]).toEqual([200, { data: [], meta: {} }])
  const first = (await refund(made, refundOne(made, 10))).body.data
  const second = (await refund(made, refundOne(made, 10))).body.data
  expect((await call('GET', `${v3}/payment_actions/refunds`)).body.data).toEqual([first, second])
  const path = '/v3/orders/payment_actions/refunds'
  expect((await call('GET', `${path}/${second.id}`)).body.data).toEqual(second)
  expect((await call('GET', `${path}/99`)).status).toBe(404)
  const page = (await call('GET', `${path}?order_id:in=${id},7&limit=1&page=2`)).body
  expect(page.data).toEqual([second])
  expect(page.meta.pagination).toMatchObject({ total: 2, total_pages: 2, current_page: 2 })
  const later = encodeURIComponent('2099-01-01T00:00:00+00:00')
  expect((await call('GET', `${path}?created:min=${later}`)).body.data).toEqual([])
  const transaction = first.payments[0].transaction_id as string
  const byTransaction = await call('GET', `${path}?transaction_id=${transaction}`)
  expect(byTransaction.body.data).toEqual([first])
})

test('a refund that was accepted can be declined later, and its money is free again', async () => {
  const made = await scene({ shipping: '0' })
  const { body } = await refund(made, refundOne(made, 10))
  await made.simulator.control.declineRefund({
    ...STORE,
    order: made.id,
    refund: body.data.id as number,
    message: 'Card expired.',
  })
  const { data } = (await made.call('GET', `${made.v3}/payment_actions/refunds`)).body
  expect(data[0].payments[0]).toMatchObject({
    is_declined: true,
    declined_message: 'Card expired.',
  })
  expect((await made.call('GET', made.v2)).body).toMatchObject({
    status_id: 11,
    payment_status: 'captured',
  })
  const rows = (await made.call('GET', `${made.v3}/transactions`)).body.data
  expect(rows.at(-1)).toMatchObject({ event: 'refund', status: 'error' })
  const two = { item_type: 'PRODUCT', item_id: made.order.base.products[0]?.id, quantity: 2 }
  expect((await refund(made, { items: [two], payments: pay(20) })).status).toBe(201)
})

test.each([
  ['reject_409', [201, 409], 1],
  ['reject_422', [201, 422], 1],
  ['corrupt', [201, 201], 2],
] as const)('refunds of one order at the same time: %s', async (rule, statuses, refunds) => {
  const made = await scene({ products: [{}], shipping: '0' }, { concurrentRefunds: rule }, [
    { kind: 'slow', on: 'refunds', ms: 400 },
  ])
  const body = refundOne(made, 10)
  const answers = await Promise.all([refund(made, body), refund(made, body)])
  expect(answers.map(({ status }) => status).sort()).toEqual(statuses)
  expect((await made.truth()).refunds).toHaveLength(refunds)
  const summary = await made.simulator.control.summary(STORE)
  expect(summary.overlappingRefunds).toEqual([{ order: made.id, request: 2, with: [1] }])
  expect(summary.mostOpenByOrder).toEqual({ [made.id]: 2 })
})

test('refunds one after the other never overlap', async () => {
  const made = await scene({ products: [{ quantity: 60 }] })
  for (let index = 0; index < 50; index += 1) {
    expect((await refund(made, refundOne(made, 10))).status).toBe(201)
  }
  const summary = await made.simulator.control.summary(STORE)
  expect(summary.overlappingRefunds).toEqual([])
  expect(summary.mostOpenByOrder).toEqual({ [made.id]: 1 })
})
