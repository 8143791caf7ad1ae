import { expect, test } from 'vitest'
import { CONTRACT } from './contract.js'
import { exchangeProblems, routeOf } from './contract/exchange.js'
import { refundOne, scene } from './scenes.js'

const found = (method: string, path: string) => {
  const route = routeOf(method, path)
  return route === null || route === 'wrong_method' ? route : [route.name, route.parameters]
}

test('a path leads to its route', () => {
  expect(found('GET', '/v2/orders/101')).toEqual(['order', { order: 101 }])
  expect(found('GET', '/v3/orders/101/payment_actions/refunds')).toEqual([
    'refundsOfOrder',
    { order: 101 },
  ])
  expect(found('GET', '/v3/orders/payment_actions/refunds/7')).toEqual(['refund', { refund: 7 }])
  expect(found('GET', '/v3/hooks/admin')).toEqual(['hooksAdmin', {}])
  expect(found('PATCH', '/v2/orders/101')).toBe('wrong_method')
  expect(found('GET', '/v2/orders/abc')).toBeNull()
  expect(found('POST', '/v3/orders/101/payment_actions/refund')).toBeNull()
})

test('every route that a simulator has is in the contract once', () => {
  const paths = Object.values(CONTRACT).map(({ method, path }) => `${method} ${path}`)
  expect(new Set(paths).size).toBe(paths.length)
})

test('what an exchange says too much, too little, or wrongly is found', async () => {
  const made = await scene()
  const path = `${made.v3}/payment_actions/refunds`
  const sent = refundOne(made, 10)
  const { status, body } = await made.callPlainly('POST', path, sent)
  const problems = (change: object, request: unknown = sent, answered = status) =>
    exchangeProblems({
      method: 'POST',
      url: `http://127.0.0.1/stores/abc${path}`,
      requestBody: JSON.stringify(request),
      status: answered,
      answerBody: JSON.stringify({ ...body, ...change }),
    })
  expect(problems({})).toEqual([])
  expect(problems({ extra: 1 })).toHaveLength(1)
  expect(problems({ meta: undefined })).toHaveLength(1)
  expect(problems({ data: { ...body.data, order_id: '101' } })).toHaveLength(1)
  expect(problems({}, { ...sent, extra: 1 })).not.toEqual([])
  expect(problems({}, sent, 200)).toHaveLength(1)
  expect(problems({}, sent, 500)).not.toEqual([])
})
