/** What each event makes of a folio. */
import { formatNumber } from '../events/document-number.js'
import { isFolioEvent, type LedgerEvent } from '../events/ledger-event.js'
import { CorruptStream } from './corrupt-stream.js'
import { afterAllocation } from './evolve-allocations.js'
import { afterCreditNote, afterSettlement, afterVoid } from './evolve-credit-notes.js'
import { afterOpeningBalances } from './evolve-opening.js'
import {
  afterAttemptFailed,
  afterAttemptStarted,
  afterCapture,
  afterCaptureRequest,
  afterPlatformRefund,
  afterPlatformRefundDeclined,
  afterPlatformRefundPaid,
  afterPlatformRefundRequest,
  afterPlatformRefundSeen,
  afterRetry,
  afterTaskLetGo,
} from './evolve-platform.js'
import {
  afterPayment,
  afterPrepayment,
  afterReconciliation,
  afterRefund,
  afterReversal,
} from './evolve-payments.js'
import {
  booksOfFolio,
  type Folio,
  type FolioEvent,
  type FolioEventOf,
  withCredit,
  withCreditNote,
  withEntry,
  withInvoice,
} from './folio.js'
import { minus, plus } from '../money/money.js'
import { postedInvoice } from './invoice.js'
import { orderOf } from './order.js'
import type { Shipment } from './shipment.js'

/** Of a folio's stream, which others may have written into. */
export function evolveAnyFolio(folio: Folio, event: LedgerEvent): Folio {
  if (!isFolioEvent(event)) throw new CorruptStream(event, 'it belongs to no folio')
  return evolveFolio(folio, event)
}

export function evolveFolio(folio: Folio, event: FolioEvent): Folio {
  const next = withDocuments(folio, event)
  return {
    ...next,
    numbers: withNumbers(folio.numbers, event),
    journals: next.journals + (numberOf(event)?.startsWith('JRN/') === true ? 1 : 0),
    openedIn: next.openedIn ?? booksOfFolio(next) ?? booksOf(event),
  }
}

type Evolve = {
  readonly [Type in FolioEvent['type']]: (folio: Folio, event: FolioEventOf<Type>) => Folio
}

/** Total: a new event does not compile without a line here. */
const EVOLVE: Evolve = {
  OrderPlaced: (folio, event) => ({ ...folio, order: orderOf(event, folio.order) }),
  OrderImported: (folio, event) => ({ ...folio, order: orderOf(event, folio.order) }),
  OrderCancelled: (folio, event) => {
    if (folio.order.status === 'absent') throw new CorruptStream(event, 'there is no order')
    return { ...folio, order: { ...folio.order, status: 'cancelled' } }
  },
  SourceDocumentRecorded: (folio, { data }) => ({ ...folio, source: data }),
  InvoiceDrafted: invoiceDraft,
  InvoiceDraftEdited: invoiceDraft,
  InvoiceDraftDiscarded: (folio, { data: { invoiceId } }) =>
    withInvoice(folio, invoiceId, { status: 'discarded', invoiceId }),
  InvoicePosted: (folio, { data: { entry, ...content } }) =>
    withInvoice(folio, content.invoiceId, postedInvoice(content, entry)),
  PaymentRegistered: afterPayment,
  PrepaymentRegistered: afterPrepayment,
  PaymentReconciled: afterReconciliation,
  PaymentReversed: afterReversal,
  CreditNoteDrafted: creditNoteDraft,
  CreditNoteDraftEdited: creditNoteDraft,
  CreditNoteDraftDiscarded: (folio, { data: { creditNoteId } }) =>
    withCreditNote(folio, creditNoteId, { status: 'discarded', creditNoteId }),
  CreditNotePosted: afterCreditNote,
  CreditNoteVoided: afterVoid,
  CreditSettled: afterSettlement,
  CreditRefunded: afterRefund,
  OpeningBalancesPosted: afterOpeningBalances,
  AllocationReserved: afterAllocation,
  AllocationApplied: afterAllocation,
  AllocationRefused: afterAllocation,
  AllocationConcluded: afterAllocation,
  AllocationReleased: afterAllocation,
  AllocationReversed: afterAllocation,
  RefundApprovalRequested: afterApprovalRequest,
  RefundApproved: afterApproval,
  RefundDeclined: afterApproval,
  ShipmentPlanned: (folio, { data: { restOf: _restOf, plannedFor, ...content } }) =>
    withShipment(folio, content.shipmentId, { status: 'planned', content, plannedFor }),
  ShipmentPlanDiscarded: (folio, { data: { shipmentId } }) =>
    withShipment(folio, shipmentId, { status: 'discarded', shipmentId }),
  DeliveryValidated: (folio, { data }) => {
    const { number, tracks, shippedAt: _at, shippedOn: _on, ...content } = data
    return withShipment(folio, content.shipmentId, { status: 'delivered', content, number, tracks })
  },
  TrackingAdded: (folio, event) => {
    const { shipmentId, track } = event.data
    const shipment = folio.shipments.get(shipmentId)
    if (shipment?.status !== 'delivered') throw new CorruptStream(event, 'nothing was delivered')
    return withShipment(folio, shipmentId, { ...shipment, tracks: [...shipment.tracks, track] })
  },
  NumberReleased: (folio) => folio,
  PlatformRefundRequested: afterPlatformRefundRequest,
  CaptureRequested: afterCaptureRequest,
  SyncTaskWithdrawn: afterTaskLetGo,
  AttemptStarted: afterAttemptStarted,
  AttemptFailed: afterAttemptFailed,
  SyncRetried: afterRetry,
  SyncDismissed: afterTaskLetGo,
  PlatformRefundSeen: afterPlatformRefundSeen,
  PlatformRefundRecorded: afterPlatformRefund,
  PlatformRefundPaid: afterPlatformRefundPaid,
  PlatformRefundDeclined: afterPlatformRefundDeclined,
  OrderCaptured: afterCapture,
  ForceRefundSet: (folio, { data: { forceRefund } }) => ({ ...folio, forceRefund }),
}

