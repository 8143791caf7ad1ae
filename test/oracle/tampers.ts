/** One tampering for each rule of the oracle: facts changed as no command would leave them. */
import type { Rule } from './report.js'
import {
  change,
  double,
  drop,
  eventOf,
  first,
  insert,
  more,
  moreOn,
  nth,
  OTHER_PARTY,
  postingOn,
  replace,
  type Tamper,
  type TamperedLog,
} from './tampering.js'
import { CREDIT_TAMPERS } from './tampers-credits.js'
import { STORE_TAMPERS } from './tampers-stores.js'

/** The number of the first invoice, as its series knows it. */
function firstBinding(log: TamperedLog) {
  const posted = nth(log, 'InvoicePosted')
  const [, , number = ''] = posted.data.entry.number.split('/')
  const identity = { books: 'main', series: 'INV' as const, year: 2026 }
  return {
    posted: eventOf(log, 'InvoicePosted'),
    number: +number,
    document: posted.data.invoiceId,
    identity,
  }
}

function voidFirstNumber(behind: boolean): Tamper {
  return (log) => {
    const { posted, number, document, identity } = firstBinding(log)
    const data = { ...identity, number, document, reason: 'test' }
    insert(log, posted, { type: 'NumberVoided', data, stream: 'series-main-INV-2026' }, behind)
  }
}

const CREDITED_IN_FULL_LAST_NOTE = 2
const BILL_NOTE = 3

