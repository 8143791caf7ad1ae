/** An order as its store has it, taken over: lines, money and refunds, each once (L1, L13, L15, B9, M10). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Folio } from '../../src/aggregates/folio.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import { importedOrder } from '../../src/workers/imported-order.js'
import type { OrderTruth } from '../simulators/bigcommerce/control/control.js'
import type { SeedOrder } from '../simulators/bigcommerce/seed/seed-input.js'
import type { Simulator } from '../simulators/bigcommerce/simulator.js'
import {
  type Connected,
  connected,
  HASH,
  ledgerForStores,
  registered,
  simulatedStore,
} from '../support/connected-store.js'

const PAST = '2026-01-05T10:00:00Z'
const EUR = { currency: 'EUR' }

let simulator: Simulator
let ledger: Connected
let instance: string

beforeAll(async () => {
  simulator = await simulatedStore()
  ledger = await ledgerForStores(simulator)
  const { admin } = ledger
  await admin.must('open-books', { books: 'shop', ...EUR, timeZone: 'Europe/Berlin' })
  await admin.must('open-account', {
    ...{ books: 'shop', account: 'gateway-braintree', name: 'Braintree', type: 'gateway' },
  })
  instance = await connected(simulator, ledger, { books: 'shop', workflows: [POSTED_WHEN_PAID] })
}, 60_000)
afterAll(async () => {
  await ledger.served.close()
  await simulator.close()
})

/** Up to the posted invoice for orders paid by card; others wait for a person. */
const POSTED_WHEN_PAID = {
  ...{ paymentMethod: 'Credit Card', until: 'posted_invoice', when: 'captured' },
  capturesItself: true,
}

const pull = (order: string) => ledger.served.ledger.connections.pullOrder({ instance, order })

async function seeded(order: SeedOrder): Promise<OrderTruth> {
  const [truth] = await ledger.seed({ createdAt: PAST, ...order })
  return truth ?? expect.fail()
}

async function pulled(order: SeedOrder) {
  const truth = await seeded(order)
  return { truth, ...(await takenOver(truth)) }
}

async function takenOver({ base }: OrderTruth) {
  const outcome = await pull(`${base.id}`)
  if (outcome.outcome !== 'pulled') throw new Error(JSON.stringify(outcome))
  const { orderId } = outcome
  return { outcome, orderId, folio: await folioOf(orderId) }
}

const folioOf = (orderId: string): Promise<Folio> =>
  ledger.served.ledger.handler.readFolio(orderId.slice(0, 36))

function openOrder({ order }: Folio) {
  if (order.status === 'absent') throw new Error('There is no order.')
  return order
}

const postedIn = ({ invoices }: Folio): readonly PostedInvoice[] =>
  [...invoices.values()].filter((invoice) => invoice.status === 'posted')

const money = (amount: string, currency = 'EUR') => ({ amount, currency })
/** As the ledger writes it: with the digits of the currency. */
const grossOf = ({ base: { total, currency } }: OrderTruth) => {
  const digits = { JPY: 0, KWD: 3 }[currency] ?? 2
  return money((total.gross / 10 ** digits).toFixed(digits), currency)
}

const rates = { vat: { name: 'VAT', ratePercent: '20' }, low: { name: 'Low', ratePercent: '7' } }

