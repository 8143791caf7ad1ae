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

/** What is closed of an order that no store has, for whoever asks here. */
const NOT_AT_STORE = {
  'mark-order-paid': 'order_not_markable_as_paid',
  'set-force-refund': 'role_not_allowed',
}

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
    ...NOT_AT_STORE,
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
    ...NOT_AT_STORE,
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
    'refund-order-on-platform': 'document_not_posted',
    'void-credit-note': 'document_not_posted',
  })
  expect(open(await read(served.keys.operator))).toEqual({
    'edit-draft': true,
    'discard-draft': true,
    'post-credit-note': 'role_not_allowed',
    'refund-credit': 'role_not_allowed',
    'refund-order-on-platform': 'role_not_allowed',
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

/** A note of an order at a connected store, over half of what was paid there. */
async function notedAtStore(platformOrderId: string): Promise<Json> {
  const { administrator } = served.keys
  const asAdministrator = { apiKey: administrator }
  const store = {
    platform: 'bigcommerce',
    address: `https://api.bigcommerce.com/stores/s${platformOrderId}`,
  }
  const registered = await client.command(
    'register-instance',
    { ...store, name: 'Shop' },
    asAdministrator,
  )
  const { instance } = registered.body.answer
  await client.command('open-account', { account: 'gateway-shop', name: 'Shop', type: 'gateway' })
  const { orderId } = await client.must('import-order', {
    ...{ number: platformOrderId, placedOn: '2026-01-05', party: null, billTo: null, shipTo: null },
    ...{ prices: 'tax_excluded', lines: [{ ...item, platformLine: '11' }] },
    ...{ instance, platformOrderId, modifiedAt: '2026-01-05T00:00:00.000Z' },
    ...{ status: 'Shipped', paymentStatus: 'captured', gateway: 'shop' },
  })
  const { invoiceId } = await client.must('invoice-order', { orderId })
  await client.must('post-invoice', { invoiceId })
  const online = { gateway: 'shop', transaction: 'ch_1' }
  const paid = { invoiceId, account: 'gateway-shop', amount: gbp('120.00'), online }
  await client.must('register-payment', paid)
  const lines = [{ invoiceLine: 0, quantity: '1' }]
  const drafted = { invoiceId, reason: 'Came back', lines }
  const { creditNoteId } = await client.must('draft-credit-note', drafted)
  await client.must('post-credit-note', { creditNoteId })
  return { asAdministrator, instance, orderId, creditNoteId }
}

test('a refund that a store made is a payment, a refund at the store, and a note that says so', async () => {
  const { asAdministrator, instance, orderId, creditNoteId } = await notedAtStore('71')
  const actions = async () => open((await client.get(`/credit-notes/${creditNoteId}`)).body.actions)
  expect(await actions()).toMatchObject({ 'refund-order-on-platform': true })
  const made = (isDeclined: boolean) => ({
    ...{ platformRefundId: '9/1', createdAt: '2026-01-06T10:00:00.000Z', createdOn: '2026-01-06' },
    ...{ amount: gbp('60.00'), tax: gbp('10.00'), marker: null, items: [], declinedMessage: 'No' },
    payments: [{ provider: 'shop', amount: gbp('60.00'), isOffline: false, isDeclined }],
  })
  const pull = async (isDeclined: boolean) => {
    const pulled = { orderId, refunds: [made(isDeclined)] }
    return (await client.command('record-platform-refunds', pulled, asAdministrator)).body
  }
  await pull(false)
  expect(await actions()).toMatchObject({ 'refund-order-on-platform': 'platform_refund_exists' })
  const { position, answer } = await pull(true)
  expect(answer).toMatchObject({ declined: ['9/1'] })

  const note = (await client.get(`/credit-notes/${creditNoteId}`)).body
  expect(note).toMatchObject({ platformRefundId: '9/1', platformRefundStatus: 'Declined' })
  expect(note.entries.map(({ event }: Json) => event)).toEqual([
    'CreditNotePosted',
    'PlatformRefundPaid',
    'PlatformRefundDeclined',
  ])
  // As it stands in the list, whatever a store calls its refunds.
  const { rows } = (await client.get(`/payments?minPosition=${position}`)).body
  const { view } = rows.find(({ reference }: Json) => reference === '9/1')
  expect(view.href).toBe(`/payments/${orderId}:9%2F1`)
  const payment = (await client.get(view.href)).body
  expect(payment).toMatchObject({ kind: 'Refund', status: 'Declined', documentId: creditNoteId })
  expect(payment.entries).toHaveLength(2)
  const refunds = (await client.get(`/platform-refunds?orderId=${orderId}`)).body.rows
  expect(refunds).toMatchObject([{ status: 'Declined', documentId: creditNoteId }])
  expect((await client.get(refunds[0].view.href)).body).toMatchObject({ instance, amount: '60.00' })
  // Somebody sees to it.
  const [task] = (await client.get(`/sync-tasks?orderId=${orderId}`)).body.rows
  const seen = (await client.get(task.view.href)).body
  expect(seen).toMatchObject({ kind: 'Declined refund', state: 'Waits for a person', detail: 'No' })
  expect(seen.entries).toMatchObject([{ event: 'PlatformRefundDeclined' }])
  expect(open(seen.actions)).toEqual({
    'retry-sync': 'sync_task_not_due',
    'adopt-remote': 'sync_task_not_due',
    'dismiss-sync': true,
  })
  for (const path of [`/payments/${orderId}:9%2F2`, '/payments/x:1', `/sync-tasks/${orderId}`]) {
    expect((await client.get(path)).status).toBe(404)
  }
})
