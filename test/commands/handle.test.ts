import { describe, expect, test } from 'vitest'
import { openAccount } from '../../commands/books/open-account.js'
import { openBooks } from '../../commands/books/open-books.js'
import { createHandler } from '../../commands/handle.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import {
  fingerprint,
  createTestClock,
  createTestLedger,
  type TestLedger,
} from '../support/ledger.js'
import { testSubjectKeys } from '../support/subject-keys.js'
import { faultyStore } from './faulty-store.js'
import { numberFaults, standingNumbers } from './log-oracle.js'
import { gbp, item } from './scenes.js'

const bare = () => faultyStore(createMemoryEventStore())
const drafted = async (ledger: TestLedger, unitPrice = '100') =>
  (await ledger.must(draftInvoice, { lines: [item(unitPrice)] })).invoiceId
const postedIn = async (ledger: TestLedger) => {
  const invoiceId = await drafted(ledger)
  await ledger.must(postInvoice, { invoiceId })
  return invoiceId
}
const countOf = async (ledger: TestLedger) => (await ledger.events()).length
const payment = (invoiceId: string, amount = '10.00') => ({
  invoiceId,
  account: 'cash',
  amount: gbp(amount),
})

describe('the same key', () => {
  test('with the same input gets the same answer, and nothing is appended', async () => {
    const ledger = await createTestLedger()
    const invoiceId = await postedIn(ledger)
    const first = await ledger.ask(registerPayment, payment(invoiceId), { key: 'k' })
    const count = await countOf(ledger)
    const again = await ledger.ask(registerPayment, payment(invoiceId), { key: 'k' })
    expect(again).toEqual({ ...first, replayed: true, appended: 0 })
    expect(first).toMatchObject({ outcome: 'accepted', replayed: false, appended: 1 })
    expect(await countOf(ledger)).toBe(count)
  })

  test('still does in another process over the same store, also after others appended', async () => {
    const ledger = await createTestLedger()
    const invoiceId = await postedIn(ledger)
    const first = await ledger.ask(registerPayment, payment(invoiceId), { key: 'k' })
    await ledger.must(registerPayment, payment(invoiceId, '1.00'))
    const other = await createTestLedger(ledger.store)
    const again = await other.ask(registerPayment, payment(invoiceId), { key: 'k' })
    if (first.outcome !== 'accepted') throw new Error(JSON.stringify(first))
    expect(again).toMatchObject({ answer: first.answer, replayed: true, appended: 0 })
  })

  test('finds a folio that it opened, which is named by principal, command and key', async () => {
    const ledger = await createTestLedger()
    const asked = { lines: [item('1')] }
    const first = await ledger.must(draftInvoice, asked, { key: 'k' })
    const other = await createTestLedger(ledger.store)
    expect(await other.must(draftInvoice, asked, { key: 'k' })).toEqual(first)
    const elsewhere = await ledger.must(draftInvoice, asked, { key: 'k', principal: 'another' })
    expect(elsewhere.invoiceId).not.toBe(first.invoiceId)
    const note = await ledger.must(draftCreditNote, { reason: 'x', ...asked }, { key: 'k' })
    expect(note.creditNoteId.slice(0, 36)).not.toBe(first.invoiceId.slice(0, 36))
  })

  test('with other input, or for another command, is refused', async () => {
    const ledger = await createTestLedger()
    const invoiceId = await postedIn(ledger)
    await ledger.must(registerPayment, payment(invoiceId), { key: 'k' })
    const refusal = {
      code: 'idempotency_key_used_differently',
      key: 'k',
      command: 'register-payment',
    }
    const refused = { outcome: 'refused', refusal }
    const count = await countOf(ledger)
    expect(await ledger.ask(registerPayment, payment(invoiceId, '10.01'), { key: 'k' })).toEqual(
      refused,
    )
    expect(await ledger.ask(discardDraft, { document: invoiceId }, { key: 'k' })).toEqual(refused)
    expect(await countOf(ledger)).toBe(count)
  })

  test('of another principal is another request', async () => {
    const ledger = await createTestLedger()
    const invoiceId = await postedIn(ledger)
    const first = await ledger.must(registerPayment, payment(invoiceId), {
      key: '1',
      principal: 'a',
    })
    const second = await ledger.must(registerPayment, payment(invoiceId), {
      key: '1',
      principal: 'b',
    })
    expect(second.paymentId).not.toBe(first.paymentId)
  })

  test('after a refusal decides again', async () => {
    const ledger = await createTestLedger()
    const invoiceId = await drafted(ledger)
    const refused = await ledger.ask(registerPayment, payment(invoiceId), { key: 'k' })
    expect(refused).toMatchObject({ refusal: { code: 'document_not_posted' } })
    await ledger.must(postInvoice, { invoiceId })
    expect(await ledger.ask(registerPayment, payment(invoiceId), { key: 'k' })).toMatchObject({
      outcome: 'accepted',
      replayed: false,
    })
  })

  test('at once from many callers is one payment', async () => {
    const ledger = await createTestLedger()
    const others = [await createTestLedger(ledger.store), await createTestLedger(ledger.store)]
    const invoiceId = await postedIn(ledger)
    const outcomes = await Promise.all(
      [ledger, ...others, ledger, ...others].map((each) =>
        each.ask(registerPayment, payment(invoiceId), { key: 'k' }),
      ),
    )
    const answers = outcomes.map((outcome) => outcome.outcome === 'accepted' && outcome.answer)
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    const payments = (await ledger.events()).filter(({ type }) => type === 'PaymentRegistered')
    expect(payments).toHaveLength(1)
    expect(numberFaults(await ledger.events())).toEqual([])
  })

  test('works for the books as well', async () => {
    const ledger = await createTestLedger()
    const caller = { principal: 'tester', key: 'k', correlation: 'test' }
    const asked = { account: 'bank-2', name: 'Second', type: 'bank' }
    const first = await ledger.handler.books(openAccount, asked, caller)
    expect(await ledger.handler.books(openAccount, asked, caller)).toEqual({
      ...first,
      replayed: true,
      appended: 0,
    })
    const other = await ledger.handler.books(openAccount, { ...asked, name: 'x' }, caller)
    expect(other).toMatchObject({ refusal: { code: 'idempotency_key_used_differently' } })
  })
})

