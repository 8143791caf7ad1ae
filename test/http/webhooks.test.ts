/** Webhooks of a store (M11, P7): kept once, before they are answered; and nothing of what is not the store's own. */
import pg from 'pg'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WEBHOOK_BYTES_MAX } from '../../src/http/webhook-routes.js'
import type { Simulator } from '../simulators/bigcommerce/simulator.js'
import {
  CLIENT_SECRET,
  type Connected,
  connected,
  HASH,
  ledgerForStores,
  simulatedStore,
  TOKEN,
} from '../support/connected-store.js'

let simulator: Simulator
let ledger: Connected
let instance: string
let header: string
let client: pg.Client

beforeAll(async () => {
  simulator = await simulatedStore()
  ledger = await ledgerForStores(simulator)
  instance = await connected(simulator, ledger)
  const known = await ledger.served.ledger.connections.stores.knownStore(instance)
  header = known?.credentials.webhookHeader ?? ''
  client = new pg.Client({ connectionString: ledger.served.connectionString })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await ledger.served.close()
  await simulator.close()
})
beforeEach(() => client.query('delete from stores.deliveries'))

const kept = async () =>
  (
    await client.query<{ instance: string; delivery_id: string; order_id: string | null }>(
      'select instance, delivery_id, order_id from stores.deliveries order by delivery_id',
    )
  ).rows

let ids = 0

type Given = Readonly<{
  id?: string
  notice?: Readonly<Record<string, unknown>>
  body?: string | Buffer
  secret?: string
  ageS?: number
  headers?: Readonly<Record<string, string>>
  to?: string
}>

function signed(given: Given) {
  const { id = `msg_${(ids += 1)}`, secret = CLIENT_SECRET, ageS = 0 } = given
  const notice = {
    scope: 'store/order/updated',
    store_id: '1001',
    data: { type: 'order', id: 250 },
    hash: 'dd70c0976e06b67aaf671e73f49dcb79230ebf9d',
    created_at: 1_561_479_335,
    producer: `stores/${HASH}`,
    ...given.notice,
  }
  const body = given.body ?? JSON.stringify(notice)
  const at = new Date(Date.now() - ageS * 1000)
  const key = Buffer.from(secret).toString('base64')
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
    'webhook-signature': new Webhook(key).sign(id, at, body.toString()),
    'x-folio-webhook': header,
    ...given.headers,
  }
  return { body, headers }
}

async function deliver(given: Given, changed = signed(given)) {
  const { to = instance } = given
  const response = await fetch(`${ledger.served.address}/webhooks/bigcommerce/${to}`, {
    method: 'POST',
    ...changed,
  })
  return { status: response.status, text: await response.text() }
}

