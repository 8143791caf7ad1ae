/**
 * All the documents of one sale, as the write side remembers them (architecture 1): one stream, so that every rule
 * about money is decided in one place against one revision.
 */
import { type FolioFact, isFolioEvent, type LedgerEvent } from '../events/ledger-event.js'
import { plus, zero } from '../money/money.js'
import { CorruptStream } from './corrupt-stream.js'
import {
  type CreditNote,
  type Overpayment,
  type PostedCreditNote,
  postedCreditNote,
  withRefund,
} from './credit.js'
import { withCredited } from './crediting.js'
import {
  type Invoice,
  type PostedInvoice,
  postedInvoice,
  withPayment,
  withSettlement,
} from './invoice.js'
import { type Order, orderOf } from './order.js'
import { type Payment, paymentOf } from './payment.js'
import { formatNumber } from './series.js'

export type Folio = Readonly<{
  order: Order
  invoices: ReadonlyMap<string, Invoice>
  creditNotes: ReadonlyMap<string, CreditNote>
  overpayments: ReadonlyMap<string, Overpayment>
  payments: ReadonlyMap<string, Payment>
  /** Matches with bank statements, counted for their ids. */
  reconciliations: number
  /** By number: it stands on an entry or document here, or was given back by an event here, never to be used again. */
  numbers: ReadonlyMap<string, 'standing' | 'released'>
  /** The foreign document that this folio was opened for. */
  source: null | SourceDocument
}>

export type SourceDocument = Extract<FolioFact, { type: 'SourceDocumentRecorded' }>['data']

export const initialFolio: Folio = {
  order: { status: 'absent' },
  invoices: new Map(),
  creditNotes: new Map(),
  overpayments: new Map(),
  payments: new Map(),
  reconciliations: 0,
  numbers: new Map(),
  source: null,
}

type FolioEvent = Extract<LedgerEvent, { type: FolioFact['type'] }>

/** Of a folio's stream, which others may have written into. */
export function evolveAnyFolio(folio: Folio, event: LedgerEvent): Folio {
  if (!isFolioEvent(event)) throw new CorruptStream(event, 'it belongs to no folio')
  return evolveFolio(folio, event)
}

export function evolveFolio(folio: Folio, event: FolioEvent): Folio {
  return { ...withDocuments(folio, event), numbers: withNumbers(folio.numbers, event) }
}

/** A folio stays in the books it was opened in. */
export function booksOfFolio(folio: Folio): string | null {
  if (folio.source !== null) return folio.source.books
  if (folio.order.status !== 'absent') return folio.order.books
  for (const document of [...folio.invoices.values(), ...folio.creditNotes.values()]) {
    if (document.status !== 'discarded') return document.content.books
  }
  return null
}

function withDocuments(folio: Folio, event: FolioEvent): Folio {
  switch (event.type) {
    case 'OrderPlaced':
    case 'OrderImported':
      return { ...folio, order: orderOf(event, folio.order) }
    case 'OrderCancelled': {
      if (folio.order.status === 'absent') throw new CorruptStream(event, 'there is no order')
      return { ...folio, order: { ...folio.order, status: 'cancelled' } }
    }
    case 'SourceDocumentRecorded':
      return { ...folio, source: event.data }
    case 'InvoiceDrafted':
    case 'InvoiceDraftEdited':
      return withInvoice(folio, event.data.invoiceId, { status: 'draft', content: event.data })
    case 'InvoiceDraftDiscarded':
      return withInvoice(folio, event.data.invoiceId, {
        status: 'discarded',
        invoiceId: event.data.invoiceId,
      })
    case 'InvoicePosted': {
      const { entry, ...content } = event.data
      return withInvoice(folio, content.invoiceId, postedInvoice(content, entry))
    }
    case 'PaymentRegistered':
      return afterPayment(folio, event)
    case 'PaymentReconciled':
      return afterReconciliation(folio, event)
    case 'CreditNoteDrafted':
    case 'CreditNoteDraftEdited':
      return withCreditNote(folio, event.data.creditNoteId, {
        status: 'draft',
        content: event.data,
      })
    case 'CreditNoteDraftDiscarded': {
      const { creditNoteId } = event.data
      return withCreditNote(folio, creditNoteId, { status: 'discarded', creditNoteId })
    }
    case 'CreditNotePosted':
      return afterCreditNote(folio, event)
    case 'CreditSettled':
      return afterSettlement(folio, event)
    case 'CreditRefunded':
      return afterRefund(folio, event)
    case 'NumberReleased':
      return folio
  }
}