describe('malformed input', () => {
  test.each([
    ['an unknown field', { lines: [item('1')], total: '1' }],
    ['a price that is no number', { lines: [item('abc')] }],
    ['a price with a float in it', { lines: [{ ...item('1'), unitPrice: 1 }] }],
    ['no lines', { lines: [] }],
    ['text with U+0000', { lines: [item('1', { description: 'a\u0000b' })] }],
    ['half a surrogate', { lines: [item('1', { description: '\ud800' })] }],
    ['a day that does not exist', { lines: [item('1')], documentDate: '2026-02-30' }],
    ['nothing at all', undefined],
    ['an array', []],
  ])('%s is told apart from a refusal, by path', async (_what, asked) => {
    const ledger = await createTestLedger()
    const outcome = await ledger.ask(draftInvoice, asked)
    expect(outcome).toEqual({
      outcome: 'malformed',
      issues: expect.arrayContaining([
        {
          path: expect.stringMatching(/^(?:\/|$)/) as string,
          message: expect.any(String) as string,
        },
      ]) as unknown[],
    })
  })

  test('a discount in another currency is refused, not broken over', async () => {
    const ledger = await createTestLedger()
    const foreign = { amount: '1.00', currency: 'EUR' }
    const lines = [item('10', { discount: foreign })]
    const refused = { refusal: { code: 'currency_differs', expected: 'GBP', given: 'EUR' } }
    expect(await ledger.ask(draftInvoice, { lines })).toMatchObject(refused)
    expect(await ledger.ask(draftCreditNote, { reason: 'x', lines })).toMatchObject(refused)
  })
})

