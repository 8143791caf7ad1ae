/** A whole document: its row, its journal entries, and what can be done with it now. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COMMAND_PERMISSIONS } from '../../src/http/permissions.js'
import {
  type Client,
  clientOf,
  type Json,
  servedLedger,
  type ServedLedger,
} from '../support/served-ledger.js'

let served: ServedLedger
let client: Client

beforeAll(async () => {
  served = await servedLedger()
  client = clientOf(served)
})
afterAll(async () => {
  await served.close()
})

const item = {
  kind: 'item',
  description: 'Lamp',
  quantity: '2',
  unitPrice: '50',
  tax: { code: 'GB-20', ratePercent: '20' },
}
const gbp = (amount: string) => ({ amount, currency: 'GBP' })
const open = (actions: Json) =>
  Object.fromEntries(
    actions.map((action: Json) => [action.command, action.open ? true : action.reason.code]),
  )

async function placedOrder(): Promise<string> {
  const order = { number: '1001', placedOn: '2026-01-05', party: null, shipTo: null }
  const { orderId } = await client.must('place-order', {
    ...order,
    billTo: { name: 'Ada Byron' },
    prices: 'tax_excluded',
    lines: [item],
  })
  return orderId
}

test('an order says what is open, and why the rest is not, as it goes its way', async () => {
  const orderId = await placedOrder()
  const actions = async () => open((await client.get(`/orders/${orderId}`)).body.actions)
  expect(await actions()).toEqual({
    'invoice-order': true,
    'plan-shipment': true,
    'cancel-order': true,
  })
  const { invoiceId } = await client.must('invoice-order', { orderId })
  await client.must('post-invoice', { invoiceId })
  expect(await actions()).toMatchObject({ 'invoice-order': 'nothing_left_to_invoice' })
  const cancelled = await placedOrder()
  await client.must('cancel-order', { orderId: cancelled, reason: 'Changed her mind' })
  expect(open((await client.get(`/orders/${cancelled}`)).body.actions)).toEqual({
    'invoice-order': 'order_cancelled',
    'plan-shipment': 'order_cancelled',
    'cancel-order': 'order_cancelled',
  })
})

test('a credit note says what is open to the caller, with the problem it would get', async () => {
  const { creditNoteId } = await client.must('draft-credit-note', {
    reason: 'Return',
    lines: [item],
  })
  const read = async (apiKey?: string) =>
    (await client.get(`/credit-notes/${creditNoteId}`, apiKey === undefined ? {} : { apiKey })).body
      .actions
  expect(open(await read())).toEqual({
    'edit-draft': true,
    'discard-draft': true,
    'post-credit-note': true,
    'refund-credit': 'document_not_posted',
    'void-credit-note': 'document_not_posted',
  })
  expect(open(await read(served.keys.operator))).toEqual({
    'edit-draft': true,
    'discard-draft': true,
    'post-credit-note': 'role_not_allowed',
    'refund-credit': 'role_not_allowed',
    'void-credit-note': 'role_not_allowed',
  })
  await client.must('post-credit-note', { creditNoteId })
  expect(open(await read())).toMatchObject({
    'edit-draft': 'document_not_draft',
    'refund-credit': true,
  })
  await client.must('refund-credit', { documentId: creditNoteId, account: 'cash' })
  const refused = (await read()).find(({ command }: Json) => command === 'refund-credit')
  const asked = await client.command('refund-credit', { documentId: creditNoteId })
  expect(refused).toEqual({
    command: 'refund-credit',
    href: '/commands/refund-credit',
    open: false,
    reason: asked.body,
  })
})

test('a draft that asks too much may be edited, and posted once it does not', async () => {
  const { invoiceId } = await client.must('draft-invoice', { lines: [item] })
  await client.must('post-invoice', { invoiceId })
  const draft = async () =>
    (
      await client.must('draft-credit-note', {
        invoiceId,
        reason: 'Return',
        lines: [{ invoiceLine: 0, quantity: '2' }],
      })
    ).creditNoteId
  const [posted, waiting] = [await draft(), await draft()]
  await client.must('post-credit-note', { creditNoteId: posted })
  const { actions } = (await client.get(`/credit-notes/${waiting}`)).body
  expect(open(actions)).toMatchObject({
    'edit-draft': true,
    'post-credit-note': 'credit_quantity_exceeds_invoice_line',
  })
})

test('a document is shown anew each time, whatever the caller has of it', async () => {
  const { creditNoteId } = await client.must('draft-credit-note', {
    reason: 'Return',
    lines: [item],
  })
  const path = `/credit-notes/${creditNoteId}`
  const etag = (await client.get(path)).headers.get('etag') ?? ''
  const again = await client.get(path, {
    apiKey: served.keys.viewer,
    headers: { 'if-none-match': etag },
  })
  expect([again.status, open(again.body.actions)['refund-credit']]).toEqual([
    200,
    'role_not_allowed',
  ])
})

test('an account is that of the default books unless others are named', async () => {
  await client.must(
    'open-books',
    { books: 'aaa', name: 'First', currency: 'EUR', timeZone: 'Europe/Paris' },
    { apiKey: served.keys.administrator },
  )
  const { position } = (
    await client.command('open-account', {
      books: 'aaa',
      account: 'safe',
      name: 'Safe',
      type: 'cash',
    })
  ).body
  const read = async (id: string) =>
    (await client.get(`/accounts/${id}?minPosition=${position}`)).body
  expect(await read('bank')).toMatchObject({ books: 'main', currency: 'GBP' })
  expect(await read('aaa:bank')).toMatchObject({ books: 'aaa', currency: 'EUR' })
  expect(await read('main:bank:junk')).toMatchObject({ code: 'not_found' })
})

test('each action of a document is a command with a row in the table of permissions', async () => {
  const orderId = await placedOrder()
  for (const { command, href } of (await client.get(`/orders/${orderId}`)).body.actions) {
    expect(COMMAND_PERMISSIONS).toHaveProperty(command)
    expect(href).toBe(`/commands/${command}`)
  }
})

test('each document has the journal entries that made it and that moved it', async () => {
  const { invoiceId } = await client.must('invoice-order', { orderId: await placedOrder() })
  const entriesOf = async (path: string) =>
    (await client.get(path)).body.entries.map(({ event, number, postings }: Json) => [
      event,
      number,
      postings.map(({ side, account, amount }: Json) => `${side} ${account} ${amount.amount}`),
    ])
  expect(await entriesOf(`/invoices/${invoiceId}`)).toEqual([])
  const { number } = await client.must('post-invoice', { invoiceId })
  const paid = await client.must('register-payment', {
    invoiceId,
    account: 'cash',
    amount: gbp('120.00'),
  })
  const posting = [
    'InvoicePosted',
    number,
    ['debit receivable 120.00', 'credit sales 100.00', 'credit output-tax 20.00'],
  ]
  const payment = [
    'PaymentRegistered',
    paid.number,
    ['debit cash 120.00', 'credit receivable 120.00'],
  ]
  expect(await entriesOf(`/invoices/${invoiceId}`)).toEqual([posting, payment])
  expect(await entriesOf(`/payments/${paid.paymentId}`)).toEqual([payment])
})

test('a document is what its list shows of it', async () => {
  const orderId = await placedOrder()
  const { invoiceId } = await client.must('invoice-order', { orderId })
  const { position } = (await client.command('post-invoice', { invoiceId })).body
  for (const [path, id] of [
    ['/orders', orderId],
    ['/invoices', invoiceId],
  ] as const) {
    const list = await client.get(`${path}?minPosition=${position}&limit=200`)
    const row = list.body.rows.find((one: Json) => one.id === id)
    const {
      entries: _entries,
      actions: _actions,
      ...document
    } = (await client.get(`${path}/${id}`)).body
    for (const [key, value] of Object.entries(row)) {
      if (key !== 'id' && key !== 'view') expect([key, document[key]]).toEqual([key, value])
    }
  }
})

test('a discarded draft is gone, and what never was is not there', async () => {
  const { creditNoteId } = await client.must('draft-credit-note', {
    reason: 'Return',
    lines: [item],
  })
  await client.must('discard-draft', { document: creditNoteId })
  const nobody = '00000000-0000-4000-8000-000000000000-c1'
  for (const id of [creditNoteId, nobody, 'nonsense', creditNoteId.replace('-c1', '-i1')]) {
    expect([id, (await client.get(`/credit-notes/${id}`)).status]).toEqual([id, 404])
  }
})

test('a browser gets the document as a page', async () => {
  const { creditNoteId } = await client.must('draft-credit-note', {
    reason: 'Return',
    lines: [item],
  })
  await client.must('post-credit-note', { creditNoteId })
  const page = await client.get(`/credit-notes/${creditNoteId}`, {
    headers: { accept: 'text/html' },
  })
  expect(page.text).toContain('Journal entries')
  expect(page.text).toContain('output-tax')
  expect(page.text).toContain('refund-credit')
})
