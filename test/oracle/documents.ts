/** The documents of the log as the oracle keeps them, from what their own events say; entries are judged against it. */
import type { EventOfType } from '../../src/events/ledger-event.js'
import type { Entry } from '../../src/events/parts.js'
import {
  type Both,
  digitsOf,
  minusBoth,
  NOTHING,
  partOf,
  plusBoth,
  share,
  units,
} from './arithmetic.js'
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
  rate: string
  /** Before this day nothing may happen to it. */
  date: string
  postingDate: string
  total: bigint
  /** Due, or the remaining credit: what its postings must come to. */
  open: Both
}
export type InvoiceItem = Common & {
  kind: 'invoice'
  content: Pick<Content, 'lines' | 'prices' | 'rounding'>
  notes: CreditItem[]
}
/** What left a credit: with the tax of a deposit that went with it (J12). */
export type Taken = Both & Readonly<{ tax: Both }>
export type CreditItem = Common & {
  kind: 'credit_note' | 'prepayment' | 'overpayment'
  /** What of `open` is not reserved for invoices of other folios. */
  free: Both
  /** The tax that was due when a deposit came, as far as it is free. */
  freeTax: Both
  /** What waits for approval. */
  waiting: bigint
  /** What was asked for at a store, and has not ended. */
  underWay: bigint
  refunded: bigint
  settled: bigint
  /** Voided, or its payment reversed. */
  gone: boolean
  /** `null` for an ad-hoc note, a prepayment and an overpayment. */
  invoice: InvoiceItem | null
}
export type Item = InvoiceItem | CreditItem

export type NewCredit = Omit<
  CreditItem,
  | 'total'
  | 'free'
  | 'freeTax'
  | 'waiting'
  | 'underWay'
  | 'refunded'
  | 'settled'
  | 'gone'
  | 'invoice'
> &
  Partial<Pick<CreditItem, 'invoice' | 'freeTax'>>

/** The account that a document's open balance stands on (postings.md, Accounts). */
export function controlAccount({ kind, direction }: Pick<Item, 'kind' | 'direction'>): string {
  if (kind === 'overpayment' || kind === 'prepayment') {
    return direction === 'out' ? 'customer-prepayments' : 'supplier-prepayments'
  }
  return direction === 'out' ? 'receivable' : 'payable'
}

/** What that account must show for it, debits positive: customers owe invoices, we owe customers credits. */
export function controlBalance({ kind, direction, open }: Item): Both {
  return (kind === 'invoice') === (direction === 'out') ? open : minusBoth(NOTHING, open)
}

/** What can still be used of a credit: neither reserved, nor waiting, nor under way. */
export function available({ free, waiting, underWay }: CreditItem): bigint {
  return free.amount - waiting - underWay
}

/** Whether anybody draws on it who has not done so. */
export function isAsked({ waiting, underWay }: CreditItem): boolean {
  return waiting !== 0n || underWay !== 0n
}

/** What an entry opened of a document, as much as the document is (L8). */
export function openedIn(entry: Entry, document: string, isOnDebit: boolean): Both {
  return entry.postings
    .filter((posting) => posting.document === document)
    .reduce<Both>((sum, { side, amount, booksAmount }) => {
      const value = { amount: units(amount), books: units(booksAmount) }
      return (side === 'debit') === isOnDebit ? plusBoth(sum, value) : minusBoth(sum, value)
    }, NOTHING)
}

