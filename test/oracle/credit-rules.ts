/** Documents: what is posted, what settles its own invoice, what is taken back, what was there before. */
import type { EventOfType, LedgerEvent } from '../../src/events/ledger-event.js'
import type { Entry } from '../../src/events/parts.js'
import { digitsOf, exchanged, minusBoth, NOTHING, plusBoth, units } from './arithmetic.js'
import { type Booking, checkDiscounts, checkEntry, checkPricing, checkSums } from './content.js'
import { type CreditItem, type InvoiceItem, isAsked } from './documents.js'
import { checkRate, isOpposite } from './entries.js'
import type { Parts, Touched } from './parts.js'

type Dates = Readonly<{ documentDate: string; postingDate: string }>

/** Each side is rounded once and shared out to the unit. */
const UNITS_OFF_MAX = 2n

export function createCreditRules(parts: Parts) {
  const { report, books, numbers, documents, balances, crediting, money, orders, allocations } =
    parts
  const entries = new Map<string, Entry[]>()
  const bookings = new Map<string, Booking>()
  const settled = new Map<string, bigint>()
  const invoiceDates = new Map<string, Dates>()

  function bookingUnder(event: LedgerEvent, slug: string): Booking {
    const { giftCertificates } = books.decidedUnder(event, slug).settings
    return { giftCertificates, discountsApart: false }
  }

  function postInvoice(event: EventOfType<'InvoicePosted'>): Touched {
    const { data } = event
    const { invoiceId, direction, entry, lines } = data
    numbers.stand(entry, direction === 'out' ? 'INV' : 'BILL', invoiceId)
    checkSums(data, invoiceId, report)
    checkPricing(data, invoiceId, report)
    checkDiscounts(data, books.decidedUnder(event, data.books).settings.discounts, report)
    const booking = bookingUnder(event, data.books)
    checkEntry(data, invoiceId, 1n, booking, report)
    checkRate(entry, data.exchangeRate, UNITS_OFF_MAX, report)
    const discountsApart = lines.some(({ discountNet }) => discountNet !== undefined)
    const isLiability = entry.postings.some(({ account }) => account === 'store-credit')
    const giftCertificates = isLiability ? 'multi_purpose' : 'single_purpose'
    invoiceDates.set(invoiceId, { documentDate: data.documentDate, postingDate: entry.postingDate })
    bookings.set(invoiceId, { giftCertificates, discountsApart })
    money.sell(entry, soldIn(data, booking))
    const item = documents.postInvoice(event)
    crediting.postInvoice(item, entry)
    orders.invoice(event)
    balances.post(entry, data.party)
    return [item]
  }

  function postNote(event: EventOfType<'CreditNotePosted'>): Touched {
    const { data } = event
    const { creditNoteId, direction, entry, documentDate } = data
    numbers.stand(entry, direction === 'out' ? 'RINV' : 'RBILL', creditNoteId)
    checkSums(data, creditNoteId, report)
    if (data.invoice === null) checkPricing(data, creditNoteId, report)
    const item = documents.postNote(event)
    const { invoice } = item
    const booking =
      invoice === null ? bookingUnder(event, data.books) : (bookings.get(invoice.id) ?? NET)
    checkEntry(data, creditNoteId, -1n, booking, report)
    // What it takes back of each account is in proportion to what is left there.
    const unitsMax = invoice === null ? UNITS_OFF_MAX : BigInt(entry.postings.length) * 2n + 4n
    checkRate(entry, data.exchangeRate, unitsMax, report)
    money.sell(entry, -soldIn(data, booking))
    const dates = invoice === null ? undefined : invoiceDates.get(invoice.id)
    if (dates !== undefined)
      checkNotBefore(item.id, { documentDate, postingDate: entry.postingDate }, dates)
    crediting.postNote(event)
    orders.credit(event)
    balances.post(entry, data.party)
    entries.set(creditNoteId, [entry])
    return [item]
  }

  /** Neither by its own date nor by the day it counts for (L21). */
  function checkNotBefore(id: string, note: Dates, invoice: Dates): void {
    if (note.documentDate >= invoice.documentDate && note.postingDate >= invoice.postingDate) return
    const said = `is of ${note.documentDate}, posted ${note.postingDate}`
    report(
      'note_before_invoice',
      id,
      `${said}; its invoice ${invoice.documentDate}, ${invoice.postingDate}`,
    )
  }

  function settle({ data, stream }: EventOfType<'CreditSettled'>): Touched {
    const { creditNoteId, invoiceId, amount, entry } = data
    const note = documents.creditOf(creditNoteId, entry.number)
    const invoice = documents.invoiceOf(invoiceId, entry.number)
    if (note?.kind !== 'credit_note' || note.invoice !== invoice) {
      report('settles_other_invoice', creditNoteId, `settles ${invoiceId}, which is not its own`)
    }
    if (units(amount) <= 0n) report('settlement_amount', creditNoteId, `is ${amount.amount}`)
    numbers.share(entry, stream)
    if (note !== null) draw(note, units(amount), entry.number)
    const paid = invoice === null ? NOTHING : documents.pay(invoice, units(amount), entry.number)
    settled.set(creditNoteId, (settled.get(creditNoteId) ?? 0n) + paid.books)
    for (const item of [note, invoice]) checkDated(entry, item)
    entries.get(creditNoteId)?.push(entry)
    money.none(entry)
    balances.post(entry)
    return [note, invoice]
  }

  function draw(note: CreditItem, amount: bigint, by: string): void {
    const taken = documents.take(note, amount, by)
    note.open = minusBoth(note.open, taken)
    note.settled += amount
  }

  function checkDated({ number, postingDate }: Entry, item: InvoiceItem | CreditItem | null): void {
    if (item !== null && postingDate < item.postingDate)
      report('dated_before', number, `is of ${postingDate}, ${item.id} of ${item.postingDate}`)
  }

  /** J41: only of a note on which nothing hangs. */
  function voidNote(event: EventOfType<'CreditNoteVoided'>): Touched {
    const { creditNoteId, invoiceId, settled: said, entry } = event.data
    numbers.standJournal(entry, event.stream)
    const note = documents.creditOf(creditNoteId, entry.number)
    if (note === null) return []
    const { invoice } = note
    const isUsed = isAsked(note) || note.refunded !== 0n || allocations.holds(note)
    if (note.gone || isUsed)
      report('void_in_use', creditNoteId, 'is voided while something hangs on it')
    const own = entries.get(creditNoteId) ?? []
    const standing = own.flatMap(({ postings }) => postings)
    const isSame = units(said) === note.settled && (invoice?.id ?? null) === invoiceId
    if (!isOpposite(entry.postings, standing) || !isSame)
      report('void_differs', creditNoteId, `${entry.number} is not the opposite of what it booked`)
    checkDated(entry, note)
    if (invoice !== null) {
      const back = { amount: note.settled, books: settled.get(creditNoteId) ?? 0n }
      invoice.open = plusBoth(invoice.open, back)
    }
    documents.end(note)
    crediting.voidNote(event)
    orders.voidNote(event)
    money.takeBack(entry)
    balances.post(entry)
    return [note, invoice]
  }

  /** J42: items with the numbers they have had, under one entry. */
  function open({ data, stream }: EventOfType<'OpeningBalancesPosted'>): Touched {
    const { items, entry, date } = data
    numbers.standJournal(entry, stream)
    const opened = items.map((item) => {
      const {
        documentId: id,
        kind,
        direction,
        party,
        amount,
        exchangeRate: rate,
        documentDate,
      } = item
      const common = {
        ...{
          id,
          folio: stream,
          books: data.books,
          direction,
          party,
          rate,
          date: documentDate,
          postingDate: documentDate,
        },
        currency: amount.currency,
        digits: digitsOf(amount.amount),
        open: {
          amount: units(amount),
          books: exchanged(amount, rate, digitsOf(item.booksAmount.amount)),
        },
      }
      const isWrong = documentDate > date || units(amount) <= 0n
      if (isWrong || units(item.booksAmount) !== common.open.books)
        report(
          'opening_items',
          id,
          `${amount.amount} of ${documentDate} as ${item.booksAmount.amount}`,
        )
      if (kind === 'prepayment') {
        const credit = documents.enterCredit({ ...common, kind })
        parts.funds.receive(credit, credit.total)
        return credit
      }
      const invoice = documents.enterInvoice({
        ...common,
        kind: 'invoice',
        content: openingContent(item),
      })
      invoiceDates.set(id, { documentDate, postingDate: documentDate })
      crediting.openInvoice(invoice)
      return invoice
    })
    money.open(entry)
    balances.post(entry)
    return opened
  }

  return { postInvoice, postNote, settle, voidNote, open }
}

