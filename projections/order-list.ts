/** Orders with their totals, what of them is invoiced (L1, L2), and how their payment stands at their store (B5). */
import type { EventOfType } from '../src/events/ledger-event.js'
import { FORGOTTEN } from '../src/events/personal.js'
import { compareDecimal } from '../src/money/quantity.js'
import { minus, type Money, sum, zero } from '../src/money/money.js'
import { orderListTable, type OrderRow } from '../src/read-model/schema.js'
import { added, forgottenDocuments, originColumns, sortKeyOf } from './documents.js'
import { type Folding, needed, projection } from './projection.js'

export const orderList = projection({
  name: 'order_list',
  version: 3,
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
        ...untouchedAtStore(data),
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
        // What is here again was shown before: it says nothing of what became of it since.
        paymentStatus:
          data.isRepeat === true && row !== undefined ? row.paymentStatus : data.paymentStatus,
        refundedAtStore: row?.refundedAtStore ?? nothing(data),
        storeRefunds: row?.storeRefunds ?? [],
        forceRefund: row?.forceRefund ?? false,
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
    PlatformRefundSeen: refundChange((order, { data }) =>
      withStoreRefund(order, data.platformRefundId, standing(data)),
    ),
    PlatformRefundRecorded: refundChange((order, { data }) =>
      withStoreRefund(order, data.platformRefundId, standing(data)),
    ),
    PlatformRefundDeclined: refundChange((order, { data }) => {
      const { platformRefundId, payments, declined } = data
      // Also what was only recorded, of which no money comes back.
      const stands = payments.filter(({ isDeclined }) => !isDeclined).map(({ amount }) => amount)
      return withStoreRefund(order, platformRefundId, sum(stands, declined.currency))
    }),
    OrderCaptured: refundChange((order) => order),
    ForceRefundSet: {
      rows: ({ data }) => [{ orderId: data.orderId }],
      fold: (row, event, { orderId }) => ({
        ...needed(row, event, `order ${orderId}`),
        forceRefund: event.data.forceRefund,
      }),
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
    PlatformRefundRequested: 'ignored',
    CaptureRequested: 'ignored',
    SyncTaskWithdrawn: 'ignored',
    AttemptStarted: 'ignored',
    AttemptFailed: 'ignored',
    SyncRetried: 'ignored',
    SyncDismissed: 'ignored',
    PlatformRefundPaid: 'ignored',
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

type StoreEvent = EventOfType<
  'PlatformRefundSeen' | 'PlatformRefundRecorded' | 'PlatformRefundDeclined' | 'OrderCaptured'
>
type Refund = EventOfType<'PlatformRefundSeen' | 'PlatformRefundRecorded'>['data']

/** What became of the order at its store: how its payment stands there now is in the event. */
function refundChange<Event extends StoreEvent>(
  change: (order: OrderRow, event: Event) => OrderRow,
): Folding<OrderRow, Readonly<{ orderId: string }>, Event> {
  return {
    rows: ({ data }) => [{ orderId: data.orderId }],
    fold: (row, event, { orderId }) => ({
      ...change(needed(row, event, `order ${orderId}`), event),
      paymentStatus: event.data.paymentStatus,
    }),
  }
}

/** What was declined does not stand. */
function standing({ amount, payments }: Refund): Money {
  const declined = payments.filter(({ isDeclined }) => isDeclined)
  return minus(
    amount,
    sum(
      declined.map((payment) => payment.amount),
      amount.currency,
    ),
  )
}

/** Known already, it is the same refund: once held, then recorded. One of another currency is not added up. */
function withStoreRefund(order: OrderRow, id: string, amount: Money): OrderRow {
  if (amount.currency !== order.currency) return order
  const others = order.storeRefunds.filter((refund) => refundIn(refund).id !== id)
  const storeRefunds = [...others, `${amount.amount} ${id}`]
  const amounts = storeRefunds.map((refund) => moneyOf(refund, order))
  return { ...order, storeRefunds, refundedAtStore: sum(amounts, order.currency).amount }
}

function moneyOf(refund: string, { currency }: OrderRow): Money {
  return { amount: refundIn(refund).amount, currency }
}

/** The amount stands first: a store's id may be any text. */
function refundIn(refund: string): Readonly<{ amount: string; id: string }> {
  const end = refund.indexOf(' ')
  return { amount: refund.slice(0, end), id: refund.slice(end + 1) }
}

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

function untouchedAtStore(data: OrderData) {
  return { refundedAtStore: nothing(data), storeRefunds: [], forceRefund: false }
}