describe('an append whose answer never comes', () => {
  test.each(['lost', 'landed'] as const)(
    '%s, is settled by reading: one payment',
    async (fault) => {
      const store = bare()
      const ledger = await createTestLedger(store)
      const invoiceId = await postedIn(ledger)
      store.next('folio-', fault)
      const outcome = await ledger.ask(registerPayment, payment(invoiceId), { key: 'k' })
      expect(outcome).toMatchObject({ outcome: 'accepted', answer: { applied: gbp('10.00') } })
      const payments = (await ledger.events()).filter(({ type }) => type === 'PaymentRegistered')
      expect(payments).toHaveLength(1)
      expect(numberFaults(await ledger.events())).toEqual([])
    },
  )

  test.each(['lost', 'landed'] as const)(
    '%s in the series, the document has one number',
    async (fault) => {
      const store = bare()
      const ledger = await createTestLedger(store)
      const invoiceId = await drafted(ledger)
      store.next('series-', fault)
      expect(await ledger.must(postInvoice, { invoiceId })).toMatchObject({
        number: 'INV/2026/00001',
      })
      expect(numberFaults(await ledger.events())).toEqual([])
    },
  )

  test('in the books is settled by reading too', async () => {
    const store = bare()
    const ledger = await createTestLedger(store)
    store.next('books-', 'landed')
    const asked = { account: 'bank-2', name: 'Second', type: 'bank' }
    expect(await ledger.askBooks(openAccount, asked)).toMatchObject({ outcome: 'accepted' })
  })
})

describe('what is cached', () => {
  test('never refuses: a refusal is given only after reading to the end', async () => {
    const here = await createTestLedger()
    const there = await createTestLedger(here.store)
    const invoiceId = await drafted(here)
    await there.ask(postInvoice, { invoiceId })
    expect(await here.ask(registerPayment, payment(invoiceId))).toMatchObject({
      outcome: 'accepted',
    })
    expect(await there.ask(registerPayment, payment(invoiceId, '110.00'))).toMatchObject({
      outcome: 'accepted',
      answer: { applied: gbp('110.00'), overpayment: null },
    })
  })

  test('never accepts nothing: a draft discarded elsewhere is discarded here only once read', async () => {
    const here = await createTestLedger()
    const there = await createTestLedger(here.store)
    const invoiceId = await drafted(here)
    await there.ask(discardDraft, { document: invoiceId })
    expect(await here.ask(discardDraft, { document: invoiceId })).toMatchObject({
      outcome: 'accepted',
      appended: 0,
      revision: 1,
    })
  })

  test('never says that nothing was to do at an older end of the stream', async () => {
    const here = await createTestLedger()
    const there = await createTestLedger(here.store)
    const invoiceId = await drafted(here)
    await here.ask(discardDraft, { document: invoiceId })
    const folio = invoiceId.slice(0, 36)
    const order = { number: '1', placedOn: '2026-11-01', party: null, billTo: null, shipTo: null }
    const placed = { ...order, prices: 'tax_excluded', lines: [item('1')] }
    await there.must(placeOrder, placed, { folio })
    expect(await here.ask(discardDraft, { document: invoiceId })).toMatchObject({
      outcome: 'accepted',
      appended: 0,
      revision: 2,
    })
  })

  test('is read past also where the clock stands still', async () => {
    const store = createMemoryEventStore()
    const log = createLedgerLog(store, testSubjectKeys())
    const clock = { ...createTestClock(), monotonicMs: () => 7 }
    const handlers = [1, 2].map(() => createHandler({ log, clock, fingerprint }))
    const [here, there] = [handlers[0]!, handlers[1]!]
    let keys = 0
    const caller = () => ({ principal: 'p', key: `${(keys += 1)}`, correlation: 'c' })
    await expect(here.books(openBooks, {}, caller())).resolves.toMatchObject({
      outcome: 'accepted',
    })
    const drafted = await here.folio(draftInvoice, { lines: [item('100')] }, caller())
    if (drafted.outcome !== 'accepted') throw new Error(JSON.stringify(drafted))
    const { invoiceId } = drafted.answer
    await expect(there.folio(postInvoice, { invoiceId }, caller())).resolves.toMatchObject({
      outcome: 'accepted',
    })
    const paid = await here.folio(registerPayment, payment(invoiceId), caller())
    expect(paid).toMatchObject({ outcome: 'accepted' })
  })

  test('follows the books: an account opened elsewhere is there at once', async () => {
    const here = await createTestLedger()
    const there = await createTestLedger(here.store)
    const invoiceId = await postedIn(here)
    await there.askBooks(openAccount, { account: 'till', name: 'Till', type: 'cash' })
    const asked = { ...payment(invoiceId), account: 'till' }
    expect(await here.ask(registerPayment, asked)).toMatchObject({ outcome: 'accepted' })
  })
})

