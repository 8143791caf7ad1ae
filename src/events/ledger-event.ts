/** Every event there is. A new one is a line here; what then lacks a case for it does not compile. */
import {
  allocationApplied,
  allocationConcluded,
  allocationRefused,
  allocationReleased,
  allocationReserved,
  allocationReversed,
} from './allocation-events.js'
import { refundApprovalRequested, refundApproved, refundDeclined } from './approval-events.js'
import {
  accountClosed,
  accountOpened,
  booksConfigured,
  booksOpened,
  exchangeRatesSet,
  fiscalYearOpened,
  partiesMerged,
  partiesUnmerged,
  periodClosed,
  periodClosing,
  periodReopened,
  periodReopening,
} from './books-events.js'
import {
  creditNoteDraftDiscarded,
  creditNoteDraftEdited,
  creditNoteDrafted,
  creditNotePosted,
  creditNoteVoided,
  creditSettled,
} from './credit-note-events.js'
import type { EventDefinition, FactOf, Recorded } from './event.js'
import { instanceConfigured, instanceRegistered } from './instance-events.js'
import {
  invoiceDraftDiscarded,
  invoiceDraftEdited,
  invoiceDrafted,
  invoicePosted,
} from './invoice-events.js'
import { openingBalancesPosted } from './opening-events.js'
import {
  orderCancelled,
  orderImported,
  orderPlaced,
  sourceDocumentRecorded,
} from './order-events.js'
import {
  creditRefunded,
  paymentReconciled,
  paymentRegistered,
  paymentReversed,
  prepaymentRegistered,
} from './payment-events.js'
import {
  attemptFailed,
  attemptStarted,
  captureRequested,
  forceRefundSet,
  orderCaptured,
  platformRefundDeclined,
  platformRefundPaid,
  platformRefundRecorded,
  platformRefundRequested,
  platformRefundSeen,
  syncDismissed,
  syncRetried,
  syncTaskWithdrawn,
} from './platform-events.js'
import {
  billNumberClaimed,
  billNumberReleased,
  numberReleased,
  numberVoided,
  numbersTaken,
  seriesCheckpointed,
  seriesClosedThrough,
} from './series-events.js'
import {
  deliveryValidated,
  shipmentPlanDiscarded,
  shipmentPlanned,
  trackingAdded,
} from './shipment-events.js'
import { subjectForgotten } from './subject-events.js'

const FOLIO_EVENTS = [
  orderPlaced,
  orderImported,
  orderCancelled,
  sourceDocumentRecorded,
  invoiceDrafted,
  invoiceDraftEdited,
  invoiceDraftDiscarded,
  invoicePosted,
  paymentRegistered,
  paymentReconciled,
  creditNoteDrafted,
  creditNoteDraftEdited,
  creditNoteDraftDiscarded,
  creditNotePosted,
  creditSettled,
  creditRefunded,
  creditNoteVoided,
  prepaymentRegistered,
  paymentReversed,
  allocationReserved,
  allocationApplied,
  allocationRefused,
  allocationConcluded,
  allocationReleased,
  allocationReversed,
  refundApprovalRequested,
  refundApproved,
  refundDeclined,
  openingBalancesPosted,
  shipmentPlanned,
  shipmentPlanDiscarded,
  deliveryValidated,
  trackingAdded,
  numberReleased,
  platformRefundRequested,
  captureRequested,
  syncTaskWithdrawn,
  attemptStarted,
  attemptFailed,
  syncRetried,
  syncDismissed,
  platformRefundSeen,
  platformRefundRecorded,
  platformRefundPaid,
  platformRefundDeclined,
  orderCaptured,
  forceRefundSet,
] as const

const BOOKS_EVENTS = [
  booksOpened,
  accountOpened,
  accountClosed,
  booksConfigured,
  exchangeRatesSet,
  fiscalYearOpened,
  periodClosing,
  periodClosed,
  periodReopening,
  periodReopened,
  partiesMerged,
  partiesUnmerged,
] as const
const SERIES_EVENTS = [numbersTaken, numberVoided, seriesCheckpointed, seriesClosedThrough] as const
const BILL_NUMBER_EVENTS = [billNumberClaimed, billNumberReleased] as const
const INSTANCE_EVENTS = [instanceRegistered, instanceConfigured] as const
const SUBJECT_EVENTS = [subjectForgotten] as const

export type FolioFact = FactOf<(typeof FOLIO_EVENTS)[number]>
export type BooksFact = FactOf<(typeof BOOKS_EVENTS)[number]>
export type SeriesFact = FactOf<(typeof SERIES_EVENTS)[number]>
export type BillNumberFact = FactOf<(typeof BILL_NUMBER_EVENTS)[number]>

export type InstanceFact = FactOf<(typeof INSTANCE_EVENTS)[number]>
export type SubjectFact = FactOf<(typeof SUBJECT_EVENTS)[number]>

export type LedgerFact =
  FolioFact | BooksFact | SeriesFact | BillNumberFact | InstanceFact | SubjectFact
export type LedgerEventType = LedgerFact['type']
export type FactOfType<Type extends LedgerEventType> = Extract<LedgerFact, { type: Type }>
export type LedgerEvent = Recorded<LedgerFact>
export type EventOfType<Type extends LedgerEventType> = Recorded<FactOfType<Type>>

/** By type name; the catalogue, the codec and the corpus of stored forms go through it. */
export const EVENT_DEFINITIONS: ReadonlyMap<string, EventDefinition> = new Map(
  [
    ...FOLIO_EVENTS,
    ...BOOKS_EVENTS,
    ...SERIES_EVENTS,
    ...BILL_NUMBER_EVENTS,
    ...INSTANCE_EVENTS,
    ...SUBJECT_EVENTS,
  ].map((definition): [string, EventDefinition] => [definition.type, definition]),
)

export function isFolioEvent(
  event: LedgerEvent,
): event is Extract<LedgerEvent, { type: FolioFact['type'] }> {
  return isAmong(FOLIO_EVENTS, event)
}

export function isBooksEvent(
  event: LedgerEvent,
): event is Extract<LedgerEvent, { type: BooksFact['type'] }> {
  return isAmong(BOOKS_EVENTS, event)
}

export function isSeriesEvent(
  event: LedgerEvent,
): event is Extract<LedgerEvent, { type: SeriesFact['type'] }> {
  return isAmong(SERIES_EVENTS, event)
}

export function isInstanceEvent(
  event: LedgerEvent,
): event is Extract<LedgerEvent, { type: InstanceFact['type'] }> {
  return isAmong(INSTANCE_EVENTS, event)
}

export function isSubjectEvent(
  event: LedgerEvent,
): event is Extract<LedgerEvent, { type: SubjectFact['type'] }> {
  return isAmong(SUBJECT_EVENTS, event)
}

function isAmong(definitions: readonly EventDefinition[], { type }: LedgerEvent): boolean {
  return definitions.some((definition) => definition.type === type)
}
