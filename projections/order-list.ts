/** Orders with their totals and what of them is invoiced (L1, L2). */
import type { EventOfType } from '../src/events/ledger-event.js'
import { zero } from '../src/money/money.js'
import { orderListTable, type OrderRow } from '../src/read-model/schema.js'
import { added, originColumns, sortKeyOf } from './documents.js'
import { needed, projection } from './projection.js'

export const orderList = projection({
  name: 'order_list',
  version: 1,
  table: orderListTable,
  on: {
    OrderPlaced: {
      rows: ({ data }) => [{ orderId: data.orderId }],
      fold: (_row, { data }) => ({
        ...contentColumns(data),
        ...originColumns(null),
        invoiced: nothing(data),
        status: 'Open',
        platformOrderId: null,
        platformStatus: null,
        paymentStatus: null,
      }),
    },
    // Again with each newer state: what the ledger did with the order meanwhile stays.
    OrderImported: {
      rows: ({ data }) => [{ orderId: data.orderId }],
      fold: (row, { data }) => ({
        ...contentColumns(data),
        ...originColumns(data),
        invoiced: row?.invoiced ?? nothing(data),
        status: row?.status ?? 'Open',
        platformOrderId: data.platformOrderId,
        platformStatus: data.status,
        paymentStatus: data.paymentStatus,
      }),
    },
    OrderCancelled: {
      rows: ({ data }) => [{ orderId: data.orderId }],
      fold: (row, event, { orderId }) => ({
        ...needed(row, event, `order ${orderId}`),
        status: 'Cancelled',
      }),
    },
    InvoicePosted: {
      rows: ({ data }) => (data.order === null ? [] : [{ orderId: data.order.orderId }]),
      fold: (row, event, { orderId }) => {
        const order = needed(row, event, `order ${orderId}`)
        return { ...order, invoiced: added(order.invoiced, event.data.totals.gross) }
      },
    },
    SourceDocumentRecorded: 'ignored',
    InvoiceDrafted: 'ignored',
    InvoiceDraftEdited: 'ignored',
    InvoiceDraftDiscarded: 'ignored',
    PaymentRegistered: 'ignored',
    PaymentReconciled: 'ignored',
    CreditNoteDrafted: 'ignored',
    CreditNoteDraftEdited: 'ignored',
    CreditNoteDraftDiscarded: 'ignored',
    CreditNotePosted: 'ignored',
    CreditSettled: 'ignored',
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

type OrderData = EventOfType<'OrderPlaced' | 'OrderImported'>['data']

function contentColumns(data: OrderData) {
  return {
    orderId: data.orderId,
    books: data.books,
    number: data.number,
    orderDate: data.placedOn,
    billToName: data.billTo?.name ?? null,
    party: data.party,
    currency: data.currency,
    total: data.totals.gross.amount,
    sortKey: sortKeyOf(data.placedOn, data.number, data.orderId),
  } satisfies Partial<OrderRow>
}

function nothing({ currency }: OrderData): string {
  return zero(currency).amount
}
