/**
 * Every refusal there is, with its exact figures, reached through a command; and beside it the nearest request that is
 * accepted, where the rule has a boundary. A refusal without a line here does not compile, and the last test counts.
 */
import type { z } from 'zod'
import { expect, test } from 'vitest'
import { closeAccount } from '../../commands/books/close-account.js'
import { openAccount } from '../../commands/books/open-account.js'
import { openBooks } from '../../commands/books/open-books.js'
import type { BooksCommand, FolioCommand } from '../../commands/command.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { importOrder } from '../../commands/order/import-order.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { recordSourceDocument } from '../../commands/order/record-source-document.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { REFUSAL_TITLES, type Refusal, type RefusalCode } from '../../commands/refusal.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import type { OpenBooks } from '../../src/aggregates/books.js'
import { after, decide, FOLIO_ID, type Scene, testBooks } from '../support/decider-spec.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import {
  adHocNote,
  eur,
  gbp,
  INVOICE,
  invoice,
  item,
  NOTE,
  note,
  ORDER,
  order,
  orderInvoice,
  OVERPAYMENT,
  paid,
  PAYMENT,
  SUPPLIER,
  ZERO,
} from './scenes.js'

type Answer = Refusal | 'accepted'
type Ask = () => Answer | Promise<Answer>
type Case<Code extends RefusalCode> = Readonly<{
  asked: Ask
  refusal: Extract<Refusal, { code: Code }>
  /** What is just within the rule. */
  within?: Ask
}>

const ask =
  <Input extends z.ZodType>(
    command: FolioCommand<Input>,
    input: unknown,
    scene: Partial<Scene> = {},
  ): Ask =>
  () => {
    const decided = decide(command, input, scene)
    return 'refusal' in decided ? decided.refusal : 'accepted'
  }
const askBooks =
  <Input extends z.ZodType>(
    command: BooksCommand<Input>,
    input: unknown,
    books: OpenBooks | null,
  ): Ask =>
  () => {
    const decision = command.decide(command.input.parse(input), books ?? { status: 'absent' })
    return decision.outcome === 'refused' ? decision.refusal : 'accepted'
  }

const books = testBooks()
const withAccount = (account: string, changes: object): OpenBooks => ({
  ...books,
  accounts: new Map(books.accounts).set(account, {
    ...books.accounts.get('bank')!,
    account,
    outstanding: null,
    ...changes,
  }),
})
const withoutMoney = (): OpenBooks => ({
  ...books,
  accounts: new Map(
    [...books.accounts].filter(([name]) => !['bank', 'cash', 'cheques'].includes(name)),
  ),
})

const draft = (lines: readonly object[] = [item('100')], more: object = {}) =>
  after(draftInvoice, { lines, documentDate: '2026-11-10', ...more })
const twoOrdered = order([item('10', { quantity: '2' }), item('5')])
const onOrder = (lines?: readonly object[], scene: Partial<Scene> = twoOrdered) =>
  ask(invoiceOrder, { orderId: ORDER, ...(lines === undefined ? {} : { lines }) }, scene)
const credited = note(paid(invoice(), '120.00'))
const credit = (
  request: object,
  scene: Partial<Scene> = paid(invoice([item('10', { quantity: '2' })]), '24.00'),
) => ask(draftCreditNote, { invoiceId: INVOICE, reason: 'Returned', lines: [request] }, scene)
const pay = (more: object, scene: Partial<Scene> = invoice()) =>
  ask(
    registerPayment,
    { invoiceId: INVOICE, account: 'bank', amount: gbp('120.00'), ...more },
    scene,
  )
const match = (more: object, scene: Partial<Scene> = paid(invoice(), '120.00')) =>
  ask(reconcilePayment, { paymentId: PAYMENT, ...more }, scene)
const refund = (more: object, scene: Partial<Scene> = credited) =>
  ask(refundCredit, { documentId: NOTE, ...more }, scene)
const source = (fingerprint: string) => ({
  books: 'main',
  format: 'online-retail',
  number: '536365',
  fingerprint,
  linked: [],
  adHoc: [],
})
const bank2 = { account: 'bank-2', name: 'Second bank', type: 'bank' }
const outstanding = (receipts: string) => ({
  ...bank2,
  outstanding: { receipts, payments: 'outstanding-payments' },
})

