/** The lists and reports that can be read. M1 to M3 have exactly the columns of the specification, in its order. */
import { accounts, accountsParameters, findAccount } from '../queries/accounts.js'
import { creditMemos, creditMemosParameters, findCreditMemo } from '../queries/credit-memos.js'
import { creditNotes, creditNotesParameters, findCreditNote } from '../queries/credit-notes.js'
import { findInvoice, invoices, invoicesParameters } from '../queries/invoices.js'
import { numberSeries, numberSeriesParameters } from '../queries/number-series.js'
import { openItems, openItemsOf, openItemsParameters } from '../queries/open-items.js'
import { findOrder, orders, ordersParameters } from '../queries/orders.js'
import { findPayment, payments, paymentsParameters } from '../queries/payments.js'
import { findShipment, shipments, shipmentsParameters } from '../queries/shipments.js'
import {
  trialBalance,
  trialBalanceParameters,
  trialBalanceTotals,
} from '../queries/trial-balance.js'
import type {
  AccountRow,
  CreditMemoRow,
  CreditNoteRow,
  InvoiceRow,
  NumberSeriesRow,
  OpenItemRow,
  OrderRow,
  PaymentRow,
  ShipmentRow,
  TrialBalanceRow,
} from '../read-model/schema.js'
import { type CellKind, type Column, type List, list } from './list.js'

const orderList = list({
  path: '/orders',
  title: 'Orders',
  projection: 'order_list',
  columns: [
    column<OrderRow>('number', 'Order #'),
    column<OrderRow>('orderDate', 'Order Date', 'date'),
    column<OrderRow>('billToName', 'Bill-to Name'),
    column<OrderRow>('total', 'Total', 'number'),
    column<OrderRow>('invoiced', 'Invoiced', 'number'),
    column<OrderRow>('currency', 'Currency'),
    column<OrderRow>('status', 'Status'),
    column<OrderRow>('paymentStatus', 'Payment Status'),
    view<OrderRow>(({ orderId }) => `/orders/${orderId}`),
  ],
  members: ({ orderId, books, instance }) => ({ id: orderId, books, instance }),
  parameters: ordersParameters,
  query: orders,
  find: findOrder,
})

/** M1 */
const invoiceList = list({
  path: '/invoices',
  title: 'Invoices',
  projection: 'invoice_list',
  columns: [
    column<InvoiceRow>('number', 'Number'),
    column<InvoiceRow>('billToName', 'Bill-to Name'),
    column<InvoiceRow>('invoiceDate', 'Invoice Date', 'date'),
    column<InvoiceRow>('dueDate', 'Due Date', 'date'),
    column<InvoiceRow>('taxExcluded', 'Tax Excluded', 'number'),
    column<InvoiceRow>('status', 'Status'),
  ],
  members: ({ invoiceId, books, currency, direction, total, due }) => ({
    id: invoiceId,
    books,
    currency,
    direction,
    total,
    due,
  }),
  parameters: invoicesParameters,
  query: invoices,
  find: findInvoice,
})

const creditNoteList = list({
  path: '/credit-notes',
  title: 'Credit Notes',
  projection: 'credit_note_list',
  columns: [
    column<CreditNoteRow>('number', 'Number'),
    column<CreditNoteRow>('invoiceNumber', 'Invoice'),
    column<CreditNoteRow>('billToName', 'Bill-to Name'),
    column<CreditNoteRow>('documentDate', 'Date', 'date'),
    column<CreditNoteRow>('postingDate', 'Posting Date', 'date'),
    column<CreditNoteRow>('currency', 'Currency'),
    column<CreditNoteRow>('total', 'Total', 'number'),
    column<CreditNoteRow>('remaining', 'Remaining Credit', 'number'),
    column<CreditNoteRow>('status', 'Status'),
    view<CreditNoteRow>(({ creditNoteId }) => `/credit-notes/${creditNoteId}`),
  ],
  members: ({ creditNoteId, books, direction, taxExcluded }) => ({
    id: creditNoteId,
    books,
    direction,
    taxExcluded,
  }),
  parameters: creditNotesParameters,
  query: creditNotes,
  find: findCreditNote,
})

/** M3 */
const creditMemoList = list({
  path: '/credit-memos',
  title: 'Credit Memos',
  projection: 'credit_memo_list',
  columns: [
    column<CreditMemoRow>('number', 'Credit Memo'),
    column<CreditMemoRow>('createdAt', 'Credit Memo Created', 'instant'),
    column<CreditMemoRow>('orderNumber', 'Order #'),
    column<CreditMemoRow>('orderedAt', 'Order Date/Time', 'instant'),
    column<CreditMemoRow>('billToName', 'Bill-to Name'),
    column<CreditMemoRow>('refundStatus', 'Refund Status'),
    column<CreditMemoRow>('currency', 'Currency'),
    column<CreditMemoRow>('refunded', 'Refunded', 'number'),
    view<CreditMemoRow>(({ creditMemoId }) => `/credit-memos/${creditMemoId}`),
  ],
  members: ({ creditMemoId, books, instance }) => ({ id: creditMemoId, books, instance }),
  parameters: creditMemosParameters,
  query: creditMemos,
  find: findCreditMemo,
})

