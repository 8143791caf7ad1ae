/** Netforce's own test and its three use cases of the refund wizard (N1 to N5), through the whole write side. */
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openAccount } from '../../commands/books/open-account.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { balances, entriesOf, numberFaults, refundedOn } from './log-oracle.js'
import { gbp, item, SUPPLIER, ZERO } from './scenes.js'

const adHoc = async (ledger: TestLedger, more: object = {}) => {
  const lines = [item('500', { description: 'Return', tax: ZERO })]
  const { creditNoteId } = await ledger.must(draftCreditNote, {
    reason: 'Returned',
    lines,
    ...more,
  })
  const { remaining } = await ledger.must(postCreditNote, { creditNoteId })
  expect(remaining).toEqual(gbp('500.00'))
  return creditNoteId
}

test('Netforce’s own test: a note of 500.00 refunded in full has nothing left', async () => {
  const ledger = await createTestLedger()
  const creditNoteId = await adHoc(ledger, { documentDate: '2026-11-01' })
  const asked = {
    documentId: creditNoteId,
    amount: gbp('500.00'),
    date: '2026-11-15',
    account: 'bank',
  }
  expect(await ledger.must(refundCredit, asked)).toEqual({
    status: 'refunded',
    approval: null,
    payment: {
      paymentId: `${creditNoteId.slice(0, 36)}-p1`,
      number: 'PAY/2026/00001',
      amount: gbp('500.00'),
      account: 'bank',
      reference: 'REFUND-RINV/2026/00001',
    },
    document: {
      documentId: creditNoteId,
      remaining: gbp('0.00'),
      href: `/credit-notes/${creditNoteId}`,
    },
  })
  expect(await ledger.ask(refundCredit, { ...asked, amount: gbp('0.01') })).toMatchObject({
    refusal: { code: 'refund_exceeds_remaining_credit', remaining: gbp('0.00') },
  })
  expect(balances(await ledger.events()).get(`receivable ${creditNoteId}`)).toBe('0.00')
})

test('use case 1: a customer’s note in full, with a reference of its own', async () => {
  const ledger = await createTestLedger()
  const documentId = await adHoc(ledger)
  const asked = { documentId, account: 'cheques', reference: 'CHQ-REFUND-001' }
  expect(await ledger.must(refundCredit, asked)).toMatchObject({
    payment: { amount: gbp('500.00'), account: 'cheques', reference: 'CHQ-REFUND-001' },
    document: { remaining: gbp('0.00') },
  })
})

test('use case 2: an overpayment given back in part, in cash', async () => {
  const ledger = await createTestLedger()
  const { invoiceId } = await ledger.must(draftInvoice, { lines: [item('100', { tax: ZERO })] })
  await ledger.must(postInvoice, { invoiceId })
  const { overpayment } = await ledger.must(registerPayment, {
    invoiceId,
    account: 'bank',
    amount: gbp('600.00'),
  })
  const { documentId } = overpayment!
  const asked = { documentId, amount: gbp('200.00'), account: 'cash', reference: 'PARTIAL-REFUND' }
  expect(await ledger.must(refundCredit, asked)).toMatchObject({
    document: { documentId, remaining: gbp('300.00') },
  })
  const events = await ledger.events()
  expect(events.at(-1)).toMatchObject({
    type: 'CreditRefunded',
    data: {
      direction: 'out',
      flow: 'paid',
      documentKind: 'overpayment',
      documentNumber: 'OVP/2026/00001',
    },
  })
  expect(balances(events).get(`customer-prepayments ${documentId}`)).toBe('-300.00')
})

test('use case 3: a supplier sends the money of its note', async () => {
  const ledger = await createTestLedger()
  const documentId = await adHoc(ledger, { direction: 'in', party: SUPPLIER })
  await ledger.must(refundCredit, { documentId, account: 'bank', reference: 'SUPPLIER-REFUND-001' })
  const events = await ledger.events()
  expect(events.at(-1)).toMatchObject({
    type: 'CreditRefunded',
    data: { direction: 'in', flow: 'received', documentKind: 'credit_note', matching: 'awaited' },
  })
  expect(balances(events).get('outstanding-receipts')).toBe('500.00')
})

test('a refund goes over the account that the money came in over, unless that is none of the hand', async () => {
  const ledger = await createTestLedger()
  await ledger.askBooks(openAccount, { account: 'gateway-x', name: 'X', type: 'gateway' })
  const sale = async (more: object) => {
    const { invoiceId } = await ledger.must(draftInvoice, { lines: [item('10', { tax: ZERO })] })
    await ledger.must(postInvoice, { invoiceId })
    await ledger.must(registerPayment, { invoiceId, amount: gbp('10.00'), ...more })
    const { creditNoteId } = await ledger.must(draftCreditNote, { invoiceId, reason: 'x' })
    await ledger.must(postCreditNote, { creditNoteId })
    return ledger.ask(refundCredit, { documentId: creditNoteId })
  }
  expect(await sale({ account: 'cash' })).toMatchObject({
    answer: { payment: { account: 'cash' } },
  })
  const online = { gateway: 'x', transaction: 't' }
  expect(await sale({ account: 'gateway-x', online })).toMatchObject({
    refusal: { code: 'account_not_named', candidates: ['bank', 'cash', 'cheques'] },
  })
})