function withNumbers(numbers: Folio['numbers'], event: FolioEvent): Folio['numbers'] {
  if (event.type === 'NumberReleased') {
    const { series, year, number } = event.data
    return withEntry(numbers, formatNumber(series, year, number), 'released')
  }
  if (!('entry' in event.data)) return numbers
  const standing = withEntry(numbers, event.data.entry.number, 'standing')
  const overpayment = event.type === 'PaymentRegistered' ? event.data.overpayment : undefined
  return overpayment === undefined ? standing : withEntry(standing, overpayment.number, 'standing')
}

function afterPayment(folio: Folio, event: EventOf<'PaymentRegistered'>): Folio {
  const { paymentId, invoiceId, applied, overpayment, direction, party, date } = event.data
  const invoice = postedInvoiceOf(folio, invoiceId, event)
  const paid = withInvoice(folio, invoiceId, withPayment(invoice, applied))
  const payments = withEntry(paid.payments, paymentId, paymentOf(event))
  if (overpayment === undefined) return { ...paid, payments }
  const { documentId, number, amount } = overpayment
  const refunded = zero(amount.currency)
  const credit = { documentId, paymentId, number, direction, party, date, amount, refunded }
  return { ...paid, payments, overpayments: withEntry(paid.overpayments, documentId, credit) }
}

function afterReconciliation(folio: Folio, event: EventOf<'PaymentReconciled'>): Folio {
  const payment = folio.payments.get(event.data.paymentId)
  if (payment?.matching !== 'awaited') throw new CorruptStream(event, 'the payment awaits no match')
  return {
    ...folio,
    reconciliations: folio.reconciliations + 1,
    payments: withEntry(folio.payments, payment.paymentId, { ...payment, matching: 'matched' }),
  }
}

function afterCreditNote(folio: Folio, event: EventOf<'CreditNotePosted'>): Folio {
  const { entry, ...content } = event.data
  const posted = withCreditNote(folio, content.creditNoteId, postedCreditNote(content, entry))
  if (content.invoice === null) return posted
  const invoice = postedInvoiceOf(folio, content.invoice.invoiceId, event)
  return withInvoice(posted, content.invoice.invoiceId, {
    ...invoice,
    creditedGross: plus(invoice.creditedGross, content.totals.gross),
    credited: withCredited(invoice.credited, content.lines, content.prices),
  })
}

function afterSettlement(folio: Folio, event: EventOf<'CreditSettled'>): Folio {
  const { creditNoteId, invoiceId, amount } = event.data
  const note = postedNoteOf(folio, creditNoteId, event)
  const invoice = postedInvoiceOf(folio, invoiceId, event)
  return withInvoice(
    withCreditNote(folio, creditNoteId, { ...note, settled: plus(note.settled, amount) }),
    invoiceId,
    withSettlement(invoice, amount),
  )
}

function afterRefund(folio: Folio, event: EventOf<'CreditRefunded'>): Folio {
  const { documentId, amount, paymentId } = event.data
  const payments = withEntry(folio.payments, paymentId, paymentOf(event))
  const overpayment = folio.overpayments.get(documentId)
  if (overpayment !== undefined) {
    const overpayments = withEntry(folio.overpayments, documentId, withRefund(overpayment, amount))
    return { ...folio, payments, overpayments }
  }
  const note = withRefund(postedNoteOf(folio, documentId, event), amount)
  return { ...withCreditNote(folio, documentId, note), payments }
}

type EventOf<Type extends FolioEvent['type']> = Extract<FolioEvent, { type: Type }>

function postedInvoiceOf(folio: Folio, invoiceId: string, event: FolioEvent): PostedInvoice {
  const invoice = folio.invoices.get(invoiceId)
  if (invoice?.status !== 'posted')
    throw new CorruptStream(event, `invoice ${invoiceId} is not posted`)
  return invoice
}

function postedNoteOf(folio: Folio, creditNoteId: string, event: FolioEvent): PostedCreditNote {
  const note = folio.creditNotes.get(creditNoteId)
  if (note?.status !== 'posted')
    throw new CorruptStream(event, `credit note ${creditNoteId} is not posted`)
  return note
}

function withInvoice(folio: Folio, invoiceId: string, invoice: Invoice): Folio {
  return { ...folio, invoices: withEntry(folio.invoices, invoiceId, invoice) }
}

function withCreditNote(folio: Folio, creditNoteId: string, note: CreditNote): Folio {
  return { ...folio, creditNotes: withEntry(folio.creditNotes, creditNoteId, note) }
}

function withEntry<Value>(
  map: ReadonlyMap<string, Value>,
  key: string,
  value: Value,
): ReadonlyMap<string, Value> {
  return new Map(map).set(key, value)
}
