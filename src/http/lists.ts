/** The lists and reports that can be read. M1 to M3 have exactly the columns of the specification, in its order. */
import { z } from 'zod'
import { DEFAULT_BOOKS } from '../../commands/command.js'
import { accounts, accountsParameters, findAccount } from '../queries/accounts.js'
import { creditMemos, creditMemosParameters } from '../queries/credit-memos.js'
import { creditNotes, creditNotesParameters } from '../queries/credit-notes.js'
import { invoices, invoicesParameters } from '../queries/invoices.js'
import { numberSeries, numberSeriesParameters } from '../queries/number-series.js'
import { openItems, openItemsOf, openItemsParameters } from '../queries/open-items.js'
import { orders, ordersParameters } from '../queries/orders.js'
import { payments, paymentsParameters } from '../queries/payments.js'
import { shipments, shipmentsParameters } from '../queries/shipments.js'
import {
  trialBalance,
  trialBalanceParameters,
  trialBalanceTotals,
} from '../queries/trial-balance.js'
import {
  accountListTable,
  creditMemoListTable,
  creditNoteListTable,
  invoiceListTable,
  numberSeriesTable,
  openItemsTable,
  orderListTable,
  paymentListTable,
  shipmentListTable,
  trialBalanceTable,
} from '../read-model/schema.js'
import { column, type List, list, VIEW } from './list.js'
import { actionableDocumentSchema, folioDocumentSchema } from './openapi/document-members.js'

const orderList = list({
  path: '/orders',
  title: 'Orders',
  projection: 'order_list',
  table: orderListTable,
  columns: [
    column('number', 'Order #'),
    column('orderDate', 'Order Date', 'date'),
    column('billToName', 'Bill-to Name'),
    column('total', 'Total', 'number'),
    column('invoiced', 'Invoiced', 'number'),
    column('currency', 'Currency'),
    column('status', 'Status'),
    column('paymentStatus', 'Payment Status'),
    VIEW,
  ],
  members: ['books', 'instance'],
  parameters: ordersParameters,
  query: orders,
  find: 'in_folio',
  document: actionableDocumentSchema,
})

/** M1 */
const invoiceList = list({
  path: '/invoices',
  title: 'Invoices',
  projection: 'invoice_list',
  table: invoiceListTable,
  columns: [
    column('number', 'Number'),
    column('billToName', 'Bill-to Name'),
    column('invoiceDate', 'Invoice Date', 'date'),
    column('dueDate', 'Due Date', 'date'),
    column('taxExcluded', 'Tax Excluded', 'number'),
    column('status', 'Status'),
  ],
  members: ['books', 'currency', 'direction', 'total', 'due'],
  parameters: invoicesParameters,
  query: invoices,
  find: 'in_folio',
  document: folioDocumentSchema,
})

const creditNoteList = list({
  path: '/credit-notes',
  title: 'Credit Notes',
  projection: 'credit_note_list',
  table: creditNoteListTable,
  columns: [
    column('number', 'Number'),
    column('invoiceNumber', 'Invoice'),
    column('billToName', 'Bill-to Name'),
    column('documentDate', 'Date', 'date'),
    column('postingDate', 'Posting Date', 'date'),
    column('currency', 'Currency'),
    column('total', 'Total', 'number'),
    column('remaining', 'Remaining Credit', 'number'),
    column('status', 'Status'),
    VIEW,
  ],
  members: ['books', 'direction', 'taxExcluded'],
  parameters: creditNotesParameters,
  query: creditNotes,
  find: 'in_folio',
  document: actionableDocumentSchema,
})

/** M3 */
const creditMemoList = list({
  path: '/credit-memos',
  title: 'Credit Memos',
  projection: 'credit_memo_list',
  table: creditMemoListTable,
  columns: [
    column('number', 'Credit Memo'),
    column('createdAt', 'Credit Memo Created', 'instant'),
    column('orderNumber', 'Order #'),
    column('orderedAt', 'Order Date/Time', 'instant'),
    column('billToName', 'Bill-to Name'),
    column('refundStatus', 'Refund Status'),
    column('currency', 'Currency'),
    column('refunded', 'Refunded', 'number'),
    VIEW,
  ],
  members: ['books', 'instance'],
  parameters: creditMemosParameters,
  query: creditMemos,
  find: 'in_folio',
  document: folioDocumentSchema,
})

