/** The read models of credits and reports over HTTP, moved by real commands. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Client,
  clientOf,
  type Json,
  type ServedLedger,
  servedLedger,
} from '../support/served-ledger.js'

let served: ServedLedger
let client: Client

const PARTY = '0b9f3d8e-7c1a-4f5e-8a53-1f0b1c2d3e4f'
const gbp = (amount: string) => ({ amount, currency: 'GBP' })
const tax = { code: 'GB-20', ratePercent: '20' }
const sale = {
  party: PARTY,
  billTo: { name: 'Ada Byron' },
  shipTo: null,
  placedOn: '2026-01-05',
  prices: 'tax_excluded',
  lines: [{ kind: 'item', description: 'Mug', quantity: '1', unitPrice: '100', tax }],
}
const asAdministrator = () => ({ apiKey: served.keys.administrator })
const must = (name: string, body: unknown): Promise<Json> =>
  client.must(name, body, asAdministrator())

beforeAll(async () => {
  served = await servedLedger()
  client = clientOf(served)
})
afterAll(async () => {
  await served.close()
})

async function read(path: string): Promise<Json> {
  const head = await served.ledger.store.head()
  const separator = path.includes('?') ? '&' : '?'
  const { status, body, text } = await client.get(`${path}${separator}minPosition=${head}`)
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
  return body
}

test('credits that went over several folios agree with every report', async () => {
  const { orderId } = await must('place-order', { ...sale, number: '1001' })
  const { prepayment } = await must('register-payment', {
    orderId,
    account: 'bank',
    amount: gbp('150.00'),
  })
  const { invoiceId } = await must('invoice-order', { orderId })
  await must('post-invoice', { invoiceId })
  expect((await read('/invoices')).rows).toMatchObject([{ due: '0.00', status: 'Paid' }])
  const { party, billTo, prices, lines } = sale
  const other = await must('draft-invoice', { party, billTo, prices, lines })
  await must('post-invoice', { invoiceId: other.invoiceId })
  await must('allocate-credit', {
    documentId: prepayment.documentId,
    invoiceId: other.invoiceId,
    amount: gbp('20.00'),
  })
  await must('cancel-order', { orderId, reason: 'No more' })
  const [left] = (await read('/prepayments?toRefund=true')).rows
  expect(left).toMatchObject({ allocated: '140.00', remaining: '10.00', available: '10.00' })
  const document = await read(`/prepayments/${prepayment.documentId}`)
  expect(document).toMatchObject({ allocated: '140.00', remaining: '10.00' })
  expect(document.entries.length).toBeGreaterThan(1)
  expect((await read('/reports/open-items')).rows).toMatchObject([
    { party: PARTY, due: '100.00', credit: '10.00', balance: '90.00', currency: 'GBP' },
  ])
  expect((await read('/reports/tax-summary')).totals).toMatchObject([
    { kind: 'output', booksBase: '200.00', booksTax: '40.00' },
  ])
  expect((await read('/reports/unused-numbers')).rows).toEqual([])
  const head = await served.ledger.store.head()
  expect(await read('/reports/daily-check')).toMatchObject({
    ok: true,
    position: `${head}`,
    rows: [],
    total: 0,
  })
})

test('a deposit taxed when it comes, and what the books began with, agree with them too', async () => {
  await must('configure-books', { depositTax: tax })
  const { orderId } = await must('place-order', { ...sale, number: '1002' })
  const { prepayment } = await must('register-payment', {
    orderId,
    account: 'bank',
    amount: gbp('60.00'),
  })
  const { rows } = await read(`/open-items?party=${PARTY}&currency=GBP`)
  const deposit = rows.filter(({ number }: Json) => number === prepayment.number)
  expect(deposit.map(({ account, amountOpen }: Json) => [account, amountOpen]).sort()).toEqual([
    ['customer-prepayments', '50.00'],
    ['output-tax', '10.00'],
  ])
  const { invoiceId } = await must('invoice-order', { orderId })
  await must('post-invoice', { invoiceId })
  await must('post-opening-balances', {
    date: '2026-01-01',
    items: [
      {
        kind: 'invoice',
        direction: 'out',
        party: PARTY,
        number: 'OLD-1',
        documentDate: '2025-12-12',
        amount: gbp('132.00'),
      },
    ],
    accounts: [{ account: 'bank', side: 'debit', amount: gbp('500.00') }],
  })
  expect((await read('/invoices')).rows).toContainEqual(
    expect.objectContaining({ number: 'OLD-1', due: '132.00', status: 'Not Paid' }),
  )
  expect((await read('/reports/tax-summary')).totals).toMatchObject([
    { kind: 'output', booksBase: '300.00', booksTax: '60.00' },
  ])
  expect(await read('/reports/daily-check')).toMatchObject({ ok: true, rows: [] })
})
