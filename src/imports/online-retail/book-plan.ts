/**
 * Carries out an import plan through the ledger's own commands. Every command has a key of its own made from format,
 * number and step, so a second run, or one after a crash, finds what was done and goes on from there.
 */
import { linkedNote } from '../../../commands/credit/credit-note-draft.js'
import { draftCreditNote } from '../../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../../commands/credit/refund-credit.js'
import type { FolioCommand } from '../../../commands/command.js'
import type { Handler } from '../../../commands/handle.js'
import { invoiceOrder } from '../../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../../commands/invoice/post-invoice.js'
import { placeOrder } from '../../../commands/order/place-order.js'
import { recordSourceDocument } from '../../../commands/order/record-source-document.js'
import { registerPayment } from '../../../commands/payment/register-payment.js'
import { type Refusal, REFUSAL_TITLES } from '../../../commands/refusal.js'
import type { SourceDocument } from '../../aggregates/folio.js'
import type { Position } from '../../event-store/event-store.js'
import { inBookingOrder } from './booking-order.js'
import { ImportInterrupted } from './import-interrupted.js'
import type {
  ImportPlan,
  PlannedCredit,
  PlannedDocument,
  PlannedLine,
  PlannedSale,
} from './import-plan.js'
import { folioOf, FORMAT, partyOf } from './names.js'

/** Where the money of all documents came in and went out: the file names no account. */
const ACCOUNT = 'bank'
/** Folios are opened and drafted so many documents ahead; numbers are taken in file order all the same. */
const AHEAD_DOCUMENTS = 32

export type BookingOptions = Readonly<{
  handler: Handler
  books: string
  /** Runs one command, again where the database went away for a while. */
  persist: <Value>(work: () => Promise<Value>) => Promise<Value>
  onDocument?: (done: number) => void
  signal?: AbortSignal
}>

/** A document of the plan that the ledger would not book: nothing of it is in the books under this content. */
export type RefusedByLedger = Readonly<{
  number: string
  reason: 'already_booked_differently' | 'invoice_not_booked' | 'credit_exceeds_invoice'
}>

export type Booked = Readonly<{
  invoices: readonly string[]
  linkedNotes: readonly string[]
  adHocNotes: readonly string[]
  refused: readonly RefusedByLedger[]
  eventsAppended: number
  /** A read that waits for it sees all of the import; `null` where nothing was booked. */
  position: Position | null
}>

/** The ledger refused what the plan says it must accept: somebody else works on the same documents. */
export class ImportRefused extends Error {
  readonly refusal: Refusal
  constructor(number: string, command: string, refusal: Refusal) {
    super(
      `${number}: ${command} was refused: ${REFUSAL_TITLES[refusal.code]} (${JSON.stringify(refusal)})`,
    )
    this.name = 'ImportRefused'
    this.refusal = refusal
  }
}

export async function bookPlan(plan: ImportPlan, options: BookingOptions): Promise<Booked> {
  const booking = new Booking(options)
  const entries = inBookingOrder(plan.entries)
  for (let from = 0; from < entries.length; from += AHEAD_DOCUMENTS) {
    const ahead = entries.slice(from, from + AHEAD_DOCUMENTS)
    // All of them, also when one fails: none may still be at work when the ledger is closed.
    const opened = await Promise.allSettled(ahead.map((entry) => booking.open(entry)))
    for (const [index, outcome] of opened.entries()) {
      if (options.signal?.aborted === true)
        throw new ImportInterrupted(from + index, entries.length)
      if (outcome.status === 'rejected') throw outcome.reason
      await outcome.value()
      options.onDocument?.(from + index + 1)
    }
  }
  return booking.booked()
}

class Booking {
  private readonly options: BookingOptions
  private readonly invoices: string[] = []
  private readonly linkedNotes: string[] = []
  private readonly adHocNotes: string[] = []
  private readonly refused: RefusedByLedger[] = []
  private eventsAppended = 0
  private position: Position | null = null

  constructor(options: BookingOptions) {
    this.options = options
  }