const orderBody = {
  number: '1002',
  placedOn: '2026-11-01',
  party: null,
  billTo: null,
  shipTo: null,
  prices: 'tax_excluded',
}

const CASES: { readonly [Code in RefusalCode]: Case<Code> } = {
  invoice_line_not_found: {
    asked: credit({ invoiceLine: 1, quantity: '1' }),
    refusal: { code: 'invoice_line_not_found', line: 1, lines: 1 },
    within: credit({ invoiceLine: 0, quantity: '1' }),
  },
  credit_quantity_not_positive: {
    asked: credit({ invoiceLine: 0, quantity: '0' }),
    refusal: { code: 'credit_quantity_not_positive', line: 0, requested: '0' },
    within: credit({ invoiceLine: 0, quantity: '0.1' }),
  },
  credit_quantity_exceeds_invoice_line: {
    asked: credit({ invoiceLine: 0, quantity: '2.000001' }),
    refusal: {
      code: 'credit_quantity_exceeds_invoice_line',
      line: 0,
      left: '2',
      requested: '2.000001',
    },
    within: credit({ invoiceLine: 0, quantity: '2' }),
  },
  credit_price_opposite: {
    asked: credit({ invoiceLine: 0, quantity: '1', unitPrice: '-1' }),
    refusal: { code: 'credit_price_opposite', line: 0, invoiced: '10', requested: '-1' },
    within: credit({ invoiceLine: 0, quantity: '1', unitPrice: '1' }),
  },
  credit_amount_exceeds_invoice_line: {
    asked: credit({ invoiceLine: 0, quantity: '1', unitPrice: '10.01' }),
    refusal: {
      code: 'credit_amount_exceeds_invoice_line',
      line: 0,
      left: gbp('10.00'),
      requested: gbp('10.01'),
    },
    within: credit({ invoiceLine: 0, quantity: '1', unitPrice: '10' }),
  },
  books_not_open: {
    asked: askBooks(openAccount, bank2, null),
    refusal: { code: 'books_not_open', books: 'main' },
    within: askBooks(openAccount, bank2, books),
  },
  books_open_already: {
    asked: askBooks(openBooks, {}, books),
    refusal: { code: 'books_open_already', books: 'main' },
    within: askBooks(openBooks, {}, null),
  },
  time_zone_unknown: {
    asked: askBooks(openBooks, { timeZone: 'Europe/Atlantis' }, null),
    refusal: { code: 'time_zone_unknown', timeZone: 'Europe/Atlantis' },
    within: askBooks(openBooks, { timeZone: 'Asia/Kathmandu' }, null),
  },
  account_not_found: {
    asked: pay({ account: 'bank-2' }),
    refusal: { code: 'account_not_found', account: 'bank-2', books: 'main' },
    within: pay({ account: 'bank' }),
  },
  account_open_already: {
    asked: askBooks(openAccount, { ...bank2, account: 'bank' }, books),
    refusal: { code: 'account_open_already', account: 'bank' },
  },
  account_closed: {
    asked: pay(
      { account: 'bank-2' },
      { ...invoice(), books: withAccount('bank-2', { closed: true }) },
    ),
    refusal: { code: 'account_closed', account: 'bank-2' },
    within: pay({ account: 'bank-2' }, { ...invoice(), books: withAccount('bank-2', {}) }),
  },
  account_needed_by_the_ledger: {
    asked: askBooks(closeAccount, { account: 'receivable' }, books),
    refusal: { code: 'account_needed_by_the_ledger', account: 'receivable' },
    within: askBooks(closeAccount, { account: 'cash' }, books),
  },
  account_type_not_allowed: {
    asked: refund({ account: 'sales' }),
    refusal: {
      code: 'account_type_not_allowed',
      account: 'sales',
      type: 'revenue',
      allowed: ['bank', 'cash', 'cheque'],
    },
    within: refund({ account: 'cheques' }),
  },
  account_currency_differs: {
    asked: pay(
      { account: 'bank-2' },
      { ...invoice(), books: withAccount('bank-2', { currency: 'EUR' }) },
    ),
    refusal: {
      code: 'account_currency_differs',
      account: 'bank-2',
      accountCurrency: 'EUR',
      currency: 'GBP',
    },
    within: pay(
      { account: 'bank-2' },
      { ...invoice(), books: withAccount('bank-2', { currency: 'GBP' }) },
    ),
  },
  account_not_named: {
    asked: refund({}, adHocNote()),
    refusal: {
      code: 'account_not_named',
      allowed: ['bank', 'cash', 'cheque'],
      candidates: ['bank', 'cash', 'cheques'],
    },
    within: refund({ account: 'cash' }, adHocNote()),
  },
  no_money_account: {
    asked: refund({}, { ...adHocNote(), books: withoutMoney() }),
    refusal: { code: 'no_money_account', create: ['bank', 'cash', 'cheque'] },
  },
  outstanding_accounts_only_for_bank: {
    asked: askBooks(openAccount, { ...outstanding('outstanding-receipts'), type: 'cash' }, books),
    refusal: { code: 'outstanding_accounts_only_for_bank', account: 'bank-2', type: 'cash' },
    within: askBooks(openAccount, outstanding('outstanding-receipts'), books),
  },
  currency_differs: {
    asked: pay({ amount: eur('120.00') }),
    refusal: { code: 'currency_differs', expected: 'GBP', given: 'EUR' },
  },
  currency_needs_exchange_rate: {
    asked: ask(draftInvoice, { currency: 'EUR', lines: [item('1')] }),
    refusal: { code: 'currency_needs_exchange_rate', currency: 'EUR', booksCurrency: 'GBP' },
    within: ask(draftInvoice, { currency: 'GBP', lines: [item('1')] }),
  },
  document_not_found: {
    asked: ask(postInvoice, { invoiceId: `${FOLIO_ID}-i2` }, draft()),
    refusal: { code: 'document_not_found', document: `${FOLIO_ID}-i2` },
  },
  document_not_draft: {
    asked: ask(editDraft, { document: INVOICE, note: 'Paid?' }, invoice()),
    refusal: { code: 'document_not_draft', document: INVOICE, status: 'posted' },
    within: ask(editDraft, { document: INVOICE, note: 'Paid?' }, draft()),
  },
  document_not_posted: {
    asked: pay({}, draft()),
    refusal: { code: 'document_not_posted', document: INVOICE, status: 'draft' },
  },
  draft_has_no_such_field: {
    asked: ask(editDraft, { document: INVOICE, lines: [item('1')] }, orderInvoice(twoOrdered)),
    refusal: { code: 'draft_has_no_such_field', document: INVOICE, field: 'lines' },
    within: ask(editDraft, { document: INVOICE, lines: [item('1')] }, draft()),
  },
  date_in_future: {
    asked: pay({ date: '2026-11-23' }),
    refusal: { code: 'date_in_future', date: '2026-11-23', today: '2026-11-22' },
    within: pay({ date: '2026-11-22' }),
  },
  due_date_before_document_date: {
    asked: ask(editDraft, { document: INVOICE, dueDate: '2026-11-09' }, draft()),
    refusal: {
      code: 'due_date_before_document_date',
      documentDate: '2026-11-10',
      dueDate: '2026-11-09',
    },
    within: ask(editDraft, { document: INVOICE, dueDate: '2026-11-10' }, draft()),
  },
  amount_too_large: {
    asked: inHandler(draftInvoice, {
      lines: [item('999999999999', { quantity: '999999999999' })],
    }),
    refusal: { code: 'amount_too_large', currency: 'GBP', integerDigitsMax: 15 },
    within: inHandler(draftInvoice, {
      lines: [item('999999999999', { quantity: '1000', tax: ZERO })],
    }),
  },
  document_too_large: {
    asked: inHandler(draftInvoice, { lines: manyLines(1000, '€'.repeat(500)) }),
    refusal: { code: 'document_too_large', bytes: expect.any(Number) as number, bytesMax: 900_000 },
    within: inHandler(draftInvoice, {
      lines: manyLines(1000, 'A description of sixty letters, which is more than most.....'),
    }),
  },
  total_negative: {
    asked: ask(postInvoice, { invoiceId: INVOICE }, draft([item('10'), item('-10.01')])),
    refusal: { code: 'total_negative', total: gbp('-0.01') },
    within: ask(postInvoice, { invoiceId: INVOICE }, draft([item('10'), item('-9.99')])),
  },
  total_zero: {
    asked: ask(postInvoice, { invoiceId: INVOICE }, draft([item('10'), item('-10')])),
    refusal: { code: 'total_zero' },
    within: ask(
      postInvoice,
      { invoiceId: INVOICE },
      orderInvoice(order([item('10'), item('-10')])),
    ),
  },
  amount_not_positive: {
    asked: pay({ amount: gbp('0.00') }),
    refusal: { code: 'amount_not_positive', amount: gbp('0.00') },
    within: pay({ amount: gbp('0.01') }),
  },
  folio_in_other_books: {
    asked: () => importedInto('second'),
    refusal: { code: 'folio_in_other_books', books: 'main', given: 'second' },
    within: () => importedInto('main'),
  },
  folio_has_an_order: {
    asked: ask(placeOrder, { ...orderBody, lines: [item('1')] }, twoOrdered),
    refusal: { code: 'folio_has_an_order', order: ORDER },
    within: ask(placeOrder, { ...orderBody, lines: [item('1')] }),
  },
  order_not_found: {
    asked: ask(invoiceOrder, { orderId: ORDER }),
    refusal: { code: 'order_not_found', order: ORDER },
    within: onOrder(),
  },
  order_cancelled: {
    asked: onOrder(undefined, after(cancelOrder, { orderId: ORDER, reason: 'No' }, twoOrdered)),
    refusal: { code: 'order_cancelled', order: ORDER },
  },
  order_line_not_found: {
    asked: onOrder([{ line: 2, quantity: '1' }]),
    refusal: { code: 'order_line_not_found', line: 2, lines: 2 },
    within: onOrder([{ line: 1, quantity: '1' }]),
  },
  order_line_named_twice: {
    asked: onOrder([
      { line: 0, quantity: '1' },
      { line: 0, quantity: '1' },
    ]),
    refusal: { code: 'order_line_named_twice', line: 0 },
    within: onOrder([
      { line: 0, quantity: '1' },
      { line: 1, quantity: '1' },
    ]),
  },
  quantity_not_positive: {
    asked: onOrder([{ line: 0, quantity: '-1' }]),
    refusal: { code: 'quantity_not_positive', line: 0, requested: '-1' },
    within: onOrder([{ line: 0, quantity: '0.000001' }]),
  },
  quantity_exceeds_ordered: {
    asked: onOrder([{ line: 0, quantity: '2.000001' }]),
    refusal: { code: 'quantity_exceeds_ordered', line: 0, left: '2', requested: '2.000001' },
    within: onOrder([{ line: 0, quantity: '2' }]),
  },
  nothing_left_to_invoice: {
    asked: onOrder(undefined, orderInvoice(twoOrdered)),
    refusal: { code: 'nothing_left_to_invoice', order: ORDER },
    within: onOrder(undefined, orderInvoice(twoOrdered, { lines: [{ line: 0, quantity: '2' }] })),
  },
  already_booked_differently: {
    asked: ask(recordSourceDocument, source('b'), after(recordSourceDocument, source('a'))),
    refusal: { code: 'already_booked_differently', number: '536365' },
    within: ask(recordSourceDocument, source('a'), after(recordSourceDocument, source('a'))),
  },
  supplier_reference_missing: {
    asked: ask(postInvoice, { invoiceId: INVOICE }, draft(undefined, { direction: 'in' })),
    refusal: { code: 'supplier_reference_missing' },
    within: ask(
      postInvoice,
      { invoiceId: INVOICE },
      draft(undefined, { direction: 'in', supplierReference: 'S-1' }),
    ),
  },
  supplier_reference_used: {
    asked: () => secondBill('S-1'),
    refusal: {
      code: 'supplier_reference_used',
      supplierReference: 'S-1',
      document: expect.stringMatching(/-i1$/) as string,
    },
    within: () => secondBill('S-2'),
  },
  gateway_transaction_registered: {
    asked: onlineTwice('t-1'),
    refusal: { code: 'gateway_transaction_registered', transaction: 't-1', payment: PAYMENT },
    within: onlineTwice('t-2'),
  },
  payment_not_found: {
    asked: match({ paymentId: `${FOLIO_ID}-p2` }),
    refusal: { code: 'payment_not_found', payment: `${FOLIO_ID}-p2` },
    within: match({}),
  },
  payment_awaits_no_match: {
    asked: match({}, after(reconcilePayment, { paymentId: PAYMENT }, paid(invoice(), '120.00'))),
    refusal: { code: 'payment_awaits_no_match', payment: PAYMENT, matching: 'matched' },
  },
  bank_account_differs: {
    asked: match({ account: 'cash' }),
    refusal: { code: 'bank_account_differs', account: 'cash', expected: 'bank' },
    within: match({ account: 'bank' }),
  },
  statement_amount_differs: {
    asked: match({ charges: gbp('1.50'), statementAmount: gbp('118.51') }),
    refusal: {
      code: 'statement_amount_differs',
      expected: gbp('118.50'),
      given: gbp('118.51'),
    },
    within: match({ charges: gbp('1.50'), statementAmount: gbp('118.50') }),
  },
  charges_exceed_payment: {
    asked: match({ charges: gbp('120.01') }),
    refusal: { code: 'charges_exceed_payment', charges: gbp('120.01'), amount: gbp('120.00') },
    within: match({ charges: gbp('120.00') }),
  },
  credit_note_before_invoice: {
    asked: ask(
      draftCreditNote,
      { invoiceId: INVOICE, reason: 'x', documentDate: '2026-11-09' },
      invoice(),
    ),
    refusal: { code: 'credit_note_before_invoice', invoiceDate: '2026-11-10', date: '2026-11-09' },
    within: ask(
      draftCreditNote,
      { invoiceId: INVOICE, reason: 'x', documentDate: '2026-11-10' },
      invoice(),
    ),
  },
  nothing_left_to_credit: {
    asked: ask(draftCreditNote, { invoiceId: INVOICE, reason: 'x' }, credited),
    refusal: { code: 'nothing_left_to_credit', invoice: INVOICE },
  },
  credit_exceeds_invoice: {
    asked: credit({ invoiceLine: 0, quantity: '1' }, invoice([item('10'), item('-4')])),
    refusal: { code: 'credit_exceeds_invoice', left: gbp('7.20'), requested: gbp('12.00') },
    within: credit(
      { invoiceLine: 0, quantity: '1', unitPrice: '6' },
      invoice([item('10'), item('-4')]),
    ),
  },
  document_not_refundable: {
    asked: refund({ documentId: INVOICE }),
    refusal: {
      code: 'document_not_refundable',
      document: INVOICE,
      kind: 'invoice',
      refundable: ['credit_note', 'prepayment', 'overpayment'],
    },
    within: refund({ documentId: OVERPAYMENT }, paid(invoice(), '120.01')),
  },
  refund_exceeds_remaining_credit: {
    asked: refund({ amount: gbp('120.01') }),
    refusal: {
      code: 'refund_exceeds_remaining_credit',
      remaining: gbp('120.00'),
      requested: gbp('120.01'),
    },
    within: refund({ amount: gbp('120.00') }),
  },
  nothing_left_to_refund: {
    asked: refund({}, note(invoice())),
    refusal: { code: 'nothing_left_to_refund', document: NOTE },
  },
  refund_before_document: {
    asked: refund({ date: '2026-11-21' }),
    refusal: { code: 'refund_before_document', documentDate: '2026-11-22', date: '2026-11-21' },
    within: refund({ date: '2026-11-22' }),
  },
  idempotency_key_used_differently: {
    asked: () => sameKey('2'),
    refusal: {
      code: 'idempotency_key_used_differently',
      key: 'once',
      command: 'draft-invoice',
    },
    within: () => sameKey('1'),
  },
  idempotency_key_in_flight: {
    asked: () => claimed('in_flight'),
    refusal: { code: 'idempotency_key_in_flight', key: 'once' },
    within: () => claimed('granted'),
  },
  revision_differs: {
    asked: () => atRevision(0),
    refusal: {
      code: 'revision_differs',
      expected: 0,
      actual: 1,
      events: [
        {
          revision: 1,
          type: 'InvoiceDraftEdited',
          recordedAt: '2026-11-22T10:00:00.000Z',
          principal: 'tester',
          command: 'edit-draft',
        },
      ],
    },
    within: () => atRevision(1),
  },
  folio_busy: {
    asked: () => amongRivals(20),
    refusal: { code: 'folio_busy', attempts: 20 },
    within: () => amongRivals(19),
  },
}