export const TAMPERS: Readonly<Record<Rule, Tamper>> = {
  ...CREDIT_TAMPERS,
  ...STORE_TAMPERS,
  account_unknown: change(
    'InvoicePosted',
    ({ entry }) => (postingOn(entry, 'sales').account = 'nowhere'),
  ),
  amount_negative: change('CreditSettled', ({ amount }) => (amount.amount = '-1.00')),
  books_amount: change('InvoicePosted', ({ entry }) => {
    for (const account of ['sales', 'receivable']) more(postingOn(entry, account).booksAmount)
  }),
  cancelled_order_invoiced: (log) => {
    const { orderId } = nth(log, 'OrderPlaced').data
    const posted = eventOf(log, 'InvoicePosted')
    insert(log, posted, { type: 'OrderCancelled', data: { orderId, reason: 'test' } }, false)
  },
  charges: change('PaymentReconciled', ({ entry }) => {
    postingOn(entry, 'payment-fees').account = 'disputes-lost'
  }),
  checkpoint: (log) => {
    const { posted, identity } = firstBinding(log)
    const data = { ...identity, next: 99, open: [] }
    insert(log, posted, { type: 'SeriesCheckpointed', data, stream: 'series-main-INV-2026' })
  },
  control_account: change('InvoicePosted', ({ entry }) => {
    const { document: _document, ...posting } = structuredClone(postingOn(entry, 'receivable'))
    entry.postings.push(posting)
  }),
  credited_beyond_invoice: change(
    'CreditNotePosted',
    ({ totals }) => (totals.gross.amount = '999.00'),
  ),
  credited_beyond_line: change('CreditNotePosted', ({ lines }) => (first(lines).quantity = '4')),
  document_balance: change('InvoicePosted', ({ entry }) => {
    moreOn(entry, 'sales', 'receivable')
  }),
  document_missing: drop('InvoicePosted'),
  document_not_named: change(
    'InvoicePosted',
    ({ entry }) => delete postingOn(entry, 'receivable').document,
  ),
  document_on_wrong_account: change('InvoicePosted', ({ entry }) => {
    postingOn(entry, 'receivable').account = 'payable'
  }),
  document_sums: change('InvoicePosted', ({ totals }) => {
    more(totals.net)
  }),
  document_twice: double('InvoicePosted'),
  document_with_two_numbers: double('InvoicePosted'),
  due_beside_credit: drop('CreditSettled'),
  due_negative: change('CreditSettled', ({ amount }) => (amount.amount = '999.00')),
  entry_content: change(
    'InvoicePosted',
    ({ entry }) => (postingOn(entry, 'sales').account = 'shipping'),
  ),
  entry_unbalanced: change('PaymentRegistered', ({ entry }) => {
    moreOn(entry, 'receivable')
  }),
  event_id: replace('PaymentRegistered', () => ({ id: OTHER_PARTY })),
  full_credit_leaves: change(
    'CreditNotePosted',
    ({ entry }) => (postingOn(entry, 'sales').account = 'shipping'),
    CREDITED_IN_FULL_LAST_NOTE,
  ),
  gateway_balance: change(
    'PaymentRegistered',
    ({ entry }) => {
      moreOn(entry, 'gateway-shop', 'receivable')
    },
    1,
  ),
  given_back_beyond_received: change('PaymentRegistered', ({ amount }) => (amount.amount = '1.00')),
  hash: ({ stored }) => {
    const at = stored.findIndex(({ type }) => type === 'InvoicePosted')
    const event = first(stored.slice(at))
    stored[at] = { ...event, data: event.data.replace('"amount":"', '"amount":"1') }
  },
  in_payment: change('PaymentRegistered', ({ entry }) => {
    moreOn(entry, 'outstanding-receipts', 'receivable')
  }),
  invoice_line_missing: change('CreditNotePosted', ({ lines }) => (first(lines).invoiceLine = 9)),
  invoice_tax: change('InvoicePosted', ({ lines }) => {
    more(first(lines).taxAmount)
  }),
  invoiced_beyond_order: change('OrderPlaced', ({ lines }) => (first(lines).quantity = '1')),
  line_base: change('InvoicePosted', ({ lines }) => (first(lines).unitPrice = '33.34')),
  match_without_payment: double('PaymentReconciled'),
  money_account: change('CreditRefunded', (data) => (data.account = 'gateway-shop')),
  money_balance: change(
    'CreditRefunded',
    ({ entry }) => {
      moreOn(entry, 'cash', 'customer-prepayments')
    },
    1,
  ),
  money_currency: (log) => {
    const cash = log.events.find(
      (event) => event.type === 'AccountOpened' && event.data.account === 'cash',
    )
    if (cash?.type === 'AccountOpened') cash.data.currency = 'USD'
  },
  money_flow: change('CreditRefunded', (data) => (data.flow = 'received')),
  money_place: change('PaymentRegistered', (data) => (data.matching = 'none')),
  money_posted: change('PaymentRegistered', ({ entry }) => {
    postingOn(entry, 'outstanding-receipts').account = 'bank'
  }),
  note_before_invoice: change('CreditNotePosted', (data) => (data.documentDate = '2020-01-01')),
  note_differs: change('CreditNotePosted', (data) => (data.party = OTHER_PARTY)),
  note_line_differs: change(
    'CreditNotePosted',
    ({ lines }) => (first(lines).tax.ratePercent = '21'),
  ),
  note_tax: change('CreditNotePosted', ({ lines }) => {
    more(first(lines).taxAmount)
  }),
  number_bound_twice: change('NumbersTaken', ({ taken }) => {
    taken.push({ ...first(taken), number: first(taken).number + 1 })
  }),
  number_form: change('InvoicePosted', ({ entry }) => (entry.number = 'INV/2026/1')),
  number_lost: (log) => {
    const { posted, document } = firstBinding(log)
    const taken = [{ number: 1, document, postingDate: '2025-01-01' }]
    const data = { books: 'main', series: 'INV', year: 2025, taken, used: [] }
    insert(log, posted, { type: 'NumbersTaken', data, stream: 'series-main-INV-2025' }, false)
  },
  number_not_taken: change('InvoicePosted', ({ entry }) => (entry.number = 'INV/2026/00099')),
  number_on_other_document: change('NumbersTaken', ({ taken }) => {
    first(taken).document = `${OTHER_PARTY}-i1`
  }),
  number_order: change('NumbersTaken', ({ taken }) => (first(taken).number += 1)),
  number_released: (log) => {
    const { posted, number, document, identity } = firstBinding(log)
    const data = { ...identity, number, document, reason: 'test' }
    insert(log, posted, { type: 'NumberReleased', data })
  },
  number_twice: double('InvoicePosted'),
  number_used: change('NumbersTaken', ({ used }) => used.push(99)),
  number_used_after_void: voidFirstNumber(false),
  number_voided: voidFirstNumber(true),
  number_year: change('NumbersTaken', ({ taken }) => (first(taken).postingDate = '2025-01-01')),
  order_missing: change('OrderCancelled', (data) => (data.orderId = `${OTHER_PARTY}-o1`)),
  order_twice: double('OrderPlaced'),
  overpayment: change('PaymentRegistered', ({ applied, overpayment }) => {
    more(applied, -1n)
    if (overpayment !== undefined) more(overpayment.amount)
  }),
  party_balance: change('PaymentRegistered', (data) => (data.party = OTHER_PARTY)),
  payment_differs: change('PaymentRegistered', (data) => (data.party = OTHER_PARTY)),
  payment_parts: change('PaymentRegistered', ({ amount }) => {
    more(amount)
  }),
  payment_twice: double('PaymentRegistered'),
  position: replace('PaymentRegistered', () => ({ position: 1n })),
  posting_negative: change('InvoicePosted', ({ entry }) => {
    const posting = postingOn(entry, 'sales')
    posting.side = 'debit'
    posting.amount.amount = `-${posting.amount.amount}`
    posting.booksAmount.amount = `-${posting.booksAmount.amount}`
  }),
  previous_hash: replace('PaymentRegistered', ({ metadata }) => ({
    metadata: { ...metadata, previousHash: metadata.hash },
  })),
  refund_amount: change('CreditRefunded', ({ amount }) => (amount.amount = '0.00')),
  refund_before_document: change('CreditRefunded', (data) => (data.date = '2020-01-01')),
  refund_differs: change('CreditRefunded', (data) => (data.documentKind = 'overpayment')),
  refund_remaining: change('CreditRefunded', ({ remaining }) => {
    more(remaining)
  }),
  remaining_negative: change('CreditRefunded', ({ amount }) => (amount.amount = '999.00')),
  request_booked_twice: double('PaymentRegistered'),
  revision: replace('PaymentRegistered', ({ revision }) => ({ revision: revision + 1 })),
  self_assessed_tax: change(
    'CreditNotePosted',
    ({ entry }) => {
      moreOn(entry, 'input-tax', 'output-tax')
    },
    BILL_NOTE,
  ),
  series_stream: replace('NumbersTaken', () => ({ stream: 'series-main-INV-1999' })),
  settlement_amount: change('CreditSettled', ({ amount }) => (amount.amount = '0.00')),
  settles_other_invoice: (log) => {
    nth(log, 'CreditSettled').data.invoiceId = nth(log, 'InvoicePosted').data.invoiceId
  },
  statement_amount: change('PaymentReconciled', ({ statementAmount }) => {
    more(statementAmount)
  }),
  stored_metadata: ({ stored }) => {
    const event = first(stored)
    stored[0] = { ...event, metadata: ` ${event.metadata}` }
  },
  tax_line_missing: change('InvoicePosted', ({ entry }) => {
    entry.postings = entry.postings.filter(({ tax }) => tax?.ratePercent !== '0')
  }),
  total_negative: change('InvoicePosted', ({ totals }) => (totals.gross.amount = '-1.00')),
  transaction_twice: double('PaymentRegistered', 1),
  trial_balance: change('PaymentRegistered', ({ entry }) => {
    moreOn(entry, 'receivable')
  }),
}