describe('somebody else in between', () => {
  test('the loser of a race decides again on what the winner left', async () => {
    const store = bare()
    const here = await createTestLedger(store)
    const there = await createTestLedger(store)
    const invoiceId = await postedIn(here)
    await here.must(registerPayment, payment(invoiceId, '100.00'))
    store.before('folio-', () => there.must(registerPayment, payment(invoiceId, '15.00')))
    expect(await here.must(registerPayment, payment(invoiceId, '20.00'))).toMatchObject({
      applied: gbp('5.00'),
      overpayment: { amount: gbp('15.00') },
    })
    expect(numberFaults(await here.events())).toEqual([])
  })

  test('edits what is being posted: the edited draft is posted', async () => {
    const store = bare()
    const here = await createTestLedger(store)
    const there = await createTestLedger(store)
    const invoiceId = await drafted(here)
    store.before('folio-', () => there.must(editDraft, { document: invoiceId, lines: [item('7')] }))
    expect(await here.must(postInvoice, { invoiceId })).toMatchObject({
      number: 'INV/2026/00001',
      totals: { gross: gbp('8.40') },
    })
  })

  test('32 callers on one credit never get more than it has, in one process or in three', async () => {
    for (const processes of [1, 2, 3]) {
      const ledger = await createTestLedger()
      const ledgers = [ledger]
      while (ledgers.length < processes) ledgers.push(await createTestLedger(ledger.store))
      const invoiceId = await postedIn(ledger)
      await ledger.must(registerPayment, payment(invoiceId, '150.00'))
      const documentId = `${invoiceId.slice(0, 36)}-ovp1`
      const outcomes = await Promise.all(
        Array.from({ length: 32 }, (_, index) =>
          ledgers[index % processes]!.ask(refundCredit, { documentId, amount: gbp('4.00') }),
        ),
      )
      const accepted = outcomes.filter(({ outcome }) => outcome === 'accepted')
      expect(accepted).toHaveLength(7)
      for (const outcome of outcomes) {
        if (outcome.outcome === 'accepted') continue
        expect(outcome).toEqual({
          outcome: 'refused',
          refusal: {
            code: 'refund_exceeds_remaining_credit',
            remaining: gbp('2.00'),
            requested: gbp('4.00'),
          },
        })
      }
      const events = await ledger.events()
      const refunds = events.flatMap((event) =>
        event.type === 'CreditRefunded' ? [event.data.remaining.amount] : [],
      )
      expect(refunds).toEqual(['26.00', '22.00', '18.00', '14.00', '10.00', '6.00', '2.00'])
      expect(numberFaults(events)).toEqual([])
      expect(standingNumbers(events).filter((number) => number.startsWith('PAY'))).toHaveLength(8)
    }
  })
})

test('the metadata says under which settings, by whom and why it was decided', async () => {
  const ledger = await createTestLedger()
  const invoiceId = await drafted(ledger)
  await ledger.must(
    postInvoice,
    { invoiceId },
    { key: 'k', correlation: 'c', causation: 'because' },
  )
  const posted = (await ledger.events()).find(({ type }) => type === 'InvoicePosted')
  expect(posted?.metadata).toMatchObject({
    command: 'post-invoice',
    commandKey: 'k',
    principal: 'tester',
    correlation: 'c',
    causation: 'because',
    recordedAt: '2026-11-22T10:00:00.000Z',
    decidedUnder: { 'books-main': 26 },
  })
})
