/**
 * Credits on other invoices (L7): each reservation is answered once, what is drawn comes back only when nothing of it
 * stands, and the two sides belong together.
 */
import type { AllocatedCredit } from '../../src/events/allocation-events.js'
import type { EventOfType, LedgerEvent } from '../../src/events/ledger-event.js'
import type { Entry } from '../../src/events/parts.js'
import { type Both, minusBoth, NOTHING, plusBoth, units } from './arithmetic.js'
import type { BooksHistory } from './books.js'
import {
  available,
  type CreditItem,
  type Documents,
  type InvoiceItem,
  type Taken,
} from './documents.js'
import { isOpposite } from './entries.js'
import type { FolioFunds } from './funds.js'
import type { Report } from './report.js'

type Allocation = {
  id: string
  credit: CreditItem
  said: AllocatedCredit
  taken: Taken
  /** `null` within one folio: there is no reservation. */
  held: 'reserved' | 'concluded' | 'released' | null
  answer: 'applied' | 'refused' | 'reversed' | null
  invoice: InvoiceItem | null
  paid: Both
  entry: Entry | null
  date: string
}

export function createAllocations(
  report: Report,
  {
    documents,
    books,
    funds,
  }: Readonly<{ documents: Documents; books: BooksHistory; funds: FolioFunds }>,
) {
  const allocations = new Map<string, Allocation>()

  function draw(said: AllocatedCredit, date: string, held: Allocation['held']): Allocation | null {
    const { allocationId: id, amount, remaining } = said
    if (allocations.has(id)) report('allocation_twice', id, 'was drawn before')
    const credit = documents.creditOf(said.documentId, id)
    if (credit === null) return null
    if (units(amount) <= 0n) report('allocation_figures', id, `is ${amount.amount}`)
    const taken = documents.take(credit, units(amount), id)
    if (held !== null) funds.give(credit, units(amount), id)
    const isSame =
      said.direction === credit.direction &&
      said.party === credit.party &&
      said.books === credit.books &&
      amount.currency === credit.currency &&
      said.documentKind === credit.kind
    if (!isSame) report('allocation_differs', id, `does not describe ${credit.id}`)
    checkFigures(said, taken)
    if (units(remaining) !== available(credit))
      report(
        'allocation_figures',
        id,
        `says ${remaining.amount} are left, ${available(credit)} units are`,
      )
    if (date < credit.date)
      report('dated_before', id, `is of ${date}, ${credit.id} of ${credit.date}`)
    const allocation: Allocation = {
      ...{ id, credit, said, taken, held, date },
      ...{ answer: null, invoice: null, paid: NOTHING, entry: null },
    }
    allocations.set(id, allocation)
    return allocation
  }

  function checkFigures(said: AllocatedCredit, taken: Taken): void {
    const tax = said.tax === undefined ? 0n : units(said.tax.amount)
    const booksTax = said.tax === undefined ? 0n : units(said.tax.booksAmount)
    if (tax !== taken.tax.amount || booksTax !== taken.tax.books) {
      const sentence = `${tax} units of tax (${booksTax} in books)`
      report(
        'deposit_tax',
        said.allocationId,
        `${sentence}, right are ${taken.tax.amount} (${taken.tax.books})`,
      )
    }
    if (units(said.booksAmount) !== taken.books)
      report(
        'allocation_figures',
        said.allocationId,
        `${said.booksAmount.amount}, right are ${taken.books} units`,
      )
  }

  function reserve({ data, stream }: EventOfType<'AllocationReserved'>): CreditItem | null {
    const allocation = draw(data.credit, data.date, 'reserved')
    if (allocation !== null && allocation.credit.folio !== stream)
      report('allocation_differs', allocation.id, `is reserved in ${stream}`)
    return allocation?.credit ?? null
  }

  /** Gives the credit and the invoice, with what of each the entry must move. */
  function apply(
    event: EventOfType<'AllocationApplied'>,
    isDrawnOnPosting: boolean,
  ): readonly (CreditItem | InvoiceItem | null)[] {
    const { credit: said, invoiceId, date, due, entry } = event.data
    const id = said.allocationId
    const invoice = documents.invoiceOf(invoiceId, id)
    const credit = documents.creditOf(said.documentId, id)
    const isWithin = credit !== null && credit.folio === event.stream
    const allocation = isWithin ? draw(said, date, null) : (allocations.get(id) ?? null)
    if (allocation === null || credit === null || invoice === null) {
      report('allocation_unreserved', id, 'was never reserved')
      return []
    }
    if (allocation.answer !== null)
      report('allocation_twice', id, `is ${allocation.answer} already`)
    if (allocation.held === 'released') report('allocation_unreserved', id, 'was released before')
    if (JSON.stringify(said) !== JSON.stringify(allocation.said))
      report('allocation_differs', id, 'says something else than its reservation')
    const amount = units(said.amount)
    Object.assign(allocation, { answer: 'applied', invoice, entry, date })
    credit.open = minusBoth(credit.open, allocation.taken)
    documents.checkFree(credit, id)
    allocation.paid = documents.pay(invoice, amount, id)
    if (!isWithin) funds.receive(invoice, amount)
    if (units(due) !== invoice.open.amount)
      report(
        'allocation_figures',
        id,
        `says ${due.amount} are due, ${invoice.open.amount} units are`,
      )
    if (date < invoice.postingDate)
      report('dated_before', id, `is of ${date}, ${invoice.id} of ${invoice.postingDate}`)
    checkMeeting(event, { credit, invoice, isDrawnOnPosting })
    return [credit, invoice]
  }

  /** The same side, currency and party, all merges counted; within one sale without a customer there is only one. */
  function checkMeeting(
    event: LedgerEvent,
    {
      credit,
      invoice,
      isDrawnOnPosting,
    }: Readonly<{ credit: CreditItem; invoice: InvoiceItem; isDrawnOnPosting: boolean }>,
  ): void {
    const party = books.standing(event, credit.books, credit.party)
    // What was paid ahead for an order is for its invoices, whoever they name by now (L13).
    const isOneSale =
      isDrawnOnPosting && credit.kind === 'prepayment' && credit.folio === invoice.folio
    const isSame =
      credit.books === invoice.books &&
      credit.direction === invoice.direction &&
      credit.currency === invoice.currency &&
      (isOneSale || party === books.standing(event, invoice.books, invoice.party)) &&
      (party !== null || credit.folio === invoice.folio) &&
      credit.invoice !== invoice
    if (!isSame) report('allocation_differs', credit.id, `is no credit for ${invoice.id}`)
  }

  function refuse({ data }: EventOfType<'AllocationRefused'>): void {
    const allocation = allocations.get(data.allocationId)
    if (allocation?.held !== 'reserved' || allocation.answer !== null) {
      report('allocation_twice', data.allocationId, 'is refused and waits for no answer')
      return
    }
    allocation.answer = 'refused'
  }

  function conclude({ data }: EventOfType<'AllocationConcluded'>): void {
    const allocation = allocations.get(data.allocationId)
    const isApplied = allocation?.answer === 'applied' || allocation?.answer === 'reversed'
    if (allocation?.held !== 'reserved' || !isApplied || allocation.entry?.number !== data.number) {
      report('allocation_unanswered', data.allocationId, `is concluded as ${data.number}`)
      return
    }
    allocation.held = 'concluded'
  }

  function release({ data }: EventOfType<'AllocationReleased'>): CreditItem | null {
    const allocation = allocations.get(data.allocationId)
    const isHeld = allocation?.held === 'reserved' || allocation?.held === 'concluded'
    if (
      !isHeld ||
      allocation.answer !== data.cause ||
      allocation.said.amount.amount !== data.amount.amount
    ) {
      report('allocation_unanswered', data.allocationId, `is released as ${data.cause}`)
      return null
    }
    allocation.held = 'released'
    funds.give(allocation.credit, -allocation.taken.amount, data.allocationId)
    documents.putBack(allocation.credit, allocation.taken)
    return allocation.credit
  }

  function reverse({
    data,
  }: EventOfType<'AllocationReversed'>): readonly (CreditItem | InvoiceItem)[] {
    const allocation = allocations.get(data.allocationId)
    if (
      allocation?.answer !== 'applied' ||
      allocation.invoice === null ||
      allocation.entry === null
    ) {
      report('allocation_unanswered', data.allocationId, 'is taken back and does not stand')
      return []
    }
    const { credit, invoice, taken, paid, entry, date } = allocation
    allocation.answer = 'reversed'
    if (data.date < date)
      report('dated_before', data.allocationId, `is of ${date}, taken back on ${data.date}`)
    if (!isOpposite(data.entry.postings, entry.postings))
      report(
        'release_differs',
        data.allocationId,
        `${data.entry.number} is not the opposite of ${entry.number}`,
      )
    credit.open = plusBoth(credit.open, taken)
    invoice.open = plusBoth(invoice.open, paid)
    if (allocation.held === null) documents.putBack(credit, taken)
    else funds.receive(invoice, -taken.amount)
    return [credit, invoice]
  }

  return {
    reserve,
    apply,
    refuse,
    conclude,
    release,
    reverse,
    /** Whether anything of the credit lies with other invoices. */
    holds: (credit: CreditItem): boolean =>
      [...allocations.values()].some(
        ({ credit: of, held, answer }) =>
          of === credit &&
          (held === 'reserved' || held === 'concluded' || (held === null && answer === 'applied')),
      ),
    /** Reservations that the other folio, or the own one, has not heard the end of. */
    unfinished: (): string[] =>
      [...allocations.values()].flatMap(({ id, held, answer }) =>
        held === 'reserved' || (held === 'concluded' && answer === 'reversed') ? [id] : [],
      ),
  }
}
