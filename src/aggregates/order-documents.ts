/** The documents of an order in its folio: its invoices, and the notes on each. */
import type { CreditNoteContent } from '../events/credit-note-events.js'
import type { CreditLine } from '../events/parts.js'
import type { PostedCreditNote } from './credit.js'
import type { Folio } from './folio.js'
import type { Invoice, PostedInvoice } from './invoice.js'
import type { OpenOrder } from './order.js'

export type LiveInvoice = Exclude<Invoice, { status: 'discarded' }>
export type DraftInvoice = Extract<Invoice, { status: 'draft' }>
/** A line of a note on an invoice names the line that it takes back; a line of an ad-hoc note names none. */
export type LinkedLine = CreditLine & Readonly<{ invoiceLine: number }>

/** Drafts and posted ones, in the order they were made. */
export function invoicesOfOrder({ orderId }: OpenOrder, { invoices }: Folio): LiveInvoice[] {
  return [...invoices.values()].flatMap((invoice) =>
    invoice.status !== 'discarded' && invoice.content.order?.orderId === orderId ? [invoice] : [],
  )
}

export function postedInvoicesOf(order: OpenOrder, folio: Folio): PostedInvoice[] {
  return invoicesOfOrder(order, folio).filter(
    (invoice): invoice is PostedInvoice => invoice.status === 'posted',
  )
}

export function draftInvoicesOf(order: OpenOrder, folio: Folio): DraftInvoice[] {
  return invoicesOfOrder(order, folio).filter(
    (invoice): invoice is DraftInvoice => invoice.status === 'draft',
  )
}

/** In the order they were drafted; neither voided nor discarded ones. */
export function postedNotesOn(invoiceId: string, { creditNotes }: Folio): PostedCreditNote[] {
  return [...creditNotes.values()].flatMap((note) =>
    note.status === 'posted' && isOn(invoiceId, note.content) ? [note] : [],
  )
}

export function draftNotesOn(invoiceId: string, { creditNotes }: Folio): CreditNoteContent[] {
  return [...creditNotes.values()].flatMap((note) =>
    note.status === 'draft' && isOn(invoiceId, note.content) ? [note.content] : [],
  )
}

export function linkedLines({ lines }: Pick<CreditNoteContent, 'lines'>): LinkedLine[] {
  return lines.filter((line): line is LinkedLine => line.invoiceLine !== undefined)
}

function isOn(invoiceId: string, { invoice }: Pick<CreditNoteContent, 'invoice'>): boolean {
  return invoice?.invoiceId === invoiceId
}
