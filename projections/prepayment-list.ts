/** Money that came before an invoice asked for it, or beyond what one asked, and what became of it (L12, L13, L15). */
import type { EventOfType } from '../src/events/ledger-event.js'
import type { OpeningItem } from '../src/events/opening-events.js'
import { prepaymentListTable, type PrepaymentRow } from '../src/read-model/schema.js'
import {
  creditMoves,
  goneCredit,
  isCreditNote,
  wholeCredit,
  withAvailable,
} from './credit-moves.js'
import { sortKeyOf } from './documents.js'
import { needed, projection } from './projection.js'

export const prepaymentList = projection({
  name: 'prepayment_list',
  version: 2,
  table: prepaymentListTable,
  on: {
    ...creditMoves<PrepaymentRow, Readonly<{ documentId: string }>>((documentId) =>
      isCreditNote(documentId) ? null : { documentId },
    ),
    PrepaymentRegistered: {
      rows: ({ data }) => [{ documentId: data.prepayment.documentId }],
      fold: (_row, { data }) =>
        advance({
          ...comeWith(data),
          kind: 'Prepayment',
          ...data.prepayment,
          amount: data.amount,
          orderId: data.order?.orderId ?? null,
          orderNumber: data.order?.number ?? null,
        }),
    },
    PaymentRegistered: {
      rows: ({ data: { overpayment } }) =>
        overpayment === undefined ? [] : [{ documentId: overpayment.documentId }],
      fold: (row, { data }) => {
        const { overpayment } = data
        if (overpayment === undefined) return row ?? null
        return advance({ ...comeWith(data), kind: 'Overpayment', ...overpayment, ...WITHOUT_ORDER })
      },
    },
    OpeningBalancesPosted: {
      rows: ({ data }) =>
        data.items
          .filter(({ kind }) => kind === 'prepayment')
          .map(({ documentId }) => ({ documentId })),
      fold: (row, { data }, { documentId }) => {
        const item = data.items.find((opening) => opening.documentId === documentId)
        return item === undefined ? (row ?? null) : openingAdvance(data.books, item)
      },
    },
    // What had come is gone, and nothing of it can be used any more (J30).
    PaymentReversed: {
      rows: ({ data: { credit } }) => (credit === null ? [] : [{ documentId: credit.documentId }]),
      fold: (row, event, { documentId }) => {
        const found = needed(row, event, `credit ${documentId}`)
        return { ...found, ...goneCredit(found.currency), status: 'Reversed' }
      },
    },
    OrderPlaced: 'ignored',
    OrderImported: 'ignored',
    // Whether the order is cancelled, the list asks the orders.
    OrderCancelled: 'ignored',
    SourceDocumentRecorded: 'ignored',
    InvoiceDrafted: 'ignored',
    InvoiceDraftEdited: 'ignored',
    InvoiceDraftDiscarded: 'ignored',
    InvoicePosted: 'ignored',
    PaymentReconciled: 'ignored',
    CreditNoteDrafted: 'ignored',
    CreditNoteDraftEdited: 'ignored',
    CreditNoteDraftDiscarded: 'ignored',
    CreditNotePosted: 'ignored',
    CreditNoteVoided: 'ignored',
    CreditSettled: 'ignored',
    AllocationRefused: 'ignored',
    NumberReleased: 'ignored',
    BooksOpened: 'ignored',
    AccountOpened: 'ignored',
    AccountClosed: 'ignored',
    NumbersTaken: 'ignored',
    NumberVoided: 'ignored',
    SeriesCheckpointed: 'ignored',
    BillNumberClaimed: 'ignored',
    BillNumberReleased: 'ignored',
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
    // No row of it shows a name.
    SubjectForgotten: 'ignored',
  },
})

type Made = Pick<
  PrepaymentRow,
  | 'documentId'
  | 'books'
  | 'kind'
  | 'direction'
  | 'number'
  | 'party'
  | 'orderId'
  | 'orderNumber'
  | 'date'
  | 'paymentId'
  | 'gateway'
  | 'transaction'
> &
  Readonly<{ amount: OpeningItem['amount'] }>

const WITHOUT_ORDER = { orderId: null, orderNumber: null }

function advance({ amount, ...made }: Made): PrepaymentRow {
  return withAvailable({
    ...made,
    ...amount,
    ...wholeCredit(amount),
    status: 'Open',
    sortKey: sortKeyOf(made.date, made.number, made.documentId),
  })
}

function comeWith(data: EventOfType<'PaymentRegistered' | 'PrepaymentRegistered'>['data']) {
  const { paymentId, direction, party, date, online, entry } = data
  return {
    paymentId,
    direction,
    party,
    date,
    books: entry.books,
    gateway: online?.gateway ?? null,
    transaction: online?.transaction ?? null,
  }
}

function openingAdvance(books: string, item: OpeningItem): PrepaymentRow {
  const { documentId, direction, number, party, documentDate: date, amount } = item
  return advance({
    documentId,
    books,
    kind: 'Prepayment',
    direction,
    number,
    party,
    date,
    amount,
    paymentId: null,
    gateway: null,
    transaction: null,
    ...WITHOUT_ORDER,
  })
}