describe('the store', () => {
  test('is answered once its webhook is kept', async () => {
    expect(await deliver({ id: 'one' })).toEqual({ status: 200, text: '{}' })
    expect(await kept()).toEqual([{ instance, delivery_id: 'one', order_id: '250' }])
  })

  test('may deliver it five times at once', async () => {
    const webhook = signed({ id: 'again' })
    const answers = await Promise.all(Array.from({ length: 5 }, () => deliver({}, webhook)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(await kept()).toHaveLength(1)
  })

  test('may speak of what is no order', async () => {
    const notice = { scope: 'store/product/updated', data: { type: 'product', id: 3 } }
    expect((await deliver({ notice })).status).toBe(200)
    expect(await kept()).toMatchObject([{ order_id: null }])
  })

  test('may sign with the secret before, after that was changed', async () => {
    await ledger.send('PUT', `/instances/${instance}/credentials`, {
      accessToken: TOKEN,
      clientSecret: 'canary-9b3f-next-secret',
    })
    await new Promise((resolve) => setTimeout(resolve, TERMS_HELD_MS))
    expect((await deliver({ secret: 'canary-9b3f-next-secret' })).status).toBe(200)
    expect((await deliver({ secret: CLIENT_SECRET })).status).toBe(200)
    expect((await deliver({ secret: 'canary-9b3f-none' })).status).toBe(401)
    expect(await kept()).toHaveLength(2)
    const saved = { accessToken: TOKEN, clientSecret: CLIENT_SECRET }
    await ledger.send('PUT', `/instances/${instance}/credentials`, saved)
  })
})

/** So long a process goes on with what it knew of a store. */
const TERMS_HELD_MS = 5_100

describe('nothing is kept, and nothing told, of one', () => {
  test.each([
    ['that is forged', { secret: 'canary-9b3f-forged' }],
    ['that was signed long ago', { ageS: 301 }],
    ['that was signed in the future', { ageS: -302 }],
    ['of another id', { headers: { 'webhook-id': 'another' } }],
    ['without a signature', { headers: { 'webhook-signature': '' } }],
    ['with another header of ours', { headers: { 'x-folio-webhook': 'A'.repeat(43) } }],
    ['without a header of ours', { headers: { 'x-folio-webhook': '' } }],
    ['of another store', { notice: { producer: 'stores/other' } }],
  ] as readonly [string, Given][])('%s', async (_what, given) => {
    const { status, text } = await deliver(given)
    expect(status).toBe(401)
    expect(JSON.parse(text)).toEqual({
      type: '/problems/webhook_not_recognised',
      title: 'The webhook does not come from this store',
      status: 401,
      code: 'webhook_not_recognised',
      retryable: false,
    })
    expect(await kept()).toEqual([])
  })

  test('of which any byte was changed', async () => {
    const { body, headers } = signed({})
    const bytes = Buffer.from(body)
    for (let place = 0; place < bytes.length; place += 7) {
      const changed = Buffer.from(bytes)
      changed[place] = (changed[place] ?? 0) ^ 1
      expect((await deliver({}, { body: changed, headers })).status).toBe(401)
    }
    expect(await kept()).toEqual([])
  })

  test('that is replayed after five minutes, for it was signed then', async () => {
    const old = signed({ id: 'replayed', ageS: 310 })
    expect((await deliver({}, old)).status).toBe(401)
    expect(await kept()).toEqual([])
  })

  test.each(['', 'hello', '[]', '{"scope":1}'])('that says %j', async (body) => {
    const { status, text } = await deliver({ body })
    expect([status, (JSON.parse(text) as { code: string }).code]).toEqual([
      400,
      'webhook_not_understood',
    ])
    expect(await kept()).toEqual([])
  })

  test('that is too large', async () => {
    const fits = `${' '.repeat(WEBHOOK_BYTES_MAX - 2)}[]`
    expect((await deliver({ body: fits })).status).toBe(400)
    expect((await deliver({ body: ` ${fits}` })).status).toBe(413)
    expect(await kept()).toEqual([])
  })

  test.each(['5d1d0a2e-6f43-4b57-8f0e-1f2d3c4b5a69', 'nothing', '%00'])(
    'to %s, which is no store',
    async (to) => {
      expect((await deliver({ to })).status).toBe(404)
      expect(await kept()).toEqual([])
    },
  )

  test('to a store without credentials', async () => {
    const { instance: bare } = (await ledger.admin.must('register-instance', {
      platform: 'bigcommerce',
      address: 'https://api.bigcommerce.com/stores/bare',
      name: 'Bare',
    })) as { instance: string }
    const notice = { producer: 'stores/bare' }
    expect((await deliver({ to: bare, notice, headers: { 'x-folio-webhook': '' } })).status).toBe(
      404,
    )
    expect(await kept()).toEqual([])
  })
})

test('other methods are told which there is', async () => {
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const response = await fetch(`${ledger.served.address}/webhooks/bigcommerce/${instance}`, {
      method,
    })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  }
})

test('hundreds are answered soon, one after the other or at once', async () => {
  const times: number[] = []
  const webhooks = Array.from({ length: 400 }, () => signed({}))
  const queue = [...webhooks]
  const next = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const startedMs = performance.now()
      expect((await deliver({}, one)).status).toBe(200)
      times.push(performance.now() - startedMs)
    }
  }
  await Promise.all(Array.from({ length: 8 }, next))
  times.sort((a, b) => a - b)
  // The aim is 200 ms on a machine of its own (P7); here other tests are at work beside it.
  expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(2_000)
  expect(await kept()).toHaveLength(400)
})
