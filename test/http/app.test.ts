import { afterEach, beforeEach, expect, test } from 'vitest'
import { createServer } from 'node:http'
import { createHandler } from '../../commands/handle.js'
import { PROJECTIONS } from '../../projections/index.js'
import { createDocumentReader } from '../../src/documents/read-document.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { type AppOptions, createApp } from '../../src/http/app.js'
import { AddressUnavailable } from '../../src/http/address-unavailable.js'
import { serve, type Serving } from '../../src/http/serve.js'
import { watchPositions } from '../../src/workers/position-watch.js'
import { projectionReadiness, projectionStatus } from '../../src/workers/projection-status.js'
import type { RunningProjections } from '../../src/workers/run-projections.js'
import {
  BOOKS_STREAM,
  booksOpened,
  creditNotePosted,
  creditRefunded,
  creditSettled,
  folioStream,
  INSTANCE,
  invoiceDrafted,
  invoiceId,
  invoicePosted,
  noteId,
  orderImported,
  orderPlaced,
  paymentRegistered,
  storyLog,
  type StoryLog,
} from '../support/ledger-story.js'
import { createTestClock, fingerprint } from '../support/ledger.js'
import { NO_STORES } from '../support/no-stores.js'
import { caughtUp, follow, type ReadSide, readSide } from '../support/read-side.js'

let side: ReadSide
let story: StoryLog
let worker: RunningProjections
let server: Serving
const errors: unknown[] = []

beforeEach(async () => {
  errors.length = 0
  side = await readSide()
  story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened())
  worker = follow(side.db, story)
  server = await serve({ app: appOver(side), port: 0 })
  await caughtUp(side.db, story)
})
afterEach(async () => {
  await server.close()
  await worker.stop()
  await side.drop()
})

/** Whoever sends a key is an administrator. */
function appOver({ db }: ReadSide, options: Partial<AppOptions> = {}) {
  const { log, store } = story
  const clock = createTestClock()
  const handler = createHandler({ log, clock, fingerprint })
  const { readBooks, readInstance } = handler
  return createApp({
    handler,
    authenticate: () =>
      Promise.resolve({ principal: 'key:test', role: 'administrator', ratePerMinuteMax: 10_000 }),
    db,
    readDocument: createDocumentReader({
      ...{ log, clock, projections: PROJECTIONS, readBooks, readInstance },
    }),
    head: () => store.head(),
    waitFor: watchPositions(db),
    projections: () => projectionStatus(db, store, PROJECTIONS),
    readiness: () => projectionReadiness(db, PROJECTIONS),
    onError: (error) => errors.push(error),
    ...NO_STORES,
    ...options,
  })
}

const authorization = 'Bearer any'

