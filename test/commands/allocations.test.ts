/** L7: a credit on an open invoice, of the same sale or another, and back. */
import { beforeEach, describe, expect, test } from 'vitest'
import { closePeriod } from '../../commands/books/close-period.js'
import { configureBooks } from '../../commands/books/configure-books.js'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { releaseCredit } from '../../commands/credit/release-credit.js'
import { folioOfDocument } from '../../commands/document-id.js'
import { voidCreditNote } from '../../commands/credit/void-credit-note.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { mergeParties } from '../../commands/party/merge-parties.js'
import { unmergeParties } from '../../commands/party/unmerge-parties.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { availableCredit, remainingCredit } from '../../src/aggregates/credit.js'
import { creditIn } from '../../src/aggregates/folio.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { judgeAllocations } from './allocation-oracle.js'
import { adHocCredit, openInvoice, PARTY, prepaid } from './allocation-scenes.js'
import { faultyStore, type FaultyStore } from './faulty-store.js'
import { eur, gbp, item, ZERO } from './scenes.js'

const NOWHERE = '00000000-0000-4000-8000-000000000000-i1'

let store: FaultyStore
let ledger: TestLedger

beforeEach(async () => {
  store = faultyStore(createMemoryEventStore())
  ledger = await createTestLedger(store)
})

const due = async (invoiceId: string) => {
  const folio = await ledger.handler.readFolio(folioOfDocument(invoiceId))
  const invoice = folio.invoices.get(invoiceId)
  if (invoice?.status !== 'posted') throw new Error(`${invoiceId} is not posted`)
  return invoice.due.amount
}
const left = async (documentId: string) => {
  const credit = creditIn(await ledger.handler.readFolio(folioOfDocument(documentId)), documentId)
  if (credit === null) throw new Error(`There is no ${documentId}`)
  return [remainingCredit(credit).amount, availableCredit(credit).amount]
}
const typesOf = (events: readonly LedgerEvent[]) => events.map(({ type }) => type)
const allocationEvents = async () =>
  (await ledger.events()).filter(({ type }) => type.startsWith('Allocation'))

/** `debit receivable 60.00 [c1]`; with the figure of the books where it is another one. */
async function journalOf(type: LedgerEvent['type'], at = -1): Promise<string[]> {
  const event = (await ledger.events()).filter((one) => one.type === type).at(at)
  if (event === undefined || !('entry' in event.data)) return []
  return event.data.entry.postings.map(({ side, account, amount, booksAmount, document, tax }) =>
    [
      side,
      account,
      amount.amount,
      ...(amount.currency === booksAmount.currency ? [] : [`= ${booksAmount.amount}`]),
      ...(document === undefined ? [] : [`[${document.slice(37)}]`]),
      ...(tax === undefined ? [] : [`(${tax.code} of ${tax.base.amount})`]),
    ].join(' '),
  )
}

async function expectSoundLog() {
  const { violations, hanging } = judgeAllocations(await ledger.events())
  expect([violations, hanging]).toEqual([[], []])
}

