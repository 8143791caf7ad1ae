/** Never more of an order's line on posted invoices than was ordered, less what notes gave free again (L2). */
import type { EventOfType } from '../../src/events/ledger-event.js'
import { isWithin, millionths } from './arithmetic.js'
import type { Report } from './report.js'

type Order = { ordered: bigint[]; invoiced: bigint[]; cancelled: boolean; changes: boolean }

export function createOrders(report: Report) {
  const orders = new Map<string, Order>()
  const notes = new Map<string, EventOfType<'CreditNotePosted'>['data']>()
  /** The order and its line behind each line of an invoice. */
  const sources = new Map<string, { order: Order; lines: (number | undefined)[] }>()

  function feed({
    type,
    data,
  }: EventOfType<'OrderPlaced' | 'OrderImported' | 'OrderCancelled'>): void {
    const known = orders.get(data.orderId)
    if (type === 'OrderCancelled') {
      if (known === undefined)
        report('order_missing', data.orderId, 'is cancelled and was never placed')
      else known.cancelled = true
      return
    }
    if (known !== undefined && type === 'OrderPlaced')
      report('order_twice', data.orderId, 'was placed before')
    orders.set(data.orderId, {
      ordered: data.lines.map(({ quantity }) => millionths(quantity)),
      invoiced: known?.invoiced ?? [],
      cancelled: known?.cancelled ?? false,
      // A platform may take back what was invoiced before (L16).
      changes: known !== undefined,
    })
  }

  function invoice({ data }: EventOfType<'InvoicePosted'>): void {
    const order = data.order === null ? undefined : orders.get(data.order.orderId)
    if (order === undefined) return
    if (order.cancelled)
      report('cancelled_order_invoiced', data.invoiceId, 'its order was cancelled before')
    sources.set(data.invoiceId, { order, lines: data.lines.map(({ orderLine }) => orderLine) })
    for (const { orderLine, quantity } of data.lines) {
      if (orderLine !== undefined) count(order, orderLine, millionths(quantity), data.invoiceId)
    }
  }

  function credit({ data }: EventOfType<'CreditNotePosted'>): void {
    notes.set(data.creditNoteId, data)
    reopen(data, -1n)
  }

  function reopen(data: EventOfType<'CreditNotePosted'>['data'], sign: bigint): void {
    const source = data.invoice === null ? undefined : sources.get(data.invoice.invoiceId)
    if (source === undefined || !data.invoiceableAgain) return
    for (const { invoiceLine, quantity, byAmount } of data.lines) {
      const orderLine = invoiceLine === undefined ? undefined : source.lines[invoiceLine]
      if (orderLine !== undefined && byAmount !== true)
        count(source.order, orderLine, sign * millionths(quantity), data.creditNoteId)
    }
  }

  /** What it gave free again was never taken back (J41). */
  function voidNote({ data }: EventOfType<'CreditNoteVoided'>): void {
    const note = notes.get(data.creditNoteId)
    if (note !== undefined) reopen(note, 1n)
  }

  function count(order: Order, line: number, quantity: bigint, by: string): void {
    const invoiced = (order.invoiced[line] ?? 0n) + quantity
    order.invoiced[line] = invoiced
    if (!order.changes && !isWithin(invoiced, order.ordered[line] ?? 0n)) {
      report(
        'invoiced_beyond_order',
        by,
        `${invoiced} of ${order.ordered[line] ?? 0n} millionths on line ${line}`,
      )
    }
  }

  return {
    feed,
    invoice,
    credit,
    voidNote,
    /** `null` where a platform may have lowered it after the goods left. */
    ordered: (orderId: string, line: number): bigint | null => {
      const order = orders.get(orderId)
      return order === undefined || order.changes ? null : (order.ordered[line] ?? 0n)
    },
  }
}
