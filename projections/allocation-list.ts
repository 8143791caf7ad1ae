/**
 * L7: every allocation of a credit, with what became of it on both folios; what is not finished yet is what the worker
 * finishes. The events of two folios meet in one row, in the order of the log.
 */
import type { EventOfType } from '../src/events/ledger-event.js'
import { allocationListTable, type AllocationRow } from '../src/read-model/schema.js'
import { sortKeyOf } from './documents.js'
import { needed, projection } from './projection.js'

type Told = EventOfType<'AllocationReserved' | 'AllocationApplied'>
type Later = EventOfType<
  'AllocationRefused' | 'AllocationConcluded' | 'AllocationReleased' | 'AllocationReversed'
>

export const allocationList = projection({
  name: 'allocation_list',
  version: 1,
  table: allocationListTable,
  on: {
    AllocationReserved: {
      rows: ({ data }) => [{ allocationId: data.credit.allocationId }],
      fold: (_row, event) => allocation(event, 'Reserved', null),
    },
    AllocationApplied: {
      rows: ({ data }) => [{ allocationId: data.credit.allocationId }],
      // Within one folio nothing was reserved before, and nothing has to follow.
      fold: (row, event) => ({
        ...allocation(event, 'Applied', event.data.entry.number),
        isFinished: row === undefined,
      }),
    },
    AllocationRefused: later((row, { data }: EventOfType<'AllocationRefused'>) => ({
      ...row,
      status: 'Refused',
      refusal: data.code,
    })),
    AllocationConcluded: later((row, _event: EventOfType<'AllocationConcluded'>) => ({
      ...row,
      // It may have been taken back before its credit's folio heard of it at all.
      isFinished: row.status === 'Applied',
    })),
    AllocationReversed: later((row, { data }: EventOfType<'AllocationReversed'>) => ({
      ...row,
      status: 'Released',
      releaseNumber: data.entry.number,
      releasedOn: data.date,
      isFinished: isWithinOneFolio(data.documentId, data.invoiceId),
    })),
    AllocationReleased: later((row, _event: EventOfType<'AllocationReleased'>) => ({
      ...row,
      isFinished: true,
    })),
    OrderPlaced: 'ignored',
    OrderImported: 'ignored',
    OrderCancelled: 'ignored',
    SourceDocumentRecorded: 'ignored',
    InvoiceDrafted: 'ignored',
    InvoiceDraftEdited: 'ignored',
    InvoiceDraftDiscarded: 'ignored',
    InvoicePosted: 'ignored',
    PaymentRegistered: 'ignored',
    PrepaymentRegistered: 'ignored',
    PaymentReconciled: 'ignored',
    PaymentReversed: 'ignored',
    CreditNoteDrafted: 'ignored',
    CreditNoteDraftEdited: 'ignored',
    CreditNoteDraftDiscarded: 'ignored',
    CreditNotePosted: 'ignored',
    CreditNoteVoided: 'ignored',
    CreditSettled: 'ignored',
    CreditRefunded: 'ignored',
    RefundApprovalRequested: 'ignored',
    RefundApproved: 'ignored',
    RefundDeclined: 'ignored',
    OpeningBalancesPosted: 'ignored',
    ShipmentPlanned: 'ignored',
    ShipmentPlanDiscarded: 'ignored',
    DeliveryValidated: 'ignored',
    TrackingAdded: 'ignored',
    NumberReleased: 'ignored',
    BooksOpened: 'ignored',
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
    AccountOpened: 'ignored',
    AccountClosed: 'ignored',
    NumbersTaken: 'ignored',
    NumberVoided: 'ignored',
    SeriesCheckpointed: 'ignored',
    SeriesClosedThrough: 'ignored',
    BillNumberClaimed: 'ignored',
    BillNumberReleased: 'ignored',
    InstanceRegistered: 'ignored',
    InstanceConfigured: 'ignored',
    SubjectForgotten: 'ignored',
  },
})

function later<Event extends Later>(change: (row: AllocationRow, event: Event) => AllocationRow) {
  return {
    rows: ({ data }: Event) => [{ allocationId: data.allocationId }],
    fold: (row: AllocationRow | undefined, event: Event) =>
      change(needed(row, event, `allocation ${event.data.allocationId}`), event),
  }
}

function allocation(
  { data: { credit, invoiceId, invoiceNumber, date } }: Told,
  status: AllocationRow['status'],
  number: string | null,
): AllocationRow {
  const { allocationId, documentId, documentNumber, amount, books, direction, party } = credit
  return {
    allocationId,
    books,
    direction,
    party,
    documentId,
    documentNumber,
    invoiceId,
    invoiceNumber,
    date,
    currency: amount.currency,
    amount: amount.amount,
    status,
    number,
    releaseNumber: null,
    releasedOn: null,
    refusal: null,
    isFinished: false,
    sortKey: sortKeyOf(date, documentNumber, allocationId),
  }
}

/** A document's id begins with its folio's. */
function isWithinOneFolio(documentId: string, invoiceId: string): boolean {
  const folioOf = (id: string) => id.slice(0, id.lastIndexOf('-'))
  return folioOf(documentId) === folioOf(invoiceId)
}
