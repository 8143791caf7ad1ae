/** The lists and reports that can be read. M1 to M3 have exactly the columns of the specification, in its order. */
import { z } from 'zod'
import { DEFAULT_BOOKS } from '../../commands/command.js'
import { accounts, accountsParameters, findAccount } from '../queries/accounts.js'
import { allocationOf, allocations, allocationsParameters } from '../queries/allocations.js'
import { approvals, approvalsParameters } from '../queries/approvals.js'
import { creditMemos, creditMemosParameters } from '../queries/credit-memos.js'
import { creditNotes, creditNotesParameters } from '../queries/credit-notes.js'
import { findInstance, instances, instancesParameters } from '../queries/instances.js'
import { invoices, invoicesParameters } from '../queries/invoices.js'
import { numberSeries, numberSeriesParameters } from '../queries/number-series.js'
import { dailyCheck, dailyCheckParameters, differencesView } from '../queries/daily-check.js'
import {
  openItemTotals,
  openItemTotalsParameters,
  openItemTotalsView,
} from '../queries/open-item-totals.js'
import { openItems, openItemsOf, openItemsParameters } from '../queries/open-items.js'
import { orders, ordersParameters } from '../queries/orders.js'
import { payments, paymentsParameters } from '../queries/payments.js'
import { prepayments, prepaymentsParameters, prepaymentsView } from '../queries/prepayments.js'
import { shipments, shipmentsParameters } from '../queries/shipments.js'
import { taxSummary, taxSummaryParameters, taxTotals } from '../queries/tax-summary.js'
import {
  trialBalanceByCurrency,
  trialBalanceByCurrencyParameters,
} from '../queries/trial-balance-by-currency.js'
import {
  trialBalance,
  trialBalanceParameters,
  trialBalanceTotals,
} from '../queries/trial-balance.js'
import { unusedNumbers, unusedNumbersParameters } from '../queries/unused-numbers.js'
import {
  accountListTable,
  approvalListTable,
  allocationListTable,
  creditMemoListTable,
  creditNoteListTable,
  instanceListTable,
  invoiceListTable,
  numberSeriesTable,
  openItemsTable,
  orderListTable,
  paymentListTable,
  prepaymentListTable,
  shipmentListTable,
  taxSummaryTable,
  trialBalanceByCurrencyTable,
  trialBalanceTable,
  unusedNumbersTable,
} from '../read-model/schema.js'
import { column, type List, list, VIEW } from './list.js'
import {
  actionableDocumentSchema,
  folioDocumentSchema,
  shipmentDocumentSchema,
} from './openapi/document-members.js'
import { platformRefundList, syncTaskList } from './store-lists.js'

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
    column('waits', 'Waits For'),
    VIEW,
  ],
  members: ['books', 'instance', 'replaces', 'refundedAtStore', 'forceRefund'],
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
    column('available', 'Available Credit', 'number'),
    column('status', 'Status'),
    VIEW,
  ],
  members: [
    ...(['books', 'direction', 'taxExcluded', 'instance'] as const),
    ...(['platformRefundId', 'platformRefundStatus', 'toBePaid'] as const),
  ],
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
  members: ['books', 'instance', 'status', 'plannedFor'],
  parameters: shipmentsParameters,
  query: shipments,
  find: 'in_folio',
  document: shipmentDocumentSchema,
})

