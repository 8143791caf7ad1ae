/** M1: customer invoices and vendor bills with their payment state. */
import type { EventOfType } from '../src/events/ledger-event.js'
import type { OpeningItem } from '../src/events/opening-events.js'
import { FORGOTTEN } from '../src/events/personal.js'
import { isZero, type Money, negate, zero } from '../src/money/money.js'
import { invoiceListTable, type InvoiceRow } from '../src/read-model/schema.js'
import { added, forgottenDocuments, orderColumns, sortKeyOf, subtracted } from './documents.js'
import { needed, projection } from './projection.js'

export const invoiceList = projection({
  name: 'invoice_list',
  version: 2,
  table: invoiceListTable,
  on: {
    InvoiceDrafted: {
      rows: ({ data }) => [{ invoiceId: data.invoiceId }],
      fold: (_row, { data }) => draft(data),
    },
    InvoiceDraftEdited: {
      rows: ({ data }) => [{ invoiceId: data.invoiceId }],
      fold: (row, event, { invoiceId }) => {
        needed(row, event, `invoice ${invoiceId}`)
        return draft(event.data)
      },
    },
    InvoiceDraftDiscarded: {
      rows: ({ data }) => [{ invoiceId: data.invoiceId }],
      fold: (row, event, { invoiceId }) => {
        needed(row, event, `invoice ${invoiceId}`)
        return null
      },
    },
    InvoicePosted: {
      rows: ({ data }) => [{ invoiceId: data.invoiceId }],
      fold: (_row, { data }) =>
        withStatus({
          ...draft(data),
          number: data.entry.number,
          sortKey: sortKeyOf(data.documentDate, data.entry.number, data.invoiceId),
        }),
    },
    OpeningBalancesPosted: {
      rows: ({ data }) =>
        data.items
          .filter(({ kind }) => kind === 'invoice')
          .map(({ documentId }) => ({ invoiceId: documentId })),
      fold: (row, { data }, { invoiceId }) => {
        const item = data.items.find(({ documentId }) => documentId === invoiceId)
        return item === undefined ? (row ?? null) : withStatus(opening(data.books, item))
      },
    },
    PaymentRegistered: {
      rows: ({ data }) => [{ invoiceId: data.invoiceId }],
      fold: (row, event, { invoiceId }) => {
        const invoice = needed(row, event, `invoice ${invoiceId}`)
        const { applied, matching, paymentId } = event.data
        // A payment that settles nothing of it, being all beyond what was due, does not bring it back in payment.
        const isAwaited = matching === 'awaited' && !isZero(applied)
        const awaited = isAwaited ? [...invoice.awaited, paymentId] : invoice.awaited
        return withStatus(settled({ ...invoice, awaited }, 'settledByPayment', applied))
      },
    },
    PaymentReconciled: {
      rows: ({ data }) => (data.invoiceId === null ? [] : [{ invoiceId: data.invoiceId }]),
      fold: (row, event, { invoiceId }) => {
        const invoice = needed(row, event, `invoice ${invoiceId}`)
        return withStatus({ ...invoice, awaited: without(invoice.awaited, event.data.paymentId) })
      },
    },
    PaymentReversed: {
      rows: ({ data }) => (data.invoiceId === null ? [] : [{ invoiceId: data.invoiceId }]),
      fold: (row, event, { invoiceId }) => {
        const invoice = needed(row, event, `invoice ${invoiceId}`)
        const awaited = without(invoice.awaited, event.data.paymentId)
        const back = negate(event.data.applied)
        return withStatus(settled({ ...invoice, awaited }, 'settledByPayment', back))
      },
    },
    CreditSettled: {
      rows: ({ data }) => [{ invoiceId: data.invoiceId }],
      fold: (row, event, { invoiceId }) => {
        const invoice = needed(row, event, `invoice ${invoiceId}`)
        return withStatus(settled(invoice, 'settledByCredit', event.data.amount))
      },
    },
    CreditNoteVoided: {
      rows: ({ data }) => (data.invoiceId === null ? [] : [{ invoiceId: data.invoiceId }]),
      fold: (row, event, { invoiceId }) => {
        const invoice = needed(row, event, `invoice ${invoiceId}`)
        return withStatus(settled(invoice, 'settledByCredit', negate(event.data.settled)))
      },
    },
    AllocationApplied: {
      rows: ({ data }) => [{ invoiceId: data.invoiceId }],
      fold: (row, event, { invoiceId }) => {
        const invoice = needed(row, event, `invoice ${invoiceId}`)
        return withStatus(settled(invoice, 'settledByAllocation', event.data.credit.amount))
      },
    },
    AllocationReversed: {
      rows: ({ data }) => [{ invoiceId: data.invoiceId }],
      fold: (row, event, { invoiceId }) => {
        const invoice = needed(row, event, `invoice ${invoiceId}`)
        return withStatus(settled(invoice, 'settledByAllocation', negate(event.data.amount)))
      },
    },
    SubjectForgotten: {
      rows: ({ data }) => forgottenDocuments(data, 'invoice').map((invoiceId) => ({ invoiceId })),
      fold: (row) => (row === undefined ? null : { ...row, billToName: FORGOTTEN }),
    },
    OrderPlaced: 'ignored',
    OrderImported: 'ignored',
    OrderCancelled: 'ignored',
    SourceDocumentRecorded: 'ignored',
    CreditNoteDrafted: 'ignored',
    CreditNoteDraftEdited: 'ignored',
    CreditNoteDraftDiscarded: 'ignored',
    CreditNotePosted: 'ignored',
    // A refund never changes the state of an invoice (V).
    CreditRefunded: 'ignored',
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
    AllocationReserved: 'ignored',
    AllocationRefused: 'ignored',
    AllocationConcluded: 'ignored',
    AllocationReleased: 'ignored',
    RefundApprovalRequested: 'ignored',
    RefundApproved: 'ignored',
    RefundDeclined: 'ignored',
    ShipmentPlanned: 'ignored',
    ShipmentPlanDiscarded: 'ignored',
    DeliveryValidated: 'ignored',
    TrackingAdded: 'ignored',
    PlatformRefundRequested: 'ignored',
    CaptureRequested: 'ignored',
    SyncTaskWithdrawn: 'ignored',
    AttemptStarted: 'ignored',
    AttemptFailed: 'ignored',
    SyncRetried: 'ignored',
    SyncDismissed: 'ignored',
    PlatformRefundSeen: 'ignored',
    PlatformRefundRecorded: 'ignored',
    PlatformRefundPaid: 'ignored',
    PlatformRefundDeclined: 'ignored',
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

type InvoiceData = EventOfType<'InvoiceDrafted'>['data']

function draft(data: InvoiceData): InvoiceRow {
  const nothing = zero(data.currency).amount
  return {
    invoiceId: data.invoiceId,
    books: data.books,
    direction: data.direction,
    number: null,
    billToName: data.billTo?.name ?? null,
    party: data.party,
    invoiceDate: data.documentDate,
    dueDate: data.dueDate,
    currency: data.currency,
    taxExcluded: data.totals.net.amount,
    total: data.totals.gross.amount,
    due: data.totals.gross.amount,
    settledByPayment: nothing,
    settledByCredit: nothing,
    settledByAllocation: nothing,
    awaited: [],
    status: 'Draft',
    supplierReference: data.supplierReference ?? null,
    ...orderColumns(data.order),
    sortKey: sortKeyOf(data.documentDate, null, data.invoiceId),
  }
}

/** What an invoice of the time before still asked when the books were taken over (J42). */
function opening(books: string, item: OpeningItem): InvoiceRow {
  const { documentId, direction, number, party, documentDate, dueDate = documentDate } = item
  const { amount, currency } = item.amount
  const nothing = zero(currency).amount
  return {
    invoiceId: documentId,
    books,
    direction,
    number,
    billToName: null,
    party,
    invoiceDate: documentDate,
    dueDate,
    currency,
    taxExcluded: amount,
    total: amount,
    due: amount,
    settledByPayment: nothing,
    settledByCredit: nothing,
    settledByAllocation: nothing,
    awaited: [],
    status: 'Draft',
    supplierReference: null,
    ...orderColumns(null),
    sortKey: sortKeyOf(documentDate, number, documentId),
  }
}

type Settlement = 'settledByPayment' | 'settledByCredit' | 'settledByAllocation'

/** After so much of it was settled; what is negative is due again. */
function settled(invoice: InvoiceRow, by: Settlement, amount: Money): InvoiceRow {
  return { ...invoice, due: subtracted(invoice.due, amount), [by]: added(invoice[by], amount) }
}

function without(awaited: readonly string[], paymentId: string): readonly string[] {
  return awaited.filter((other) => other !== paymentId)
}

function withStatus(invoice: InvoiceRow): InvoiceRow {
  return { ...invoice, status: paymentState(invoice) }
}

/** V, "Payment state of an invoice". One of total zero asks nothing and is paid at once (L3). */
function paymentState(invoice: InvoiceRow): string {
  const { currency, due, total, settledByPayment, settledByCredit, settledByAllocation, awaited } =
    invoice
  const none = (amount: string) => isZero({ amount, currency })
  if (!none(due)) return due === total ? 'Not Paid' : 'Partially Paid'
  if (awaited.length > 0) return 'In Payment'
  const isPaid = !none(settledByPayment) || !none(settledByAllocation)
  return !isPaid && !none(settledByCredit) ? 'Reversed' : 'Paid'
}
