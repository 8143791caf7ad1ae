/** `GET /credit-notes/{id}/refund-quote`: what would be sent, as the command and the worker would have it (B3). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STORE_ANSWERS } from '../../src/http/openapi/store-operations.js'
import type { SeedOrder } from '../simulators/bigcommerce/seed/seed-input.js'
import type { Simulator } from '../simulators/bigcommerce/simulator.js'
import {
  type Connected,
  connected,
  HASH,
  ledgerForStores,
  simulatedStore,
} from '../support/connected-store.js'

const PAST = '2026-01-05T10:00:00Z'
const eur = (amount: string) => ({ amount, currency: 'EUR' })

let simulator: Simulator
let ledger: Connected
let instance: string

beforeAll(async () => {
  simulator = await simulatedStore()
  ledger = await ledgerForStores(simulator)
  const { admin } = ledger
  await admin.must('open-books', { books: 'shop', currency: 'EUR', timeZone: 'Europe/Berlin' })
  await admin.must('open-account', {
    ...{ books: 'shop', account: 'gateway-braintree', name: 'Braintree', type: 'gateway' },
  })
  const workflow = { paymentMethod: '*', until: 'posted_invoice', when: 'ordered' }
  instance = await connected(simulator, ledger, {
    ...{ books: 'shop', refundDifference: 'refuse' },
    workflows: [{ ...workflow, capturesItself: true }],
  })
}, 60_000)
afterAll(async () => {
  await ledger.served.close()
  await simulator.close()
})

/** A posted note over one piece of an order of two. */
async function note(seeded: SeedOrder = {}, lines: readonly object[] = [{ quantity: '1' }]) {
  const products = [{ price: '10.00', quantity: 2 }]
  const [truth = expect.fail()] = await ledger.seed({ createdAt: PAST, products, ...seeded })
  const order = `${truth.base.id}`
  const pulled = await ledger.served.ledger.connections.pullOrder({ instance, order })
  if (pulled.outcome !== 'pulled') throw new Error(JSON.stringify(pulled))
  const invoiceId = pulled.orderId.replace(/-o1$/, '-i1')
  const { creditNoteId } = (await ledger.client.must('draft-credit-note', {
    ...{ invoiceId, reason: 'Returned' },
    lines: lines.map((line) => ({ invoiceLine: 0, ...line })),
  })) as { creditNoteId: string }
  await ledger.client.must('post-credit-note', { creditNoteId })
  return { truth, creditNoteId }
}

const quote = (creditNoteId: string, query = '') =>
  ledger.client.get(`/credit-notes/${creditNoteId}/refund-quote${query}`)

test('is what the store would give back, over where the money came from', async () => {
  const { truth, creditNoteId } = await note()
  const { status, body } = await quote(creditNoteId)
  expect(status).toBe(200)
  expect(STORE_ANSWERS['RefundQuote']?.safeParse(body).error).toBeUndefined()
  expect(body).toMatchObject({
    purpose: 'give_back',
    amount: eur('10.00'),
    items: [{ kind: 'item', platformLine: `${truth.base.products[0]?.id ?? 0}`, quantity: 1 }],
    quote: { total: eur('10.00') },
    chosen: [{ provider: 'braintree', amount: eur('10.00'), isOffline: false }],
    override: null,
    difference: eur('0.00'),
    setback: null,
  })
})

test('changes nothing, here or there', async () => {
  const { truth, creditNoteId } = await note()
  const head = await ledger.served.ledger.store.head()
  for (let times = 0; times < 3; times += 1) await quote(creditNoteId)
  expect(await ledger.served.ledger.store.head()).toBe(head)
  const { refunds } = await simulator.control.order({ store: HASH, order: truth.base.id })
  expect(refunds).toEqual([])
})

test('over other providers where somebody chose them', async () => {
  const { creditNoteId } = await note()
  const { body } = await quote(creditNoteId, '?providers=storecredit')
  expect(body.chosen).toMatchObject([{ provider: 'storecredit' }])
  const none = await quote(creditNoteId, '?providers=klarna')
  expect(none.body).toMatchObject({ chosen: null, setback: { code: 'method_not_offered' } })
})

test('where the store reckons another tax, that is shown, and what would be sent by the setting', async () => {
  await simulator.control.setStore({ hash: HASH, adjustmentTax: 'unchanged' })
  const { creditNoteId } = await note({}, [{ quantity: '1', unitPrice: '7.5' }])
  const refused = await quote(creditNoteId)
  expect(refused.body).toMatchObject({
    ...{ amount: eur('7.50'), tax: eur('1.25'), quote: { tax: eur('1.67') } },
    ...{ chosen: null, override: null, setback: { code: 'amount_differs' } },
  })
  await ledger.admin.must('configure-instance', { instance, refundDifference: 'override' })
  const { body } = await quote(creditNoteId)
  expect(body).toMatchObject({
    chosen: [{ provider: 'braintree', amount: eur('7.50') }],
    override: { total: eur('7.50'), tax: eur('1.25') },
    setback: null,
  })
  await ledger.admin.must('configure-instance', { instance, refundDifference: 'refuse' })
})

describe('is refused as the command would be', () => {
  test.each([
    ['document_not_found', () => Promise.resolve(`${instance}-c9`)],
    [
      'nothing_captured_at_store',
      async () => (await note({ payment: { status: 'pending' } })).creditNoteId,
    ],
  ])('%s', async (code, make) => {
    const creditNoteId = await make()
    const quoted = await quote(creditNoteId)
    const asked = { creditNoteId, description: 'x' }
    const commanded = await ledger.client.command('refund-order-on-platform', asked)
    expect(quoted.body.code).toBe(code)
    expect(quoted.body).toEqual(commanded.body)
    expect(quoted.status).toBe(commanded.status)
  })

  test.each(['nothing', '%00', 'x'.repeat(200)])('there is no note %s', async (id) => {
    expect((await quote(id)).status).toBe(404)
  })

  test.each(['?providers=', '?provider=x', `?providers=${'x,'.repeat(21)}x`])(
    'with %s',
    async (query) => {
      const { status, body } = await quote(`${instance}-c1`, query)
      expect([status, body.code]).toEqual([400, 'malformed_query'])
    },
  )
})

test('says so where the store cannot be asked', async () => {
  const { creditNoteId } = await note()
  await simulator.control.setFaults([{ kind: 'error_before', on: 'quotes', status: 401 }])
  const refused = await quote(creditNoteId)
  expect([refused.status, refused.body.code]).toEqual([422, 'store_credentials_refused'])
  await simulator.control.setFaults([])
  await ledger.send('DELETE', `/instances/${instance}/credentials`)
  const bare = await quote(creditNoteId)
  expect([bare.status, bare.body]).toEqual([
    409,
    expect.objectContaining({ code: 'store_without_credentials', store: instance }),
  ])
})
