/** Money in and out: payments and refunds, here and through stores, and whether the bank has shown them (L4, N5). */
import { paymentListTable, type PaymentRow } from '../src/read-model/schema.js'
import type { EventOfType } from '../src/events/ledger-event.js'
import { plus } from '../src/money/money.js'
import { sortKeyOf } from './documents.js'
import { needed, projection } from './projection.js'

export const paymentList = projection({
  name: 'payment_list',
  version: 3,
  table: paymentListTable,
  on: {
    PaymentRegistered: {
      rows: ({ data }) => [{ paymentId: data.paymentId }],
      fold: (_row, { data }) => ({
        ...movement(data),
        kind: 'Payment',
        documentId: data.invoiceId,
        documentNumber: data.invoiceNumber,
        instance: null,
      }),
    },
    PrepaymentRegistered: {
      rows: ({ data }) => [{ paymentId: data.paymentId }],
      fold: (_row, { data }) => ({
        ...movement(data),
        kind: 'Prepayment',
        documentId: data.prepayment.documentId,
        documentNumber: data.prepayment.number,
        instance: null,
      }),
    },
    CreditRefunded: {
      rows: ({ data }) => [{ paymentId: data.paymentId }],
      fold: (_row, { data }) => ({
        ...movement(data),
        kind: 'Refund',
        documentId: data.documentId,
        documentNumber: data.documentNumber,
        instance: data.instance ?? null,
      }),
    },
    // J21, J23: what the store gave back; a gateway takes it at once.
    PlatformRefundPaid: {
      rows: ({ data }) => [{ paymentId: storeRefundId(data) }],
      fold: (_row, { data }) => storeRefund(data),
    },
    // J22: also where a part of it was declined, which is seen to as a whole.
    PlatformRefundDeclined: {
      rows: ({ data }) => [{ paymentId: storeRefundId(data) }],
      fold: (row, event, { paymentId }) => ({
        ...needed(row, event, `payment ${paymentId}`),
        status: 'Declined',
      }),
    },
    PaymentReconciled: {
      rows: ({ data }) => [{ paymentId: data.paymentId }],
      fold: (row, event, { paymentId }) => ({
        ...needed(row, event, `payment ${paymentId}`),
        status: 'Paid',
        reconciledOn: event.data.date,
      }),
    },
    PaymentReversed: {
      rows: ({ data }) => [{ paymentId: data.paymentId }],
      fold: (row, event, { paymentId }) => ({
        ...needed(row, event, `payment ${paymentId}`),
        status: 'Reversed',
      }),
    },
    OrderPlaced: 'ignored',
    OrderImported: 'ignored',
    OrderCancelled: 'ignored',
    SourceDocumentRecorded: 'ignored',
    InvoiceDrafted: 'ignored',
    InvoiceDraftEdited: 'ignored',
    InvoiceDraftDiscarded: 'ignored',
    InvoicePosted: 'ignored',
    CreditNoteDrafted: 'ignored',
    CreditNoteDraftEdited: 'ignored',
    CreditNoteDraftDiscarded: 'ignored',
    CreditNotePosted: 'ignored',
    CreditSettled: 'ignored',
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
    PlatformRefundSeen: 'ignored',
    PlatformRefundRecorded: 'ignored',
    OrderCaptured: 'ignored',
    ForceRefundSet: 'ignored',
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
    SubjectForgotten: 'ignored',
  },
})

type Movement = EventOfType<'PaymentRegistered' | 'PrepaymentRegistered' | 'CreditRefunded'>

function movement(data: Movement['data']) {
  return {
    paymentId: data.paymentId,
    books: data.entry.books,
    number: data.entry.number,
    date: data.date,
    direction: data.direction,
    flow: data.flow,
    account: data.account,
    party: data.party,
    currency: data.amount.currency,
    amount: data.amount.amount,
    status: data.matching === 'awaited' ? 'In Payment' : 'Paid',
    reconciledOn: null,
    reference: data.reference ?? null,
    sortKey: sortKeyOf(data.date, data.entry.number, data.paymentId),
  } satisfies Partial<PaymentRow>
}

type StoreRefund = EventOfType<'PlatformRefundPaid'>['data']

/** It has no document id of its own: that of its order, which has each of its store's refunds once, and the store's. */
function storeRefundId({
  orderId,
  platformRefundId,
}: Pick<StoreRefund, 'orderId' | 'platformRefundId'>): string {
  return `${orderId}:${platformRefundId}`
}

const STORE_CREDIT = 'store-credit'

function storeRefund(data: StoreRefund): PaymentRow {
  const { entry, online, storeCredit, accounts } = data
  const paymentId = storeRefundId(data)
  const date = entry.movedFrom ?? entry.postingDate
  const { amount, currency } = plus(online, storeCredit)
  const [account = STORE_CREDIT] = accounts
  return {
    paymentId,
    books: entry.books,
    kind: 'Refund',
    number: entry.number,
    date,
    direction: 'out',
    flow: 'paid',
    account,
    party: null,
    documentId: data.documentId,
    documentNumber: data.documentNumber,
    currency,
    amount,
    status: 'Paid',
    reconciledOn: null,
    reference: data.platformRefundId,
    instance: data.instance,
    sortKey: sortKeyOf(date, entry.number, paymentId),
  }
}
