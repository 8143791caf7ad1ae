/** B9: the refunds that stores have, made here or there; those held wait for a task to end, or for a person. */
import type { EventOfType } from '../src/events/ledger-event.js'
import { zero } from '../src/money/money.js'
import { platformRefundListTable, type PlatformRefundRow } from '../src/read-model/schema.js'
import { needed, projection } from './projection.js'

export const platformRefundList = projection({
  name: 'platform_refund_list',
  version: 1,
  table: platformRefundListTable,
  on: {
    PlatformRefundSeen: {
      rows: ({ data }) => [keyOf(data)],
      fold: (_row, { data }) => ({
        ...atStore(data),
        documentId: null,
        documentNumber: null,
        status: 'Held',
        held: data.held,
        toBePaid: zero(data.amount.currency).amount,
        knownBy: null,
        taskId: null,
      }),
    },
    PlatformRefundRecorded: {
      rows: ({ data }) => [keyOf(data)],
      fold: (_row, { data }) => ({
        ...atStore(data),
        documentId: data.documentId,
        documentNumber: data.documentNumber,
        status: 'Recorded',
        held: null,
        toBePaid: data.toBePaid.amount,
        knownBy: data.knownBy,
        taskId: data.taskId,
      }),
    },
    PlatformRefundPaid: {
      rows: ({ data }) => [keyOf(data)],
      fold: (row, event, { platformRefundId }) => ({
        ...needed(row, event, `platform refund ${platformRefundId}`),
        status: 'Refunded',
      }),
    },
    PlatformRefundDeclined: {
      rows: ({ data }) => [keyOf(data)],
      fold: (row, event, { platformRefundId }) => ({
        ...needed(row, event, `platform refund ${platformRefundId}`),
        status: 'Declined',
        paymentStatus: event.data.paymentStatus,
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

type Told = EventOfType<'PlatformRefundSeen' | 'PlatformRefundRecorded'>['data']

function keyOf({ instance, platformRefundId }: Pick<Told, 'instance' | 'platformRefundId'>) {
  return { instance, platformRefundId }
}

function atStore(data: Told) {
  const { books, platformOrderId, orderId, orderNumber, createdAt, amount, paymentStatus } = data
  return {
    ...keyOf(data),
    ...{ books, platformOrderId, orderId, orderNumber, createdAt, ...amount, paymentStatus },
    sortKey: [createdAt, data.instance, data.platformRefundId].join(' '),
  } satisfies Partial<PlatformRefundRow>
}
