/** Money of stores, booked once and in full, whatever was done here or there meanwhile (L13, L15, L28). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Folio } from '../../src/aggregates/folio.js'
import { sum } from '../../src/money/money.js'
import { pullOrder } from '../../src/workers/pull-order.js'
import type { OrderTruth } from '../simulators/bigcommerce/control/control.js'
import type { SeedOrder } from '../simulators/bigcommerce/seed/seed-input.js'
import type { Simulator } from '../simulators/bigcommerce/simulator.js'
import {
  type Connected,
  connected,
  HASH,
  ledgerForStores,
  simulatedStore,
  TOKEN,
} from '../support/connected-store.js'

const eur = (amount: string) => ({ amount, currency: 'EUR' })
const byBank = {
  paymentMethod: 'By Bank',
  until: 'registered_payment',
  when: 'captured',
  account: 'bank',
  capturesItself: true,
}
const byGateway = {
  paymentMethod: 'By Gateway',
  until: 'registered_payment',
  when: 'captured',
  account: 'gateway-braintree',
  capturesItself: true,
}
const posted = {
  paymentMethod: 'Posted',
  until: 'posted_invoice',
  when: 'captured',
  capturesItself: true,
}
const WORKFLOWS = [byBank, byGateway, posted]

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
  instance = await connected(simulator, ledger, { books: 'shop', workflows: WORKFLOWS })
}, 60_000)
afterAll(async () => {
  await ledger.served.close()
  await simulator.close()
})

async function seeded(order: SeedOrder): Promise<OrderTruth> {
  const [truth] = await ledger.seed({ createdAt: '2026-01-05T10:00:00Z', ...order })
  return truth ?? expect.fail()
}
async function takenOver({ base }: OrderTruth) {
  const outcome = await ledger.served.ledger.connections.pullOrder({
    instance,
    order: `${base.id}`,
  })
  if (outcome.outcome !== 'pulled') throw new Error(JSON.stringify(outcome))
  return { outcome, orderId: outcome.orderId, folio: await folioOf(outcome.orderId) }
}
const folioOf = (orderId: string): Promise<Folio> =>
  ledger.served.ledger.handler.readFolio(orderId.slice(0, 36))
const moneyIn = ({ payments }: Folio) =>
  sum(
    [...payments.values()].map(({ amount }) => amount),
    'EUR',
  )
const postedIn = ({ invoices }: Folio) =>
  [...invoices.values()].flatMap((invoice) => (invoice.status === 'posted' ? [invoice] : []))
const change = (truth: OrderTruth, more: object) =>
  simulator.control.changeOrder({ store: HASH, order: truth.base.id, ...more })
const refund = (truth: OrderTruth, quantity: number, amount: number) =>
  simulator.control.refundAtStore({
    store: HASH,
    order: truth.base.id,
    request: {
      items: [
        {
          item_type: 'PRODUCT',
          item_id: truth.base.products[0]?.id ?? 0,
          quantity,
          reason: 'Broken',
        },
      ],
      payments: [{ provider_id: 'braintree', amount, offline: false }],
    },
  })
async function captured(order: number): Promise<void> {
  await fetch(`${simulator.address}/stores/${HASH}/v3/orders/${order}/payment_actions/capture`, {
    method: 'POST',
    headers: { 'X-Auth-Token': TOKEN },
  })
  for (let looks = 0; looks < 200; looks += 1) {
    const { face } = await simulator.control.order({ store: HASH, order })
    if (face.paymentStatus === 'captured') return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('It was not captured.')
}

describe('a workflow that registers money over a bank', () => {
  test('has registered it once, also when the order is cancelled then', async () => {
    const truth = await seeded({ payment: { method: 'By Bank' } })
    expect(moneyIn((await takenOver(truth)).folio)).toEqual(eur('25.00'))
    await change(truth, { statusId: 5 })
    const { folio } = await takenOver(truth)
    expect([...folio.payments.values()].map(({ account }) => account)).toHaveLength(1)
  })

  test('has registered it once, also when the workflow is another one then', async () => {
    const truth = await seeded({ payment: { method: 'By Bank' } })
    expect(moneyIn((await takenOver(truth)).folio)).toEqual(eur('25.00'))
    await ledger.admin.must('configure-instance', {
      instance,
      workflows: [{ ...posted, paymentMethod: 'By Bank' }],
    })
    await change(truth, { statusId: 2 })
    const { folio } = await takenOver(truth)
    await ledger.admin.must('configure-instance', { instance, workflows: WORKFLOWS })
    expect([...folio.payments.values()].map(({ account }) => account)).toHaveLength(1)
  })
})

test('money over a gateway is booked in full, where a person has invoiced a part', async () => {
  const truth = await seeded({ payment: { method: 'By Gateway', status: 'authorized' } })
  const { orderId } = await takenOver(truth)
  const lines = [{ line: 0, quantity: '1' }]
  const { invoiceId } = await ledger.client.must('invoice-order', { orderId, lines })
  await ledger.client.must('post-invoice', { invoiceId })
  await captured(truth.base.id)
  await takenOver(truth)
  const { folio } = await takenOver(truth)
  expect(moneyIn(folio)).toEqual(eur('25.00'))
})

test('money that was received elsewhere is none of the gateway of a workflow', async () => {
  const truth = await seeded({
    payment: { gateway: 'bankdeposit', method: 'By Gateway', hasTransactions: true },
  })
  const { folio } = await takenOver(truth)
  expect([...folio.payments.values()].map(({ online }) => online)).toEqual([])
})

test('an order refunded in part before it was first seen is invoiced as any other', async () => {
  const truth = await seeded({ payment: { method: 'Posted' } })
  await refund(truth, 1, 10)
  const { folio } = await takenOver(truth)
  expect(folio.order).toMatchObject({ platform: { carried: { waits: null } } })
  expect(postedIn(folio)).toHaveLength(1)
})

test('a transaction whose gateway names it only later is booked once', async () => {
  const truth = await seeded({ payment: { method: 'None' } })
  const { connections, handler } = ledger.served.ledger
  const real = (await connections.stores.storeOf(instance)) ?? expect.fail()
  const unnamed = {
    ...real,
    readOrder: async (...asked: Parameters<typeof real.readOrder>) => {
      const read = await real.readOrder(...asked)
      if (read.outcome === 'failed' || read.value === null) return read
      // As `orderPayments` names a transaction whose gateway_transaction_id is still null: by the store's own id.
      const payments = read.value.payments.map((payment) => ({
        ...payment,
        transaction: payment.storeTransaction ?? '17',
      }))
      return { ...read, value: { ...read.value, payments } }
    },
  }
  const storeOf = () => Promise.resolve(unnamed)
  await pullOrder(
    { instance, order: `${truth.base.id}` },
    { ...connections.pullPorts, handler, storeOf },
  )
  const { folio } = await takenOver(truth)
  expect(moneyIn(folio)).toEqual(eur('25.00'))
})

test('a refund of what is not invoiced gives back the prepayment, and credits no other line', async () => {
  const products = [{ price: '10.00' }, { price: '40.00', sku: 'B' }]
  const truth = await seeded({ payment: { method: 'None' }, products, shipping: '0' })
  const { orderId } = await takenOver(truth)
  const lines = [{ line: 1, quantity: '1' }]
  const { invoiceId } = await ledger.client.must('invoice-order', { orderId, lines })
  await ledger.client.must('post-invoice', { invoiceId })
  await refund(truth, 1, 10)
  const { folio } = await takenOver(truth)
  expect(folio.creditNotes.size).toBe(0)
})