describe('across two folios', () => {
  test('a credit note settles an invoice as far as both go, and says what is left on each side', async () => {
    const documentId = await adHocCredit(ledger, '100')
    const invoiceId = await openInvoice(ledger, '60')
    const answer = await ledger.must(allocateCredit, { documentId, invoiceId })
    expect(answer).toEqual({
      allocation: {
        allocationId: `${folioOfDocument(documentId)}-al1`,
        number: 'JRN/2026/00001',
        amount: gbp('60.00'),
        date: '2026-11-22',
      },
      credit: { documentId, remaining: gbp('40.00') },
      invoice: { invoiceId, due: gbp('0.00') },
    })
    expect(await journalOf('AllocationApplied')).toEqual([
      'debit receivable 60.00 [c1]',
      'credit receivable 60.00 [i1]',
    ])
    expect(await left(documentId)).toEqual(['40.00', '40.00'])
    expect(typesOf(await allocationEvents())).toEqual([
      'AllocationReserved',
      'AllocationApplied',
      'AllocationConcluded',
    ])
    await expectSoundLog()
  })

  test('each step stands on its own folio, in the name of the ledger, with what caused it', async () => {
    const documentId = await adHocCredit(ledger, '100')
    const invoiceId = await openInvoice(ledger, '60')
    await ledger.must(allocateCredit, { documentId, invoiceId }, { correlation: 'request-7' })
    const events = await allocationEvents()
    const [reserved, applied, concluded] = events
    expect(events.map(({ stream }) => stream.slice('folio-'.length))).toEqual(
      [documentId, invoiceId, documentId].map(folioOfDocument),
    )
    expect([applied, concluded].map((event) => event?.metadata.principal)).toEqual([
      'folio',
      'folio',
    ])
    expect(applied?.metadata.causation).toBe(reserved?.id)
    expect(concluded?.metadata.causation).toBe(applied?.id)
    expect(new Set(events.map(({ metadata }) => metadata.correlation))).toEqual(
      new Set(['request-7']),
    )
  })

  test('a part of a prepayment (J11), and of an overpayment, settles an invoice', async () => {
    const prepayment = await prepaid(ledger, gbp('50.00'))
    const invoiceId = await openInvoice(ledger, '60')
    const paidInvoice = await openInvoice(ledger, '10')
    const { overpayment } = await ledger.must(registerPayment, {
      invoiceId: paidInvoice,
      account: 'bank',
      amount: gbp('15.00'),
    })
    await ledger.must(allocateCredit, {
      documentId: prepayment,
      invoiceId,
      amount: gbp('20.00'),
    })
    expect(await journalOf('AllocationApplied')).toEqual([
      'debit customer-prepayments 20.00 [pre1]',
      'credit receivable 20.00 [i1]',
    ])
    await ledger.must(allocateCredit, { documentId: overpayment?.documentId ?? '', invoiceId })
    expect(await journalOf('AllocationApplied')).toEqual([
      'debit customer-prepayments 5.00 [ovp1]',
      'credit receivable 5.00 [i1]',
    ])
    expect(await due(invoiceId)).toBe('35.00')
    expect(await left(prepayment)).toEqual(['30.00', '30.00'])
    await expectSoundLog()
  })

  test('a supplier’s note (J35) and money paid ahead to it (J38) settle a bill', async () => {
    const direction = 'in'
    const note = await adHocCredit(ledger, '30', { direction, supplierReference: 'R-1' })
    const ahead = await prepaid(ledger, gbp('25.00'), { direction })
    const bill = await openInvoice(ledger, '60', { direction, supplierReference: 'B-1' })
    await ledger.must(allocateCredit, { documentId: note, invoiceId: bill })
    expect(await journalOf('AllocationApplied')).toEqual([
      'debit payable 30.00 [i1]',
      'credit payable 30.00 [c1]',
    ])
    await ledger.must(allocateCredit, { documentId: ahead, invoiceId: bill })
    expect(await journalOf('AllocationApplied')).toEqual([
      'debit payable 25.00 [i1]',
      'credit supplier-prepayments 25.00 [pre1]',
    ])
    expect(await due(bill)).toBe('5.00')
    await expectSoundLog()
  })

  test('between two rates the rest is an exchange gain or loss, and nothing is left over (J40)', async () => {
    const note = await adHocCredit(ledger, '100', { currency: 'EUR', exchangeRate: '0.90' })
    const dearer = await openInvoice(ledger, '60', { currency: 'EUR', exchangeRate: '0.85' })
    const cheaper = await openInvoice(ledger, '70', { currency: 'EUR', exchangeRate: '0.92' })
    await ledger.must(allocateCredit, { documentId: note, invoiceId: dearer })
    expect(await journalOf('AllocationApplied')).toEqual([
      'debit receivable 60.00 = 54.00 [c1]',
      'credit receivable 60.00 = 51.00 [i1]',
      'credit exchange-gain 0.00 = 3.00',
    ])
    await ledger.must(allocateCredit, { documentId: note, invoiceId: cheaper })
    expect(await journalOf('AllocationApplied')).toEqual([
      'debit receivable 40.00 = 36.00 [c1]',
      'credit receivable 40.00 = 36.80 [i1]',
      'debit exchange-loss 0.00 = 0.80',
    ])
    await expectSoundLog()
  })

  test('a deposit gives back the tax that was due when it came (J12)', async () => {
    await configured({ depositTax: { code: 'GB-20', ratePercent: '20' } })
    const deposit = await prepaid(ledger, gbp('120.00'))
    const invoiceId = await openInvoice(ledger, '60')
    await ledger.must(allocateCredit, { documentId: deposit, invoiceId })
    expect(await journalOf('AllocationApplied')).toEqual([
      'debit customer-prepayments 50.00 [pre1]',
      'debit output-tax 10.00 [pre1] (GB-20 of 50.00)',
      'credit receivable 60.00 [i1]',
    ])
    expect(await left(deposit)).toEqual(['60.00', '60.00'])
    await expectSoundLog()
  })

  test('what is reserved is drawn: a refund in between gets the rest alone (L12)', async () => {
    const documentId = await adHocCredit(ledger, '100')
    const invoiceId = await openInvoice(ledger, '60')
    let refused: unknown
    store.before(`folio-${folioOfDocument(invoiceId)}`, async () => {
      const other = await createTestLedger(store)
      refused = await other.ask(refundCredit, { documentId, amount: gbp('40.01'), account: 'cash' })
      await other.must(refundCredit, { documentId, amount: gbp('40.00'), account: 'cash' })
    })
    await ledger.must(allocateCredit, { documentId, invoiceId })
    expect(refused).toMatchObject({
      refusal: { code: 'refund_exceeds_remaining_credit', remaining: gbp('40.00') },
    })
    expect(await left(documentId)).toEqual(['0.00', '0.00'])
    await expectSoundLog()
  })

  test('the invoice was paid in between: the caller hears its word, the credit is back, and a repeat hears the same', async () => {
    const documentId = await adHocCredit(ledger, '100')
    const invoiceId = await openInvoice(ledger, '60')
    store.before(`folio-${folioOfDocument(documentId)}`, async () => {
      const other = await createTestLedger(store)
      const amount = gbp('59.00')
      await other.must(registerPayment, { invoiceId, account: 'cash', amount })
    })
    const asked = { documentId, invoiceId, amount: gbp('60.00') }
    const refused = await ledger.ask(allocateCredit, asked, { key: 'late' })
    expect(refused).toEqual({
      outcome: 'refused',
      refusal: { code: 'allocation_exceeds_due', due: gbp('1.00'), requested: gbp('60.00') },
    })
    expect(typesOf(await allocationEvents())).toEqual([
      'AllocationReserved',
      'AllocationRefused',
      'AllocationReleased',
    ])
    expect((await allocationEvents()).at(-1)?.data).toMatchObject({ cause: 'refused' })
    expect(await left(documentId)).toEqual(['100.00', '100.00'])
    expect(await ledger.ask(allocateCredit, asked, { key: 'late' })).toEqual(refused)
    expect(await allocationEvents()).toHaveLength(3)
    await expectSoundLog()
  })

  test('the period was closed in between: refused, and the credit is back', async () => {
    ledger.clock.day = '2026-11-22'
    const documentId = await adHocCredit(ledger, '100', { documentDate: '2026-10-01' })
    const invoiceId = await openInvoice(ledger, '60', { documentDate: '2026-10-02' })
    store.before(`series-main-JRN`, async () => {
      const other = await createTestLedger(store)
      const closed = await other.askBooks(closePeriod, { through: '2026-10-31' })
      expect(closed).toMatchObject({ outcome: 'accepted' })
    })
    const asked = { documentId, invoiceId, date: '2026-10-20' }
    expect(await ledger.ask(allocateCredit, asked)).toMatchObject({
      refusal: { code: 'period_closed', date: '2026-10-20', firstOpenDay: '2026-11-01' },
    })
    expect(await left(documentId)).toEqual(['100.00', '100.00'])
    await expectSoundLog()
  })

  test('the same key answers the same, also after the allocation was released', async () => {
    const documentId = await adHocCredit(ledger, '100')
    const invoiceId = await openInvoice(ledger, '60')
    const ask = () => ledger.ask(allocateCredit, { documentId, invoiceId }, { key: 'again' })
    const first = await ask()
    const { allocationId } = (first as { answer: Allocated }).answer.allocation
    await ledger.must(releaseCredit, { invoiceId, allocationId, reason: 'Wrong' })
    const again = await ask()
    expect(again).toEqual({ ...first, replayed: true, appended: 0 })
    expect(await due(invoiceId)).toBe('60.00')
  })

  test('the answer stands where a reader must wait to see all of it', async () => {
    const documentId = await adHocCredit(ledger, '100')
    const invoiceId = await openInvoice(ledger, '60')
    const outcome = await ledger.ask(allocateCredit, { documentId, invoiceId })
    const last = (await allocationEvents()).at(-1)
    expect(outcome).toMatchObject({ revision: last?.revision, position: last?.position })
  })
})

