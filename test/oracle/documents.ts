/** The documents of the log as the oracle keeps them, from what their own events say; entries are judged against it. */
import type { EventOfType } from '../../src/events/ledger-event.js'
import { digitsOf, units } from './arithmetic.js'
import type { Report } from './report.js'

export type Direction = 'out' | 'in'
type Content = EventOfType<'InvoicePosted'>['data']
type NoteContent = EventOfType<'CreditNotePosted'>['data']

type Common = {
  id: string
  folio: string
  books: string
  direction: Direction
  party: string | null
  currency: string
  digits: number
  /** Before this day nothing may happen to it. */
  date: string
  total: bigint
}
export type InvoiceItem = Common & {
  kind: 'invoice'
  open: bigint
  content: Content
  notes: CreditItem[]
}
export type CreditItem = Common & {
  kind: 'credit_note' | 'overpayment'
  /** The remaining credit. */
  open: bigint
  /** `null` for an ad-hoc note and for an overpayment. */
  invoice: InvoiceItem | null
}
export type Item = InvoiceItem | CreditItem

/** The account that a document's open balance stands on (postings.md, Accounts). */
export function controlAccount({ kind, direction }: Pick<Item, 'kind' | 'direction'>): string {
  if (kind === 'overpayment') {
    return direction === 'out' ? 'customer-prepayments' : 'supplier-prepayments'
  }
  return direction === 'out' ? 'receivable' : 'payable'
}

/** What that account must show for it, debits positive: customers owe invoices, we owe customers credits. */
export function controlBalance({ kind, direction, open }: Item): bigint {
  return (kind === 'invoice') === (direction === 'out') ? open : -open
}

export function createDocuments(report: Report) {
  const items = new Map<string, Item>()
  const invoicesOfFolio = new Map<string, InvoiceItem[]>()

  function enter(item: Item): void {
    if (items.has(item.id)) report('document_twice', item.id, 'was posted before')
    items.set(item.id, item)
  }

  function postInvoice({ data, stream }: EventOfType<'InvoicePosted'>): InvoiceItem {
    const total = units(data.totals.gross)
    const item: InvoiceItem = {
      ...common(data, stream),
      kind: 'invoice',
      id: data.invoiceId,
      total,
      open: total,
      content: data,
      notes: [],
    }
    if (total < 0n) report('total_negative', item.id, `has the total ${data.totals.gross.amount}`)
    enter(item)
    invoicesOfFolio.set(stream, [...(invoicesOfFolio.get(stream) ?? []), item])
    return item
  }

  function postNote({ data, stream }: EventOfType<'CreditNotePosted'>): CreditItem {
    const total = units(data.totals.gross)
    const invoice =
      data.invoice === null ? null : invoiceOf(data.invoice.invoiceId, data.creditNoteId)
    const item: CreditItem = {
      ...common(data, stream),
      kind: 'credit_note',
      id: data.creditNoteId,
      total,
      open: total,
      invoice,
    }
    if (total < 0n) report('total_negative', item.id, `has the total ${data.totals.gross.amount}`)
    enter(item)
    if (invoice !== null) {
      invoice.notes.push(item)
      checkSameSide(item, invoice, report)
    }
    return item
  }

  function overpay(
    event: EventOfType<'PaymentRegistered'>,
    invoice: InvoiceItem | null,
  ): CreditItem | null {
    const { overpayment, entry, direction, party, date } = event.data
    if (overpayment === undefined) return null
    const total = units(overpayment.amount)
    const item: CreditItem = {
      kind: 'overpayment',
      id: overpayment.documentId,
      folio: event.stream,
      books: entry.books,
      direction,
      party,
      currency: overpayment.amount.currency,
      digits: digitsOf(overpayment.amount.amount),
      date,
      total,
      open: total,
      invoice: null,
    }
    if (total <= 0n) report('overpayment', item.id, `has the amount ${overpayment.amount.amount}`)
    if (invoice !== null && invoice.open !== 0n) {
      report('overpayment', item.id, `is made while ${invoice.id} still asks ${invoice.open} units`)
    }
    enter(item)
    return item
  }

  function invoiceOf(id: string, asking: string): InvoiceItem | null {
    const item = items.get(id)
    if (item?.kind === 'invoice') return item
    report('document_missing', id, `is no posted invoice; ${asking} names it`)
    return null
  }

  function creditOf(id: string, asking: string): CreditItem | null {
    const item = items.get(id)
    if (item !== undefined && item.kind !== 'invoice') return item
    report('document_missing', id, `is no posted credit; ${asking} names it`)
    return null
  }

  /** Takes from what is due or remaining; below nothing it never goes. */
  function draw(item: Item, amount: bigint, by: string): void {
    if (amount < 0n) report('amount_negative', by, `takes ${amount} units from ${item.id}`)
    item.open -= amount
    if (item.open < 0n) {
      const rule = item.kind === 'invoice' ? 'due_negative' : 'remaining_negative'
      report(rule, item.id, `${item.open} units after ${by} took ${amount} of ${item.total}`)
    }
  }

  /** L11, at the end of an append: no invoice is due while a note of its own has something left. */
  function checkSettled(folio: string): void {
    for (const { id, open, notes } of invoicesOfFolio.get(folio) ?? []) {
      const left = notes.find((note) => note.open > 0n)
      if (open > 0n && left !== undefined) {
        report('due_beside_credit', id, `asks ${open} units while ${left.id} has ${left.open} left`)
      }
    }
  }

  return {
    items: items as ReadonlyMap<string, Item>,
    folios: invoicesOfFolio as ReadonlyMap<string, InvoiceItem[]>,
    postInvoice,
    postNote,
    overpay,
    invoiceOf,
    creditOf,
    draw,
    checkSettled,
  }
}

function common(data: Content | NoteContent, stream: string) {
  return {
    folio: stream,
    books: data.books,
    direction: data.direction,
    party: data.party,
    currency: data.currency,
    digits: digitsOf(data.totals.gross.amount),
    date: data.documentDate,
  }
}

function checkSameSide(note: CreditItem, invoice: InvoiceItem, report: Report): void {
  if (note.date < invoice.date) {
    report('note_before_invoice', note.id, `is of ${note.date}, ${invoice.id} of ${invoice.date}`)
  }
  for (const field of ['folio', 'books', 'direction', 'party', 'currency'] as const) {
    if (note[field] !== invoice[field]) {
      report(
        'note_differs',
        note.id,
        `has ${field} ${note[field] ?? 'none'}, its invoice ${invoice[field] ?? 'none'}`,
      )
    }
  }
}