/** Whatever is asked in whatever order. What must hold is read off the log alone. */
type Step = Readonly<{
  command: 'pay' | 'credit' | 'refund' | 'match'
  which: number
  amount: number
}>

test('no more is given back than was received, and every account agrees with its open items', async () => {
  const step = fc.record({
    command: fc.constantFrom('pay', 'credit', 'credit', 'refund', 'refund', 'match'),
    which: fc.nat({ max: 3 }),
    amount: fc.integer({ min: -100, max: 20_000 }),
  }) as fc.Arbitrary<Step>
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('out', 'in'),
      fc.array(step, { maxLength: 25 }),
      async (direction, steps) => {
        const ledger = await createTestLedger()
        const { invoiceId } = await ledger.must(draftInvoice, {
          direction,
          supplierReference: 'S-1',
          lines: [item('33.33', { quantity: '3' }), item('-5')],
        })
        await ledger.must(postInvoice, { invoiceId })
        for (const one of steps) await take(ledger, invoiceId, one)
        const events = await ledger.events()
        const sign = direction === 'out' ? 1 : -1
        expect(
          new Decimal(moved(events, 'in')).minus(moved(events, 'out')).times(sign).gte(0),
        ).toBe(true)
        for (const [key, balance] of balances(events)) {
          const [account = '', document = ''] = key.split(' ')
          const open = new Decimal(balance).times(sign)
          if (/-i\d+$/.test(document)) expect([key, open.gte(0)]).toEqual([key, true])
          if (/-(?:c|ovp)\d+$/.test(document)) expect([key, open.lte(0)]).toEqual([key, true])
          if (/receivable|payable|prepayments/.test(account)) {
            expect([account, openItems(events, account)]).toEqual([
              account,
              balances(events).get(account),
            ])
          }
        }
        for (const { postings } of entriesOf(events)) {
          expect(postings.filter(({ amount }) => amount.amount.startsWith('-'))).toEqual([])
        }
        expect(numberFaults(events)).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
})

async function take(ledger: TestLedger, invoiceId: string, { command, which, amount }: Step) {
  const folio = invoiceId.slice(0, 36)
  const money = gbp(new Decimal(amount).dividedBy(100).toFixed(2))
  const account = ['bank', 'cash', 'cheques', 'sales'][which]
  if (command === 'pay') await ledger.ask(registerPayment, { invoiceId, account, amount: money })
  if (command === 'match') {
    await ledger.ask(reconcilePayment, { paymentId: `${folio}-p${which + 1}`, account: 'bank' })
  }
  if (command === 'refund') {
    const documentId = `${folio}-${which < 2 ? 'c' : 'ovp'}${1 + (which % 2)}`
    await ledger.ask(refundCredit, { documentId, amount: money, account })
  }
  if (command === 'credit') {
    const unitPrice =
      which === 0 ? undefined : new Decimal(Math.abs(amount)).dividedBy(600).toFixed(2)
    const price = unitPrice === undefined ? {} : { unitPrice: new Decimal(unitPrice).toString() }
    const lines = [{ invoiceLine: which % 2 === 0 ? 0 : 1, quantity: '1', ...price }]
    const drafted = await ledger.ask(draftCreditNote, { invoiceId, reason: 'x', lines })
    if (drafted.outcome !== 'accepted') return
    await ledger.ask(postCreditNote, { creditNoteId: drafted.answer.creditNoteId })
  }
}

function moved(events: readonly LedgerEvent[], way: 'in' | 'out'): string {
  const flow = way === 'in' ? 'received' : 'paid'
  return events
    .reduce((sum, event) => {
      if (event.type !== 'PaymentRegistered' && event.type !== 'CreditRefunded') return sum
      return event.data.flow === flow ? sum.plus(event.data.amount.amount) : sum
    }, new Decimal(0))
    .toFixed(2)
}

function openItems(events: readonly LedgerEvent[], account: string): string {
  return [...balances(events)]
    .filter(([key]) => key.startsWith(`${account} `))
    .reduce((sum, [, balance]) => sum.plus(balance), new Decimal(0))
    .toFixed(2)
}

test('what the oracle reads of one refund is what was refunded', async () => {
  const ledger = await createTestLedger()
  const documentId = await adHoc(ledger)
  await ledger.must(refundCredit, { documentId, amount: gbp('12.34'), account: 'cash' })
  expect(refundedOn(await ledger.events(), documentId)).toBe('12.34')
})
