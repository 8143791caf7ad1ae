import { expect, test } from 'vitest'
import { CREDENTIALS, refundOne, scene } from './scenes.js'

const refundsPath = (v3: string): string => `${v3}/payment_actions/refunds`
const quotesPath = (v3: string): string => `${v3}/payment_actions/refund_quotes`

test('an order has text amounts of four decimals that add up, and RFC 2822 dates', async () => {
  const { call, v2 } = await scene()
  const { body } = await call('GET', v2)
  expect(body).toMatchObject({
    total_ex_tax: '20.8400',
    total_tax: '4.1600',
    total_inc_tax: '25.0000',
    date_created: 'Mon, 05 Jan 2026 10:00:00 +0000',
    status_id: 11,
    payment_status: 'captured',
    refunded_amount: '0.0000',
    default_currency_code: 'EUR',
    is_tax_inclusive_pricing: true,
  })
})

test('what hangs on an order is listed; a list with nothing in it is 204 without a body', async () => {
  const { call, v2, id } = await scene({ fees: [{ cost: '2.00' }], handling: '1.00' })
  expect((await call('GET', `${v2}/products`)).body).toHaveLength(1)
  expect((await call('GET', `${v2}/shipping_addresses`)).body).toHaveLength(1)
  expect((await call('GET', `${v2}/fees`)).body).toMatchObject([{ cost_inc_tax: '2.0000' }])
  expect((await call('GET', `${v2}/taxes?details=true`)).body).toMatchObject([
    { line_item_type: 'item', rate: '20.0000', line_amount: '3.3300' },
    { line_item_type: 'shipping', line_amount: '0.8300', order_product_id: null },
    { line_item_type: 'handling', line_amount: '0.1700' },
  ])
  for (const path of [`${v2}/shipments`, '/v2/orders?min_id=900', `/v2/orders?max_id=${id - 1}`]) {
    const { status, text } = await call('GET', path)
    expect([path, status, text]).toEqual([path, 204, ''])
  }
})

test('orders are filtered, sorted and paged', async () => {
  const { call, simulator, id } = await scene()
  const orders = [1, 2, 3].map((day) => ({
    createdAt: `2026-02-0${day}T00:00:00Z`,
    statusId: day === 2 ? 7 : 10,
  }))
  await simulator.control.seedOrders({ store: CREDENTIALS.store, orders })
  const ids = async (query: string) =>
    ((await call('GET', `/v2/orders?${query}`)).body as { id: number }[]).map((row) => row.id - id)
  expect(await ids('sort=date_modified:desc')).toEqual([3, 2, 1, 0])
  expect(await ids('sort=date_modified:asc&limit=2&page=2')).toEqual([2, 3])
  expect(await ids('status_id=10')).toEqual([1, 3])
  const since = encodeURIComponent('Mon, 02 Feb 2026 00:00:00 +0000')
  expect(await ids(`min_date_modified=${since}&sort=date_modified:asc`)).toEqual([2, 3])
  expect(await ids('max_date_created=2026-02-01T00:00:00.000Z')).toEqual([0, 1])
})

test('V2 errors are arrays', async () => {
  const { call, v2 } = await scene()
  const errorOf = async (method: string, path: string, body?: unknown) => {
    const answer = await call(method, path, body)
    expect(answer.body[0].status).toBe(answer.status)
    return answer.status
  }
  expect(await errorOf('GET', '/v2/orders/9999')).toBe(404)
  expect(await errorOf('GET', '/v2/orders/9999/shipments')).toBe(404)
  expect(await errorOf('GET', '/v2/orders?limit=251')).toBe(413)
  expect(await errorOf('GET', '/v2/orders?min_date_modified=soon')).toBe(400)
  expect(await errorOf('GET', '/v2/orders?colour=red')).toBe(400)
  expect(await errorOf('PUT', v2, { payment_status: 'captured' })).toBe(422)
  expect(await errorOf('PUT', v2, { status_id: '11' })).toBe(422)
  expect(await errorOf('PUT', v2, { external_merchant_id: 'x' })).toBe(400)
})

test('the token is checked, and what it has a right to', async () => {
  const { simulator, call } = await scene({}, { forbidden: ['refunds'], name: 'Linen' })
  expect((await call('GET', '/v2/store')).body).toMatchObject({ id: 'abc', name: 'Linen' })
  const wrong = { headers: { 'X-Auth-Token': 'other' } }
  const v2 = await fetch(`${simulator.address}/stores/abc/v2/store`, wrong)
  expect([v2.status, await v2.json()]).toMatchObject([401, [{ status: 401 }]])
  const v3 = await fetch(`${simulator.address}/stores/abc/v3/hooks`, wrong)
  expect([v3.status, await v3.json()]).toMatchObject([401, { status: 401 }])
  const elsewhere = await fetch(`${simulator.address}/stores/xyz/v2/store`, wrong)
  expect(elsewhere.status).toBe(401)
  expect((await simulator.control.summary({ store: 'abc' })).unauthorized).toBe(2)
})

