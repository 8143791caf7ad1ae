/**
 * Every refusal there is, with its exact figures, reached through a command; and beside it the nearest request that is
 * accepted, where the rule has a boundary. A refusal without a line here does not compile, and the last test counts.
 */
import { z } from 'zod'
import { expect, test } from 'vitest'
import { closeAccount } from '../../commands/books/close-account.js'
import { closePeriod } from '../../commands/books/close-period.js'
import { openAccount } from '../../commands/books/open-account.js'
import { openBooks } from '../../commands/books/open-books.js'
import { reopenPeriod } from '../../commands/books/reopen-period.js'
import { setExchangeRate } from '../../commands/books/set-exchange-rate.js'
import type { BooksCommand, FolioCommand, InstanceCommand } from '../../commands/command.js'
import { postOpeningBalances } from '../../commands/books/post-opening-balances.js'
import { approveRefund } from '../../commands/credit/approve-refund.js'
import { declineRefund } from '../../commands/credit/decline-refund.js'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { refusalIn } from '../../commands/credit/refused-allocation.js'
import { releaseCredit } from '../../commands/credit/release-credit.js'
import { voidCreditNote } from '../../commands/credit/void-credit-note.js'
import { configureInstance } from '../../commands/instance/configure-instance.js'
import { registerInstance } from '../../commands/instance/register-instance.js'
import { instanceId } from '../../commands/instance/store-address.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { importOrder } from '../../commands/order/import-order.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { recordSourceDocument } from '../../commands/order/record-source-document.js'
import { mergeParties } from '../../commands/party/merge-parties.js'
import { unmergeParties } from '../../commands/party/unmerge-parties.js'
import { forgetSubject } from '../../commands/party/forget-subject.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { REFUSAL_TITLES, type RefusalCode } from '../../commands/refusal.js'
import { addTracking } from '../../commands/shipment/add-tracking.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import { validateDelivery } from '../../commands/shipment/validate-delivery.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { Instance } from '../../src/aggregates/instance.js'
import { after, FOLIO_ID, type Scene, testBooks } from '../support/decider-spec.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { OTHER_INVOICE, OTHER_PARTY, otherFolio, PARTY } from './allocation-scenes.js'
import { imported, instance, state, STORE, workflow } from './imported-orders.js'
import { type Answer, ask, type Ask, type Case } from './refusal-case.js'
import {
  adHocNote,
  bill,
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
  posted,
  SUPPLIER,
  ZERO,
} from './scenes.js'
import { STORE_CASES } from './store-refusals.js'

const askBooks =
  <Input extends z.ZodType>(
    command: BooksCommand<Input>,
    input: unknown,
    books: OpenBooks | null,
  ): Ask =>
  () => {
    const open = books ?? { status: 'absent' as const }
    const decision = command.decide(command.input.parse(input), open, { today: '2026-11-22' })
    return decision.outcome === 'refused' ? decision.refusal : 'accepted'
  }

