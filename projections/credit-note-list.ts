/** Credit notes, linked and ad hoc, with what each has left to refund or allocate (L5, L11, N5). */
import type { EventOfType } from '../src/events/ledger-event.js'
import { FORGOTTEN } from '../src/events/personal.js'
import { zero } from '../src/money/money.js'
import { creditNoteListTable, type CreditNoteRow } from '../src/read-model/schema.js'
import {
  creditMoves,
  goneCredit,
  isCreditNote,
  wholeCredit,
  withAvailable,
} from './credit-moves.js'
import { forgottenDocuments, orderColumns, sortKeyOf, subtracted } from './documents.js'
import { needed, projection } from './projection.js'

export const creditNoteList = projection({
  name: 'credit_note_list',
  version: 2,
  table: creditNoteListTable,
  on: {
    // What becomes of prepayments and overpayments is none of this list's.
    ...creditMoves<CreditNoteRow, Readonly<{ creditNoteId: string }>>((documentId) =>
      isCreditNote(documentId) ? { creditNoteId: documentId } : null,
    ),
    CreditNoteDrafted: {
      rows: ({ data }) => [{ creditNoteId: data.creditNoteId }],
      fold: (_row, { data }) => draft(data),
    },
    CreditNoteDraftEdited: {
      rows: ({ data }) => [{ creditNoteId: data.creditNoteId }],
      fold: (row, event, { creditNoteId }) => {
        needed(row, event, `credit note ${creditNoteId}`)
        return draft(event.data)
      },
    },
    CreditNoteDraftDiscarded: {
      rows: ({ data }) => [{ creditNoteId: data.creditNoteId }],
      fold: (row, event, { creditNoteId }) => {
        needed(row, event, `credit note ${creditNoteId}`)
        return null
      },
    },
    CreditNotePosted: {
      rows: ({ data }) => [{ creditNoteId: data.creditNoteId }],
      fold: (_row, { data }) =>
        withAvailable({
          ...draft(data),
          ...wholeCredit(data.totals.gross),
          number: data.entry.number,
          postingDate: data.entry.postingDate,
          sortKey: sortKeyOf(data.documentDate, data.entry.number, data.creditNoteId),
        }),
    },
    CreditSettled: {
      rows: ({ data }) => [{ creditNoteId: data.creditNoteId }],
      fold: (row, event, { creditNoteId }) => {
        const note = needed(row, event, `credit note ${creditNoteId}`)
        return withAvailable({ ...note, remaining: subtracted(note.remaining, event.data.amount) })
      },
    },
    CreditNoteVoided: {
      rows: ({ data }) => [{ creditNoteId: data.creditNoteId }],
      fold: (row, event, { creditNoteId }) => {
        const note = needed(row, event, `credit note ${creditNoteId}`)
        return { ...note, ...goneCredit(note.currency), status: 'Voided' }
      },
    },
    SubjectForgotten: {
      rows: ({ data }) =>
        forgottenDocuments(data, 'credit_note').map((creditNoteId) => ({ creditNoteId })),
      fold: (row) => (row === undefined ? null : { ...row, billToName: FORGOTTEN }),
    },
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
    NumberReleased: 'ignored',
    BooksOpened: 'ignored',
    AccountOpened: 'ignored',
    AccountClosed: 'ignored',
    NumbersTaken: 'ignored',
    NumberVoided: 'ignored',
    SeriesCheckpointed: 'ignored',
    BillNumberClaimed: 'ignored',
    BillNumberReleased: 'ignored',
    PrepaymentRegistered: 'ignored',
    PaymentReversed: 'ignored',
    AllocationRefused: 'ignored',
    OpeningBalancesPosted: 'ignored',
    ShipmentPlanned: 'ignored',
    ShipmentPlanDiscarded: 'ignored',
    DeliveryValidated: 'ignored',
    TrackingAdded: 'ignored',
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
  },
})

/** A draft has no remaining credit: it takes nothing back until it is posted. */
function draft(data: EventOfType<'CreditNoteDrafted'>['data']): CreditNoteRow {
  return {
    creditNoteId: data.creditNoteId,
    books: data.books,
    direction: data.direction,
    number: null,
    invoiceId: data.invoice?.invoiceId ?? null,
    invoiceNumber: data.invoice?.number ?? null,
    billToName: data.billTo?.name ?? null,
    party: data.party,
    documentDate: data.documentDate,
    postingDate: null,
    reason: data.reason,
    currency: data.currency,
    taxExcluded: data.totals.net.amount,
    total: data.totals.gross.amount,
    ...wholeCredit(zero(data.currency)),
    status: 'Draft',
    ...orderColumns(data.order),
    sortKey: sortKeyOf(data.documentDate, null, data.creditNoteId),
  }
}