type Allocated = { allocation: { allocationId: string } }

async function configured(changes: Readonly<Record<string, unknown>>): Promise<void> {
  const outcome = await ledger.askBooks(configureBooks, changes)
  expect(outcome).toMatchObject({ outcome: 'accepted' })
}

async function orderWithTwoInvoices(party: string | null) {
  const tax = ZERO
  const { orderId } = await ledger.must(placeOrder, {
    number: '1001',
    placedOn: '2026-11-01',
    party,
    billTo: null,
    shipTo: null,
    prices: 'tax_excluded',
    lines: [item('60', { tax }), item('40', { tax })],
  })
  const invoices: string[] = []
  for (const line of [0, 1]) {
    const { invoiceId } = await ledger.must(invoiceOrder, {
      orderId,
      lines: [{ line, quantity: '1' }],
    })
    await ledger.must(postInvoice, { invoiceId })
    invoices.push(invoiceId)
  }
  return invoices as [string, string]
}

describe('refused, and nothing is recorded', () => {
  const future = '2026-11-23'
  test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    [
      'an amount of zero',
      { amount: gbp('0.00') },
      { code: 'amount_not_positive', amount: gbp('0.00') },
    ],
    ['another currency', { amount: eur('1.00') }, { code: 'currency_differs', given: 'EUR' }],
    ['a day to come', { date: future }, { code: 'date_in_future', date: future }],
    ['no such invoice', { invoiceId: NOWHERE }, { code: 'document_not_found', document: NOWHERE }],
    ['no such credit', { documentId: NOWHERE }, { code: 'document_not_found', document: NOWHERE }],
  ])('%s', async (_name, more, refusal) => {
    const documentId = await adHocCredit(ledger, '100')
    const invoiceId = await openInvoice(ledger, '60')
    const before = await ledger.events()
    const outcome = await ledger.ask(allocateCredit, { documentId, invoiceId, ...more })
    expect(outcome).toMatchObject({ outcome: 'refused', refusal })
    expect(await ledger.events()).toEqual(before)
  })

  test('a credit in one currency and an invoice in another', async () => {
    const documentId = await adHocCredit(ledger, '100', { currency: 'EUR', exchangeRate: '0.90' })
    const invoiceId = await openInvoice(ledger, '60')
    expect(await ledger.ask(allocateCredit, { documentId, invoiceId })).toMatchObject({
      refusal: { code: 'currency_differs', expected: 'GBP', given: 'EUR' },
    })
  })

  test('drafts, of either side, and a note that was voided', async () => {
    const lines = [item('60', { tax: ZERO })]
    const note = { party: PARTY, reason: 'Goodwill', lines }
    const { creditNoteId } = await ledger.must(draftCreditNote, note)
    const { invoiceId: draft } = await ledger.must(draftInvoice, { party: PARTY, lines })
    const documentId = await adHocCredit(ledger, '100')
    const invoiceId = await openInvoice(ledger, '60')
    const voided = await adHocCredit(ledger, '100')
    await ledger.must(voidCreditNote, { creditNoteId: voided, reason: 'A mistake' })
    const code = 'document_not_posted'
    for (const [asked, refusal] of [
      [
        { documentId: creditNoteId, invoiceId },
        { code, document: creditNoteId, status: 'draft' },
      ],
      [
        { documentId, invoiceId: draft },
        { code, document: draft, status: 'draft' },
      ],
      [
        { documentId: voided, invoiceId },
        { code, document: voided, status: 'voided' },
      ],
    ] as const) {
      expect(await ledger.ask(allocateCredit, asked)).toEqual({ outcome: 'refused', refusal })
    }
  })

  test('parties that were one when it was reserved, and are two when it would be applied', async () => {
    const into = '00000000-0000-4000-8000-0000000000c2'
    const merged = { party: PARTY, into }
    await mergedParties(merged)
    const documentId = await adHocCredit(ledger, '100')
    const invoiceId = await openInvoice(ledger, '60', { party: into })
    const again = await openInvoice(ledger, '60', { party: into })
    await ledger.must(allocateCredit, { documentId, invoiceId, amount: gbp('10.00') })
    store.before(`series-main-JRN`, async () => {
      const other = await createTestLedger(store)
      const unmerged = await other.askBooks(unmergeParties, {
        party: PARTY,
        reason: 'They are two',
      })
      expect(unmerged).toMatchObject({ outcome: 'accepted' })
      // Whoever decides again, on the books as they are now, must see it.
      const amount = gbp('1.00')
      await other.must(registerPayment, { invoiceId: again, account: 'cash', amount })
    })
    expect(await ledger.ask(allocateCredit, { documentId, invoiceId: again })).toMatchObject({
      refusal: { code: 'allocation_across_parties', creditParty: PARTY, invoiceParty: into },
    })
    expect(await left(documentId)).toEqual(['90.00', '90.00'])
    await expectSoundLog()
  })
})