/** N6 */
const approvalList = list({
  path: '/approvals',
  title: 'Approvals',
  projection: 'approval_list',
  table: approvalListTable,
  columns: [
    column('requestedOn', 'Requested', 'date'),
    column('requestedBy', 'Requested By'),
    column('role', 'Role'),
    column('documentNumber', 'Document'),
    column('amount', 'Amount', 'number'),
    column('documentSum', 'Sum of the Document', 'number'),
    column('threshold', 'Threshold', 'number'),
    column('currency', 'Currency'),
    column('status', 'Status'),
    column('decidedBy', 'Decided By'),
    column('decidedOn', 'Decided', 'date'),
    VIEW,
  ],
  members: ['books', 'documentId', 'documentKind', 'direction', 'party', 'refundKind', 'reason'],
  parameters: approvalsParameters,
  query: approvals,
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

/** L13, L15 */
const prepaymentList = list({
  path: '/prepayments',
  title: 'Prepayments',
  projection: 'prepayment_list',
  table: prepaymentsView,
  columns: [
    column('number', 'Number'),
    column('kind', 'Kind'),
    column('date', 'Date', 'date'),
    column('orderNumber', 'Order #'),
    column('currency', 'Currency'),
    column('amount', 'Amount', 'number'),
    column('refunded', 'Refunded', 'number'),
    column('allocated', 'Allocated', 'number'),
    column('reserved', 'Reserved', 'number'),
    column('remaining', 'Remaining Credit', 'number'),
    column('available', 'Available Credit', 'number'),
    column('status', 'Status'),
    VIEW,
  ],
  members: ['books', 'party', 'direction', 'orderId', 'gateway', 'transaction', 'toRefund'],
  parameters: prepaymentsParameters,
  query: prepayments,
  find: 'in_folio',
  // Whether its order is cancelled is not of the prepayment, and only lists ask for it.
  documentTable: prepaymentListTable,
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

/** R4: what each party owes and has left, by currency. */
const openItemsReport = list({
  path: '/reports/open-items',
  title: 'Open Items by Party',
  projection: 'open_items',
  table: openItemTotalsView,
  id: ['sortKey'],
  columns: [
    column('party', 'Party'),
    column('direction', 'Direction'),
    column('documents', 'Documents'),
    column('due', 'Due', 'number'),
    column('credit', 'Credit', 'number'),
    column('balance', 'Balance', 'number'),
    column('currency', 'Currency'),
    column('booksDue', 'Due in Books Currency', 'number'),
    column('booksCredit', 'Credit in Books Currency', 'number'),
    column('booksBalance', 'Balance in Books Currency', 'number'),
  ],
  members: ['books', 'booksCurrency'],
  parameters: openItemTotalsParameters,
  query: openItemTotals,
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

const trialBalanceByCurrencyReport = list({
  path: '/reports/trial-balance-by-currency',
  title: 'Trial Balance by Currency',
  projection: 'trial_balance_by_currency',
  table: trialBalanceByCurrencyTable,
  columns: [
    column('account', 'Account'),
    column('currency', 'Currency'),
    column('debit', 'Debit', 'number'),
    column('credit', 'Credit', 'number'),
    column('balance', 'Balance', 'number'),
    column('booksDebit', 'Debit in Books Currency', 'number'),
    column('booksCredit', 'Credit in Books Currency', 'number'),
    column('booksBalance', 'Balance in Books Currency', 'number'),
  ],
  members: ['books', 'booksCurrency'],
  parameters: trialBalanceByCurrencyParameters,
  query: trialBalanceByCurrency,
})

const taxTotalSchema = z.strictObject({
  books: z.string(),
  period: z.string(),
  kind: z.enum(['output', 'input']),
  booksCurrency: z.string(),
  booksBase: sumSchema,
  booksTax: sumSchema,
})

const taxSummaryReport = list({
  path: '/reports/tax-summary',
  title: 'Tax Summary',
  projection: 'tax_summary',
  table: taxSummaryTable,
  columns: [
    column('period', 'Month'),
    column('kind', 'Kind'),
    column('code', 'Tax Code'),
    column('ratePercent', 'Rate %', 'number'),
    column('currency', 'Currency'),
    column('base', 'Base', 'number'),
    column('tax', 'Tax', 'number'),
    column('booksBase', 'Base in Books Currency', 'number'),
    column('booksTax', 'Tax in Books Currency', 'number'),
  ],
  members: ['books', 'booksCurrency'],
  parameters: taxSummaryParameters,
  query: taxSummary,
  extra: {
    schema: z.strictObject({ totals: z.array(taxTotalSchema) }),
    read: async (db, parameters) => ({ totals: await taxTotals(db, parameters) }),
  },
})

const unusedNumbersReport = list({
  path: '/reports/unused-numbers',
  title: 'Numbers Not Used',
  projection: 'unused_numbers',
  table: unusedNumbersTable,
  columns: [
    column('number', 'Number'),
    column('status', 'Status'),
    column('document', 'Document'),
    column('postingDate', 'Posting Date', 'date'),
    column('reason', 'Reason'),
    column('changedAt', 'Since', 'instant'),
  ],
  members: ['books', 'series', 'year'],
  parameters: unusedNumbersParameters,
  query: unusedNumbers,
})

/** R4: its rows are the differences, none where all is well. */
const dailyCheckReport = list({
  path: '/reports/daily-check',
  title: 'Daily Check',
  projection: 'trial_balance_by_currency',
  table: differencesView,
  id: ['sortKey'],
  columns: [
    column('check', 'Check'),
    column('account', 'Account'),
    column('balance', 'Balance', 'number'),
    column('expected', 'Expected', 'number'),
    column('currency', 'Currency'),
    column('booksBalance', 'Balance in Books Currency', 'number'),
    column('booksExpected', 'Expected in Books Currency', 'number'),
  ],
  members: ['books', 'booksCurrency'],
  parameters: dailyCheckParameters,
  query: dailyCheck,
  extra: {
    schema: z.strictObject({
      ok: z
        .boolean()
        .nullable()
        .describe('Null: nothing is recorded, or the read models stood apart; ask again.'),
      position: z.string().nullable().describe('What was compared, was compared here.'),
    }),
    read: (_db, _parameters, { total, position }) => ({
      ok: position === null ? null : total === 0,
      position,
    }),
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

/** L7 */
const allocationListOfCredits = list({
  path: '/allocations',
  title: 'Allocations',
  projection: 'allocation_list',
  table: allocationListTable,
  columns: [
    column('date', 'Date', 'date'),
    column('documentNumber', 'Credit'),
    column('invoiceNumber', 'Invoice'),
    column('currency', 'Currency'),
    column('amount', 'Amount', 'number'),
    column('status', 'Status'),
    column('number', 'Journal Entry'),
    VIEW,
  ],
  members: [
    'books',
    'direction',
    'party',
    'documentId',
    'invoiceId',
    'releaseNumber',
    'releasedOn',
    'refusal',
    'isFinished',
  ],
  parameters: allocationsParameters,
  query: allocations,
  find: allocationOf,
})

const instanceList = list({
  path: '/instances',
  title: 'Instances',
  projection: 'instance_list',
  table: instanceListTable,
  columns: [
    column('name', 'Name'),
    column('platform', 'Platform'),
    column('address', 'Address'),
    column('startDate', 'Start Date', 'date'),
    VIEW,
  ],
  members: [
    ...(['books', 'charges', 'roundingUnitsPerLine'] as const),
    ...(['markOrdersPaid', 'markPaidBy', 'refundDifference', 'storeRefunds'] as const),
  ],
  parameters: instancesParameters,
  query: instances,
  find: findInstance,
})

export const LISTS: readonly List[] = [
  orderList,
  invoiceList,
  creditNoteList,
  creditMemoList,
  shipmentList,
  paymentList,
  approvalList,
  prepaymentList,
  accountList,
  instanceList,
  syncTaskList,
  platformRefundList,
  openItemList,
  allocationListOfCredits,
  openItemsReport,
  trialBalanceReport,
  trialBalanceByCurrencyReport,
  taxSummaryReport,
  numberSeriesReport,
  unusedNumbersReport,
  dailyCheckReport,
]
