/** L7 as a list: what became of each credit on an invoice, and what is still to be finished. */
import { beforeEach, expect, test } from 'vitest'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { releaseCredit } from '../../commands/credit/release-credit.js'
import { folioOfDocument } from '../../commands/document-id.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { allocationList } from '../../projections/allocation-list.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { fold, planFold } from '../../src/workers/fold-events.js'
import { adHocCredit, openInvoice, PARTY } from '../commands/allocation-scenes.js'
import { faultyStore, type FaultyStore } from '../commands/faulty-store.js'
import { gbp } from '../commands/scenes.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'

let store: FaultyStore
let ledger: TestLedger
let documentId: string
let invoiceId: string

beforeEach(async () => {
  store = faultyStore(createMemoryEventStore())
  ledger = await createTestLedger(store)
  documentId = await adHocCredit(ledger, '100')
  invoiceId = await openInvoice(ledger, '60')
})

function rowsOf(events: readonly LedgerEvent[]) {
  const { written, failure } = fold(planFold(allocationList, events), new Map())
  if (failure !== null) throw failure.error
  return written
}

/** The row after each event that touches it. */
async function story() {
  const events = await ledger.events()
  const touching = events.filter(({ type }) => type.startsWith('Allocation'))
  return touching.map(({ position }) => {
    const [row] = rowsOf(events.filter((event) => event.position <= position))
    return [row?.['status'], row?.['isFinished']]
  })
}

test('a row says both documents, the party, the amount and the entry', async () => {
  await ledger.must(allocateCredit, { documentId, invoiceId, amount: gbp('12.00') })
  expect(rowsOf(await ledger.events())).toEqual([
    {
      allocationId: `${folioOfDocument(documentId)}-al1`,
      books: 'main',
      direction: 'out',
      party: PARTY,
      documentId,
      documentNumber: 'RINV/2026/00001',
      invoiceId,
      invoiceNumber: 'INV/2026/00001',
      date: '2026-11-22',
      currency: 'GBP',
      amount: '12.00',
      status: 'Applied',
      number: 'JRN/2026/00001',
      releaseNumber: null,
      releasedOn: null,
      refusal: null,
      isFinished: true,
      sortKey: expect.stringContaining('2026-11-22 RINV/'),
    },
  ])
})

test('it is finished when the credit’s folio has heard how it ended, and not before', async () => {
  const { allocation } = await ledger.must(allocateCredit, { documentId, invoiceId })
  const { allocationId } = allocation
  await ledger.must(releaseCredit, { invoiceId, allocationId, reason: 'Wrong' })
  expect(await story()).toEqual([
    ['Reserved', false],
    ['Applied', false],
    ['Applied', true],
    ['Released', false],
    ['Released', true],
  ])
  const [row] = rowsOf(await ledger.events())
  expect(row).toMatchObject({ releaseNumber: 'JRN/2026/00002', releasedOn: '2026-11-22' })
})

test('one that was refused says by which rule', async () => {
  store.before(`folio-${folioOfDocument(documentId)}`, async () => {
    const other = await createTestLedger(store)
    await other.must(registerPayment, { invoiceId, account: 'cash', amount: gbp('60.00') })
  })
  await ledger.ask(allocateCredit, { documentId, invoiceId })
  expect(await story()).toEqual([
    ['Reserved', false],
    ['Refused', false],
    ['Refused', true],
  ])
  expect(rowsOf(await ledger.events())).toMatchObject([{ refusal: 'invoice_not_due' }])
})

test('taken back before its credit’s folio heard of it at all: finished once that has the credit again', async () => {
  store.next(`folio-${folioOfDocument(documentId)}`, 'none', 'crash')
  await expect(ledger.ask(allocateCredit, { documentId, invoiceId })).rejects.toThrow('before')
  const [row] = rowsOf(await ledger.events())
  expect(row).toMatchObject({ status: 'Applied', isFinished: false })
  const allocationId = String(row?.['allocationId'])
  await ledger.must(releaseCredit, { invoiceId, allocationId, reason: 'Wrong' })
  await ledger.handler.finishAllocation({ allocationId, invoiceId })
  expect(await story()).toEqual([
    ['Reserved', false],
    ['Applied', false],
    ['Released', false],
    ['Released', true],
  ])
})

test('a repeat of the key finishes it, without the worker', async () => {
  store.next(`folio-${folioOfDocument(documentId)}`, 'none', 'crash')
  const ask = () => ledger.ask(allocateCredit, { documentId, invoiceId }, { key: 'once more' })
  await expect(ask()).rejects.toThrow('before')
  expect(await ask()).toMatchObject({
    outcome: 'accepted',
    replayed: true,
    answer: { allocation: { number: 'JRN/2026/00001' } },
  })
  expect((await story()).at(-1)).toEqual(['Applied', true])
})
