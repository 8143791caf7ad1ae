/** Faults that random folios found, and rules at the edge of a credit note, each as small as it gets. */
import { expect, test } from 'vitest'
import { closeAccount } from '../../commands/books/close-account.js'
import { openAccount } from '../../commands/books/open-account.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'

const VAT = { code: 'GB-20', ratePercent: '20' }

async function postedInvoice(ledger: TestLedger, lines: readonly object[], more: object = {}) {
  const { invoiceId } = await ledger.must(draftInvoice, {
    prices: 'tax_included',
    documentDate: '2026-11-10',
    lines,
    ...more,
  })
  await ledger.must(postInvoice, { invoiceId })
  return invoiceId
}

async function postedNote(ledger: TestLedger, invoiceId: string, lines?: readonly object[]) {
  const request = { invoiceId, reason: 'Returned', ...(lines === undefined ? {} : { lines }) }
  const { creditNoteId } = await ledger.must(draftCreditNote, request)
  return ledger.must(postCreditNote, { creditNoteId })
}

test('a line whose discount exceeds its price is not turned round by a note at a lower price', async () => {
  const ledger = await createTestLedger()
  const discount = { amount: '15.00', currency: 'GBP' }
  const invoiceId = await postedInvoice(ledger, [
    { kind: 'item', description: 'Goods', quantity: '1', unitPrice: '100', tax: VAT },
    { kind: 'item', description: 'Sold below', quantity: '1', unitPrice: '10', discount, tax: VAT },
  ])
  const outcome = await ledger.ask(draftCreditNote, {
    invoiceId,
    reason: 'Returned',
    lines: [{ invoiceLine: 1, quantity: '1', unitPrice: '2' }],
  })
  expect(outcome).toEqual({
    outcome: 'refused',
    refusal: { code: 'credit_price_opposite', line: 1, invoiced: '10', requested: '2' },
  })
})

test('two notes that credit everything leave nothing on any revenue account, tax rounded globally', async () => {
  // 0.03 at 20 % within holds 0.01 of tax on goods and post together; alone either holds 0.00.
  const lines = [
    { kind: 'item', description: 'Goods', quantity: '1', unitPrice: '0.02', tax: VAT },
    { kind: 'shipping', description: 'Post', quantity: '1', unitPrice: '0.02', tax: VAT },
  ]
  for (const first of [0, 1]) {
    const ledger = await createTestLedger(undefined, { rounding: 'global' })
    const invoiceId = await postedInvoice(ledger, lines)
    await postedNote(ledger, invoiceId, [{ invoiceLine: first, quantity: '1' }])
    await postedNote(ledger, invoiceId)
    const balances = new Map<string, number>()
    for (const { data } of await ledger.events()) {
      for (const { account, side, amount } of 'entry' in data ? data.entry.postings : []) {
        const pennies = Number(amount.amount.replace('.', '')) * (side === 'debit' ? 1 : -1)
        balances.set(account, (balances.get(account) ?? 0) + pennies)
      }
    }
    expect(Object.fromEntries(balances)).toEqual({
      receivable: 0,
      sales: 0,
      shipping: 0,
      'output-tax': 0,
    })
  }
})

test('a note is not posted before its invoice is (L21)', async () => {
  const ledger = await createTestLedger()
  const line = { kind: 'item', description: 'Goods', quantity: '1', unitPrice: '12', tax: VAT }
  const { invoiceId } = await ledger.must(draftInvoice, {
    documentDate: '2026-11-01',
    lines: [line],
  })
  await ledger.must(postInvoice, { invoiceId, postingDate: '2026-11-15' })
  const { creditNoteId } = await ledger.must(draftCreditNote, {
    invoiceId,
    reason: 'Returned',
    documentDate: '2026-11-14',
  })
  expect(await ledger.ask(postCreditNote, { creditNoteId })).toEqual({
    outcome: 'refused',
    refusal: {
      code: 'credit_note_before_invoice',
      invoiceDate: '2026-11-15',
      date: '2026-11-14',
    },
  })
  await ledger.must(postCreditNote, { creditNoteId, postingDate: '2026-11-15' })
})

test('the outstanding accounts of an open bank account cannot be closed', async () => {
  const ledger = await createTestLedger()
  const open = (account: string, type: string, more: object = {}) =>
    ledger.askBooks(openAccount, { account, name: account, type, ...more })
  await open('savings-in', 'outstanding')
  await open('savings-out', 'outstanding')
  await open('savings', 'bank', {
    outstanding: { receipts: 'savings-in', payments: 'savings-out' },
  })
  const refused = await ledger.askBooks(closeAccount, { account: 'savings-out' })
  expect(refused).toEqual({
    outcome: 'refused',
    refusal: { code: 'account_needed_by_the_ledger', account: 'savings-out' },
  })
  await ledger.askBooks(closeAccount, { account: 'savings' })
  expect(await ledger.askBooks(closeAccount, { account: 'savings-out' })).toMatchObject({
    outcome: 'accepted',
    appended: 1,
  })
})

test('what does not fit any form of a note is told by the form it comes nearest to', async () => {
  const ledger = await createTestLedger()
  const invoiceId = '00000000-0000-4000-8000-000000000000-i1'
  expect(await ledger.ask(draftCreditNote, { invoiceId, reason: '' })).toMatchObject({
    outcome: 'malformed',
    issues: [{ path: '/reason' }],
  })
})

test('a refund is not dated before its note counts (N1)', async () => {
  const ledger = await createTestLedger()
  const tax = { code: 'zero', ratePercent: '0' }
  const { creditNoteId } = await ledger.must(draftCreditNote, {
    reason: 'Goodwill',
    documentDate: '2026-11-01',
    lines: [{ kind: 'item', description: 'Goodwill', quantity: '1', unitPrice: '12', tax }],
  })
  await ledger.must(postCreditNote, { creditNoteId, postingDate: '2026-11-20' })
  const refund = { documentId: creditNoteId, account: 'bank', date: '2026-11-19' }
  expect(await ledger.ask(refundCredit, refund)).toEqual({
    outcome: 'refused',
    refusal: { code: 'refund_before_document', documentDate: '2026-11-20', date: '2026-11-19' },
  })
  await ledger.must(refundCredit, { ...refund, date: '2026-11-20' })
})

test('a credited line shows its share of the discount, so that its amounts follow from it', async () => {
  const ledger = await createTestLedger()
  const discount = { amount: '50.00', currency: 'GBP' }
  const tax = { code: 'zero', ratePercent: '0' }
  const invoiceId = await postedInvoice(ledger, [
    { kind: 'item', description: 'Goods', quantity: '2', unitPrice: '100', discount, tax },
  ])
  await postedNote(ledger, invoiceId, [{ invoiceLine: 0, quantity: '1' }])
  const note = (await ledger.events()).find(({ type }) => type === 'CreditNotePosted')
  expect(note?.data).toMatchObject({
    lines: [
      {
        quantity: '1',
        unitPrice: '100',
        discount: { amount: '25.00', currency: 'GBP' },
        gross: { amount: '75.00', currency: 'GBP' },
      },
    ],
  })
})
