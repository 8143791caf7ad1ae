/** Orders with their totals and what of them is invoiced (L1, L2). */
import type { EventOfType } from '../src/events/ledger-event.js'
import { FORGOTTEN } from '../src/events/personal.js'
import { compareDecimal } from '../src/money/quantity.js'
import { zero } from '../src/money/money.js'
import { orderListTable, type OrderRow } from '../src/read-model/schema.js'
import { added, forgottenDocuments, originColumns, sortKeyOf } from './documents.js'
import { needed, projection } from './projection.js'

export const orderList = projection({
  name: 'order_list',
  version: 2,
  table: orderListTable,
  on: {
    SubjectForgotten: {
      rows: ({ data }) => forgottenDocuments(data, 'order').map((orderId) => ({ orderId })),
      fold: (row) => (row === undefined ? null : { ...row, billToName: FORGOTTEN }),
    },
    OrderPlaced: {
      rows: ({ data }) => [{ orderId: data.orderId }],
      fold: (_row, { data }) => ({
        ...contentColumns(data),
        ...originColumns(null),
        invoiced: nothing(data),
        status: 'Open',
        waits: null,
        platformOrderId: null,
        platformStatus: null,
        paymentStatus: null,
      }),
    },
    // Again with each newer state: what the ledger did with the order meanwhile stays.
    OrderImported: {
      rows: ({ data }) => [{ orderId: data.orderId }],
      fold: (row, { data }) => ({
        ...contentColumns(data),
        ...originColumns(data),
        invoiced: row?.invoiced ?? nothing(data),
        status: row?.status ?? 'Open',
        waits: row?.status === 'Cancelled' ? null : (data.carried?.waits ?? null),
        platformOrderId: data.platformOrderId,
        platformStatus: data.status,
        paymentStatus: data.paymentStatus,
      }),
    },
    OrderCancelled: {
      rows: ({ data }) => [{ orderId: data.orderId }],
      fold: (row, event, { orderId }) => ({
        ...needed(row, event, `order ${orderId}`),
        status: 'Cancelled',
        waits: null,
      }),
    },
    InvoicePosted: {
      rows: ({ data }) => (data.order === null ? [] : [{ orderId: data.order.orderId }]),
      fold: (row, event, { orderId }) => {
        const order = needed(row, event, `order ${orderId}`)
        const invoiced = added(order.invoiced, event.data.totals.gross)
        return { ...order, invoiced, waits: waitsAfterInvoice(order, invoiced) }
      },
    },
    SourceDocumentRecorded: 'ignored',
    InvoiceDrafted: 'ignored',
    InvoiceDraftEdited: 'ignored',
    InvoiceDraftDiscarded: 'ignored',
    PaymentRegistered: 'ignored',
    PaymentReconciled: 'ignored',
    CreditNoteDrafted: 'ignored',
    CreditNoteDraftEdited: 'ignored',
    CreditNoteDraftDiscarded: 'ignored',
    CreditNotePosted: 'ignored',
    CreditSettled: 'ignored',
    CreditRefunded: 'ignored',
    NumberReleased: 'ignored',
    BooksOpened: 'ignored',
    AccountOpened: 'ignored',
    AccountClosed: 'ignored',
    NumbersTaken: 'ignored',
    NumberVoided: 'ignored',
    SeriesCheckpointed: 'ignored',
    BillNumberClaimed: 'ignored',
    BillNumberReleased: 'ignored',
    CreditNoteVoided: 'ignored',
    PrepaymentRegistered: 'ignored',
    PaymentReversed: 'ignored',
    AllocationReserved: 'ignored',
    AllocationApplied: 'ignored',
    AllocationRefused: 'ignored',
    AllocationConcluded: 'ignored',
    AllocationReleased: 'ignored',
    AllocationReversed: 'ignored',
    RefundApprovalRequested: 'ignored',
    RefundApproved: 'ignored',
    RefundDeclined: 'ignored',
    OpeningBalancesPosted: 'ignored',
    ShipmentPlanned: 'ignored',
    ShipmentPlanDiscarded: 'ignored',
    DeliveryValidated: 'ignored',
    TrackingAdded: 'ignored',
    BooksConfigured: 'ignored',
    ExchangeRatesSet: 'ignored',
    FiscalYearOpened: 'ignored',
    PeriodClosing: 'ignored',
    PeriodClosed: 'ignored',
    PeriodReopening: 'ignored',
    PeriodReopened: 'ignored',
    PartiesMerged: 'ignored',
    PartiesUnmerged: 'ignored',
    SeriesClosedThrough: 'ignored',
    InstanceRegistered: 'ignored',
    InstanceConfigured: 'ignored',
  },
})

/** Whatever the order waited for, once all of it is invoiced it was a person's doing; only money can still be missing. */
function waitsAfterInvoice({ waits, total }: OrderRow, invoiced: string): string | null {
  return waits !== null && BEFORE_INVOICE.has(waits) && compareDecimal(invoiced, total) >= 0
    ? null
    : waits
}

const BEFORE_INVOICE: ReadonlySet<string> = new Set([
  'instance_not_registered',
  'closed_at_store',
  'no_workflow',
  'not_captured',
  'not_shipped',
  'draft_discarded',
  'platform_total_differs',
  'exchange_rate_missing',
])

type OrderData = EventOfType<'OrderPlaced' | 'OrderImported'>['data']

function contentColumns(data: OrderData) {
  return {
    orderId: data.orderId,
    books: data.books,
    number: data.number,
    orderDate: data.placedOn,
    billToName: data.billTo?.name ?? null,
    party: data.party,
    currency: data.currency,
    total: data.totals.gross.amount,
    replaces: data.replaces ?? null,
    sortKey: sortKeyOf(data.placedOn, data.number, data.orderId),
  } satisfies Partial<OrderRow>
}

function nothing({ currency }: OrderData): string {
  return zero(currency).amount
}
