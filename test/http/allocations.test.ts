/** L7 over HTTP: a credit of one sale on an invoice of another, the list of it, and back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, clientOf, servedLedger } from '../support/served-ledger.js'
import type { ServedLedger } from '../support/served-ledger.js'
import { PARTY } from '../commands/allocation-scenes.js'
import { gbp, item, ZERO } from '../commands/scenes.js'

let server: ServedLedger
let client: Client

beforeAll(async () => {
  server = await servedLedger()
  client = clientOf(server)
})
afterAll(() => server.close())

async function creditAndInvoice(): Promise<{ documentId: string; invoiceId: string }> {
  const lines = [item('60', { tax: ZERO })]
  const note = await client.must('draft-credit-note', { party: PARTY, reason: 'Goodwill', lines })
  const { creditNoteId } = note as { creditNoteId: string }
  await client.must('post-credit-note', { creditNoteId })
  const drafted = await client.must('draft-invoice', { party: PARTY, lines })
  const { invoiceId } = drafted as { invoiceId: string }
  await client.must('post-invoice', { invoiceId })
  return { documentId: creditNoteId, invoiceId }
}

test('an allocation is answered when it is final, the same again, and whoever waits for its position sees it', async () => {
  const { documentId, invoiceId } = await creditAndInvoice()
  const asked = { documentId, invoiceId, amount: gbp('25.00') }
  const first = await client.command('allocate-credit', asked, { key: 'allocate-once' })
  expect([first.status, first.body.answer.invoice.due]).toEqual([200, gbp('35.00')])
  const { allocationId } = first.body.answer.allocation
  const again = await client.command('allocate-credit', asked, { key: 'allocate-once' })
  expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true'])

  const position = String(first.headers.get('folio-position'))
  const list = await client.get(`/allocations?invoiceId=${invoiceId}&minPosition=${position}`)
  expect(list.body.rows).toMatchObject([
    { id: allocationId, status: 'Applied', isFinished: true, amount: '25.00', party: PARTY },
  ])
  // The ETag is that of the whole: whoever names it next has seen everything.
  const headers = { 'if-match': String(first.headers.get('etag')) }
  const next = await client.command('allocate-credit', { documentId, invoiceId }, { headers })
  expect([next.status, next.body.answer?.invoice.due]).toEqual([200, gbp('0.00')])

  const release = { invoiceId, allocationId, reason: 'Meant for another' }
  const released = await client.command('release-credit', release)
  expect([released.status, released.body.answer.documentId]).toEqual([200, documentId])
  const shown = await client.get(
    `/allocations/${allocationId}?minPosition=${String(released.headers.get('folio-position'))}`,
  )
  expect(shown.body).toMatchObject({ status: 'Released', isFinished: true })
})

test('a refusal names both figures, and no step of the ledger’s own can be asked for', async () => {
  const { documentId, invoiceId } = await creditAndInvoice()
  const { status, body } = await client.command('allocate-credit', {
    documentId,
    invoiceId,
    amount: gbp('60.01'),
  })
  expect([status, body.code, body.remaining, body.requested]).toEqual([
    409,
    'allocation_exceeds_remaining_credit',
    gbp('60.00'),
    gbp('60.01'),
  ])
  for (const step of ['apply-allocation', 'conclude-allocation', 'return-credit']) {
    expect((await client.command(step, {})).status).toBe(404)
  }
  const viewer = await client.command(
    'allocate-credit',
    { documentId, invoiceId },
    { apiKey: server.keys.viewer },
  )
  expect(viewer.body.code).toBe('role_not_allowed')
})