async function tell(folio: number, ...facts: LedgerFact[]): Promise<void> {
  await story.append(folioStream(folio), ...facts)
  await caughtUp(side.db, story)
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.address}${path}`, { headers: { authorization, ...headers } })

/** What a test reads of an answer is judged by its expectations. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = any

async function read(path: string) {
  const response = await get(path)
  expect(response.status).toBe(200)
  return (await response.json()) as Answer
}

async function problem(path: string, status: number) {
  const response = await get(path)
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  return (await response.json()) as Answer
}

test.each([
  ['/invoices', 'Number · Bill-to Name · Invoice Date · Due Date · Tax Excluded · Status'],
  [
    '/shipments',
    'Shipment · Ship Date · Order # · Order Date · Ship-to Name · Customer Email · Customer Phone · Total Quantity · View',
  ],
  [
    '/credit-memos',
    'Credit Memo · Credit Memo Created · Order # · Order Date/Time · Bill-to Name · Refund Status · Currency · Refunded · View',
  ],
])('%s has exactly the columns of the specification', async (path, labels) => {
  const { columns } = await read(path)
  expect(columns.map(({ label }: { label: string }) => label).join(' · ')).toBe(labels)
})

test('a list answers its columns, its rows by column key, the total and the next page', async () => {
  await tell(
    1,
    invoicePosted({ folio: 1, total: '12.30' }),
    paymentRegistered({ folio: 1, amount: '2.00' }),
  )
  expect(await read('/invoices')).toEqual({
    columns: [
      { key: 'number', label: 'Number' },
      { key: 'billToName', label: 'Bill-to Name' },
      { key: 'invoiceDate', label: 'Invoice Date' },
      { key: 'dueDate', label: 'Due Date' },
      { key: 'taxExcluded', label: 'Tax Excluded' },
      { key: 'status', label: 'Status' },
    ],
    rows: [
      {
        id: invoiceId(1),
        books: 'default',
        currency: 'GBP',
        direction: 'out',
        total: '12.30',
        due: '10.30',
        number: 'INV/2026/00001',
        billToName: 'Ada Byron',
        invoiceDate: '2026-03-01',
        dueDate: '2026-03-01',
        taxExcluded: '10.25',
        status: 'Partially Paid',
      },
    ],
    total: 1,
    totalIsExact: true,
    next: null,
  })
})

test('invoices are customer invoices unless bills are asked for', async () => {
  await tell(1, invoicePosted({ folio: 1 }))
  await tell(2, invoicePosted({ folio: 2, direction: 'in' }))
  const numbers = async (path: string) =>
    (await read(path)).rows.map(({ number }: { number: string }) => number)
  expect(await numbers('/invoices')).toEqual(['INV/2026/00001'])
  expect(await numbers('/invoices?direction=in')).toEqual(['BILL/2026/00002'])
})

test('lists are narrowed to an instance and to synced documents', async () => {
  await tell(1, orderImported({ folio: 1 }), invoiceDrafted({ folio: 1, order: 'imported' }))
  await tell(2, orderPlaced({ folio: 2 }), invoiceDrafted({ folio: 2, order: 'placed' }))
  for (const path of ['/invoices', '/orders']) {
    expect((await read(path)).total).toBe(2)
    expect((await read(`${path}?instance=${INSTANCE}`)).total).toBe(1)
    expect((await read(`${path}?synced=true`)).total).toBe(1)
    expect((await read(`${path}?synced=false`)).total).toBe(1)
    expect((await read(`${path}?instance=00000000-0000-4000-8000-000000000000`)).total).toBe(0)
  }
  expect((await read(`/shipments?instance=${INSTANCE}&synced=true`)).total).toBe(0)
  expect((await read(`/credit-memos?instance=${INSTANCE}&synced=true`)).total).toBe(0)
})

test('the other lists show what happened', async () => {
  await tell(
    1,
    orderPlaced({ folio: 1 }),
    invoicePosted({ folio: 1, order: 'placed' }),
    paymentRegistered({ folio: 1, account: 'cash', over: '5.00' }),
    creditNotePosted({ folio: 1, total: '60.00' }),
    creditRefunded({ folio: 1, payment: 2, amount: '40.00' }),
  )
  expect((await read('/orders')).rows).toMatchObject([
    {
      number: '1001',
      total: '120.00',
      invoiced: '120.00',
      view: { href: expect.stringMatching(/^\/orders\/.*-o1$/) },
    },
  ])
  expect((await read('/credit-notes')).rows).toMatchObject([{ remaining: '20.00', status: 'Open' }])
  expect((await read('/payments')).rows).toMatchObject([
    { number: 'PAY/2026/00012', kind: 'Refund', amount: '40.00' },
    { number: 'PAY/2026/00011', kind: 'Payment', amount: '125.00' },
  ])
  expect((await read('/open-items')).rows).toMatchObject([
    { kind: 'Credit Note', amountOpen: '20.00' },
    { kind: 'Overpayment', amountOpen: '5.00' },
  ])
  expect((await read('/open-items?open=false')).rows).toMatchObject([
    { kind: 'Invoice', amountOpen: '0.00' },
  ])
  expect((await read('/accounts?type=cash')).rows).toMatchObject([
    { account: 'cash', balance: '85.00' },
  ])
})

test('the trial balance comes with its totals, which are equal', async () => {
  await tell(
    1,
    invoicePosted({ folio: 1, total: '120.00' }),
    creditNotePosted({ folio: 1, total: '60.00' }),
  )
  await tell(1, creditSettled({ folio: 1, amount: '60.00' }))
  const { rows, totals } = await read('/reports/trial-balance')
  expect(totals).toEqual([
    { books: 'default', currency: 'GBP', debit: '240.00', credit: '240.00', balance: '0.00' },
  ])
  expect(rows.find(({ account }: { account: string }) => account === 'receivable')).toMatchObject({
    debit: '180.00',
    credit: '120.00',
    balance: '60.00',
  })
})

test.each(['/invoices?books=%00', '/accounts?type=%00', '/open-items?account=%00'])(
  'a filter that is no text is malformed: %s',
  async (path) => {
    expect((await get(path)).status).toBe(400)
  },
)

test('a document is read by its id, and View leads there', async () => {
  await tell(1, invoicePosted({ folio: 1 }), creditNotePosted({ folio: 1, total: '60.00' }))
  const [{ view }] = (await read('/credit-notes')).rows
  expect(await read(view.href)).toMatchObject({
    creditNoteId: noteId(1),
    number: 'RINV/2026/00011',
    remaining: '60.00',
  })
  expect(await read(`/invoices/${invoiceId(1)}`)).not.toHaveProperty('sortKey')
  expect(await read('/accounts/default:cash')).toMatchObject({ account: 'cash' })
})

test.each([
  [`/invoices/${invoiceId(9)}`, 'not_found'],
  ['/invoices/%00', 'not_found'],
  ['/nothing', 'not_found'],
])('%s is not there', async (path, code) => {
  expect(await problem(path, 404)).toMatchObject({ type: `/problems/${code}`, code, status: 404 })
})

test.each([
  ['/invoices?limit=0', '/limit'],
  ['/invoices?limit=201', '/limit'],
  ['/invoices?limit=1e1', '/limit'],
  ['/invoices?limit=1&limit=2', '/limit'],
  ['/invoices?after=nonsense!', '/after'],
  ['/invoices?after=AA', '/after'],
  ['/invoices?direction=up', '/direction'],
  ['/invoices?status=Overdue', '/status'],
  ['/invoices?instance=1', '/instance'],
  ['/invoices?synced=yes', '/synced'],
  ['/invoices?minPosition=-1', '/minPosition'],
  ['/invoices?limt=5', '/limt'],
  ['/orders/x?limit=5', '/limit'],
])('%s is malformed, and says where', async (path, pointer) => {
  const { code, errors } = await problem(path, 400)
  expect(code).toBe('malformed_query')
  expect(errors).toMatchObject([{ pointer }])
})

test('every mistake in a query is told at once', async () => {
  const { errors } = await problem('/invoices?limit=0&direction=up', 400)
  expect(errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
    '/limit',
    '/direction',
  ])
})

test('a path that does not decode is malformed', async () => {
  expect(await problem('/invoices/%ff', 400)).toMatchObject({ code: 'malformed_path' })
})

test('a read waits for the position it names, and says how far it is', async () => {
  const position = await story.append(folioStream(1), invoicePosted({ folio: 1 }))
  const response = await get(`/invoices?minPosition=${position}`)
  expect(await response.json()).toMatchObject({ total: 1 })
  expect(BigInt(response.headers.get('folio-position') ?? '0')).toBeGreaterThanOrEqual(position)
})

test('a position that is not reached in time is told with both positions', async () => {
  const behind = await problem('/invoices?minPosition=999', 503)
  expect(behind).toMatchObject({ code: 'read_model_behind', position: '14', minPosition: '999' })
})

test('where nothing was ever built, it says so', async () => {
  const empty = await readSide()
  const bare = await serve({ app: appOver(empty), port: 0 })
  const response = await fetch(`${bare.address}/invoices`, { headers: { authorization } })
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ code: 'read_model_missing' })
  await bare.close()
  await empty.drop()
})

test('what was not expected is a bare 500 with an id, and the log has the rest', async () => {
  const app = appOver(side, {
    waitFor: () => Promise.reject(new Error('the secret of the house')),
    onError: (error, requestId) => errors.push(error, requestId),
  })
  const broken = await serve({ app, port: 0 })
  const response = await fetch(`${broken.address}/invoices?minPosition=1`, {
    headers: { authorization },
  })
  const body = await response.text()
  expect(response.status).toBe(500)
  expect(body).not.toContain('secret')
  expect(errors).toEqual([
    expect.objectContaining({ message: 'the secret of the house' }),
    response.headers.get('x-request-id'),
  ])
  expect(body).toContain(response.headers.get('x-request-id'))
  await broken.close()
})

test('a list can only be read, and only under its own name', async () => {
  const posted = await fetch(`${server.address}/invoices`, {
    method: 'POST',
    headers: { authorization },
  })
  expect(posted.status).toBe(405)
  expect(posted.headers.get('allow')).toBe('GET, HEAD')
  const { status } = await rawGet('/invoices', 'evil.example')
  expect(status).toBe(421)
  expect((await rawGet('/invoices', `localhost:${server.port}`)).status).toBe(200)
})

test('says how the projections stand, and whether it is ready', async () => {
  expect((await read('/projections')).rows[0]).toMatchObject({
    name: 'order_list',
    version: 3,
    position: '14',
    lagEvents: 0,
    lagSeconds: 0,
    error: null,
  })
  expect(await read('/health/live')).toEqual({ status: 'live' })
  expect(await read('/health/ready')).toEqual({ status: 'ready', stopped: [] })
})

test('is not ready while a projection stands still', async () => {
  await story.append(folioStream(1), paymentRegistered({ folio: 1 }))
  await expect.poll(async () => (await get('/health/ready')).status, { timeout: 5_000 }).toBe(503)
  const { stopped } = (await (await get('/health/ready')).json()) as { stopped: string[] }
  expect(stopped).toContain('invoice_list')
})

test('a browser gets a page, in which everything is escaped', async () => {
  await tell(1, invoicePosted({ folio: 1, billToName: `<script>alert("x")</script> & 'Co'` }))
  const response = await get('/invoices', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
  const page = await response.text()
  expect(response.headers.get('content-type')).toContain('text/html')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;Co&#39;')
  expect(page).not.toContain('<script')
  expect(page).toContain('<td class="number">100.00</td>')
  expect(page).toContain('<a href="/reports/trial-balance">Trial Balance</a>')
})

test('a browser is led to the invoices, and from page to page', async () => {
  for (let folio = 1; folio <= 3; folio += 1) await tell(folio, invoicePosted({ folio }))
  const html = { accept: 'text/html' }
  const first = await get('/', html)
  expect(first.url).toBe(`${server.address}/invoices`)
  const page = await (await get('/invoices?limit=2', html)).text()
  const href = /href="([^"]*)">Next page/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const second = await (await get(href, html)).text()
  expect(second).toContain('INV/2026/00001')
  expect(second).not.toContain('INV/2026/00002')
  expect(await (await get('/reports/trial-balance', html)).text()).toContain(
    '<tfoot><tr><td>Total default</td>',
  )
  expect(await (await get(`/invoices/${invoiceId(1)}`, html)).text()).toContain(
    '<th scope="row">Tax excluded</th>',
  )
  expect(await (await get('/projections', html)).text()).toContain('order_list')
  expect(await (await get('/nothing', html)).text()).toContain('There is nothing at this address')
})

test('a port in use is named, with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as { port: number }
  const failure = await serve({ app: () => undefined, port }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AddressUnavailable)
  expect((failure as Error).message).toBe(
    `Another program listens on 127.0.0.1:${port}. Stop it, or give another port with --port (0 takes any free one).`,
  )
  other.close()
})

async function rawGet(path: string, host: string): Promise<{ status: number }> {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    request(`${server.address}${path}`, { headers: { host, authorization } }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0 })
    })
      .on('error', reject)
      .end()
  })
}