async function mergedParties(merged: Readonly<{ party: string; into: string }>): Promise<void> {
  const outcome = await ledger.askBooks(mergeParties, { ...merged, reason: 'The same' })
  expect(outcome).toMatchObject({ outcome: 'accepted' })
}

describe('within one folio', () => {
  test.each([
    ['of a party', PARTY],
    ['of a sale without a customer', null],
  ])('a note %s settles another invoice in one append', async (_name, party) => {
    const [paid, open] = await orderWithTwoInvoices(party)
    await ledger.must(registerPayment, { invoiceId: paid, account: 'cash', amount: gbp('60.00') })
    const { creditNoteId } = await ledger.must(draftCreditNote, {
      invoiceId: paid,
      reason: 'Exchange',
    })
    await ledger.must(postCreditNote, { creditNoteId })
    const answer = await ledger.must(allocateCredit, { documentId: creditNoteId, invoiceId: open })
    expect(answer).toMatchObject({
      allocation: { number: 'JRN/2026/00001', amount: gbp('40.00') },
      credit: { remaining: gbp('20.00') },
      invoice: { due: gbp('0.00') },
    })
    expect(typesOf(await allocationEvents())).toEqual(['AllocationApplied'])
    expect(await journalOf('AllocationApplied')).toEqual([
      'debit receivable 40.00 [c1]',
      'credit receivable 40.00 [i2]',
    ])
    const { allocationId } = answer.allocation
    await ledger.must(releaseCredit, { invoiceId: open, allocationId, reason: 'Wrong' })
    expect(typesOf(await allocationEvents())).toEqual(['AllocationApplied', 'AllocationReversed'])
    expect(await left(creditNoteId)).toEqual(['60.00', '60.00'])
    expect(await due(open)).toBe('40.00')
    await expectSoundLog()
  })

  test('an order’s prepayment that was drawn by its invoice can be released too', async () => {
    const { orderId } = await ledger.must(placeOrder, {
      number: '1001',
      placedOn: '2026-11-01',
      party: PARTY,
      billTo: null,
      shipTo: null,
      prices: 'tax_excluded',
      lines: [item('60', { tax: ZERO })],
    })
    await ledger.must(registerPayment, { orderId, account: 'cash', amount: gbp('20.00') })
    const { invoiceId } = await ledger.must(invoiceOrder, { orderId })
    await ledger.must(postInvoice, { invoiceId })
    expect(await due(invoiceId)).toBe('40.00')
    const [drawn] = await allocationEvents()
    if (drawn?.type !== 'AllocationApplied') throw new Error('nothing was drawn')
    const { allocationId } = drawn.data.credit
    await ledger.must(releaseCredit, { invoiceId, allocationId, reason: 'Kept for later' })
    expect(await due(invoiceId)).toBe('60.00')
    await expectSoundLog()
  })
})

