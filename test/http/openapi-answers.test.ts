/** What is answered is what the description says: a story of every command, and then every read. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  BOOKS_COMMANDS,
  FOLIO_COMMANDS,
  INSTANCE_COMMANDS,
  SUBJECT_COMMANDS,
} from '../../commands/registry.js'
import { LISTS } from '../../src/http/lists.js'
import { openApiDocument } from '../../src/http/openapi/document.js'
import {
  type Answered,
  type Client,
  clientOf,
  type Json,
  servedLedger,
  type ServedLedger,
} from '../support/served-ledger.js'

const document: Json = openApiDocument()
const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictTypes: false,
  keywords: ['components'],
})
addFormats.default(ajv)

let served: ServedLedger
let client: Client
/** What our answers say beside what every answer of HTTP says. */
const OUR_HEADERS = [
  'ETag',
  'Folio-Position',
  'Idempotent-Replayed',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
]

/** Operations whose answer was looked at, by status. */
const seen = new Set<string>()

beforeAll(async () => {
  served = await servedLedger()
  client = clientOf(served)
})
afterAll(async () => {
  await served.close()
})

/** Every answer has a place in the description, and fits the schema and the headers that stand there. */
function described(method: string, path: string, { status, headers, body }: Answered): Json {
  const { responses } = document.paths[path][method]
  const named = responses[`${status}`]
  const where = `${method} ${path}: ${status} ${JSON.stringify(body)}`
  expect(named, where).toBeDefined()
  const response = named.$ref === undefined ? named : at(named.$ref)
  const type = headers.get('content-type')?.split(';')[0] ?? ''
  const fits = ajv.compile({ ...response.content[type].schema, components: document.components })
  fits(body)
  expect(fits.errors, where).toBeNull()
  const told = OUR_HEADERS.filter((name) => headers.has(name))
  expect(Object.keys(response.headers), where).toEqual(expect.arrayContaining(told))
  for (const [name, reference] of Object.entries<Json>(response.headers)) {
    const value = headers.get(name)
    const isOptional = ['Idempotent-Replayed', 'Retry-After', 'Folio-Position'].includes(name)
    if (value === null && isOptional) continue
    const { pattern, const: only } = at(reference.$ref).schema
    expect(value, `${where} ${name}`).toMatch(new RegExp(pattern ?? only ?? '.'))
  }
  seen.add(`${method} ${path} ${status}`)
  return body
}

function at(reference: string): Json {
  return reference
    .split('/')
    .slice(1)
    .reduce((value, key) => value[key], document)
}

const ask = async (name: string, body: unknown, headers: Record<string, string> = {}) =>
  described('post', `/commands/${name}`, await client.command(name, body, asAdministrator(headers)))
const must = async (name: string, body: unknown) => (await ask(name, body)).answer

function asAdministrator(headers: Record<string, string>) {
  return { apiKey: served.keys.administrator, headers }
}

const gbp = (amount: string) => ({ amount, currency: 'GBP' })
const tax = { code: 'GB-20', ratePercent: '20' }
const lines = [{ kind: 'item', description: 'Mug', quantity: '6', unitPrice: '9.95', tax }]
const sale = {
  number: '1001',
  placedOn: '2026-01-05',
  party: null,
  billTo: { name: 'Ada Byron', country: 'United Kingdom' },
  shipTo: null,
  prices: 'tax_excluded',
  lines,
}

