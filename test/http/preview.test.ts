import { afterAll, beforeAll, expect, test } from 'vitest'
import { instanceId } from '../../commands/instance/store-address.js'
import { openBooks } from '../../commands/books/open-books.js'
import { type ServedLedger, servedLedger } from '../support/served-ledger.js'

let served: ServedLedger
const SHOP = {
  platform: 'bigcommerce',
  address: 'https://api.bigcommerce.com/stores/abc123',
  name: 'Shop',
}
const SHOP_ID = instanceId('bigcommerce', SHOP.address)
const WORKFLOW = {
  paymentMethod: '*',
  until: 'registered_payment',
  when: 'ordered',
  account: 'bank',
  capturesItself: false,
}
const ORDER = {
  number: '1001',
  placedOn: '2026-01-01',
  billTo: { email: 'ada@example.com' },
  shipTo: null,
  prices: 'tax_excluded',
  lines: [
    {
      kind: 'item',
      description: 'Mug',
      quantity: '1',
      unitPrice: '100',
      tax: { code: 'GB-20', ratePercent: '20' },
    },
  ],
  instance: SHOP_ID,
  platformOrderId: '77',
  modifiedAt: '2026-01-01T00:00:00.000Z',
  status: 'Pending',
  paymentStatus: '',
}

beforeAll(async () => {
  served = await servedLedger()
  const caller = { principal: 'test', key: 'books', correlation: 'test' }
  await served.ledger.handler.books(openBooks, {}, caller)
})
afterAll(() => served.close())

async function post(path: string, body: unknown, key: string) {
  const response = await fetch(`${served.address}/commands/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${served.keys.administrator}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  })
  return { status: response.status, type: response.headers.get('content-type'), response }
}

test('a first import shows what it would post before it posts, and the key stays free', async () => {
  const registered = await post('register-instance', { ...SHOP, workflows: [WORKFLOW] }, 'shop')
  expect(registered.status).toBe(200)
  expect(await registered.response.json()).toMatchObject({
    answer: { instance: SHOP_ID },
    stream: `instance-${SHOP_ID}`,
  })
  const before = await served.ledger.store.head()
  const preview = await post('import-order?preview=true', ORDER, 'import')
  expect([preview.status, preview.type]).toEqual([
    200,
    'application/vnd.folio.preview+json; charset=utf-8',
  ])
  const shown = (await preview.response.json()) as { events: { type: string }[] }
  expect(shown).toMatchObject({ preview: true })
  const types = ['OrderImported', 'InvoiceDrafted', 'InvoicePosted', 'PaymentRegistered']
  expect(shown.events.map(({ type }) => type)).toEqual(types)
  expect(await served.ledger.store.head()).toEqual(before)
  const imported = await post('import-order', ORDER, 'import')
  expect(await imported.response.json()).toMatchObject({
    answer: { carried: { until: 'registered_payment' } },
  })
})

test('a preview is refused as the command is', async () => {
  const refused = await post('invoice-order?preview=true', { orderId: `${SHOP_ID}-o1` }, 'none')
  expect(refused.status).toBe(422)
  expect(await refused.response.json()).toMatchObject({ code: 'order_not_found' })
})

test('only commands on a sale are previewed', async () => {
  const refused = await post('register-instance?preview=true', SHOP, 'other')
  expect(refused.status).toBe(400)
  expect(await refused.response.json()).toMatchObject({ code: 'malformed_query' })
})

test('the stores are listed, and each is read with its settings', async () => {
  const headers = { authorization: `Bearer ${served.keys.viewer}` }
  const head = (await served.ledger.store.head())?.toString() ?? '0'
  const list = await fetch(`${served.address}/instances?minPosition=${head}`, { headers })
  expect(await list.json()).toMatchObject({
    rows: [
      { id: SHOP_ID, name: 'Shop', address: SHOP.address, view: { href: `/instances/${SHOP_ID}` } },
    ],
  })
  const one = await fetch(`${served.address}/instances/${SHOP_ID}`, { headers })
  expect(await one.json()).toMatchObject({
    instance: SHOP_ID,
    books: 'main',
    workflows: [JSON.stringify(WORKFLOW)],
  })
})