  booked(): Booked {
    const { invoices, linkedNotes, adHocNotes, refused, eventsAppended, position } = this
    return { invoices, linkedNotes, adHocNotes, refused, eventsAppended, position }
  }

  /** All that takes no number, so that it may be done ahead and beside others; then the rest, in its turn. */
  async open(entry: PlannedDocument): Promise<() => Promise<void>> {
    if (entry.kind === 'refused') return () => Promise.resolve()
    if (entry.kind === 'credit') return () => this.bookCredit(entry)
    if (!(await this.record(entry, { linked: [], adHoc: [] }))) return () => Promise.resolve()
    const invoiceId = await this.draftSale(entry)
    return () => this.postSale(entry, invoiceId)
  }

  private async draftSale(sale: PlannedSale): Promise<string> {
    const { number, date, time, customer, country, lines } = sale
    const { books } = this.options
    const { orderId } = await this.must(number, 'order', placeOrder, {
      books,
      number,
      placedOn: date,
      placedAt: `${date}T${time}`,
      party: customer === null ? null : partyOf(books, customer),
      billTo: billTo(customer, country),
      shipTo: null,
      currency: 'GBP',
      prices: 'tax_included',
      lines: lines.map(ledgerLine),
    })
    const { invoiceId } = await this.must(number, 'invoice', invoiceOrder, {
      orderId,
      documentDate: date,
    })
    return invoiceId
  }

  private async postSale(
    { number, date, bookedTotal }: PlannedSale,
    invoiceId: string,
  ): Promise<void> {
    await this.must(number, 'post', postInvoice, { invoiceId })
    await this.must(number, 'pay', registerPayment, {
      invoiceId,
      account: ACCOUNT,
      amount: { amount: bookedTotal, currency: 'GBP' },
      date,
      reference: number,
    })
    this.invoices.push(invoiceId)
  }

  private async bookCredit(credit: PlannedCredit): Promise<void> {
    const { number } = credit
    const reason = await this.notCreditable(credit)
    if (reason !== null) {
      this.refused.push({ number, reason })
      return
    }
    const recorded = await this.record(credit, {
      linked: credit.linked.map(({ invoiceNumber, lines }) => ({
        folio: folioOf(this.options.books, invoiceNumber),
        lines: lines.map(({ invoiceLine, quantity, unitPrice }) => ({
          invoiceLine,
          quantity,
          unitPrice,
        })),
      })),
      adHoc: credit.adHoc.map(ledgerLine),
    })
    if (!recorded) return
    // What was recorded first counts, whatever this file would make of the same document.
    const { source } = await this.options.persist(() =>
      this.options.handler.readFolio(this.folio(number)),
    )
    for (const [index, { folio, lines }] of (source?.linked ?? []).entries()) {
      const note = { invoiceId: invoiceOf(folio), lines }
      this.linkedNotes.push(await this.bookNote(credit, `linked-${index + 1}`, note))
    }
    if (source === null || source.adHoc.length === 0) return
    this.adHocNotes.push(await this.bookNote(credit, 'ad-hoc', this.adHocNote(credit, source)))
  }

  /** Why a note cannot be linked as planned, or `null`. What was recorded of it before counts, whatever is planned now. */
  private async notCreditable({
    number,
    date,
    linked,
  }: PlannedCredit): Promise<RefusedByLedger['reason'] | null> {
    const { books, persist, handler } = this.options
    const read = (of: string) => persist(() => handler.readFolio(this.folio(of)))
    if (linked.length === 0 || (await read(number)).source !== null) return null
    const refused = new Set(this.refused.map((one) => one.number))
    if (linked.some(({ invoiceNumber }) => refused.has(invoiceNumber))) return 'invoice_not_booked'
    for (const { invoiceNumber, lines } of linked) {
      const invoiceId = invoiceOf(folioOf(books, invoiceNumber))
      const invoice = (await read(invoiceNumber)).invoices.get(invoiceId)
      if (invoice?.status !== 'posted') return 'invoice_not_booked'
      // The plan knows of the notes in its own file only; the invoice may have others.
      const terms = { creditNoteId: '', reason: '', documentDate: date, invoiceableAgain: false }
      if ('code' in linkedNote(invoice, lines, terms)) return 'credit_exceeds_invoice'
    }
    return null
  }