export function createDocuments(report: Report) {
  const items = new Map<string, Item>()
  const invoicesOfFolio = new Map<string, InvoiceItem[]>()

  function enter<Entered extends Item>(item: Entered): Entered {
    if (items.has(item.id)) report('document_twice', item.id, 'was posted before')
    items.set(item.id, item)
    return item
  }

  function postInvoice({ data, stream }: EventOfType<'InvoicePosted'>): InvoiceItem {
    if (units(data.totals.gross) < 0n)
      report('total_negative', data.invoiceId, `has the total ${data.totals.gross.amount}`)
    const opened = openedIn(data.entry, data.invoiceId, data.direction === 'out')
    return enterInvoice({
      ...common(data, stream),
      kind: 'invoice',
      id: data.invoiceId,
      open: { amount: units(data.totals.gross), books: opened.books },
      content: data,
    })
  }

  function enterInvoice(invoice: Omit<InvoiceItem, 'notes' | 'total'>): InvoiceItem {
    const item = enter({ ...invoice, total: invoice.open.amount, notes: [] })
    invoicesOfFolio.set(item.folio, [...(invoicesOfFolio.get(item.folio) ?? []), item])
    return item
  }

  function postNote({ data, stream }: EventOfType<'CreditNotePosted'>): CreditItem {
    if (units(data.totals.gross) < 0n)
      report('total_negative', data.creditNoteId, `has the total ${data.totals.gross.amount}`)
    const invoice =
      data.invoice === null ? null : invoiceOf(data.invoice.invoiceId, data.creditNoteId)
    const opened = openedIn(data.entry, data.creditNoteId, data.direction === 'in')
    const item = enterCredit({
      ...common(data, stream),
      kind: 'credit_note',
      id: data.creditNoteId,
      open: { amount: units(data.totals.gross), books: opened.books },
      invoice,
    })
    if (invoice !== null) {
      invoice.notes.push(item)
      checkSameSide(item, invoice, report)
    }
    return item
  }

  function enterCredit(credit: NewCredit): CreditItem {
    if (credit.open.amount <= 0n && credit.kind !== 'credit_note')
      report('overpayment', credit.id, `has the amount ${credit.open.amount}`)
    return enter({
      freeTax: NOTHING,
      invoice: null,
      ...credit,
      total: credit.open.amount,
      free: credit.open,
      waiting: 0n,
      underWay: 0n,
      refunded: 0n,
      settled: 0n,
      gone: false,
    })
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

  /** Takes from what an invoice asks; below nothing it never goes. */
  function pay(item: InvoiceItem, amount: bigint, by: string): Both {
    if (amount < 0n) report('amount_negative', by, `takes ${amount} units from ${item.id}`)
    const part = partOf(item.open, amount)
    item.open = minusBoth(item.open, part)
    if (item.open.amount < 0n) {
      const sentence = `${item.open.amount} units after ${by} took ${amount} of ${item.total}`
      report('due_negative', item.id, sentence)
    }
    return part
  }

  /** Takes from what a credit can still give; what waits for approval, or is reserved, is not there for others. */
  function take(item: CreditItem, amount: bigint, by: string): Taken {
    if (amount < 0n) report('amount_negative', by, `takes ${amount} units from ${item.id}`)
    const { free, freeTax } = item
    const taxed =
      amount === free.amount ? freeTax.amount : shareOf(freeTax.amount, amount, free.amount)
    const tax = partOf(freeTax, taxed)
    const part = partOf(free, amount)
    item.free = minusBoth(free, part)
    item.freeTax = minusBoth(freeTax, tax)
    checkFree(item, by)
    return { ...part, tax }
  }

  function checkFree(item: CreditItem, by: string): void {
    if (available(item) >= 0n && item.open.amount >= 0n) return
    const { free, waiting, underWay, total } = item
    const asked = `${waiting} of them waiting and ${underWay} under way`
    const sentence = `${free.amount} units, ${asked}, after ${by}; of ${total}`
    report('remaining_negative', item.id, sentence)
  }

  function putBack(item: CreditItem, taken: Taken): void {
    item.free = plusBoth(item.free, taken)
    item.freeTax = plusBoth(item.freeTax, taken.tax)
  }

  /** A voided note, or what a payment that is reversed had brought. */
  function end(item: CreditItem): void {
    Object.assign(item, { open: NOTHING, free: NOTHING, freeTax: NOTHING, gone: true })
  }

  /** L11, at the end of an append: no invoice is due while a note of its own has something left that is not reserved. */
  function checkSettled(folio: string): void {
    for (const { id, open, notes } of invoicesOfFolio.get(folio) ?? []) {
      const left = notes.find((note) => available(note) > 0n)
      if (open.amount <= 0n || left === undefined) continue
      const sentence = `asks ${open.amount} units while ${left.id} has ${available(left)} left`
      report('due_beside_credit', id, sentence)
    }
  }

  return {
    items: items as ReadonlyMap<string, Item>,
    folios: invoicesOfFolio as ReadonlyMap<string, InvoiceItem[]>,
    postInvoice,
    enterInvoice,
    postNote,
    enterCredit,
    invoiceOf,
    creditOf,
    pay,
    take,
    checkFree,
    putBack,
    end,
    checkSettled,
  }
}

export type Documents = ReturnType<typeof createDocuments>

function shareOf(whole: bigint, part: bigint, of: bigint): bigint {
  return of === 0n ? 0n : share(whole, part, of)
}

function common(data: Content | NoteContent, stream: string) {
  const { documentDate, entry } = data
  return {
    folio: stream,
    books: data.books,
    direction: data.direction,
    party: data.party,
    currency: data.currency,
    digits: digitsOf(data.totals.gross.amount),
    rate: data.exchangeRate,
    date: documentDate > entry.postingDate ? documentDate : entry.postingDate,
    postingDate: entry.postingDate,
  }
}

function checkSameSide(note: CreditItem, invoice: InvoiceItem, report: Report): void {
  for (const field of ['folio', 'books', 'direction', 'party', 'currency', 'rate'] as const) {
    if (note[field] !== invoice[field]) {
      report(
        'note_differs',
        note.id,
        `has ${field} ${note[field] ?? 'none'}, its invoice ${invoice[field] ?? 'none'}`,
      )
    }
  }
}