const CODES = Object.keys(REFUSAL_TITLES) as RefusalCode[]

test.each(CODES)('%s is refused with its figures', async (code) => {
  expect(await CASES[code].asked()).toEqual(CASES[code].refusal)
})

test.each(CODES.filter((code) => CASES[code].within !== undefined))(
  '%s is not refused just within the rule',
  async (code) => {
    expect(await CASES[code].within?.()).toBe('accepted')
  },
)

test('every refusal has its case, of the code that it stands under', () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(REFUSAL_TITLES).sort())
  expect(Object.entries(CASES).filter(([code, { refusal }]) => refusal.code !== code)).toEqual([])
})

/** Function declarations, for the table above is made while this file is still being read. */
function manyLines(count: number, description: string) {
  return Array.from({ length: count }, () => item('1', { description }))
}

function inHandler<Input extends z.ZodType>(command: FolioCommand<Input>, input: unknown): Ask {
  return async () => answered(await (await createTestLedger()).ask(command, input))
}

function onlineTwice(transaction: string): Ask {
  const scene = { ...invoice(), books: withAccount('gateway-x', { type: 'gateway' }) }
  const online = { account: 'gateway-x', online: { gateway: 'x', transaction: 't-1' } }
  return pay(
    { account: 'gateway-x', online: { gateway: 'x', transaction } },
    paid(scene, '60.00', online),
  )
}

