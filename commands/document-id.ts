/** Document ids carry their folio: `<folio>-i1`, `<folio>-c2` (architecture 1). */
import type { Folio } from '../src/aggregates/folio.js'

const FOLIO_LENGTH = 36

/** Folios opened by hand are named from principal, command and key, so that a retry finds what the first try did. */
export const HAND_OPENED_NAMESPACE = '9d1f6c52-3c1b-5d8e-8f6e-4b0b8d1c7a21'

export function folioOfDocument(document: string): string {
  return document.slice(0, FOLIO_LENGTH)
}

export function isWithinOneFolio(document: string, other: string): boolean {
  return folioOfDocument(document) === folioOfDocument(other)
}

export function folioStream(folioId: string): string {
  return `folio-${folioId}`
}

/** The folio whose stream it is; nothing that makes sense for other streams. */
export function folioOfStream(stream: string): string {
  return stream.slice('folio-'.length)
}

export function orderId(folioId: string): string {
  return `${folioId}-o1`
}

export function nextInvoiceId(folioId: string, folio: Folio): string {
  return `${folioId}-i${folio.invoices.size + 1}`
}

export function nextCreditNoteId(folioId: string, folio: Folio): string {
  return `${folioId}-c${folio.creditNotes.size + 1}`
}

/** Payments and refunds are counted together. */
export function nextPaymentId(folioId: string, folio: Folio): string {
  return `${folioId}-p${folio.payments.size + 1}`
}

export function nextOverpaymentId(folioId: string, folio: Folio): string {
  return `${folioId}-ovp${folio.advances.size + 1}`
}

export function nextPrepaymentId(folioId: string, folio: Folio): string {
  return `${folioId}-pre${folio.advances.size + 1}`
}

export function nextAllocationId(folioId: string, folio: Folio): string {
  return `${folioId}-al${folio.allocations.size + 1}`
}

export function nextApprovalId(folioId: string, folio: Folio): string {
  return `${folioId}-ap${folio.approvals.size + 1}`
}

export function nextShipmentId(folioId: string, folio: Folio): string {
  return `${folioId}-s${folio.shipments.size + 1}`
}

/** What the number of an entry without a document of its own is bound to; `ahead` of several in one append. */
export function nextJournalId(folioId: string, folio: Folio, ahead = 0): string {
  return `${folioId}-j${folio.journals + ahead + 1}`
}

export function nextReconciliationId(folioId: string, folio: Folio): string {
  return `${folioId}-m${folio.reconciliations + 1}`
}

/** Of what an order's store is to be told; `ahead` of several in one append. */
export function nextTaskId(folioId: string, folio: Folio, ahead = 0): string {
  return `${folioId}-t${folio.syncTasks.size + ahead + 1}`
}

/** What the number of a refund made at a store is bound to: the store's own id is no document's. */
export function nextPlatformRefundId(folioId: string, folio: Folio): string {
  const placed = [...folio.platformRefunds.values()].filter(({ documentId }) => documentId !== null)
  return `${folioId}-rf${placed.length + 1}`
}
