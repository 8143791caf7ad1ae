/**
 * All the documents of one sale, as the write side remembers them (architecture 1): one stream, so that every rule
 * about money is decided in one place against one revision.
 */
import type { FolioFact, LedgerEvent } from '../events/ledger-event.js'
import type { Allocation } from './allocation.js'
import type { Approval } from './approval.js'
import { CorruptStream } from './corrupt-stream.js'
import type { Advance, Credit, CreditNote, PostedCreditNote } from './credit.js'
import type { Invoice, PostedInvoice } from './invoice.js'
import type { Order } from './order.js'
import type { Payment } from './payment.js'
import type { PlatformRefund } from './platform-refund.js'
import type { Shipment } from './shipment.js'
import type { SyncTask } from './sync-task.js'

export type Folio = Readonly<{
  order: Order
  invoices: ReadonlyMap<string, Invoice>
  creditNotes: ReadonlyMap<string, CreditNote>
  /** Prepayments and overpayments, the oldest first. */
  advances: ReadonlyMap<string, Advance>
  payments: ReadonlyMap<string, Payment>
  /** Those of credits of this folio, and those applied to its invoices. */
  allocations: ReadonlyMap<string, Allocation>
  approvals: ReadonlyMap<string, Approval>
  shipments: ReadonlyMap<string, Shipment>
  /** What the order's store is to be told, the oldest first (architecture 7). */
  syncTasks: ReadonlyMap<string, SyncTask>
  /** The refunds that the order's store has, by its own id for them. */
  platformRefunds: ReadonlyMap<string, PlatformRefund>
  /** The ledger's own *order refunded already* is bypassed (B6). */
  forceRefund: boolean
  /** Matches with bank statements, counted for their ids. */
  reconciliations: number
  /** Entries with a number of their own, counted for the ids that their numbers are bound to. */
  journals: number
  /** By number: it stands on an entry or document here, or was given back by an event here, never to be used again. */
  numbers: ReadonlyMap<string, 'standing' | 'released'>
  /** The foreign document that this folio was opened for. */
  source: null | SourceDocument
  /** The books it was opened in, where no document says so. */
  openedIn: string | null
}>

export type SourceDocument = Extract<FolioFact, { type: 'SourceDocumentRecorded' }>['data']
export type FolioEvent = Extract<LedgerEvent, { type: FolioFact['type'] }>
export type FolioEventOf<Type extends FolioEvent['type']> = Extract<FolioEvent, { type: Type }>

export const initialFolio: Folio = {
  order: { status: 'absent' },
  invoices: new Map(),
  creditNotes: new Map(),
  advances: new Map(),
  payments: new Map(),
  allocations: new Map(),
  approvals: new Map(),
  shipments: new Map(),
  syncTasks: new Map(),
  platformRefunds: new Map(),
  forceRefund: false,
  reconciliations: 0,
  journals: 0,
  numbers: new Map(),
  source: null,
  openedIn: null,
}

/** A folio stays in the books it was opened in. */
export function booksOfFolio(folio: Folio): string | null {
  if (folio.source !== null) return folio.source.books
  if (folio.order.status !== 'absent') return folio.order.books
  for (const document of [...folio.invoices.values(), ...folio.creditNotes.values()]) {
    if (document.status !== 'discarded') return document.content.books
  }
  return folio.openedIn
}

/** The posted credit note, prepayment or overpayment of this id. */
export function creditIn(folio: Folio, documentId: string): Credit | null {
  const advance = folio.advances.get(documentId)
  if (advance !== undefined) return advance
  const note = folio.creditNotes.get(documentId)
  return note?.status === 'posted' || note?.status === 'voided' ? note : null
}

export function postedInvoiceOf(folio: Folio, invoiceId: string, event: FolioEvent): PostedInvoice {
  const invoice = folio.invoices.get(invoiceId)
  if (invoice?.status === 'posted') return invoice
  throw new CorruptStream(event, `invoice ${invoiceId} is not posted`)
}

export function postedNoteOf(
  folio: Folio,
  creditNoteId: string,
  event: FolioEvent,
): PostedCreditNote {
  const note = folio.creditNotes.get(creditNoteId)
  if (note?.status === 'posted') return note
  throw new CorruptStream(event, `credit note ${creditNoteId} is not posted`)
}

export function withInvoice(folio: Folio, invoiceId: string, invoice: Invoice): Folio {
  return { ...folio, invoices: withEntry(folio.invoices, invoiceId, invoice) }
}

export function withCreditNote(folio: Folio, creditNoteId: string, note: CreditNote): Folio {
  return { ...folio, creditNotes: withEntry(folio.creditNotes, creditNoteId, note) }
}

/** The folio with a credit of it changed; one that is not there is damage. */
export function withCredit(
  folio: Folio,
  documentId: string,
  change: (credit: Credit) => Credit,
  event: FolioEvent,
): Folio {
  const credit = creditIn(folio, documentId)
  if (credit === null) throw new CorruptStream(event, `there is no credit ${documentId}`)
  const changed = change(credit)
  return 'content' in changed
    ? withCreditNote(folio, documentId, changed)
    : { ...folio, advances: withEntry(folio.advances, documentId, changed) }
}

export function withEntry<Value>(
  map: ReadonlyMap<string, Value>,
  key: string,
  value: Value,
): ReadonlyMap<string, Value> {
  return new Map(map).set(key, value)
}