const askInstance =
  <Input extends z.ZodType>(
    command: InstanceCommand<Input>,
    input: unknown,
    instance: Instance = { status: 'absent' },
  ): Ask =>
  () => {
    const parsed = command.input.parse(input)
    const instanceId = command.instance(parsed)
    const context = { instance, instanceId, books: testBooks(), allowsPrivateStores: false }
    const decision = command.decide(parsed, context)
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
const closedBooks = (through: string) =>
  testBooks({ period: { closedThrough: through, change: null } })
const closingBooks = (through: string) =>
  testBooks({ period: { closedThrough: null, change: { kind: 'closing', through, revision: 9 } } })
const PARTIES = [
  '00000000-0000-4000-8000-0000000000b1',
  '00000000-0000-4000-8000-0000000000b2',
] as const
const mergedBooks = testBooks({ mergedInto: new Map([PARTIES]) })

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

const reverse = (more: object, scene: Partial<Scene> = paid(invoice(), '120.00')) =>
  ask(reversePayment, { paymentId: PAYMENT, reason: 'Bounced', ...more }, scene)
const voided = (more: object, scene: Partial<Scene> = credited) =>
  ask(voidCreditNote, { creditNoteId: NOTE, reason: 'A mistake', ...more }, scene)
const opening = {
  kind: 'invoice',
  number: 'INV/2025/00941',
  documentDate: '2025-12-12',
  amount: gbp('132.00'),
}
const open = (more: object) => ask(postOpeningBalances, { date: '2026-01-01', ...more })

/**
 * Two invoices of one order, each paid and credited in full: after the first was refunded, its payment bounced. What
 * the second brought in has been given back by then.
 */
function emptied(): Partial<Scene> {
  const first = after(
    refundCredit,
    { documentId: NOTE },
    note(paid(posted(onceOrdered()), '120.00')),
  )
  const bounced = after(reversePayment, { paymentId: PAYMENT, reason: 'Bounced' }, first)
  const second = { invoiceId: `${FOLIO_ID}-i2` }
  const paidAgain = paid(posted(orderInvoice(bounced), second), '120.00', second)
  return note(paidAgain, second, SECOND_NOTE)
}
const SECOND_NOTE = `${FOLIO_ID}-c2`
const CUSTOMER = '00000000-0000-4000-8000-0000000000cc'
const onceOrdered = () =>
  orderInvoice(order([item('100', { quantity: '2' })], { party: CUSTOMER }), {
    lines: [{ line: 0, quantity: '1' }],
  })

const SHIPMENT = `${FOLIO_ID}-s1`
const shipLine = (line: number) => ({ orderId: ORDER, lines: [{ line, quantity: '1' }] })
const plannedShipment = () => after(planShipment, { orderId: ORDER }, twoOrdered)
const deliveredShipment = (tracks: readonly object[] = []) =>
  after(validateDelivery, { shipmentId: SHIPMENT, tracks }, plannedShipment())
const APPROVAL = `${FOLIO_ID}-ap1`
/** Asked for by the clerk, whose role gives nothing back alone. */
const waitingRefund = (): Partial<Scene> => {
  const refundThresholds = [{ role: 'operator', threshold: gbp('0.00') }]
  const bound = { ...books, settings: { ...books.settings, refundThresholds } }
  const clerk = { principal: 'clerk', role: 'operator', books: bound }
  const asked = after(refundCredit, { documentId: NOTE }, { ...credited, ...clerk })
  return { ...asked, principal: 'chief', role: 'approver' }
}

/** Reserved on the credit's folio, whatever the invoice's will say to it. */
const reserving = { ...allocateCredit, output: z.null(), answer: () => null }
const goods = (price: string) => [item(price, { tax: ZERO })]
const owed = adHocNote(goods('100'), { party: PARTY })
/** A credit of 100.00 on the invoice of another folio, of the same party unless that says otherwise. */
const allocate = (more: object, other: Partial<Scene>, scene: Partial<Scene> = owed) =>
  ask(
    reserving,
    { documentId: NOTE, invoiceId: OTHER_INVOICE, ...more },
    {
      ...scene,
      other: otherFolio(other.facts ?? []),
    },
  )
const asking = (price: string, more: object = {}) =>
  invoice(goods(price), { party: PARTY, ...more })

/** Two invoices of one order: the note of the first settles the second. */
const SECOND_INVOICE = `${FOLIO_ID}-i2`
const ALLOCATION = `${FOLIO_ID}-al1`
const allocated = () => {
  const credit = note(paid(posted(onceOrdered()), '120.00'))
  const second = posted(orderInvoice(credit), { invoiceId: SECOND_INVOICE })
  return after(allocateCredit, { documentId: NOTE, invoiceId: SECOND_INVOICE }, second)
}
const releasing = { invoiceId: SECOND_INVOICE, allocationId: ALLOCATION, reason: 'Wrong' }
const release = (more: object, scene: Partial<Scene> = allocated()) =>
  ask(releaseCredit, { ...releasing, ...more }, scene)

/** Written down by an invoice's folio, and told to whoever repeats the request. */
function refusedBy(code: string): Answer {
  const ids = { allocationId: ALLOCATION, documentId: NOTE, invoiceId: OTHER_INVOICE }
  const fact = { type: 'AllocationRefused', data: { ...ids, code, figures: {} } } as const
  return refusalIn([fact]) ?? 'accepted'
}

const shop = {
  platform: 'bigcommerce',
  address: 'https://api.bigcommerce.com/stores/abc123',
  name: 'Shop',
}
const SHOP_ID = instanceId('bigcommerce', shop.address)
const history = (startDate: string) =>
  imported([item('1')], {}, { instance: instance({ startDate }) })
const platformDraft = (gross: string) =>
  orderInvoice(
    imported([item('10')], { totals: { net: gbp('10.00'), tax: gbp('2.00'), gross: gbp(gross) } }),
  )

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
  period_closed: {
    asked: pay({ date: '2026-11-15' }, { ...invoice(), books: closedBooks('2026-11-15') }),
    refusal: {
      code: 'period_closed',
      date: '2026-11-15',
      closedThrough: '2026-11-15',
      firstOpenDay: '2026-11-16',
    },
    within: pay({ date: '2026-11-16' }, { ...invoice(), books: closedBooks('2026-11-15') }),
  },
  period_not_over: {
    asked: askBooks(closePeriod, { through: '2026-11-22' }, books),
    refusal: { code: 'period_not_over', through: '2026-11-22', today: '2026-11-22' },
    within: askBooks(closePeriod, { through: '2026-11-21' }, books),
  },
  period_closed_already: {
    asked: askBooks(closePeriod, { through: '2026-09-30' }, closedBooks('2026-09-30')),
    refusal: {
      code: 'period_closed_already',
      through: '2026-09-30',
      closedThrough: '2026-09-30',
    },
    within: askBooks(closePeriod, { through: '2026-10-01' }, closedBooks('2026-09-30')),
  },
  period_not_closed: {
    asked: askBooks(
      reopenPeriod,
      { through: '2026-09-30', reason: 'x' },
      closedBooks('2026-09-30'),
    ),
    refusal: {
      code: 'period_not_closed',
      through: '2026-09-30',
      closedThrough: '2026-09-30',
    },
    within: askBooks(
      reopenPeriod,
      { through: '2026-09-29', reason: 'x' },
      closedBooks('2026-09-30'),
    ),
  },
  period_change_under_way: {
    asked: askBooks(closePeriod, { through: '2026-09-29' }, closingBooks('2026-09-30')),
    refusal: { code: 'period_change_under_way', change: 'closing', through: '2026-09-30' },
    within: askBooks(closePeriod, { through: '2026-09-30' }, closingBooks('2026-09-30')),
  },
  party_merged_with_itself: {
    asked: askBooks(mergeParties, { party: SUPPLIER, into: SUPPLIER, reason: 'x' }, books),
    refusal: { code: 'party_merged_with_itself', party: SUPPLIER },
    within: askBooks(mergeParties, { party: SUPPLIER, into: PARTIES[0], reason: 'x' }, books),
  },
  party_merged_already: {
    asked: askBooks(mergeParties, { party: PARTIES[0], into: SUPPLIER, reason: 'x' }, mergedBooks),
    refusal: { code: 'party_merged_already', party: PARTIES[0], into: PARTIES[1] },
    within: askBooks(mergeParties, { party: PARTIES[1], into: SUPPLIER, reason: 'x' }, mergedBooks),
  },
  parties_merged_in_a_circle: {
    asked: askBooks(
      mergeParties,
      { party: PARTIES[1], into: PARTIES[0], reason: 'x' },
      mergedBooks,
    ),
    refusal: { code: 'parties_merged_in_a_circle', party: PARTIES[1], into: PARTIES[0] },
    within: askBooks(mergeParties, { party: SUPPLIER, into: PARTIES[0], reason: 'x' }, mergedBooks),
  },
  party_not_merged: {
    asked: askBooks(unmergeParties, { party: PARTIES[1], reason: 'x' }, mergedBooks),
    refusal: { code: 'party_not_merged', party: PARTIES[1] },
    within: askBooks(unmergeParties, { party: PARTIES[0], reason: 'x' }, mergedBooks),
  },
  exchange_rate_not_positive: {
    asked: askBooks(setExchangeRate, { rates: [{ currency: 'EUR', rate: '0' }] }, books),
    refusal: { code: 'exchange_rate_not_positive', currency: 'EUR', rate: '0' },
    within: askBooks(setExchangeRate, { rates: [{ currency: 'EUR', rate: '0.000001' }] }, books),
  },
  exchange_rate_not_needed: {
    asked: askBooks(setExchangeRate, { rates: [{ currency: 'GBP', rate: '1' }] }, books),
    refusal: { code: 'exchange_rate_not_needed', currency: 'GBP', rate: '1' },
    within: askBooks(setExchangeRate, { rates: [{ currency: 'EUR', rate: '1' }] }, books),
  },
  currency_differs: {
    asked: pay({ amount: eur('120.00') }),
    refusal: { code: 'currency_differs', expected: 'GBP', given: 'EUR' },
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
  instance_registered_already: {
    asked: askInstance(registerInstance, shop, instance()),
    refusal: { code: 'instance_registered_already', instance: SHOP_ID },
    within: askInstance(registerInstance, shop),
  },
  instance_not_registered: {
    asked: askInstance(configureInstance, { instance: SHOP_ID, name: 'Outlet' }),
    refusal: { code: 'instance_not_registered', instance: SHOP_ID },
    within: askInstance(configureInstance, { instance: SHOP_ID, name: 'Outlet' }, instance()),
  },
  instance_in_other_books: {
    asked: ask(importOrder, state([item('1')], { books: 'second' }), { instance: instance() }),
    refusal: {
      code: 'instance_in_other_books',
      instance: STORE,
      books: 'main',
      given: 'second',
    },
    within: ask(importOrder, state([item('1')], { books: 'main' }), { instance: instance() }),
  },
  workflow_named_twice: {
    asked: askInstance(registerInstance, { ...shop, workflows: [workflow(), workflow()] }),
    refusal: { code: 'workflow_named_twice', paymentMethod: '*' },
    within: askInstance(registerInstance, {
      ...shop,
      workflows: [workflow(), workflow({ paymentMethod: 'Card' })],
    }),
  },
  workflow_needs_account: {
    asked: askInstance(registerInstance, {
      ...shop,
      workflows: [workflow({ until: 'registered_payment' })],
    }),
    refusal: { code: 'workflow_needs_account', paymentMethod: '*' },
    within: askInstance(registerInstance, {
      ...shop,
      workflows: [workflow({ until: 'registered_payment', account: 'bank' })],
    }),
  },
  store_address_not_allowed: {
    asked: askInstance(registerInstance, {
      ...shop,
      address: 'http://api.bigcommerce.com/stores/abc123',
    }),
    refusal: {
      code: 'store_address_not_allowed',
      address: 'http://api.bigcommerce.com/stores/abc123',
    },
    within: askInstance(registerInstance, shop),
  },
  order_is_history: {
    asked: onOrder(undefined, history('2026-11-02')),
    refusal: { code: 'order_is_history', order: ORDER, startDate: '2026-11-02' },
    within: onOrder(undefined, history('2026-11-01')),
  },
  platform_total_differs: {
    asked: ask(postInvoice, { invoiceId: INVOICE }, platformDraft('12.02')),
    refusal: {
      code: 'platform_total_differs',
      own: gbp('12.00'),
      platform: gbp('12.02'),
      limit: gbp('0.01'),
    },
    within: ask(postInvoice, { invoiceId: INVOICE }, platformDraft('12.01')),
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
  credit_amount_not_positive: {
    asked: ask(
      draftCreditNote,
      { invoiceId: INVOICE, reason: 'Goodwill', amount: gbp('0.00') },
      invoice(),
    ),
    refusal: { code: 'credit_amount_not_positive', requested: gbp('0.00') },
    within: ask(
      draftCreditNote,
      { invoiceId: INVOICE, reason: 'Goodwill', amount: gbp('0.01') },
      invoice(),
    ),
  },
  gift_certificate_taxed: {
    asked: ask(draftInvoice, { lines: [item('50', { kind: 'gift_certificate' })] }),
    refusal: { code: 'gift_certificate_taxed', line: 0, ratePercent: '20' },
    within: ask(draftInvoice, { lines: [item('50', { kind: 'gift_certificate', tax: ZERO })] }),
  },
  exchange_rate_missing: {
    asked: ask(postInvoice, { invoiceId: INVOICE }, draft(undefined, { currency: 'EUR' })),
    refusal: {
      code: 'exchange_rate_missing',
      currency: 'EUR',
      booksCurrency: 'GBP',
      date: '2026-11-10',
    },
    within: ask(
      postInvoice,
      { invoiceId: INVOICE },
      draft(undefined, { currency: 'EUR', exchangeRate: '0.85' }),
    ),
  },
  payment_reversed_already: {
    asked: reverse(
      {},
      after(reversePayment, { paymentId: PAYMENT, reason: 'Bounced' }, paid(invoice(), '120.00')),
    ),
    refusal: { code: 'payment_reversed_already', payment: PAYMENT },
    within: reverse({}),
  },
  payment_is_refund: {
    asked: reverse(
      { paymentId: `${FOLIO_ID}-p2` },
      after(refundCredit, { documentId: NOTE }, credited),
    ),
    refusal: { code: 'payment_is_refund', payment: `${FOLIO_ID}-p2`, document: NOTE },
  },
  reversal_before_payment: {
    asked: reverse({ date: '2026-11-21' }),
    refusal: { code: 'reversal_before_payment', paymentDate: '2026-11-22', date: '2026-11-21' },
    within: reverse({ date: '2026-11-22' }),
  },
  payment_credit_used: {
    asked: reverse(
      {},
      after(
        refundCredit,
        { documentId: OVERPAYMENT, amount: gbp('0.01') },
        paid(invoice(), '130.00'),
      ),
    ),
    refusal: {
      code: 'payment_credit_used',
      document: OVERPAYMENT,
      amount: gbp('10.00'),
      usedBy: [`${FOLIO_ID}-p2`],
    },
    within: reverse({}, paid(invoice(), '130.00')),
  },
  store_credit_exceeds_due: {
    asked: pay({ account: 'store-credit', amount: gbp('120.01') }),
    refusal: { code: 'store_credit_exceeds_due', due: gbp('120.00'), requested: gbp('120.01') },
    within: pay({ account: 'store-credit', amount: gbp('120.00') }),
  },
  store_credit_of_customers_only: {
    asked: pay({ account: 'store-credit', amount: gbp('1.00') }, bill()),
    refusal: { code: 'store_credit_of_customers_only', invoice: INVOICE },
    within: pay({ account: 'store-credit', amount: gbp('1.00') }),
  },
  refund_exceeds_money_received: {
    asked: ask(refundCredit, { documentId: SECOND_NOTE }, emptied()),
    refusal: {
      code: 'refund_exceeds_money_received',
      left: gbp('0.00'),
      requested: gbp('120.00'),
    },
    within: refund({}),
  },
  opening_number_named_twice: {
    asked: open({ items: [opening, opening] }),
    refusal: { code: 'opening_number_named_twice', number: 'INV/2025/00941' },
    within: open({ items: [opening, { ...opening, kind: 'prepayment' }] }),
  },
  account_not_for_opening_balances: {
    asked: open({ accounts: [{ account: 'receivable', side: 'debit', amount: gbp('1.00') }] }),
    refusal: {
      code: 'account_not_for_opening_balances',
      account: 'receivable',
      type: 'receivable',
    },
    within: open({ accounts: [{ account: 'bank', side: 'debit', amount: gbp('1.00') }] }),
  },
  credit_note_in_use: {
    asked: voided({}, after(refundCredit, { documentId: NOTE, amount: gbp('0.01') }, credited)),
    refusal: { code: 'credit_note_in_use', creditNote: NOTE, usedBy: [`${FOLIO_ID}-p2`] },
    within: voided({}),
  },
  void_before_credit_note: {
    asked: voided({ date: '2026-11-21' }),
    refusal: { code: 'void_before_credit_note', postingDate: '2026-11-22', date: '2026-11-21' },
    within: voided({ date: '2026-11-22' }),
  },
  document_not_allocatable: {
    asked: allocate({ documentId: INVOICE }, asking('60'), asking('100')),
    refusal: { code: 'document_not_allocatable', document: INVOICE, kind: 'invoice' },
    within: allocate({}, asking('60')),
  },
  allocation_to_own_invoice: {
    asked: ask(allocateCredit, { documentId: NOTE, invoiceId: INVOICE }, credited),
    refusal: { code: 'allocation_to_own_invoice', creditNote: NOTE, invoice: INVOICE },
  },
  allocation_across_parties: {
    asked: allocate({}, asking('60', { party: OTHER_PARTY })),
    refusal: {
      code: 'allocation_across_parties',
      creditParty: PARTY,
      invoiceParty: OTHER_PARTY,
    },
    within: allocate({}, asking('60', { party: OTHER_PARTY }), {
      ...owed,
      books: testBooks({ mergedInto: new Map([[OTHER_PARTY, PARTY]]) }),
    }),
  },
  allocation_without_party: {
    asked: allocate({}, asking('60', { party: null }), adHocNote(goods('100'))),
    refusal: { code: 'allocation_without_party', document: NOTE },
    within: allocate({}, asking('60')),
  },
  allocation_across_books: {
    asked: allocate({}, asking('60', { books: 'second' })),
    refusal: { code: 'allocation_across_books', books: 'main', invoiceBooks: 'second' },
    within: allocate({}, asking('60')),
  },
  allocation_across_directions: {
    asked: allocate({}, asking('60', { direction: 'in', supplierReference: 'B-1' })),
    refusal: {
      code: 'allocation_across_directions',
      direction: 'out',
      invoiceDirection: 'in',
    },
    within: allocate({}, asking('60')),
  },
  allocation_exceeds_remaining_credit: {
    asked: allocate({ amount: gbp('100.01') }, asking('200')),
    refusal: {
      code: 'allocation_exceeds_remaining_credit',
      remaining: gbp('100.00'),
      requested: gbp('100.01'),
    },
    within: allocate({ amount: gbp('100.00') }, asking('200')),
  },
  allocation_exceeds_money_received: {
    asked: allocate(
      { documentId: SECOND_NOTE, amount: gbp('1.00') },
      asking('60', { party: CUSTOMER }),
      emptied(),
    ),
    refusal: {
      code: 'allocation_exceeds_money_received',
      left: gbp('0.00'),
      requested: gbp('1.00'),
    },
    within: allocate({}, asking('60')),
  },
  allocation_exceeds_due: {
    asked: allocate({ amount: gbp('60.01') }, asking('60')),
    refusal: {
      code: 'allocation_exceeds_due',
      due: gbp('60.00'),
      requested: gbp('60.01'),
    },
    within: allocate({ amount: gbp('60.00') }, asking('60')),
  },
  invoice_not_due: {
    asked: allocate({}, paid(asking('60'), '60.00')),
    refusal: { code: 'invoice_not_due', invoice: OTHER_INVOICE },
    within: allocate({}, paid(asking('60'), '59.99')),
  },
  allocation_before_document: {
    asked: allocate({ date: '2026-11-21' }, asking('60')),
    refusal: {
      code: 'allocation_before_document',
      documentDate: '2026-11-22',
      date: '2026-11-21',
    },
    within: allocate({ date: '2026-11-22' }, asking('60')),
  },
  allocation_not_found: {
    asked: release({ allocationId: `${FOLIO_ID}-al2` }),
    refusal: { code: 'allocation_not_found', allocation: `${FOLIO_ID}-al2` },
    within: release({}),
  },
  allocation_not_applied: {
    asked: release({}, after(releaseCredit, releasing, allocated())),
    refusal: { code: 'allocation_not_applied', allocation: ALLOCATION, state: 'reversed' },
    within: release({}),
  },
  release_before_allocation: {
    asked: release({ date: '2026-11-21' }),
    refusal: {
      code: 'release_before_allocation',
      allocationDate: '2026-11-22',
      date: '2026-11-21',
    },
    within: release({ date: '2026-11-22' }),
  },
  allocated_money_given_back: {
    asked: () => releasedAfterRefund('100.00'),
    refusal: {
      code: 'allocated_money_given_back',
      allocation: expect.any(String) as string,
      left: gbp('99.99'),
      amount: gbp('100.00'),
      usedBy: [expect.stringMatching(/-p1$/) as string],
    },
    within: () => releasedAfterRefund(null),
  },
  allocation_refused: {
    asked: () => refusedBy('a_rule_of_former_times'),
    refusal: { code: 'allocation_refused', allocation: ALLOCATION },
  },
  refund_before_document: {
    asked: refund({ date: '2026-11-21' }),
    refusal: { code: 'refund_before_document', documentDate: '2026-11-22', date: '2026-11-21' },
    within: refund({ date: '2026-11-22' }),
  },
  shipment_not_found: {
    asked: ask(validateDelivery, { shipmentId: `${FOLIO_ID}-s2` }, plannedShipment()),
    refusal: { code: 'shipment_not_found', shipment: `${FOLIO_ID}-s2` },
    within: ask(validateDelivery, { shipmentId: SHIPMENT }, plannedShipment()),
  },
  shipment_not_planned: {
    asked: ask(validateDelivery, { shipmentId: SHIPMENT }, deliveredShipment()),
    refusal: { code: 'shipment_not_planned', shipment: SHIPMENT, status: 'delivered' },
  },
  shipment_not_delivered: {
    asked: ask(addTracking, { shipmentId: SHIPMENT, track: { number: 'T' } }, plannedShipment()),
    refusal: { code: 'shipment_not_delivered', shipment: SHIPMENT, status: 'planned' },
    within: ask(addTracking, { shipmentId: SHIPMENT, track: { number: 'T' } }, deliveredShipment()),
  },
  quantity_exceeds_to_ship: {
    asked: ask(planShipment, { orderId: ORDER, lines: [{ line: 0, quantity: '2.1' }] }, twoOrdered),
    refusal: { code: 'quantity_exceeds_to_ship', line: 0, left: '2', requested: '2.1' },
    within: ask(planShipment, { orderId: ORDER, lines: [{ line: 0, quantity: '2' }] }, twoOrdered),
  },
  line_not_shippable: {
    asked: ask(planShipment, shipLine(1), order([item('1'), item('2', { kind: 'shipping' })])),
    refusal: { code: 'line_not_shippable', line: 1, kind: 'shipping' },
    within: ask(planShipment, shipLine(0), order([item('1'), item('2', { kind: 'shipping' })])),
  },
  nothing_left_to_ship: {
    asked: ask(planShipment, { orderId: ORDER }, plannedShipment()),
    refusal: { code: 'nothing_left_to_ship', order: ORDER },
    within: ask(planShipment, { orderId: ORDER }, twoOrdered),
  },
  tracking_known_already: {
    asked: ask(
      addTracking,
      { shipmentId: SHIPMENT, track: { number: 'T1' } },
      deliveredShipment([{ number: 'T1' }]),
    ),
    refusal: { code: 'tracking_known_already', shipment: SHIPMENT, number: 'T1' },
    within: ask(
      addTracking,
      { shipmentId: SHIPMENT, track: { number: 'T2' } },
      deliveredShipment([{ number: 'T1' }]),
    ),
  },
  approval_not_found: {
    asked: ask(approveRefund, { approvalId: `${FOLIO_ID}-ap2` }, waitingRefund()),
    refusal: { code: 'approval_not_found', approval: `${FOLIO_ID}-ap2` },
    within: ask(approveRefund, { approvalId: APPROVAL }, waitingRefund()),
  },
  approval_decided_already: {
    asked: ask(
      approveRefund,
      { approvalId: APPROVAL },
      after(declineRefund, { approvalId: APPROVAL, reason: 'No' }, waitingRefund()),
    ),
    refusal: { code: 'approval_decided_already', approval: APPROVAL, status: 'declined' },
  },
  approval_by_requester: {
    asked: ask(approveRefund, { approvalId: APPROVAL }, { ...waitingRefund(), principal: 'clerk' }),
    refusal: { code: 'approval_by_requester', approval: APPROVAL, requestedBy: 'clerk' },
    within: ask(approveRefund, { approvalId: APPROVAL }, waitingRefund()),
  },
  ...STORE_CASES,
  document_names_party: {
    asked: () => forgottenBy('document'),
    refusal: {
      code: 'document_names_party',
      document: expect.stringMatching(/-i1$/) as string,
      party: SUPPLIER,
    },
    within: () => forgottenBy('party'),
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

async function forgottenBy(named: 'document' | 'party'): Promise<Answer> {
  const { must, handler } = await createTestLedger()
  const { invoiceId } = await must(draftInvoice, { lines: [item('1')], party: SUPPLIER })
  const whom = named === 'party' ? { party: SUPPLIER } : { document: invoiceId }
  const outcome = await handler.subject(
    forgetSubject,
    { ...whom, reason: 'Asked for' },
    { principal: 'tester', key: 'forget', correlation: 'test' },
  )
  return outcome.outcome === 'refused' ? outcome.refusal : 'accepted'
}

/** A prepayment of one sale settles the invoice of another, which is credited and refunded by a penny or not at all. */
async function releasedAfterRefund(credited: string | null): Promise<Answer> {
  const ledger = await createTestLedger()
  const { prepayment } = await ledger.must(registerPayment, {
    party: CUSTOMER,
    account: 'cash',
    amount: gbp('100.00'),
  })
  const lines = [item('100', { tax: ZERO })]
  const { invoiceId } = await ledger.must(draftInvoice, { party: CUSTOMER, lines })
  await ledger.must(postInvoice, { invoiceId })
  const documentId = prepayment?.documentId ?? ''
  const { allocation } = await ledger.must(allocateCredit, { documentId, invoiceId })
  if (credited !== null) {
    const drafted = { invoiceId, reason: 'Returned', amount: gbp(credited) }
    const { creditNoteId } = await ledger.must(draftCreditNote, drafted)
    await ledger.must(postCreditNote, { creditNoteId })
    const penny = { documentId: creditNoteId, account: 'cash', amount: gbp('0.01') }
    await ledger.must(refundCredit, penny)
  }
  const { allocationId } = allocation
  return answered(await ledger.ask(releaseCredit, { invoiceId, allocationId, reason: 'Wrong' }))
}