/** Money ahead of an invoice, used for one of another sale, and all of it taken back again. */
async function moneyMoves(): Promise<void> {
  await must('post-opening-balances', {
    date: '2026-01-01',
    accounts: [{ account: 'bank', side: 'debit', amount: gbp('100.00') }],
  })
  const party = '00000000-0000-4000-8000-000000000007'
  const { paymentId, prepayment } = await must('register-payment', {
    party,
    account: 'cash',
    amount: gbp('20.00'),
  })
  const { invoiceId } = await must('draft-invoice', { party, lines })
  await must('post-invoice', { invoiceId })
  const credit = { documentId: prepayment.documentId, invoiceId, amount: gbp('5.00') }
  const { allocation } = await must('allocate-credit', credit)
  const { allocationId } = allocation
  await must('release-credit', { invoiceId, allocationId, reason: 'Another one' })
  await must('reverse-payment', { paymentId, reason: 'Bounced' })
  const { creditNoteId } = await must('draft-credit-note', {
    invoiceId,
    reason: 'Goodwill',
    amount: gbp('10.00'),
  })
  await must('post-credit-note', { creditNoteId })
  await must('void-credit-note', { creditNoteId, reason: 'Too early' })
}

/** By somebody else than the administrator, who asks for them. */
async function decideRefunds(): Promise<void> {
  const threshold = gbp('0.00')
  await must('configure-books', { refundThresholds: [{ role: 'accountant', threshold }] })
  const { creditNoteId } = await must('draft-credit-note', { reason: 'Goodwill', lines })
  await must('post-credit-note', { creditNoteId })
  const asAccountant = { apiKey: served.keys.accountant }
  for (const name of ['approve-refund', 'decline-refund']) {
    const asked = { documentId: creditNoteId, amount: gbp('1.00'), account: 'bank' }
    const refund = await client.command('refund-credit', asked, asAccountant)
    const { approvalId } = described('post', '/commands/refund-credit', refund).answer.approval
    await must(name, { approvalId, ...(name === 'decline-refund' ? { reason: 'No' } : {}) })
  }
}

const SHUT_MS = 60_000

/** The worker, which has no credentials of the store, gives the task up whenever it comes first: it is taken up again. */
async function started(taskId: string, sending: unknown): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const shutUntil = new Date(Date.now() + SHUT_MS).toISOString()
    const { answer } = await ask('start-attempt', { taskId, sending, shutUntil })
    if (answer !== undefined) return answer.attempt
    await ask('retry-sync', { taskId, reason: 'Ours now' })
  }
  return expect.fail('The worker is always first')
}

const failed = (taskId: string, attempt: number, setback: string) =>
  must('record-platform-answer', { taskId, attempt, answer: 'failed', setback })

/** Given up, taken up again, given up, and let go. */
async function letGo(taskId: string, sending: unknown): Promise<void> {
  await failed(taskId, await started(taskId, sending), 'not_authorised')
  await must('retry-sync', { taskId, reason: 'A new token' })
  await failed(taskId, await started(taskId, sending), 'not_authorised')
  await must('dismiss-sync', { taskId, reason: 'Seen to otherwise' })
}

const storeRefund = (platformRefundId: string, marker: string | null) => ({
  platformRefundId,
  createdAt: '2026-01-06T10:00:00.000Z',
  createdOn: '2026-01-06',
  amount: gbp('10.00'),
  tax: gbp('0.00'),
  payments: [{ provider: 'shop', amount: gbp('10.00'), isOffline: false, isDeclined: false }],
  marker,
  items: [],
  declinedMessage: '',
})
const payment = { provider: 'shop', amount: gbp('10.00'), isOffline: false }
const refund = { kind: 'refund', payments: [payment], override: null }

async function invoicedAtStore(
  instance: string,
  more: Readonly<Record<string, unknown>>,
): Promise<Json> {
  const modifiedAt = '2026-01-05T00:00:00.000Z'
  const imported = { ...sale, instance, modifiedAt, status: 'Shipped', ...more }
  const { orderId } = await must('import-order', imported)
  const { invoiceId, totals } = await must('invoice-order', { orderId })
  await must('post-invoice', { invoiceId })
  return { orderId, invoiceId, amount: totals.gross }
}