const KINDS: readonly [string, SeedOrder][] = [
  ['goods and shipping', {}],
  ['prices without tax', { prices: 'tax_excluded', products: [{ price: '9.99', quantity: 3 }] }],
  ['odd prices in odd numbers', { products: [{ price: '3.33', quantity: 7 }] }],
  [
    'two rates, handling and a fee',
    {
      products: [
        { price: '17.35', quantity: 3, taxes: [rates.vat] },
        { price: '4.49', quantity: 2, sku: 'BOOK', taxes: [rates.low] },
      ],
      handling: '1.99',
      fees: [{ name: 'Service', cost: '2.50' }],
    },
  ],
  ['a discount of the order', { discount: '3.33', products: [{ price: '10.01', quantity: 3 }] }],
  [
    'a coupon and a discount of a line',
    {
      coupon: { code: 'SPRING', amount: '5.00' },
      products: [{ price: '20.00', quantity: 2, discount: '1.11' }, { price: '3.00' }],
    },
  ],
  ['wrapping', { products: [{ price: '10.00', quantity: 3, wrapping: '2.00' }] }],
  [
    'two addresses',
    {
      products: [{ price: '10.00' }, { price: '5.00', address: 1 }],
      addresses: [{ shipping: '4.00' }, { shipping: '6.50', handling: '0.75' }],
    },
  ],
  ['nothing to ship', { products: [{ price: '8.00', type: 'digital' }] }],
  [
    'a gift certificate among others',
    { products: [{ price: '25.00', type: 'giftcertificate', taxes: [] }, { price: '10.00' }] },
  ],
  ['no tax at all', { taxes: [], products: [{ price: '12.00', quantity: 2 }] }],
  [
    'prices without tax, everything',
    {
      prices: 'tax_excluded',
      products: [
        { price: '9.95', quantity: 3, wrapping: '1.50', taxes: [rates.vat] },
        { price: '0.99', quantity: 11, sku: 'PIN', discount: '0.50', taxes: [rates.low] },
      ],
      handling: '0.99',
      fees: [{ cost: '1.01' }],
      coupon: { code: 'X', amount: '2.22' },
    },
  ],
]

describe('adds up to the total of the store, to the cent', () => {
  test.each(KINDS)('%s', async (_what, order) => {
    const { truth, folio } = await pulled(order)
    const { total, currency } = truth.base
    const totals = openOrder(folio).platform?.totals
    expect(totals?.gross).toEqual(grossOf(truth))
    expect(totals?.tax.amount).toBe((total.tax / 100).toFixed(2))
    expect(openOrder(folio).currency).toBe(currency)
    const [invoice = expect.fail()] = postedIn(folio)
    expect(invoice.content.totals.gross).toEqual(grossOf(truth))
    // Nothing had to be rounded to get there.
    expect(invoice.content.lines.filter(({ kind }) => kind === 'rounding')).toEqual([])
    expect(invoice.due).toEqual(money('0.00'))
  })

  test.each([
    ['JPY', '0.0062000000', '1200'],
    ['KWD', '0.3200000000', '1.250'],
    ['USD', '1.0869565217', '19.99'],
  ])('in %s, at the rate of the store', async (currency, exchangeRate, price) => {
    const order = { currency, exchangeRate, products: [{ price, quantity: 3 }], shipping: '0' }
    const { truth, folio } = await pulled(order)
    expect(openOrder(folio).platform?.totals.gross).toEqual(grossOf(truth))
    expect(openOrder(folio).exchangeRate).not.toBeNull()
    const [invoice = expect.fail()] = postedIn(folio)
    expect(invoice.due.amount).toMatch(/^0(\.0+)?$/)
  })
})

test('what is said of the order is what the store says', async () => {
  const { truth, folio } = await pulled({
    customerId: 0,
    storeCredit: '3.00',
    giftCertificate: '2.00',
    payment: { status: 'captured' },
  })
  const order = openOrder(folio)
  expect(order).toMatchObject({
    number: `${truth.base.id}`,
    placedOn: '2026-01-05',
    placedAt: '2026-01-05T10:00:00.000Z',
    paymentMethod: 'Credit Card',
    gateway: 'braintree',
    storeCredit: money('3.00'),
    giftCertificates: money('2.00'),
    platform: { status: 'Awaiting Fulfillment', paymentStatus: 'captured', instance },
  })
  expect(order.lines.map(({ kind, platformLine }) => [kind, platformLine])).toEqual([
    ['item', `${truth.base.products[0]?.id}`],
    ['shipping', `${truth.base.addresses[0]?.id}`],
  ])
  // A guest, by e-mail.
  expect(order.party).not.toBeNull()
})

test('an order placed late in the evening belongs to the day of the books', async () => {
  const { folio } = await pulled({ createdAt: '2026-06-30T23:30:00Z' })
  expect(openOrder(folio).placedOn).toBe('2026-07-01')
})

