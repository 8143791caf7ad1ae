/** Credit notes, linked and ad hoc, with what each has left to refund or allocate (L5, L11, N5). */
import type { EventOfType } from '../src/events/ledger-event.js'
import { FORGOTTEN } from '../src/events/personal.js'
import { larger, minus, type Money, smaller, zero } from '../src/money/money.js'
import { creditNoteListTable, type CreditNoteRow } from '../src/read-model/schema.js'
import {
  also,
  creditMoves,
  goneCredit,
  isCreditNote,
  wholeCredit,
  withAvailable,
} from './credit-moves.js'
import { forgottenDocuments, orderColumns, sortKeyOf, subtracted } from './documents.js'
import { needed, projection } from './projection.js'

/** What becomes of prepayments and overpayments is none of this list's. */
const MOVES = creditMoves<CreditNoteRow, Readonly<{ creditNoteId: string }>>(
  (documentId) => (isCreditNote(documentId) ? { creditNoteId: documentId } : null),
  withToBePaid,
)

export const creditNoteList = projection({
  name: 'credit_note_list',
  version: 3,
  table: creditNoteListTable,
  on: {
    ...MOVES,
    CreditRefunded: also(MOVES.CreditRefunded, (note, { data: { amount } }) => {
      const rest = minus(of(note, note.recordedOnly), amount)
      return withToBePaid({ ...note, recordedOnly: larger(rest, zero(note.currency)).amount })
    }),
    PlatformRefundRequested: also(MOVES.PlatformRefundRequested, (note) => ({
      ...note,
      platformRefundStatus: 'Requested',
    })),
    SyncTaskWithdrawn: also(MOVES.SyncTaskWithdrawn, notRequested),
    SyncDismissed: also(MOVES.SyncDismissed, notRequested),
    AttemptFailed: also(MOVES.AttemptFailed, notRequested),
    PlatformRefundRecorded: also(MOVES.PlatformRefundRecorded, (note, { data }) =>
      withToBePaid({
        ...note,
        platformRefundId: data.platformRefundId,
        platformRefundStatus: 'Recorded',
        recordedOnly: data.toBePaid.amount,
      }),
    ),
    PlatformRefundPaid: also(MOVES.PlatformRefundPaid, (note) => ({
      ...note,
      platformRefundStatus: 'Refunded',
    })),
    PlatformRefundDeclined: also(MOVES.PlatformRefundDeclined, (note) => ({
      ...note,
      platformRefundStatus: 'Declined',
    })),
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
        const remaining = subtracted(note.remaining, event.data.amount)
        return withToBePaid(withAvailable({ ...note, remaining }))
      },
    },
    CreditNoteVoided: {
      rows: ({ data }) => [{ creditNoteId: data.creditNoteId }],
      fold: (row, event, { creditNoteId }) => {
        const note = needed(row, event, `credit note ${creditNoteId}`)
        return withToBePaid({ ...note, ...goneCredit(note.currency), status: 'Voided' })
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
    CaptureRequested: 'ignored',
    AttemptStarted: 'ignored',
    SyncRetried: 'ignored',
    PlatformRefundSeen: 'ignored',
    OrderCaptured: 'ignored',
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
    platformRefundId: null,
    platformRefundStatus: null,
    recordedOnly: zero(data.currency).amount,
    toBePaid: zero(data.currency).amount,
    status: 'Draft',
    ...orderColumns(data.order),
    sortKey: sortKeyOf(data.documentDate, null, data.creditNoteId),
  }
}

/** What the store only recorded is paid from here (B10), as far as the note has anything left. */
function withToBePaid(note: CreditNoteRow): CreditNoteRow {
  const toBePaid = smaller(of(note, note.recordedOnly), of(note, note.remaining))
  return { ...note, toBePaid: toBePaid.amount }
}

/** The task is over and has brought nothing about; what a person lets go after a decline stays declined. */
function notRequested(note: CreditNoteRow): CreditNoteRow {
  return note.platformRefundStatus === 'Requested' ? { ...note, platformRefundStatus: null } : note
}

function of({ currency }: CreditNoteRow, amount: string): Money {
  return { amount, currency }
}
