/** Connected stores with their settings (L28, L29). No credential is ever among them (S4). */
import type { EventOfType } from '../src/events/ledger-event.js'
import { instanceListTable, type InstanceRow } from '../src/read-model/schema.js'
import { needed, projection } from './projection.js'

export const instanceList = projection({
  name: 'instance_list',
  version: 2,
  table: instanceListTable,
  on: {
    InstanceRegistered: {
      rows: ({ data }) => [{ instance: data.instance }],
      fold: (_row, { data }) => {
        const { instance, books, platform, address } = data
        return {
          instance,
          books,
          platform,
          address,
          ...settingsColumns(data),
          sortKey: `${books} ${platform} ${address} ${instance}`,
        }
      },
    },
    InstanceConfigured: {
      rows: ({ data }) => [{ instance: data.instance }],
      fold: (row, event, { instance }) => ({
        ...needed(row, event, `instance ${instance}`),
        ...settingsColumns(event.data),
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
    OrderPlaced: 'ignored',
    OrderImported: 'ignored',
    OrderCancelled: 'ignored',
    InvoicePosted: 'ignored',
    SubjectForgotten: 'ignored',
  },
})

/** Its members in one order, however the event has them. */
function workflowText(workflow: Settings['workflows'][number]): string {
  const { paymentMethod, until, when, account, capturesItself } = workflow
  return JSON.stringify({ paymentMethod, until, when, account, capturesItself })
}

type Settings = EventOfType<'InstanceConfigured'>['data']

function settingsColumns(settings: Settings) {
  const { name, startDate, charges, roundingUnitsPerLine, workflows } = settings
  const { markOrdersPaid, markPaidBy, refundDifference, storeRefunds } = settings
  return {
    name,
    startDate,
    charges,
    roundingUnitsPerLine,
    workflows: workflows.map(workflowText),
    ...{ markOrdersPaid, markPaidBy, refundDifference, storeRefunds },
  } satisfies Partial<InstanceRow>
}
