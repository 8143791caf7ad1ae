/** Every event there is. A new one is a line here; what then lacks a case for it does not compile. */
import { accountClosed, accountOpened, booksOpened } from './books-events.js'
import {
  creditNoteDraftDiscarded,
  creditNoteDraftEdited,
  creditNoteDrafted,
  creditNotePosted,
  creditSettled,
} from './credit-note-events.js'
import type { EventDefinition, FactOf, Recorded } from './event.js'
import {
  invoiceDraftDiscarded,
  invoiceDraftEdited,
  invoiceDrafted,
  invoicePosted,
} from './invoice-events.js'
import {
  orderCancelled,
  orderImported,
  orderPlaced,
  sourceDocumentRecorded,
} from './order-events.js'
import { creditRefunded, paymentReconciled, paymentRegistered } from './payment-events.js'
import {
  billNumberClaimed,
  billNumberReleased,
  numberReleased,
  numberVoided,
  numbersTaken,
  seriesCheckpointed,
} from './series-events.js'

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
  numberReleased,
] as const

const BOOKS_EVENTS = [booksOpened, accountOpened, accountClosed] as const
const SERIES_EVENTS = [numbersTaken, numberVoided, seriesCheckpointed] as const
const BILL_NUMBER_EVENTS = [billNumberClaimed, billNumberReleased] as const

export type FolioFact = FactOf<(typeof FOLIO_EVENTS)[number]>
export type BooksFact = FactOf<(typeof BOOKS_EVENTS)[number]>
export type SeriesFact = FactOf<(typeof SERIES_EVENTS)[number]>
export type BillNumberFact = FactOf<(typeof BILL_NUMBER_EVENTS)[number]>

export type LedgerFact = FolioFact | BooksFact | SeriesFact | BillNumberFact
export type LedgerEventType = LedgerFact['type']
export type FactOfType<Type extends LedgerEventType> = Extract<LedgerFact, { type: Type }>
export type LedgerEvent = Recorded<LedgerFact>
export type EventOfType<Type extends LedgerEventType> = Recorded<FactOfType<Type>>

/** By type name; the catalogue, the codec and the corpus of stored forms go through it. */
export const EVENT_DEFINITIONS: ReadonlyMap<string, EventDefinition> = new Map(
  [...FOLIO_EVENTS, ...BOOKS_EVENTS, ...SERIES_EVENTS, ...BILL_NUMBER_EVENTS].map(
    (definition): [string, EventDefinition] => [definition.type, definition],
  ),
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

function isAmong(definitions: readonly EventDefinition[], { type }: LedgerEvent): boolean {
  return definitions.some((definition) => definition.type === type)
}