/** M2 */
const shipmentList = list({
  path: '/shipments',
  title: 'Shipments',
  projection: 'shipment_list',
  table: shipmentListTable,
  columns: [
    column('number', 'Shipment'),
    column('shippedAt', 'Ship Date', 'instant'),
    column('orderNumber', 'Order #'),
    column('orderDate', 'Order Date', 'date'),
    column('shipToName', 'Ship-to Name'),
    column('customerEmail', 'Customer Email'),
    column('customerPhone', 'Customer Phone'),
    column('totalQuantity', 'Total Quantity', 'number'),
    VIEW,
  ],
  members: ['books', 'instance'],
  parameters: shipmentsParameters,
  query: shipments,
  find: 'in_folio',
  document: folioDocumentSchema,
})

const paymentList = list({
  path: '/payments',
  title: 'Payments',
  projection: 'payment_list',
  table: paymentListTable,
  columns: [
    column('number', 'Number'),
    column('date', 'Date', 'date'),
    column('kind', 'Kind'),
    column('flow', 'Flow'),
    column('direction', 'Direction'),
    column('account', 'Account'),
    column('amount', 'Amount', 'number'),
    column('currency', 'Currency'),
    column('documentNumber', 'Document'),
    column('status', 'Status'),
    column('reference', 'Reference'),
    VIEW,
  ],
  members: ['books', 'documentId'],
  parameters: paymentsParameters,
  query: payments,
  find: 'in_folio',
  document: folioDocumentSchema,
})

const accountList = list({
  path: '/accounts',
  title: 'Accounts',
  projection: 'account_list',
  table: accountListTable,
  columns: [
    column('account', 'Account'),
    column('name', 'Name'),
    column('type', 'Type'),
    column('balance', 'Balance', 'number'),
    column('currency', 'Currency'),
    VIEW,
  ],
  members: ['books', 'closed'],
  parameters: accountsParameters,
  query: accounts,
  find: (db, id) => {
    const [account = '', books = DEFAULT_BOOKS, ...more] = id.split(':').reverse()
    // A name with more parts than that is nobody's.
    return findAccount(db, { books: [...more, books].join(':'), account })
  },
})

const openItemList = list({
  path: '/open-items',
  title: 'Open Items',
  projection: 'open_items',
  table: openItemsTable,
  id: ['documentId'],
  columns: [
    column('number', 'Number'),
    column('kind', 'Kind'),
    column('documentDate', 'Date', 'date'),
    column('account', 'Account'),
    column('amountOpen', 'Open', 'number'),
    column('currency', 'Currency'),
    column('booksAmountOpen', 'Open in Books Currency', 'number'),
    VIEW,
  ],
  members: ['books', 'party', 'direction', 'booksCurrency', 'side'],
  parameters: openItemsParameters,
  query: openItems,
  find: openItemsOf,
})

const sumSchema = z.string().regex(/^-?\d+(?:\.\d+)?$/)
const totalSchema = z.strictObject({
  books: z.string(),
  currency: z.string(),
  debit: sumSchema,
  credit: sumSchema,
  balance: sumSchema,
})

const trialBalanceReport = list({
  path: '/reports/trial-balance',
  title: 'Trial Balance',
  projection: 'trial_balance',
  table: trialBalanceTable,
  columns: [
    column('account', 'Account'),
    column('name', 'Name'),
    column('type', 'Type'),
    column('debit', 'Debit', 'number'),
    column('credit', 'Credit', 'number'),
    column('balance', 'Balance', 'number'),
    column('currency', 'Currency'),
  ],
  members: ['books'],
  parameters: trialBalanceParameters,
  query: trialBalance,
  extra: {
    schema: z.strictObject({ totals: z.array(totalSchema) }),
    read: async (db, { books }) => ({ totals: await trialBalanceTotals(db, books) }),
  },
})

const numberSeriesReport = list({
  path: '/reports/number-series',
  title: 'Number Series',
  projection: 'number_series',
  table: numberSeriesTable,
  columns: [
    column('series', 'Series'),
    column('year', 'Year'),
    column('next', 'Next'),
    column('taken', 'Taken'),
    column('used', 'Used'),
    column('voided', 'Voided'),
    column('open', 'Open'),
  ],
  members: ['books'],
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
