import { expect, test } from 'vitest'
import { openItems } from '../../projections/open-items.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  allocationApplied,
  allocationReversed,
  creditNoteVoided,
  openingBalancesPosted,
  paymentReversed,
  prepaymentId,
  prepaymentRegistered,
} from '../support/credit-story.js'
import {
  creditNotePosted,
  creditRefunded,
  creditSettled,
  invoiceId,
  invoicePosted,
  noteId,
  overpaymentId,
  PARTY,
  paymentReconciled,
  paymentRegistered,
} from '../support/ledger-story.js'
import { project } from '../support/project.js'
import { platformRefundDeclined, platformRefundPaid } from '../support/store-story.js'

const open = (...facts: LedgerFact[]) =>
  project(openItems, facts).map(({ kind, account, amountOpen, isOpen }) => [
    kind,
    account,
    amountOpen,
    isOpen,
  ])

test('a posted invoice is open with its total', () => {
  expect(project(openItems, [invoicePosted({ folio: 1, total: '120.00' })])).toEqual([
    {
      documentId: invoiceId(1),
      account: 'receivable',
      books: 'default',
      direction: 'out',
      kind: 'Invoice',
      number: 'INV/2026/00001',
      party: PARTY,
      documentDate: '2026-03-01',
      side: 'debit',
      currency: 'GBP',
      amountOpen: '120.00',
      booksCurrency: 'GBP',
      booksAmountOpen: '120.00',
      isOpen: true,
      sortKey: `2026-03-01 INV/000000002026/000000000001 ${invoiceId(1)} receivable`,
    },
  ])
})

test('what a document asks, and what it has left, both count as positive', () => {
  expect(open(invoicePosted({ folio: 1, direction: 'in' }))).toEqual([
    ['Bill', 'payable', '120.00', true],
  ])
  expect(open(creditNotePosted({ folio: 1, total: '60.00' }))).toEqual([
    ['Credit Note', 'receivable', '60.00', true],
  ])
  expect(open(creditNotePosted({ folio: 1, total: '60.00', direction: 'in' }))).toEqual([
    ['Credit Note', 'payable', '60.00', true],
  ])
})

test('an overpayment is an item of its own, in both directions', () => {
  expect(open(invoicePosted({ folio: 1 }), paymentRegistered({ folio: 1, over: '5.00' }))).toEqual([
    ['Invoice', 'receivable', '0.00', false],
    ['Overpayment', 'customer-prepayments', '5.00', true],
  ])
  expect(
    open(
      invoicePosted({ folio: 1, direction: 'in' }),
      paymentRegistered({ folio: 1, direction: 'in', over: '5.00' }),
    ),
  ).toEqual([
    ['Bill', 'payable', '0.00', false],
    ['Overpayment', 'supplier-prepayments', '5.00', true],
  ])
})

test('a refund of the overpayment closes it', () => {
  const rows = project(openItems, [
    invoicePosted({ folio: 1 }),
    paymentRegistered({ folio: 1, over: '5.00' }),
    creditRefunded({ folio: 1, amount: '5.00', document: 'overpayment' }),
  ])
  expect(rows).toMatchObject([
    {},
    { documentId: overpaymentId(1), amountOpen: '0.00', isOpen: false },
  ])
})

test('a settlement moves the note and the invoice', () => {
  const rows = project(openItems, [
    invoicePosted({ folio: 1, total: '120.00' }),
    creditNotePosted({ folio: 1, total: '60.00' }),
    creditSettled({ folio: 1, amount: '60.00' }),
  ])
  expect(rows).toMatchObject([
    { documentId: invoiceId(1), amountOpen: '60.00' },
    { documentId: noteId(1), amountOpen: '0.00', isOpen: false },
  ])
})

test('a reconciliation moves no document', () => {
  expect(
    open(
      invoicePosted({ folio: 1 }),
      paymentRegistered({ folio: 1 }),
      paymentReconciled({ folio: 1 }),
    ),
  ).toEqual([['Invoice', 'receivable', '0.00', false]])
})

test('an invoice of total zero opens nothing', () => {
  expect(open(invoicePosted({ folio: 1, total: '0.00' }))).toEqual([])
})

test.each([
  paymentRegistered({ folio: 1 }),
  creditSettled({ folio: 1, amount: '1.00' }),
  creditRefunded({ folio: 1, amount: '1.00' }),
])('$type on a document that was never posted is a gap', (fact) => {
  expect(() => project(openItems, [fact])).toThrow(`${fact.type} 0 of s needs open item`)
})

test('a prepayment is open with what came, its tax on an account of its own', () => {
  expect(open(prepaymentRegistered({ folio: 1, amount: '120.00', tax: '20.00' }))).toEqual([
    ['Prepayment', 'customer-prepayments', '100.00', true],
    ['Prepayment', 'output-tax', '20.00', true],
  ])
})

test('an allocation moves the credit, of whatever folio it is, and the invoice; its reversal both back', () => {
  const given = { folio: 2, to: 1, source: 'prepayment', amount: '30.00' } as const
  const before = [invoicePosted({ folio: 1 }), prepaymentRegistered({ folio: 2, amount: '40.00' })]
  expect(open(...before, allocationApplied(given))).toEqual([
    ['Invoice', 'receivable', '90.00', true],
    ['Prepayment', 'customer-prepayments', '10.00', true],
  ])
  expect(open(...before, allocationApplied(given), allocationReversed(given))).toEqual(
    open(...before),
  )
})

test('a reversed prepayment and a voided note are closed', () => {
  const credit = { documentId: prepaymentId(1), amount: '40.00' }
  expect(
    open(
      prepaymentRegistered({ folio: 1, amount: '40.00' }),
      paymentReversed({ folio: 1, credit }),
    ),
  ).toEqual([['Prepayment', 'customer-prepayments', '0.00', false]])
  expect(
    open(
      invoicePosted({ folio: 1 }),
      creditNotePosted({ folio: 1, total: '20.00' }),
      creditSettled({ folio: 1, amount: '20.00' }),
      creditNoteVoided({ folio: 1, total: '20.00', settled: '20.00' }),
    ),
  ).toEqual([
    ['Invoice', 'receivable', '120.00', true],
    ['Credit Note', 'receivable', '0.00', false],
  ])
})

test('opening balances open every document that they name, under the number it has had', () => {
  expect(open(openingBalancesPosted(1))).toEqual([
    ['Invoice', 'receivable', '300.00', true],
    ['Bill', 'payable', '80.00', true],
    ['Prepayment', 'customer-prepayments', '50.00', true],
  ])
  expect(project(openItems, [openingBalancesPosted(1)])).toMatchObject([
    { number: 'OLD-300.00', documentDate: '2025-12-01', party: PARTY },
    {},
    {},
  ])
})

test('what a store gave back of a note is not open any more, and again once it was declined', () => {
  const posted = creditNotePosted({ folio: 1, total: '60.00', invoice: null })
  const online = { folio: 1, online: '60.00' }
  const paid = [posted, platformRefundPaid(online)]
  expect(open(...paid)).toEqual([['Credit Note', 'receivable', '0.00', false]])
  expect(open(...paid, platformRefundDeclined(online))).toEqual([
    ['Credit Note', 'receivable', '60.00', true],
  ])
})
