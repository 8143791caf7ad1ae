/** M2: deliveries, planned and validated. */
import { FORGOTTEN } from '../src/events/personal.js'
import type { ShipmentContent } from '../src/events/shipment-events.js'
import { plusDecimal } from '../src/money/quantity.js'
import { shipmentListTable, type ShipmentRow } from '../src/read-model/schema.js'
import { forgottenDocuments, originColumns, sortKeyOf } from './documents.js'
import { needed, projection } from './projection.js'

export const shipmentList = projection({
  name: 'shipment_list',
  version: 2,
  table: shipmentListTable,
  on: {
    ShipmentPlanned: {
      rows: ({ data }) => [{ shipmentId: data.shipmentId }],
      fold: (_row, { data }) => ({
        ...contentColumns(data),
        status: 'Planned',
        plannedFor: data.plannedFor,
        number: null,
        shippedAt: null,
        sortKey: sortKeyOf(data.plannedFor, null, data.shipmentId),
      }),
    },
    ShipmentPlanDiscarded: {
      rows: ({ data }) => [{ shipmentId: data.shipmentId }],
      fold: (row, event, { shipmentId }) => {
        needed(row, event, `shipment ${shipmentId}`)
        return null
      },
    },
    DeliveryValidated: {
      rows: ({ data }) => [{ shipmentId: data.shipmentId }],
      fold: (row, { data }) => ({
        ...contentColumns(data),
        status: 'Delivered',
        plannedFor: row?.plannedFor ?? null,
        number: data.number,
        shippedAt: data.shippedAt,
        sortKey: sortKeyOf(data.shippedAt, data.number, data.shipmentId),
      }),
    },
    SubjectForgotten: {
      rows: ({ data }) =>
        forgottenDocuments(data, 'shipment').map((shipmentId) => ({ shipmentId })),
      fold: (row) =>
        row === undefined
          ? null
          : { ...row, shipToName: FORGOTTEN, customerEmail: null, customerPhone: null },
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
    PlatformRefundPaid: 'ignored',
    PlatformRefundDeclined: 'ignored',
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
  },
})

function contentColumns({ shipmentId, books, order, party, shipTo, lines }: ShipmentContent) {
  return {
    shipmentId,
    books,
    orderId: order.orderId,
    orderNumber: order.number,
    orderDate: order.placedOn,
    shipToName: shipTo?.name ?? null,
    party,
    customerEmail: shipTo?.email ?? null,
    customerPhone: shipTo?.phone ?? null,
    totalQuantity: lines.reduce((total, { quantity }) => plusDecimal(total, quantity), '0'),
    ...originColumns(order),
  } satisfies Partial<ShipmentRow>
}