const NET: Booking = { giftCertificates: 'multi_purpose', discountsApart: false }

/** Gift certificates that are owed from now on (J5). */
function soldIn(
  { direction, lines }: EventOfType<'InvoicePosted' | 'CreditNotePosted'>['data'],
  { giftCertificates }: Booking,
): bigint {
  if (direction === 'in' || giftCertificates === 'single_purpose') return 0n
  return (lines as readonly { kind: string; net: { amount: string; currency: string } }[])
    .filter(({ kind }) => kind === 'gift_certificate')
    .reduce((sum, { net }) => sum + units(net), 0n)
}

/** Nobody knows its lines any more: it is one, without tax. */
function openingContent({
  amount,
  number,
}: EventOfType<'OpeningBalancesPosted'>['data']['items'][number]): InvoiceItem['content'] {
  const { currency } = amount
  const line = {
    kind: 'opening' as const,
    description: number,
    quantity: '1',
    unitPrice: amount.amount.includes('.') ? amount.amount.replace(/\.?0+$/, '') : amount.amount,
    tax: { code: 'opening', ratePercent: '0' },
    net: amount,
    taxAmount: { amount: '0', currency },
    gross: amount,
  }
  return { lines: [line], prices: 'tax_excluded', rounding: 'per_line' }
}