/** Refunds of one order: made there and tied to its note, asked for and adopted, asked for and let go. */
async function refundsAtStore(instance: string): Promise<void> {
  await must('open-account', { account: 'gateway-shop', name: 'Shop', type: 'gateway' })
  const shown = { platformOrderId: '88', gateway: 'shop', paymentStatus: 'captured' }
  const { orderId, invoiceId, amount } = await invoicedAtStore(instance, shown)
  const online = { gateway: 'shop', transaction: 'ch_1' }
  await must('register-payment', { invoiceId, account: 'gateway-shop', amount, online })
  const notes: string[] = []
  for (let count = 0; count < 3; count += 1) {
    const drafted = { invoiceId, reason: 'Goodwill', amount: gbp('10.00') }
    const { creditNoteId } = await must('draft-credit-note', drafted)
    await must('post-credit-note', { creditNoteId })
    notes.push(creditNoteId)
  }
  const [linked, adopted, dismissed] = notes
  await must('record-platform-refunds', { orderId, refunds: [storeRefund('900', null)] })
  const tied = { creditNoteId: linked, platformRefundId: '900', reason: 'The first' }
  await must('link-platform-refund', tied)
  const asked = async (creditNoteId: string | undefined): Promise<string> => {
    const description = 'Goodwill'
    return (await must('refund-order-on-platform', { creditNoteId, description })).task.taskId
  }
  const task = await asked(adopted)
  await started(task, refund)
  await must('record-platform-refunds', { orderId, refunds: [storeRefund('901', task)] })
  await must('adopt-remote', { taskId: task, remoteId: '901', reason: 'It is that' })
  await letGo(await asked(dismissed), refund)
  await must('set-force-refund', { orderId, forceRefund: true, reason: 'One more' })
}

async function markedAtStore(instance: string): Promise<void> {
  const shown = { platformOrderId: '89', gateway: 'bankdeposit', paymentStatus: '' }
  const { orderId, invoiceId, amount } = await invoicedAtStore(instance, shown)
  await must('register-payment', { invoiceId, account: 'bank', amount })
  await must('configure-instance', { instance, markOrdersPaid: true })
  const { taskId } = await must('mark-order-paid', { orderId })
  await letGo(taskId, { kind: 'capture_record', amount })
}