  private adHocNote({ customer, country }: PlannedCredit, { adHoc }: SourceDocument) {
    const { books } = this.options
    return {
      books,
      currency: 'GBP',
      prices: 'tax_included',
      party: customer === null ? null : partyOf(books, customer),
      billTo: billTo(customer, country),
      lines: adHoc,
    }
  }

  /** Drafted, posted and refunded on its day. */
  private async bookNote(
    { number, date }: PlannedCredit,
    step: string,
    note: object,
  ): Promise<string> {
    const { creditNoteId: documentId } = await this.must(number, `${step}-draft`, draftCreditNote, {
      ...note,
      documentDate: date,
      reason: `Credit note ${number}`,
    })
    await this.must(number, `${step}-post`, postCreditNote, { creditNoteId: documentId })
    await this.must(number, `${step}-refund`, refundCredit, {
      documentId,
      account: ACCOUNT,
      date,
      reference: number,
    })
    return documentId
  }

  /** False where a document of this number is in the books with other content. */
  private async record(
    { number, fingerprint }: PlannedDocument,
    { linked, adHoc }: Pick<SourceDocument, 'linked' | 'adHoc'>,
  ): Promise<boolean> {
    const { books, persist, handler } = this.options
    const input = { books, format: FORMAT, number, fingerprint, linked, adHoc }
    // The fingerprint is in the key: a repeat with the same content may plan otherwise and is still a repeat.
    const caller = this.caller(number, `source-${fingerprint}`)
    const known = await persist(() => handler.readFolio(this.folio(number)))
    if (known.source?.fingerprint === fingerprint) return true
    const outcome = await persist(() => handler.folio(recordSourceDocument, input, caller))
    if (outcome.outcome === 'accepted') {
      this.eventsAppended += outcome.appended
      return true
    }
    if (outcome.outcome === 'refused' && outcome.refusal.code === 'already_booked_differently') {
      this.refused.push({ number, reason: 'already_booked_differently' })
      return false
    }
    throw unexpected(number, recordSourceDocument.name, outcome)
  }

  private async must<Answer>(
    number: string,
    step: string,
    command: FolioCommand<FolioCommand['input'], Answer>,
    input: unknown,
  ): Promise<NonNullable<Answer>> {
    const { persist, handler } = this.options
    const outcome = await persist(() => handler.folio(command, input, this.caller(number, step)))
    if (outcome.outcome !== 'accepted' || outcome.answer === null || outcome.answer === undefined) {
      throw unexpected(number, command.name, outcome)
    }
    this.eventsAppended += outcome.appended
    if (outcome.position !== null && (this.position === null || outcome.position > this.position)) {
      this.position = outcome.position
    }
    return outcome.answer
  }

  private caller(number: string, step: string) {
    const key = `import:${FORMAT}:${number}:${step}`
    return {
      principal: 'import',
      key,
      correlation: `import:${FORMAT}:${number}`,
      folio: this.folio(number),
    }
  }

  private folio(number: string): string {
    return folioOf(this.options.books, number)
  }
}

/** An imported sale has one invoice. */
function invoiceOf(folio: string): string {
  return `${folio}-i1`
}

/** The file names no person; the country stays where there is no customer either, for tax reports need it. */
function billTo(customer: string | null, country: string) {
  return customer === null ? { country } : { name: `Customer ${customer}`, country }
}

function ledgerLine({ kind, stockCode, description, quantity, unitPrice, tax }: PlannedLine) {
  return { kind, sku: stockCode, description, quantity, unitPrice, tax }
}

function unexpected(number: string, command: string, outcome: object): Error {
  if ('refusal' in outcome) return new ImportRefused(number, command, outcome.refusal as Refusal)
  return new Error(`${number}: ${command} was not understood: ${JSON.stringify(outcome)}`)
}