function withDocuments(folio: Folio, event: FolioEvent): Folio {
  // The table is total and typed where it is written; a fold is looked up by the event's own type.
  const evolve = EVOLVE[event.type] as (folio: Folio, event: FolioEvent) => Folio
  return evolve(folio, event)
}

function invoiceDraft(
  folio: Folio,
  { data }: FolioEventOf<'InvoiceDrafted' | 'InvoiceDraftEdited'>,
): Folio {
  return withInvoice(folio, data.invoiceId, { status: 'draft', content: data })
}

function creditNoteDraft(
  folio: Folio,
  { data }: FolioEventOf<'CreditNoteDrafted' | 'CreditNoteDraftEdited'>,
): Folio {
  return withCreditNote(folio, data.creditNoteId, { status: 'draft', content: data })
}

/** What waits is drawn (L12). */
function afterApprovalRequest(folio: Folio, event: FolioEventOf<'RefundApprovalRequested'>): Folio {
  const { approvalId, documentId, amount } = event.data
  const waits = withCredit(
    folio,
    documentId,
    (credit) => ({ ...credit, waiting: plus(credit.waiting, amount) }),
    event,
  )
  const approval = { status: 'waiting', request: event.data } as const
  return { ...waits, approvals: withEntry(folio.approvals, approvalId, approval) }
}

function afterApproval(
  folio: Folio,
  event: FolioEventOf<'RefundApproved' | 'RefundDeclined'>,
): Folio {
  const { approvalId, documentId } = event.data
  const approval = folio.approvals.get(approvalId)
  if (approval?.status !== 'waiting') throw new CorruptStream(event, 'nothing waits')
  const { amount } = approval.request
  const free = withCredit(
    folio,
    documentId,
    (credit) => ({ ...credit, waiting: minus(credit.waiting, amount) }),
    event,
  )
  const status = event.type === 'RefundApproved' ? 'approved' : 'declined'
  return { ...free, approvals: withEntry(folio.approvals, approvalId, { ...approval, status }) }
}

function withShipment(folio: Folio, shipmentId: string, shipment: Shipment): Folio {
  return { ...folio, shipments: withEntry(folio.shipments, shipmentId, shipment) }
}

function withNumbers(numbers: Folio['numbers'], event: FolioEvent): Folio['numbers'] {
  if (event.type === 'NumberReleased') {
    const { series, year, number } = event.data
    return withEntry(numbers, formatNumber(series, year, number), 'released')
  }
  return [numberOf(event), numberOfAdvance(event)].reduce<Folio['numbers']>(
    (standing, number) => (number === null ? standing : withEntry(standing, number, 'standing')),
    numbers,
  )
}

/** The number that the event itself stands under. */
function numberOf(event: FolioEvent): string | null {
  if (event.type === 'DeliveryValidated') return event.data.number
  // Of opening balances the entry has a number; a settlement stands under its trigger's.
  return 'entry' in event.data ? event.data.entry.number : null
}

function numberOfAdvance(event: FolioEvent): string | null {
  if (event.type === 'PrepaymentRegistered') return event.data.prepayment.number
  return event.type === 'PaymentRegistered' ? (event.data.overpayment?.number ?? null) : null
}

function booksOf(event: FolioEvent): string | null {
  if ('entry' in event.data) return event.data.entry.books
  return 'books' in event.data ? event.data.books : null
}
