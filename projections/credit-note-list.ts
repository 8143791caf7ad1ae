/** Credit notes, linked and ad hoc, with what each has left to refund or allocate (L5, L11, N5). */
import type { EventOfType } from '../src/events/ledger-event.js'
import { isZero, type Money, zero } from '../src/money/money.js'
import { creditNoteListTable, type CreditNoteRow } from '../src/read-model/schema.js'
import { orderColumns, sortKeyOf, subtracted } from './documents.js'
import { needed, projection } from './projection.js'

export const creditNoteList = projection({
  name: 'credit_note_list',
  version: 1,
  table: creditNoteListTable,
  on: {
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
        withStatus({
          ...draft(data),
          number: data.entry.number,
          postingDate: data.entry.postingDate,
          remaining: data.totals.gross.amount,
          sortKey: sortKeyOf(data.documentDate, data.entry.number, data.creditNoteId),
        }),
    },
    CreditSettled: {
      rows: ({ data }) => [{ creditNoteId: data.creditNoteId }],
      fold: (row, event, { creditNoteId }) =>
        drawn(needed(row, event, `credit note ${creditNoteId}`), event.data.amount),
    },
    // Refunds of overpayments and prepayments are none of this list's.
    CreditRefunded: {
      rows: ({ data }) =>
        data.documentKind === 'credit_note' ? [{ creditNoteId: data.documentId }] : [],
      fold: (row, event, { creditNoteId }) =>
        drawn(needed(row, event, `credit note ${creditNoteId}`), event.data.amount),
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
    remaining: zero(data.currency).amount,
    status: 'Draft',
    ...orderColumns(data.order),
    sortKey: sortKeyOf(data.documentDate, null, data.creditNoteId),
  }
}

function drawn(note: CreditNoteRow, amount: Money): CreditNoteRow {
  return withStatus({ ...note, remaining: subtracted(note.remaining, amount) })
}

function withStatus(note: CreditNoteRow): CreditNoteRow {
  const settled = isZero({ amount: note.remaining, currency: note.currency })
  return { ...note, status: settled ? 'Settled' : 'Open' }
}
