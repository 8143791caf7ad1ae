/**
 * S1, S3: what stores are to be told, and what a person is to see to, with how far each is. The worker asks it for what
 * is open; whoever is asked for a word looks here first.
 */
import type { EventOfType } from '../src/events/ledger-event.js'
import { syncTaskListTable, type SyncTaskRow } from '../src/read-model/schema.js'
import { type Folding, needed, projection } from './projection.js'

type Key = Readonly<{ taskId: string }>

export const syncTaskList = projection({
  name: 'sync_task_list',
  version: 1,
  table: syncTaskListTable,
  on: {
    PlatformRefundRequested: {
      rows: ({ data }) => [{ taskId: data.taskId }],
      fold: (_row, event) => {
        const { creditNoteId: documentId, creditNoteNumber: documentNumber, amount } = event.data
        const { requestedBy } = event.data
        return task(event, { kind: 'Refund', documentId, documentNumber, ...amount, requestedBy })
      },
    },
    CaptureRequested: {
      rows: ({ data }) => [{ taskId: data.taskId }],
      fold: (_row, event) => {
        const { received, requestedBy } = event.data
        const none = { documentId: null, documentNumber: null }
        return task(event, { kind: 'Mark as paid', ...none, ...received, requestedBy })
      },
    },
    // Nothing is told: somebody sees to it (B8).
    PlatformRefundDeclined: {
      rows: ({ data }) => [{ taskId: data.taskId }],
      fold: (_row, event) => {
        const { documentId, documentNumber, declined, message, platformRefundId } = event.data
        const requestedBy = event.metadata.principal
        return {
          ...task(event, {
            ...{ kind: 'Declined refund', documentId, documentNumber, ...declined, requestedBy },
          }),
          state: 'Waits for a person',
          detail: orNull(message),
          remoteId: platformRefundId,
        }
      },
    },
    AttemptStarted: change((row, { data: { attempt, shutUntil } }) => ({
      ...row,
      state: 'In flight',
      attempts: attempt,
      notBefore: null,
      shutUntil,
    })),
    AttemptFailed: change((row, { data }) => ({
      ...row,
      state: AFTER_FAILURE[data.then],
      failures: row.failures + (data.setback === 'limited' ? 0 : 1),
      setback: data.setback,
      detail: orNull(data.detail),
      candidates: data.candidates,
      notBefore: data.notBefore,
      shutUntil: data.then === 'look' ? row.shutUntil : null,
    })),
    SyncRetried: change((row, { data: { reason, by } }) => ({
      ...row,
      ...{ state: 'Due', failures: 0, setback: null, detail: null, candidates: [], reason, by },
    })),
    SyncDismissed: change((row, { data: { reason, by } }) => ({
      ...ended(row, 'Dismissed'),
      ...{ reason, by },
    })),
    SyncTaskWithdrawn: change((row, { data: { reason } }) => ({
      ...ended(row, 'Withdrawn'),
      reason,
    })),
    PlatformRefundRecorded: {
      rows: ({ data: { taskId } }) => (taskId === null ? [] : [{ taskId }]),
      fold: (row, event, { taskId }) => {
        const { platformRefundId: remoteId, by, reason } = event.data
        return changed(
          done(needed(row, event, `sync task ${taskId}`), { remoteId, by, reason }),
          event,
        )
      },
    },
    OrderCaptured: change((row, { data: { transaction: remoteId, by, reason } }) =>
      done(row, { remoteId, by, reason }),
    ),
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
    PlatformRefundSeen: 'ignored',
    PlatformRefundPaid: 'ignored',
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

const AFTER_FAILURE = {
  again: 'Due',
  look: 'Unknown',
  person: 'Waits for a person',
  end: 'Refused',
} as const

type Asking = EventOfType<'PlatformRefundRequested' | 'CaptureRequested' | 'PlatformRefundDeclined'>
type Later = EventOfType<
  | 'AttemptStarted'
  | 'AttemptFailed'
  | 'SyncRetried'
  | 'SyncDismissed'
  | 'SyncTaskWithdrawn'
  | 'PlatformRefundRecorded'
  | 'OrderCaptured'
>

/** An event about a task that an earlier one made. */
function change<Event extends Exclude<Later, { type: 'PlatformRefundRecorded' }>>(
  fold: (row: SyncTaskRow, event: Event) => SyncTaskRow,
): Folding<SyncTaskRow, Key, Event> {
  return {
    rows: ({ data }) => [{ taskId: data.taskId }],
    fold: (row, event, { taskId }) =>
      changed(fold(needed(row, event, `sync task ${taskId}`), event), event),
  }
}

function task(
  { data, metadata: { recordedAt } }: Asking,
  asked: Pick<
    SyncTaskRow,
    'kind' | 'documentId' | 'documentNumber' | 'currency' | 'amount' | 'requestedBy'
  >,
): SyncTaskRow {
  const { taskId, books, instance, orderId, orderNumber, platformOrderId } = data
  return {
    ...{ taskId, books, instance, orderId, orderNumber, platformOrderId },
    ...asked,
    state: 'Due',
    ...{ notBefore: null, shutUntil: null, attempts: 0, failures: 0 },
    ...{ setback: null, detail: null, candidates: [], remoteId: null },
    requestedAt: recordedAt,
    changedAt: recordedAt,
    ...{ reason: null, by: null },
    sortKey: `${recordedAt} ${taskId}`,
  }
}

function changed(row: SyncTaskRow, { metadata }: Later): SyncTaskRow {
  return { ...row, changedAt: metadata.recordedAt }
}

function ended(row: SyncTaskRow, state: 'Done' | 'Dismissed' | 'Withdrawn'): SyncTaskRow {
  return { ...row, state, notBefore: null, shutUntil: null }
}

/** What a person said of it before stays, where nobody says anything now. */
function done(
  row: SyncTaskRow,
  { remoteId, by, reason }: Pick<SyncTaskRow, 'remoteId' | 'by' | 'reason'>,
): SyncTaskRow {
  return { ...ended(row, 'Done'), remoteId, by: by ?? row.by, reason: reason ?? row.reason }
}

function orNull(text: string): string | null {
  return text === '' ? null : text
}