/** An order imported once more, into these books. */
async function importedInto(books: string): Promise<Answer> {
  const ledger = await createTestLedger()
  const body = {
    ...orderBody,
    lines: [item('1')],
    instance: '5d1d0a2e-6f43-4b57-8f0e-1f2d3c4b5a69',
    platformOrderId: '77',
    modifiedAt: '2026-11-01T00:00:00.000Z',
    status: 'Shipped',
    paymentStatus: '',
  }
  await ledger.must(importOrder, body)
  const modifiedAt = '2026-11-02T00:00:00.000Z'
  return answered(await ledger.ask(importOrder, { ...body, modifiedAt, books }))
}

function answered(outcome: Awaited<ReturnType<TestLedger['ask']>>): Answer {
  if (outcome.outcome === 'malformed') throw new Error(JSON.stringify(outcome.issues))
  return outcome.outcome === 'refused' ? outcome.refusal : 'accepted'
}

/** A bill of the same supplier beside one that is posted as S-1. */
async function secondBill(supplierReference: string): Promise<Answer> {
  const ledger = await createTestLedger()
  const asked = { direction: 'in', party: SUPPLIER, lines: [item('1')] }
  const first = await ledger.must(draftInvoice, { ...asked, supplierReference: 'S-1' })
  await ledger.must(postInvoice, { invoiceId: first.invoiceId })
  const second = await ledger.must(draftInvoice, { ...asked, supplierReference })
  return answered(await ledger.ask(postInvoice, { invoiceId: second.invoiceId }))
}

