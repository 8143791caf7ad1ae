/** M1: customer invoices and vendor bills with their payment state. */
import type { EventOfType } from '../src/events/ledger-event.js'
import { isZero, zero } from '../src/money/money.js'
import { invoiceListTable, type InvoiceRow } from '../src/read-model/schema.js'
import { added, orderColumns, sortKeyOf, subtracted } from './documents.js'
import { needed, projection } from './projection.js'

export const invoiceList = projection({
  name: 'invoice_list',
  version: 1,
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
    PaymentRegistered: {
      rows: ({ data }) => [{ invoiceId: data.invoiceId }],
      fold: (row, event, { invoiceId }) => {
        const invoice = needed(row, event, `invoice ${invoiceId}`)
        const { applied, matching, paymentId } = event.data
        return withStatus({
          ...invoice,
          due: subtracted(invoice.due, applied),
          settledByPayment: added(invoice.settledByPayment, applied),
          // A payment that settles nothing of it, being all beyond what was due, does not bring it back in payment.
          awaited:
            matching === 'awaited' && !isZero(applied)
              ? [...invoice.awaited, paymentId]
              : invoice.awaited,
        })
      },
    },
    PaymentReconciled: {
      rows: ({ data }) => (data.invoiceId === null ? [] : [{ invoiceId: data.invoiceId }]),
      fold: (row, event, { invoiceId }) => {
        const invoice = needed(row, event, `invoice ${invoiceId}`)
        const awaited = invoice.awaited.filter((paymentId) => paymentId !== event.data.paymentId)
        return withStatus({ ...invoice, awaited })
      },
    },
    CreditSettled: {
      rows: ({ data }) => [{ invoiceId: data.invoiceId }],
      fold: (row, event, { invoiceId }) => {
        const invoice = needed(row, event, `invoice ${invoiceId}`)
        return withStatus({
          ...invoice,
          due: subtracted(invoice.due, event.data.amount),
          settledByCredit: added(invoice.settledByCredit, event.data.amount),
        })
      },
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
    awaited: [],
    status: 'Draft',
    supplierReference: data.supplierReference ?? null,
    ...orderColumns(data.order),
    sortKey: sortKeyOf(data.documentDate, null, data.invoiceId),
  }
}

function withStatus(invoice: InvoiceRow): InvoiceRow {
  return { ...invoice, status: paymentState(invoice) }
}

/** V, "Payment state of an invoice". One of total zero asks nothing and is paid at once (L3). */
function paymentState(invoice: InvoiceRow): string {
  const { currency, due, total, settledByPayment, settledByCredit, awaited } = invoice
  const none = (amount: string) => isZero({ amount, currency })
  if (!none(due)) return due === total ? 'Not Paid' : 'Partially Paid'
  if (awaited.length > 0) return 'In Payment'
  return none(settledByPayment) && !none(settledByCredit) ? 'Reversed' : 'Paid'
}
