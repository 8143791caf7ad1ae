import { describe, expect, test } from 'vitest'
import { storeWith, within } from '../support/open-store.js'
import { type Answer, json, routes } from '../support/store-server.js'

const DESTINATION = 'https://folio.example.org/webhooks/1'
const HEADERS = { 'X-Folio-Secret': 'own' }
const WANTED = {
  scope: 'store/order/*',
  destination: DESTINATION,
  is_active: true,
  headers: HEADERS,
}

const list = (...hooks: readonly object[]): Answer =>
  json(200, { data: hooks.map((hook, id) => ({ id: id + 5, ...hook })), meta: {} })

async function ensured(hooks: Answer) {
  const set = json(200, { data: { id: 5, ...WANTED }, meta: {} })
  const { store, server } = await storeWith(
    routes({ 'GET /v3/hooks': hooks, 'POST /v3/hooks': set, 'PUT /v3/hooks/5': set }),
  )
  const read = await store.ensureHooks({ destination: DESTINATION, headers: HEADERS }, within())
  const [, change] = server.asked
  return { read, change: change && { ...change, body: JSON.parse(change.body) as unknown } }
}

describe('the hook of our destination', () => {
  test.each([
    ['there is none', list()],
    ['there is one of another scope', list({ ...WANTED, scope: 'store/order/created' })],
    ['there is one of another destination', list({ ...WANTED, destination: `${DESTINATION}1` })],
  ])('is made where %s', async (_what, hooks) => {
    const { read, change } = await ensured(hooks)
    expect(read).toEqual({ outcome: 'read', value: { done: 'created' } })
    expect(change).toMatchObject({ method: 'POST', path: '/v3/hooks', body: WANTED })
  })

  test.each([
    ['it was switched off', { ...WANTED, is_active: false }],
    ['its secret is another', { ...WANTED, headers: { 'X-Folio-Secret': 'old' } }],
    ['it has no headers', { ...WANTED, headers: null }],
    ['its headers are an empty list', { ...WANTED, headers: [] }],
  ])('is armed again where %s', async (_what, hook) => {
    const { read, change } = await ensured(list(hook))
    expect(read).toEqual({ outcome: 'read', value: { done: 'armed_again' } })
    expect(change).toMatchObject({ method: 'PUT', path: '/v3/hooks/5', body: WANTED })
  })

  test('is left alone where it is as it should be', async () => {
    const { read, change } = await ensured(
      list({ ...WANTED, headers: { 'x-folio-secret': 'own', other: '1' } }),
    )
    expect(read).toEqual({ outcome: 'read', value: { done: 'nothing' } })
    expect(change).toBeUndefined()
  })

  test('is not made where nobody knows whether it is there', async () => {
    const { read, change } = await ensured(json(401, { status: 401, title: 'No.', type: 'x' }))
    expect(read).toMatchObject({ outcome: 'failed', reason: 'not_authorised' })
    expect(change).toBeUndefined()
  })
})
