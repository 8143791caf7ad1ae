/** A person is forgotten over HTTP (A6): what every list shows, in this process and another, grown and rebuilt. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { PROJECTIONS } from '../../projections/index.js'
import { FORGOTTEN } from '../../src/events/personal.js'
import { hashReadModels } from '../../src/workers/hash-rows.js'
import { rebuildProjections } from '../../src/workers/rebuild.js'
import { readBooks } from '../cli/books.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { type Client, clientOf, servedLedger, type ServedLedger } from '../support/served-ledger.js'

const PARTY = '00000000-0000-4000-8000-0000000000ab'
const ADA = {
  name: 'Ada Canary',
  address: 'Canary Street 1',
  email: 'canary@example.com',
  phone: '+44 555 000',
  country: 'GB',
}
const TIMEOUT_MS = 60_000

let database: TestDatabase
let served: ServedLedger
let second: ServedLedger
let client: Client
let other: Client
const asAdministrator = () => ({ apiKey: second.keys.administrator })

beforeAll(async () => {
  database = await testDatabase()
  served = await servedLedger(database)
  second = await servedLedger(database, served.masterKey)
  client = clientOf({ address: served.address, keys: second.keys })
  other = clientOf({ address: second.address, keys: second.keys })
}, TIMEOUT_MS)
afterAll(async () => {
  await second.stop()
  await served.stop()
  await database.drop()
}, TIMEOUT_MS)

async function sale(party: string | null, contact: object) {
  const { orderId } = await client.must('place-order', {
    number: '1001',
    placedOn: '2026-01-10',
    party,
    billTo: contact,
    shipTo: contact,
    prices: 'tax_excluded',
    lines: [
      {
        kind: 'item',
        description: 'Mug',
        quantity: '2',
        unitPrice: '10',
        tax: { code: 'standard', ratePercent: '20' },
      },
    ],
  })
  const { shipmentId } = await client.must('plan-shipment', { orderId })
  const { number } = await client.must('validate-delivery', { shipmentId })
  const { invoiceId } = await client.must('invoice-order', { orderId })
  await client.must('post-invoice', { invoiceId })
  const { creditNoteId } = await client.must('draft-credit-note', { invoiceId, reason: 'Broken' })
  await client.must('post-credit-note', { creditNoteId })
  return { orderId, shipmentId, invoiceId, creditNoteId, number }
}

const LISTS = ['/orders', '/invoices', '/credit-notes', '/shipments']
const hashes = async () =>
  Object.fromEntries(
    Object.entries(await hashReadModels(served.ledger.db, PROJECTIONS)).map(([name, { hash }]) => [
      name,
      hash,
    ]),
  )

test('a delivery is in the list of shipments, whole, and what is only planned is asked for', async () => {
  const { shipmentId, orderId, number } = await sale(null, { ...ADA, name: 'Guest' })
  await client.must('add-tracking', { shipmentId, track: { number: 'JD1', carrier: 'dhl' } })
  const position = await served.ledger.store.head()
  const { body } = await client.get(`/shipments?minPosition=${position}`)
  expect(body.columns.map(({ label }: { label: string }) => label)).toEqual([
    'Shipment',
    'Ship Date',
    'Order #',
    'Order Date',
    'Ship-to Name',
    'Customer Email',
    'Customer Phone',
    'Total Quantity',
    'View',
  ])
  expect(body.rows).toMatchObject([
    {
      id: shipmentId,
      number,
      shippedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) as string,
      orderNumber: '1001',
      orderDate: '2026-01-10',
      shipToName: 'Guest',
      customerEmail: ADA.email,
      customerPhone: ADA.phone,
      totalQuantity: '2',
      view: { href: `/shipments/${shipmentId}` },
    },
  ])
  const whole = await client.get(`/shipments/${shipmentId}`)
  expect(whole.body).toMatchObject({
    status: 'Delivered',
    lines: [{ orderLine: 0, description: 'Mug', quantity: '2' }],
    tracks: [{ number: 'JD1', carrier: 'dhl' }],
    entries: [],
  })
  const page = await client.get(`/shipments/${shipmentId}`, { headers: { accept: 'text/html' } })
  expect(page.text).toContain('JD1')
  expect((await client.get('/shipments?status=Planned')).body.total).toBe(0)
  const forgotten = { document: orderId, reason: 'Ticket 1' }
  await client.must('forget-subject', forgotten, asAdministrator())
})

test(
  'no list, document or rebuilt read model names them; the books stay as they are',
  async () => {
    const { orderId, shipmentId, invoiceId } = await sale(PARTY, ADA)
    const bob = await sale(null, { name: 'Bob' })
    const head = await served.ledger.store.head()
    const balance = `/reports/trial-balance?minPosition=${head}`
    const before = (await client.get(balance)).body.totals
    const body = { party: PARTY, reason: 'Ticket 4711' }
    const asked = { ...asAdministrator(), key: 'forget-ada' }
    const denied = await client.command('forget-subject', body)
    expect(denied).toMatchObject({ status: 403, body: { code: 'role_not_allowed' } })
    const first = await client.command('forget-subject', body, asked)
    expect(first.body).toMatchObject({
      stream: `subject-${PARTY}`,
      answer: { subject: PARTY, documents: 4 },
    })
    const repeat = await client.command('forget-subject', body, asked)
    expect([repeat.text, repeat.headers.get('idempotent-replayed')]).toEqual([first.text, 'true'])

    const position = first.body.position as string
    for (const path of LISTS) {
      const { body: list, text } = await other.get(`${path}?minPosition=${position}`)
      expect(text, path).not.toMatch(/canary/i)
      const names = list.rows.map(
        (row: Record<string, string>) => row['shipToName'] ?? row['billToName'],
      )
      expect(names.sort(), path).toEqual([FORGOTTEN, FORGOTTEN, 'Bob'].sort())
    }
    await vi.waitFor(async () => {
      for (const path of [
        `/orders/${orderId}`,
        `/shipments/${shipmentId}`,
        `/invoices/${invoiceId}`,
      ]) {
        for (const reader of [client, other]) {
          const document = await reader.get(path)
          expect(document.text).toContain(FORGOTTEN)
          expect(document.text).not.toMatch(/canary/i)
        }
      }
    }, 3_000)
    expect((await client.get(`/orders/${bob.orderId}`)).body.billToName).toBe('Bob')
    expect((await client.get(balance)).body.totals).toEqual(before)

    const grown = await hashes()
    const { db, store, log } = second.ledger
    await rebuildProjections({ db, store, log, projections: PROJECTIONS, holder: 'rebuild' })
    expect(await hashes()).toEqual(grown)
  },
  TIMEOUT_MS,
)

test(
  'log and numbers are whole afterwards',
  async () => {
    const { violations, unexplainedNumbers, events } = await readBooks(
      database.connectionString,
      served.masterKey,
    )
    expect(violations).toEqual([])
    expect(unexplainedNumbers).toEqual([])
    expect(JSON.stringify(events.map(({ data }) => data))).not.toMatch(/canary/i)
  },
  TIMEOUT_MS,
)

test('a refund above the threshold waits until an approver pays it out, and the list says so', async () => {
  const threshold = { amount: '1.00', currency: 'GBP' }
  const refundThresholds = [{ role: 'accountant', threshold }]
  await client.must('configure-books', { refundThresholds }, asAdministrator())
  const { creditNoteId } = await client.must('draft-credit-note', {
    reason: 'Goodwill',
    lines: [
      {
        kind: 'item',
        description: '',
        quantity: '1',
        unitPrice: '10',
        tax: { code: 'none', ratePercent: '0' },
      },
    ],
  })
  await client.must('post-credit-note', { creditNoteId })
  const asked = { documentId: creditNoteId, account: 'cash' }
  const waiting = await client.must('refund-credit', asked, { key: 'refund' })
  expect(waiting).toMatchObject({ status: 'waiting', payment: null })
  expect(await client.must('refund-credit', asked, { key: 'refund' })).toEqual(waiting)
  const { approvalId } = waiting.approval
  const own = await client.command('approve-refund', { approvalId })
  expect(own).toMatchObject({ status: 403 })
  const asApprover = { apiKey: second.keys.approver }
  const approved = await client.command('approve-refund', { approvalId }, asApprover)
  expect(approved.body.answer).toMatchObject({ payment: { account: 'cash' } })
  const again = await client.command('approve-refund', { approvalId }, asApprover)
  expect(again.body).toMatchObject({ code: 'approval_decided_already' })
  const { body } = await client.get(`/approvals?minPosition=${approved.body.position as string}`)
  expect(body.rows).toMatchObject([
    {
      id: approvalId,
      status: 'Approved',
      requestedBy: 'key:accountant',
      decidedBy: 'key:approver',
    },
  ])
  expect((await client.get('/approvals?status=Waiting')).body.total).toBe(0)
  const document = await client.get(`/approvals/${approvalId}`)
  expect(document.body).toMatchObject({ amount: '10.00', threshold: '1.00', entries: [] })
})