test('every command answers what its description says', async () => {
  await ask('open-books', { books: 'other' })
  await must('open-account', { account: 'safe', name: 'Safe', type: 'cash' })
  await must('close-account', { account: 'safe' })
  await must('close-account', { account: 'safe' })
  await must('set-exchange-rate', { rates: [{ currency: 'EUR', rate: '0.87' }] })
  await must('close-period', { through: '2020-12-31' })
  await must('reopen-period', { through: null, reason: 'Closed too early' })
  const [party, into] = ['1', '2'].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`)
  await must('merge-parties', { party, into, reason: 'One customer' })
  await must('unmerge-parties', { party, reason: 'Two after all' })
  await must('record-source-document', {
    books: 'main',
    format: 'file',
    number: '1',
    fingerprint: 'f',
    linked: [],
    adHoc: [],
  })
  const imported = {
    ...sale,
    instance: '5d1d0a2e-6f43-4b57-8f0e-1f2d3c4b5a69',
    platformOrderId: '77',
    modifiedAt: '2026-11-01T00:00:00.000Z',
    status: 'Shipped',
    paymentStatus: '',
  }
  const { instance } = await must('register-instance', {
    platform: 'bigcommerce',
    address: 'https://api.bigcommerce.com/stores/abc123',
    name: 'Shop',
  })
  expect(await must('configure-instance', { instance, name: 'Outlet' })).toEqual({ instance })
  expect(await must('import-order', imported)).toMatchObject({ changed: true })
  expect(await must('import-order', imported)).toMatchObject({ changed: false })
  const { orderId } = await must('place-order', sale)
  const { invoiceId: part } = await must('invoice-order', {
    orderId,
    lines: [{ line: 0, quantity: '2' }],
  })
  await must('edit-draft', { document: part, note: 'Thank you' })
  await must('discard-draft', { document: part })
  await must('discard-draft', { document: part })
  const { invoiceId } = await must('invoice-order', { orderId })
  await must('post-invoice', { invoiceId })
  const { paymentId } = await must('register-payment', {
    invoiceId,
    account: 'bank',
    amount: gbp('80.00'),
  })
  await must('reconcile-payment', { paymentId })
  const { creditNoteId } = await must('draft-credit-note', { invoiceId, reason: 'Broken' })
  await must('post-credit-note', { creditNoteId })
  await must('refund-credit', { documentId: creditNoteId, amount: gbp('10.00'), account: 'bank' })
  await must('cancel-order', { orderId, reason: 'Closed' })
  await must('cancel-order', { orderId, reason: 'Closed' })
  await must('draft-invoice', { lines })
  const { orderId: shipped } = await must('place-order', sale)
  const { shipmentId } = await must('plan-shipment', { orderId: shipped })
  await must('validate-delivery', { shipmentId, lines: [{ line: 0, quantity: '1' }] })
  await must('add-tracking', { shipmentId, track: { number: 'JD0001' } })
  await must('forget-subject', { document: shipped, reason: 'Asked for' })
  await must('forget-subject', { document: shipped, reason: 'Asked for' })
  await refundsAtStore(instance)
  await markedAtStore(instance)
  await decideRefunds()
  await moneyMoves()
  const answered = [
    ...BOOKS_COMMANDS,
    ...FOLIO_COMMANDS,
    ...INSTANCE_COMMANDS,
    ...SUBJECT_COMMANDS,
  ].filter(({ name }) => !seen.has(`post /commands/${name} 200`))
  expect(answered.map(({ name }) => name)).toEqual([])
})

test('a repeat, a refusal and a malformed request answer what the description says', async () => {
  const key = { 'idempotency-key': 'once' }
  const first = await ask('draft-invoice', { lines }, key)
  expect(await ask('draft-invoice', { lines }, key)).toEqual(first)
  expect(await ask('draft-invoice', { lines: [...lines, ...lines] }, key)).toMatchObject({
    code: 'idempotency_key_used_differently',
  })
  expect(await ask('post-invoice', first.answer.totals)).toMatchObject({ status: 400 })
  const { invoiceId } = first.answer
  expect(await ask('post-invoice', { invoiceId }, { 'if-match': '"7"' })).toMatchObject({
    status: 412,
  })
  await must('post-invoice', { invoiceId })
  expect(await ask('post-invoice', { invoiceId })).toMatchObject({ status: 409 })
  const asViewer = { apiKey: served.keys.viewer }
  const forbidden = await client.command('post-invoice', { invoiceId }, asViewer)
  expect(described('post', '/commands/post-invoice', forbidden)).toMatchObject({ status: 403 })
  const unknown = await client.command('post-invoice', { invoiceId }, { apiKey: 'nobody' })
  expect(described('post', '/commands/post-invoice', unknown)).toMatchObject({ status: 401 })
})

test('every list, and a document of each that has one, is what the description says', async () => {
  const { position } = await ask('draft-invoice', { lines })
  const rows: Record<string, number> = {}
  for (const { path, find } of LISTS) {
    const read = (address: string) => client.get(address, asAdministrator({}))
    const page = described('get', path, await read(`${path}?minPosition=${position}&limit=2`))
    rows[path] = page.rows.length
    described('get', path, await read(`${path}?limit=0`))
    if (find === undefined) continue
    described('get', `${path}/{id}`, await read(`${path}/nothing`))
    for (const { id } of page.rows) described('get', `${path}/{id}`, await read(`${path}/${id}`))
  }
  const empty = Object.keys(rows).filter((path) => rows[path] === 0)
  // No store's credit memo is known yet, every number is on its document, and all is well.
  expect(empty).toEqual(['/credit-memos', '/reports/unused-numbers', '/reports/daily-check'])
})

test('the state of the server is what the description says', async () => {
  for (const path of ['/projections', '/health/live', '/health/ready', '/openapi.json']) {
    described('get', path, await client.get(path, asAdministrator({})))
    expect(seen).toContain(`get ${path} 200`)
  }
})