async function sameKey(unitPrice: string): Promise<Answer> {
  const ledger = await createTestLedger()
  await ledger.must(draftInvoice, { lines: [item('1')] }, { key: 'once' })
  return answered(await ledger.ask(draftInvoice, { lines: [item(unitPrice)] }, { key: 'once' }))
}

async function claimed(claim: 'in_flight' | 'granted'): Promise<Answer> {
  const claims = {
    claim: () => Promise.resolve({ claim, settle: () => undefined }),
  }
  const ledger = await createTestLedger(undefined, {}, claims)
  const once = { key: 'once', claimsKey: true }
  return answered(await ledger.ask(draftInvoice, { lines: [item('1')] }, once))
}

/** A draft that was edited since it was made, discarded by somebody who saw it at the revision. */
async function atRevision(expectedRevision: number): Promise<Answer> {
  const ledger = await createTestLedger()
  const { invoiceId } = await ledger.must(draftInvoice, { lines: [item('1')] })
  await ledger.must(editDraft, { document: invoiceId, lines: [item('2')] })
  return answered(await ledger.ask(discardDraft, { document: invoiceId }, { expectedRevision }))
}

/** Somebody else changes the folio before each of the first so many appends. */
async function amongRivals(count: number): Promise<Answer> {
  const store = createMemoryEventStore()
  let rivals = 0
  const contested = {
    ...store,
    append: async (...[stream, expected, events]: Parameters<typeof store.append>) => {
      if (stream.startsWith('folio-') && rivals > 0) {
        rivals -= 1
        return { outcome: 'conflict' as const, expected, actual: expected }
      }
      return store.append(stream, expected, events)
    },
  }
  const ledger = await createTestLedger(contested)
  const { invoiceId } = await ledger.must(draftInvoice, { lines: [item('1')] })
  rivals = count
  return answered(await ledger.ask(discardDraft, { document: invoiceId }))
}