describe('pulled again', () => {
  test('it changes nothing, however often', async () => {
    const { truth, orderId } = await pulled({})
    const stream = async () =>
      (await ledger.served.ledger.log.read(`folio-${orderId.slice(0, 36)}`, 0)).length
    const before = await stream()
    for (let times = 0; times < 3; times += 1) {
      expect((await takenOver(truth)).outcome).toMatchObject({
        changed: false,
        money: { registered: 0, leftAlone: [] },
      })
    }
    await Promise.all([1, 2, 3, 4].map(() => takenOver(truth)))
    expect(await stream()).toBe(before)
  })

  test('a newer state is taken over', async () => {
    const { truth } = await pulled({})
    await simulator.control.changeOrder({ store: HASH, order: truth.base.id, statusId: 2 })
    const { outcome, folio } = await takenOver(truth)
    expect(outcome.changed).toBe(true)
    expect(openOrder(folio).platform?.status).toBe('Shipped')
  })
})

describe('money', () => {
  test('captured before there is an invoice is a prepayment, which the invoice draws on (L13)', async () => {
    const payment = { method: 'Deposit by Card', status: 'captured' as const }
    const { truth, orderId, folio } = await pulled({ payment })
    const [prepayment = expect.fail()] = [...folio.advances.values()]
    expect(prepayment).toMatchObject({ kind: 'prepayment', amount: grossOf(truth) })
    expect([...folio.payments.values()]).toMatchObject([
      {
        account: 'gateway-braintree',
        online: { gateway: 'braintree', transaction: `braintree-${truth.base.id}` },
        date: '2026-01-05',
      },
    ])
    const { invoiceId } = await ledger.client.must('invoice-order', { orderId })
    await ledger.client.must('post-invoice', { invoiceId })
    const [invoice = expect.fail()] = postedIn(await folioOf(orderId))
    expect(invoice.due).toEqual(money('0.00'))
  })

  test('captured after the invoice was posted is a payment of it', async () => {
    const payment = { method: 'Later', status: 'authorized' as const }
    const { truth, orderId } = await pulled({ payment })
    const { invoiceId } = await ledger.client.must('invoice-order', { orderId })
    await ledger.client.must('post-invoice', { invoiceId })
    expect(postedIn(await folioOf(orderId))[0]?.due).toEqual(grossOf(truth))
    await captured(truth.base.id)
    const { outcome, folio } = await takenOver(truth)
    expect(outcome.money.registered).toBe(1)
    expect(postedIn(folio)[0]?.due).toEqual(money('0.00'))
    expect([...folio.advances.values()]).toEqual([])
  })

  test.each(['authorized', 'pending', 'declined', 'void', ''] as const)(
    'that is %j is none',
    async (status) => {
      const { folio } = await pulled({ payment: { status } })
      expect(folio.payments.size).toBe(0)
    },
  )

  test('of a test, and money recorded by hand at the store, is none', async () => {
    const test = await pulled({ payment: { isTest: true } })
    const byHand = await pulled({
      payment: { gateway: 'bankdeposit', method: 'Bank Deposit', hasTransactions: true },
    })
    expect([test.folio.payments.size, byHand.folio.payments.size]).toEqual([0, 0])
  })

  test('of a gateway without an account is left alone, and said so', async () => {
    const payment = { gateway: 'klarna', method: 'Klarna' }
    const { truth, outcome, folio } = await pulled({ payment })
    expect(folio.payments.size).toBe(0)
    expect(outcome.money.leftAlone).toEqual([
      {
        gateway: 'klarna',
        transaction: `klarna-${truth.base.id}`,
        why: 'Open the clearing account gateway-klarna of type gateway for money of klarna',
        waitsForAccount: 'gateway-klarna',
      },
    ])
    await ledger.admin.must('open-account', {
      ...{ books: 'shop', account: 'gateway-klarna', name: 'Klarna', type: 'gateway' },
    })
    expect((await takenOver(truth)).outcome.money).toEqual({ registered: 1, leftAlone: [] })
  })

  test('without a transaction is left alone, for it could be there twice', async () => {
    const payment = { gateway: 'paypalexpress', method: 'PayPal', hasTransactions: false }
    const { outcome, folio } = await pulled({ payment })
    expect(folio.payments.size).toBe(0)
    expect(outcome.money.leftAlone).toMatchObject([{ transaction: null }])
  })

  test('of a cancelled order waits to be refunded (L15)', async () => {
    const { truth, orderId, folio } = await pulled({ statusId: 5 })
    expect(openOrder(folio).status).toBe('cancelled')
    expect(postedIn(folio)).toEqual([])
    expect([...folio.advances.values()]).toMatchObject([{ amount: grossOf(truth) }])
    const head = await ledger.served.ledger.store.head()
    const { body } = await ledger.client.get(
      `/prepayments?toRefund=true&minPosition=${head?.toString()}`,
    )
    expect(JSON.stringify(body)).toContain(orderId.slice(0, 36))
  })

  test('of an invoiced order that is cancelled then: a note is proposed (L15)', async () => {
    const { truth } = await pulled({})
    await simulator.control.changeOrder({ store: HASH, order: truth.base.id, statusId: 5 })
    const { folio } = await takenOver(truth)
    expect(openOrder(folio).status).toBe('cancelled')
    expect([...folio.creditNotes.values()]).toMatchObject([{ status: 'draft' }])
  })
})

