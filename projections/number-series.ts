/** Numbers by series and year: how many were given out, used, voided, and wait for their document. */
import type { EventOfType } from '../src/events/ledger-event.js'
import { NEVER_RESET, numberSeriesTable, type NumberSeriesRow } from '../src/read-model/schema.js'
import { needed, projection } from './projection.js'

export const numberSeries = projection({
  name: 'number_series',
  version: 1,
  table: numberSeriesTable,
  on: {
    NumbersTaken: {
      rows: (event) => [seriesKey(event)],
      fold: (row, event) => {
        const series = row ?? unused(event)
        const { taken, used } = event.data
        return withOpen({
          ...series,
          next: Math.max(series.next, ...taken.map(({ number }) => number + 1)),
          taken: series.taken + taken.length,
          used: series.used + used.length,
        })
      },
    },
    NumberVoided: {
      rows: (event) => [seriesKey(event)],
      fold: (row, event, { books, series, year }) => {
        const found = needed(row, event, `series ${series} ${year} of ${books}`)
        return withOpen({ ...found, voided: found.voided + 1 })
      },
    },
    // It says again what is known already.
    SeriesCheckpointed: 'ignored',
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
    // The series voids the number in an event of its own.
    NumberReleased: 'ignored',
    BooksOpened: 'ignored',
    AccountOpened: 'ignored',
    AccountClosed: 'ignored',
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
    SubjectForgotten: 'ignored',
  },
})

type SeriesEvent = EventOfType<'NumbersTaken' | 'NumberVoided'>

function seriesKey({ data: { books, series, year } }: SeriesEvent) {
  return { books, series: series as string, year: year ?? NEVER_RESET }
}

function unused(event: SeriesEvent): NumberSeriesRow {
  const { books, series, year } = seriesKey(event)
  const sortKey = `${books} ${series} ${year}`
  return { books, series, year, next: 1, taken: 0, used: 0, voided: 0, open: 0, sortKey }
}

function withOpen(series: NumberSeriesRow): NumberSeriesRow {
  return { ...series, open: series.taken - series.used - series.voided }
}