test('a token without the right to refund gets 403', async () => {
  const made = await scene({}, { forbidden: ['refunds'] })
  const { status } = await made.call('POST', refundsPath(made.v3), refundOne(made, 10))
  expect(status).toBe(403)
})

test('what is no request of the API is refused: path, method, media, JSON', async () => {
  const { simulator, callPlainly, v2, v3 } = await scene()
  expect((await callPlainly('GET', '/v3/customers')).status).toBe(404)
  expect((await callPlainly('DELETE', `${v3}/transactions`)).status).toBe(405)
  const send = async (headers: Record<string, string>, body: string) => {
    const all = { 'X-Auth-Token': 'secret', ...headers }
    const url = `${simulator.address}/stores/abc${v2}`
    return (await fetch(url, { method: 'PUT', headers: all, body })).status
  }
  const json = { 'Content-Type': 'application/json' }
  expect(await send({ 'Content-Type': 'text/plain' }, '{"status_id":11}')).toBe(415)
  expect(await send({ ...json, Accept: 'text/html' }, '{"status_id":11}')).toBe(406)
  expect(await send(json, '{"status_id":')).toBe(400)
  expect(await send(json, `{"staff_notes":"${'x'.repeat(1_100_000)}"}`)).toBe(413)
  expect(await send(json, '{"status_id":10}')).toBe(200)
})

test('unknown fields and wrong types are refused and named', async () => {
  const made = await scene()
  const { call, v3, order } = made
  const item = { item_type: 'PRODUCT', item_id: order.base.products[0]?.id, quantity: 1 }
  const bodies = [
    { ...refundOne(made, 10), comment: 'none' },
    { ...refundOne(made, 10), items: [{ ...item, colour: 'red' }] },
    { ...refundOne(made, 10), items: [{ ...item, quantity: '1' }] },
    { ...refundOne(made, 10), items: [{ ...item, item_type: 'GOODS' }] },
    { ...refundOne(made, 10), payments: [{ provider_id: 'custom', amount: 10 }] },
    { ...refundOne(made, 10), tax_adjustment_amount: 1 },
  ]
  for (const body of bodies) {
    const { status, body: answer } = await call('POST', refundsPath(v3), body)
    expect([status, typeof answer.errors]).toEqual([422, 'object'])
    expect(Object.keys(answer.errors as object)).not.toHaveLength(0)
  }
  expect((await made.truth()).refunds).toEqual([])
  expect((await call('POST', quotesPath(v3), { items: [] })).status).toBe(422)
})

test('a repeated body is a second refund: there is no idempotency', async () => {
  const made = await scene()
  const body = refundOne(made, 10, 'Too small. ref:note-1')
  const [first, second] = [
    await made.call('POST', refundsPath(made.v3), body),
    await made.call('POST', refundsPath(made.v3), body),
  ]
  expect([first.status, second.status]).toEqual([201, 201])
  const markers = await made.simulator.control.refundsByMarker({ store: 'abc' })
  expect(markers).toEqual({ 'ref:note-1': [first.body.data.id, second.body.data.id] })
})

test('the order becomes partially refunded, then refunded, and nothing says so but its status', async () => {
  const made = await scene({ shipping: '0' })
  const seen = async () => {
    const { body } = await made.call('GET', made.v2)
    return [body.status_id, body.payment_status, body.refunded_amount]
  }
  const before = (await made.call('GET', made.v2)).body
  await made.call('POST', refundsPath(made.v3), refundOne(made, 10))
  expect(await seen()).toEqual([14, 'partially refunded', '0.0000'])
  await made.call('POST', refundsPath(made.v3), refundOne(made, 10))
  expect(await seen()).toEqual([4, 'refunded', '0.0000'])
  const { body } = await made.call('GET', `${made.v2}/products`)
  expect(body).toMatchObject([{ quantity_refunded: 2, is_refunded: true, refund_amount: '0.0000' }])
  const after = (await made.call('GET', made.v2)).body
  expect(Date.parse(after.date_modified as string)).toBeGreaterThan(
    Date.parse(before.date_modified as string),
  )
})