/** As the store's panel would: the money that was held is taken. */
async function captured(order: number): Promise<void> {
  const response = await fetch(
    `${simulator.address}/stores/${HASH}/v3/orders/${order}/payment_actions/capture`,
    { method: 'POST', headers: { 'X-Auth-Token': 'canary-9b3f-access-token' } },
  )
  if (response.status !== 201) throw new Error(`capture: ${response.status}`)
  for (let looks = 0; looks < 200; looks += 1) {
    const { face } = await simulator.control.order({ store: HASH, order })
    if (face.paymentStatus === 'captured') return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('It was not captured.')
}

describe('a refund made at the store', () => {
  const refundOf = ({ base }: OrderTruth, amount: number, reason = 'Broken') => ({
    store: HASH,
    order: base.id,
    request: {
      items: [
        { item_type: 'PRODUCT' as const, item_id: base.products[0]?.id ?? 0, quantity: 1, reason },
      ],
      payments: [{ provider_id: 'braintree', amount, offline: false }],
    },
  })

  test('is booked once, with a note over it (B9)', async () => {
    const { truth } = await pulled({ products: [{ price: '10.00', quantity: 2 }] })
    const { id } = await simulator.control.refundAtStore(refundOf(truth, 10))
    const { outcome, orderId, folio } = await takenOver(truth)
    expect(outcome.refunds).toMatchObject({ recorded: 1, declined: 0 })
    expect([...folio.creditNotes.values()]).toMatchObject([
      { status: 'posted', content: { totals: { gross: money('10.00') } } },
    ])
    expect(folio.platformRefunds.get(`${id}`)).toMatchObject({ held: null, online: money('10.00') })
    const stream = `folio-${orderId.slice(0, 36)}`
    const before = (await ledger.served.ledger.log.read(stream, 0)).length
    for (let times = 0; times < 3; times += 1) {
      expect((await takenOver(truth)).outcome.refunds).toEqual({
        recorded: 0,
        held: 0,
        declined: 0,
      })
    }
    expect((await ledger.served.ledger.log.read(stream, 0)).length).toBe(before)
  })

  test('that is declined later is taken back', async () => {
    const { truth } = await pulled({ products: [{ price: '10.00', quantity: 2 }] })
    const { id: refund } = await simulator.control.refundAtStore(refundOf(truth, 10))
    await takenOver(truth)
    await simulator.control.declineRefund({ store: HASH, order: truth.base.id, refund })
    expect((await takenOver(truth)).outcome.refunds).toMatchObject({ declined: 1 })
    expect((await takenOver(truth)).outcome.refunds).toMatchObject({ declined: 0 })
  })

  test('is handed over with the first import as well', async () => {
    const truth = await seeded({ products: [{ price: '10.00', quantity: 2 }] })
    await simulator.control.refundAtStore(refundOf(truth, 10))
    const { outcome, folio } = await takenOver(truth)
    expect(folio.platformRefunds.size).toBe(1)
    expect(outcome.refunds.recorded + outcome.refunds.held).toBe(1)
  })
})

test('a checkout that nobody has completed is no order, until somebody has', async () => {
  const { base } = await seeded({ statusId: 0 })
  expect(await pull(`${base.id}`)).toEqual({ outcome: 'not_placed' })
  const truth = await simulator.control.changeOrder({ store: HASH, order: base.id, statusId: 11 })
  const { folio } = await takenOver(truth)
  expect(folio.order).toMatchObject({ status: 'open' })
  // Whatever the store makes of it later: it is known now.
  await simulator.control.changeOrder({ store: HASH, order: base.id, statusId: 0 })
  expect(await pull(`${base.id}`)).toMatchObject({ outcome: 'pulled', changed: true })
})

describe('what cannot be taken over', () => {
  test('an order that there is none of is gone', async () => {
    expect(await pull('999999')).toEqual({ outcome: 'gone' })
    expect(await pull('../1')).toEqual({ outcome: 'gone' })
  })

  test('a store without credentials is nobody to ask', async () => {
    const { instance: bare } = (await registered('https://api.bigcommerce.com', ledger.admin)) as {
      instance: string
    }
    const outcome = await ledger.served.ledger.connections.pullOrder({ instance: bare, order: '1' })
    expect(outcome).toMatchObject({ outcome: 'failed', failure: { of: 'store' } })
  })

  test('an order that the ledger does not take is told with what it does not take', async () => {
    const products = Array.from({ length: 1_001 }, () => ({ price: '1.00' }))
    const { base } = await seeded({ products })
    const outcome = await pull(`${base.id}`)
    expect(outcome).toMatchObject({ outcome: 'failed', failure: { of: 'order' } })
    expect(outcome.outcome === 'failed' && outcome.failure.why).toMatch(/^import-order: .*lines/)
  })
})

test('of history nothing is booked (L29)', async () => {
  await ledger.admin.must('configure-instance', { instance, startDate: '2026-01-05' })
  const { folio } = await pulled({ createdAt: '2025-12-31T10:00:00Z' })
  expect(openOrder(folio).platform?.isHistory).toBe(true)
  expect([folio.payments.size, folio.invoices.size]).toEqual([0, 0])
  await ledger.admin.must('configure-instance', { instance, startDate: null })
})

test('the rate of the store is taken where it is into the currency of the books', () => {
  const order = {
    ...{ order: '1', number: '1', placedAt: '2026-01-05T10:00:00.000Z', status: 'Pending' },
    ...{ modifiedAt: '2026-01-05T10:00:00.000Z', paymentStatus: '', customer: null },
    ...{ billTo: null, shipTo: null, paymentMethod: null, gateway: null, currency: 'USD' },
    exchangeRate: { currency: 'EUR', rate: '0.92' },
    prices: 'tax_included' as const,
    lines: [],
    totals: { net: money('0.00', 'USD'), tax: money('0.00', 'USD'), gross: money('0.00', 'USD') },
    ...{ storeCredit: money('0.00', 'USD'), giftCertificates: money('0.00', 'USD') },
    ...{ payments: [], isRepaired: false, isRounded: false },
  }
  const books = { books: 'main', timeZone: 'UTC' }
  const into = (currency: string) =>
    importedOrder(order, { instance, books: { ...books, currency } })
  expect(into('EUR')).toMatchObject({ currency: 'USD', exchangeRate: '0.92' })
  expect(into('GBP')).not.toHaveProperty('exchangeRate')
  expect(into('USD')).not.toHaveProperty('exchangeRate')
  expect(into('EUR')).not.toHaveProperty('storeCredit')
})
