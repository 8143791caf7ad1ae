/** One tampering for each rule of the oracle that judges credits, currencies, periods and deliveries. */
import type { LedgerEvent } from '../../src/events/ledger-event.js'
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
  postingOn,
  type Tamper,
} from './tampering.js'

function foreignInvoice(log: {
  events: LedgerEvent[]
}): Extract<LedgerEvent, { type: 'InvoicePosted' }> {
  const found = log.events.find(
    (event) => event.type === 'InvoicePosted' && event.data.currency === 'USD',
  )
  if (found?.type !== 'InvoicePosted') throw new Error('There is no invoice in dollars')
  return found
}

function amountNote(log: {
  events: LedgerEvent[]
}): Extract<LedgerEvent, { type: 'CreditNotePosted' }> {
  const found = log.events.find(
    (event) =>
      event.type === 'CreditNotePosted' &&
      event.data.lines.length > 1 &&
      event.data.lines.every((line) => line.byAmount),
  )
  if (found?.type !== 'CreditNotePosted') throw new Error('There is no note by amount')
  return found
}

/** The payments in dollars have an exchange difference. */
function dollarPayment(log: {
  events: LedgerEvent[]
}): Extract<LedgerEvent, { type: 'PaymentRegistered' }> {
  const found = log.events.find(
    (event) => event.type === 'PaymentRegistered' && event.data.amount.currency === 'USD',
  )
  if (found?.type !== 'PaymentRegistered') throw new Error('There is no payment in dollars')
  return found
}

const closedAt =
  (through: string, series: string): Tamper =>
  (log) => {
    const posted = eventOf(log, 'InvoicePosted')
    const data = { books: 'main', series, year: 2026, through }
    insert(log, first(log.events), {
      type: 'SeriesClosedThrough',
      data,
      stream: `series-main-${series}-2026`,
    })
    if (posted.stream === '') throw new Error('Nothing is posted')
  }

export const CREDIT_TAMPERS = {
  allocation_differs: change(
    'AllocationApplied',
    ({ credit }) => (credit.documentKind = 'overpayment'),
  ),
  allocation_figures: change('AllocationApplied', ({ due }) => {
    more(due)
  }),
  allocation_twice: double('AllocationReserved'),
  allocation_unanswered: change('AllocationReleased', (data) => (data.cause = 'refused')),
  allocation_unreserved: drop('AllocationReserved'),
  amount_split: (log) => {
    const [left, right] = amountNote(log).data.lines
    if (left === undefined || right === undefined) throw new Error('It has one line')
    more(left.gross, 5n)
    more(right.gross, -5n)
  },
  amount_tax: (log) => {
    more(first(amountNote(log).data.lines).taxAmount)
  },
  approval_by_requester: change('RefundApproved', (data) => (data.approvedBy = 'ann')),
  approval_figures: change('RefundApprovalRequested', ({ documentSum }) => {
    more(documentSum)
  }),
  approval_twice: double('RefundDeclined'),
  approval_without_refund: (log) => {
    const approved = eventOf(log, 'RefundApproved')
    const refund = log.events[log.events.indexOf(approved) + 1]
    log.events = log.events.filter((event) => event !== refund)
  },
  books_rate: (log) => {
    const { entry } = foreignInvoice(log).data
    for (const account of ['sales', 'receivable']) more(postingOn(entry, account).booksAmount, 9n)
  },
  dated_before: change('AllocationReversed', (data) => (data.date = '2020-01-01')),
  deposit_tax: change('PrepaymentRegistered', ({ tax }) => {
    if (tax !== undefined) more(tax.amount)
  }),
  discount_apart: (log) => {
    const posted = log.events.find(
      (event) =>
        event.type === 'InvoicePosted' &&
        event.data.lines.some(({ discountNet }) => discountNet !== undefined),
    )
    if (posted?.type !== 'InvoicePosted') throw new Error('No discount stands apart')
    const line = posted.data.lines.find(({ discountNet }) => discountNet !== undefined)
    if (line?.discountNet !== undefined) more(line.discountNet)
  },
  document_books_balance: (log) => {
    const { entry } = dollarPayment(log).data
    for (const account of ['receivable', 'exchange-gain'])
      more(postingOn(entry, account).booksAmount)
  },
  entry_currencies: (log) => {
    postingOn(foreignInvoice(log).data.entry, 'sales').amount.currency = 'CAD'
  },
  exchange_difference: (log) => {
    more(postingOn(dollarPayment(log).data.entry, 'exchange-gain').amount)
  },
  exchange_rate: change('PaymentRegistered', (data) => (data.exchangeRate = '2')),
  moved_without_need: change('PaymentRegistered', ({ entry }) => (entry.movedFrom = '2026-11-01')),
  number_of_closed_period: closedAt('2026-12-31', 'INV'),
  opening_items: change('OpeningBalancesPosted', ({ items }) => {
    more(first(items).booksAmount)
  }),
  posted_in_closed_period: (log) => {
    const opened = eventOf(log, 'BooksConfigured')
    const data = { books: 'main', through: '2026-12-31' }
    insert(log, opened, { type: 'PeriodClosed', data })
  },
  release_differs: change('AllocationReversed', ({ entry }) => {
    moreOn(entry, 'receivable')
  }),
  reversal_differs: change('PaymentReversed', ({ entry }) => {
    moreOn(entry, 'outstanding-receipts', 'receivable')
  }),
  reversal_without_payment: double('PaymentReversed'),
  settled_leaves: change('PrepaymentRegistered', ({ entry }) => {
    // The document as a whole still adds up; its two accounts do not.
    const parts = [postingOn(entry, 'output-tax'), postingOn(entry, 'customer-prepayments')]
    parts.forEach(({ amount, booksAmount }, index) => {
      for (const figure of [amount, booksAmount]) more(figure, index === 0 ? 1n : -1n)
    })
  }),
  shipment_state: double('DeliveryValidated'),
  shipped_beyond_order: change('DeliveryValidated', ({ lines }) => (first(lines).quantity = '9')),
  store_credit: (log) => {
    const sold = log.events.find(
      (event) =>
        event.type === 'InvoicePosted' &&
        event.data.entry.postings.some(({ account }) => account === 'store-credit'),
    )
    if (sold?.type !== 'InvoicePosted') throw new Error('No gift certificate is sold')
    moreOn(sold.data.entry, 'store-credit', 'receivable')
  },
  void_differs: change('CreditNoteVoided', ({ settled }) => {
    more(settled)
  }),
  void_in_use: double('CreditNoteVoided'),
} satisfies Partial<Record<Rule, Tamper>>