describe('released', () => {
  test('the opposite entry, the exchange difference with it, and both sides are as they were (J9)', async () => {
    const note = await adHocCredit(ledger, '100', { currency: 'EUR', exchangeRate: '0.90' })
    const invoiceId = await openInvoice(ledger, '60', { currency: 'EUR', exchangeRate: '0.85' })
    const { allocation } = await ledger.must(allocateCredit, { documentId: note, invoiceId })
    const { allocationId } = allocation
    const released = await ledger.must(releaseCredit, {
      invoiceId,
      allocationId,
      reason: 'Meant for another',
    })
    expect(released).toEqual({
      allocationId,
      number: 'JRN/2026/00002',
      amount: eur('60.00'),
      date: '2026-11-22',
      documentId: note,
      invoiceId,
    })
    expect(await journalOf('AllocationReversed')).toEqual([
      'credit receivable 60.00 = 54.00 [c1]',
      'debit receivable 60.00 = 51.00 [i1]',
      'debit exchange-gain 0.00 = 3.00',
    ])
    expect((await allocationEvents()).at(-1)?.data).toMatchObject({ cause: 'reversed' })
    expect([await due(invoiceId), await left(note)]).toEqual(['60.00', ['100.00', '100.00']])
    // All of it can be used once more, at the figures that it was booked with.
    await ledger.must(allocateCredit, { documentId: note, invoiceId })
    expect(await journalOf('AllocationApplied')).toEqual(await journalOf('AllocationApplied', 0))
    await expectSoundLog()
  })

  test('a deposit has its tax again', async () => {
    await configured({ depositTax: { code: 'GB-20', ratePercent: '20' } })
    const deposit = await prepaid(ledger, gbp('120.00'))
    const invoiceId = await openInvoice(ledger, '60')
    const allocate = () => ledger.must(allocateCredit, { documentId: deposit, invoiceId })
    const { allocation } = await allocate()
    await ledger.must(releaseCredit, {
      invoiceId,
      allocationId: allocation.allocationId,
      reason: 'Wrong',
    })
    expect(await journalOf('AllocationReversed')).toEqual([
      'credit customer-prepayments 50.00 [pre1]',
      'credit output-tax 10.00 [pre1] (GB-20 of 50.00)',
      'debit receivable 60.00 [i1]',
    ])
    await allocate()
    expect(await journalOf('AllocationApplied')).toEqual(await journalOf('AllocationApplied', 0))
    await expectSoundLog()
  })

  test('an invoice that is due again is settled by its own note in the same append (L11)', async () => {
    const documentId = await adHocCredit(ledger, '60')
    const invoiceId = await openInvoice(ledger, '60')
    const { allocation } = await ledger.must(allocateCredit, { documentId, invoiceId })
    const { creditNoteId } = await ledger.must(draftCreditNote, { invoiceId, reason: 'Returned' })
    await ledger.must(postCreditNote, { creditNoteId })
    expect(await left(creditNoteId)).toEqual(['60.00', '60.00'])
    const { allocationId } = allocation
    await ledger.must(releaseCredit, { invoiceId, allocationId, reason: 'Not needed' })
    expect([await due(invoiceId), await left(creditNoteId)]).toEqual(['0.00', ['0.00', '0.00']])
    expect(await left(documentId)).toEqual(['60.00', '60.00'])
    await expectSoundLog()
  })

  test('a credit that comes back settles its own invoice, where that is due by then', async () => {
    const own = await openInvoice(ledger, '60')
    const { paymentId } = await ledger.must(registerPayment, {
      invoiceId: own,
      account: 'bank',
      amount: gbp('60.00'),
    })
    const { creditNoteId } = await ledger.must(draftCreditNote, { invoiceId: own, reason: 'Back' })
    await ledger.must(postCreditNote, { creditNoteId })
    const other = await openInvoice(ledger, '60')
    const { allocation } = await ledger.must(allocateCredit, {
      documentId: creditNoteId,
      invoiceId: other,
    })
    await ledger.must(reversePayment, { paymentId, reason: 'Bounced' })
    expect(await due(own)).toBe('60.00')
    const { allocationId } = allocation
    await ledger.must(releaseCredit, { invoiceId: other, allocationId, reason: 'Bounced' })
    expect([await due(own), await due(other)]).toEqual(['0.00', '60.00'])
    expect(await left(creditNoteId)).toEqual(['0.00', '0.00'])
    await expectSoundLog()
  })

  test('what a note settled of its own invoice is no allocation (J8)', async () => {
    const invoiceId = await openInvoice(ledger, '60')
    const { creditNoteId } = await ledger.must(draftCreditNote, { invoiceId, reason: 'Returned' })
    await ledger.must(postCreditNote, { creditNoteId })
    const allocationId = `${folioOfDocument(invoiceId)}-al1`
    expect(await ledger.ask(releaseCredit, { invoiceId, allocationId, reason: 'Try' })).toEqual({
      outcome: 'refused',
      refusal: { code: 'allocation_not_found', allocation: allocationId },
    })
  })

  test('once: a second release is refused, and so is that of one that was refused', async () => {
    const documentId = await adHocCredit(ledger, '100')
    const invoiceId = await openInvoice(ledger, '60')
    const { allocation } = await ledger.must(allocateCredit, { documentId, invoiceId })
    const { allocationId } = allocation
    const release = () => ledger.ask(releaseCredit, { invoiceId, allocationId, reason: 'Wrong' })
    await release()
    expect(await release()).toMatchObject({
      refusal: { code: 'allocation_not_applied', state: 'reversed' },
    })
    await expectSoundLog()
  })
})