/** M2 */
const shipmentList = list({
  path: '/shipments',
  title: 'Shipments',
  projection: 'shipment_list',
  columns: [
    column<ShipmentRow>('number', 'Shipment'),
    column<ShipmentRow>('shippedAt', 'Ship Date', 'instant'),
    column<ShipmentRow>('orderNumber', 'Order #'),
    column<ShipmentRow>('orderDate', 'Order Date', 'date'),
    column<ShipmentRow>('shipToName', 'Ship-to Name'),
    column<ShipmentRow>('customerEmail', 'Customer Email'),
    column<ShipmentRow>('customerPhone', 'Customer Phone'),
    column<ShipmentRow>('totalQuantity', 'Total Quantity', 'number'),
    view<ShipmentRow>(({ shipmentId }) => `/shipments/${shipmentId}`),
  ],
  members: ({ shipmentId, books, instance }) => ({ id: shipmentId, books, instance }),
  parameters: shipmentsParameters,
  query: shipments,
  find: findShipment,
})

const paymentList = list({
  path: '/payments',
  title: 'Payments',
  projection: 'payment_list',
  columns: [
    column<PaymentRow>('number', 'Number'),
    column<PaymentRow>('date', 'Date', 'date'),
    column<PaymentRow>('kind', 'Kind'),
    column<PaymentRow>('flow', 'Flow'),
    column<PaymentRow>('direction', 'Direction'),
    column<PaymentRow>('account', 'Account'),
    column<PaymentRow>('amount', 'Amount', 'number'),
    column<PaymentRow>('currency', 'Currency'),
    column<PaymentRow>('documentNumber', 'Document'),
    column<PaymentRow>('status', 'Status'),
    column<PaymentRow>('reference', 'Reference'),
    view<PaymentRow>(({ paymentId }) => `/payments/${paymentId}`),
  ],
  members: ({ paymentId, books, documentId }) => ({ id: paymentId, books, documentId }),
  parameters: paymentsParameters,
  query: payments,
  find: findPayment,
})

const accountList = list({
  path: '/accounts',
  title: 'Accounts',
  projection: 'account_list',
  columns: [
    column<AccountRow>('account', 'Account'),
    column<AccountRow>('name', 'Name'),
    column<AccountRow>('type', 'Type'),
    column<AccountRow>('balance', 'Balance', 'number'),
    column<AccountRow>('currency', 'Currency'),
    view<AccountRow>(({ books, account }) => `/accounts/${books}:${account}`),
  ],
  members: ({ books, account, closed }) => ({ id: `${books}:${account}`, books, closed }),
  parameters: accountsParameters,
  query: accounts,
  find: (db, id) => {
    const [books, account] = id.split(':')
    return account === undefined
      ? findAccount(db, { account: id })
      : findAccount(db, { books: books ?? '', account })
  },
})

const openItemList = list({
  path: '/open-items',
  title: 'Open Items',
  projection: 'open_items',
  columns: [
    column<OpenItemRow>('number', 'Number'),
    column<OpenItemRow>('kind', 'Kind'),
    column<OpenItemRow>('documentDate', 'Date', 'date'),
    column<OpenItemRow>('account', 'Account'),
    column<OpenItemRow>('amountOpen', 'Open', 'number'),
    column<OpenItemRow>('currency', 'Currency'),
    column<OpenItemRow>('booksAmountOpen', 'Open in Books Currency', 'number'),
    view<OpenItemRow>(({ documentId }) => `/open-items/${documentId}`),
  ],
  members: ({ documentId, books, party, direction, booksCurrency, side }) => ({
    id: documentId,
    books,
    party,
    direction,
    booksCurrency,
    side,
  }),
  parameters: openItemsParameters,
  query: openItems,
  find: openItemsOf,
})

const trialBalanceReport = list({
  path: '/reports/trial-balance',
  title: 'Trial Balance',
  projection: 'trial_balance',
  columns: [
    column<TrialBalanceRow>('account', 'Account'),
    column<TrialBalanceRow>('name', 'Name'),
    column<TrialBalanceRow>('type', 'Type'),
    column<TrialBalanceRow>('debit', 'Debit', 'number'),
    column<TrialBalanceRow>('credit', 'Credit', 'number'),
    column<TrialBalanceRow>('balance', 'Balance', 'number'),
    column<TrialBalanceRow>('currency', 'Currency'),
  ],
  members: ({ books, account }) => ({ id: `${books}:${account}`, books }),
  parameters: trialBalanceParameters,
  query: trialBalance,
  extra: async (db, { books }) => ({ totals: await trialBalanceTotals(db, books) }),
})

const numberSeriesReport = list({
  path: '/reports/number-series',
  title: 'Number Series',
  projection: 'number_series',
  columns: [
    column<NumberSeriesRow>('series', 'Series'),
    column<NumberSeriesRow>('year', 'Year'),
    column<NumberSeriesRow>('next', 'Next'),
    column<NumberSeriesRow>('taken', 'Taken'),
    column<NumberSeriesRow>('used', 'Used'),
    column<NumberSeriesRow>('voided', 'Voided'),
    column<NumberSeriesRow>('open', 'Open'),
  ],
  members: ({ books, series, year }) => ({ id: `${books}:${series}:${year}`, books }),
  parameters: numberSeriesParameters,
  query: numberSeries,
})

export const LISTS: readonly List[] = [
  orderList,
  invoiceList,
  creditNoteList,
  creditMemoList,
  shipmentList,
  paymentList,
  accountList,
  openItemList,
  trialBalanceReport,
  numberSeriesReport,
]

type CellOf<Row> = {
  [Key in keyof Row]: Row[Key] extends string | number | boolean | null ? Key : never
}[keyof Row] &
  string

function column<Row>(key: CellOf<Row>, label: string, kind: CellKind = 'text'): Column<Row> {
  return { key, label, kind, value: (row) => row[key] as string | number | boolean | null }
}

/** Leads to the whole document. */
function view<Row>(href: (row: Row) => string): Column<Row> {
  return { key: 'view', label: 'View', kind: 'link', value: (row) => ({ href: href(row) }) }
}
