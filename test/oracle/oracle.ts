/**
 * Judges a log by itself (style B21): plain sums of minor units over what the events say, at every position. It imports
 * nothing of the product but the shapes of its events, so it cannot repeat a mistake of what it judges. It takes any
 * log: of the memory adapter, of PostgreSQL, of an import.
 */
import type { StoredEvent } from '../../src/event-store/event-store.js'
import type { EventOfType, LedgerEvent } from '../../src/events/ledger-event.js'
import { createAppends } from './appends.js'
import { units } from './arithmetic.js'
import { createBalances } from './balances.js'
import { createChain } from './chain.js'
import { checkEntry, checkPricing, checkSums } from './content.js'
import { createCrediting } from './crediting.js'
import { createDocuments, type Item } from './documents.js'
import { createMoney } from './money.js'
import { createNumbers } from './numbers.js'
import { createOrders } from './orders.js'
import { createFindings } from './report.js'

export type Oracle = Readonly<{
  /**
   * The next event of the log, judged with every rule that it can break. With the event as it is stored its hash is
   * worked out again too; that takes the bytes, for personal fields are hashed as they are sealed.
   */
  feed(event: LedgerEvent, stored?: StoredEvent): void
  /** Every total at this position: trial balance, control accounts, parties, money. Gives all violations so far. */
  check(): readonly string[]
  /** After the last event. */
  finish(): readonly string[]
  /** Numbers taken that stand on no document and were not given up; after a clean run there is none. */
  unexplainedNumbers(): readonly string[]
  violations: readonly string[]
}>

export function createOracle(): Oracle {
  const { report, at, found } = createFindings()
  const chain = createChain(report)
  const appends = createAppends(report)
  const numbers = createNumbers(report)
  const documents = createDocuments(report)
  const balances = createBalances(report, documents.items)
  const crediting = createCrediting(report)
  const money = createMoney(report, balances)
  const orders = createOrders(report)
  let lastStream: string | null = null

  function feed(event: LedgerEvent, stored?: StoredEvent): void {
    if (appends.feed(event) && lastStream !== null) documents.checkSettled(lastStream)
    at(event)
    lastStream = event.stream
    chain.feed(event, stored)
    for (const item of apply(event)) if (item !== null) balances.checkDocument(item)
  }

  /** Gives the documents whose balance the event moved. */
  function apply(event: LedgerEvent): readonly (Item | null)[] {
    switch (event.type) {
      case 'AccountOpened':
        balances.openAccount(event)
        return []
      case 'NumbersTaken':
      case 'NumberVoided':
      case 'SeriesCheckpointed':
        numbers.feed(event)
        return []
      case 'NumberReleased':
        numbers.release(event)
        return []
      case 'OrderPlaced':
      case 'OrderImported':
      case 'OrderCancelled':
        orders.feed(event)
        return []
      case 'InvoicePosted':
        return postInvoice(event)
      case 'CreditNotePosted':
        return postNote(event)
      case 'CreditSettled':
        return settle(event)
      case 'PaymentRegistered':
        return register(event)
      case 'CreditRefunded':
        return refund(event)
      case 'PaymentReconciled':
        numbers.stand(event.data.entry, 'JRN', event.data.reconciliationId)
        money.reconcile(event)
        balances.post(event.data.entry)
        return []
      case 'BooksOpened':
      case 'AccountClosed':
      case 'SourceDocumentRecorded':
      case 'InvoiceDrafted':
      case 'InvoiceDraftEdited':
      case 'InvoiceDraftDiscarded':
      case 'CreditNoteDrafted':
      case 'CreditNoteDraftEdited':
      case 'CreditNoteDraftDiscarded':
      case 'BillNumberClaimed':
      case 'BillNumberReleased':
        return []
    }
  }

  function postInvoice(event: EventOfType<'InvoicePosted'>): (Item | null)[] {
    const { data } = event
    numbers.stand(data.entry, data.direction === 'out' ? 'INV' : 'BILL', data.invoiceId)
    checkSums(data, data.invoiceId, report)
    checkPricing(data, data.invoiceId, report)
    checkEntry(data, data.invoiceId, 1n, report)
    money.none(data.entry)
    const item = documents.postInvoice(event)
    crediting.postInvoice(item)
    orders.invoice(event)
    balances.post(data.entry, data.party)
    return [item]
  }

  function postNote(event: EventOfType<'CreditNotePosted'>): (Item | null)[] {
    const { data } = event
    numbers.stand(data.entry, data.direction === 'out' ? 'RINV' : 'RBILL', data.creditNoteId)
    checkSums(data, data.creditNoteId, report)
    if (data.invoice === null) checkPricing(data, data.creditNoteId, report)
    checkEntry(data, data.creditNoteId, -1n, report)
    money.none(data.entry)
    const item = documents.postNote(event)
    crediting.postNote(event)
    orders.credit(event)
    balances.post(data.entry, data.party)
    return [item]
  }

  function settle({ data }: EventOfType<'CreditSettled'>): (Item | null)[] {
    const note = documents.creditOf(data.creditNoteId, data.entry.number)
    const invoice = documents.invoiceOf(data.invoiceId, data.entry.number)
    if (note?.kind !== 'credit_note' || note.invoice !== invoice) {
      report(
        'settles_other_invoice',
        data.creditNoteId,
        `settles ${data.invoiceId}, which is not its own`,
      )
    }
    if (units(data.amount) <= 0n)
      report('settlement_amount', data.creditNoteId, `is ${data.amount.amount}`)
    numbers.share(data.entry.number)
    for (const item of [note, invoice]) {
      if (item !== null) documents.draw(item, units(data.amount), data.entry.number)
    }
    money.none(data.entry)
    balances.post(data.entry)
    return [note, invoice]
  }

  function register(event: EventOfType<'PaymentRegistered'>): (Item | null)[] {
    const { data } = event
    numbers.stand(data.entry, 'PAY', data.paymentId)
    const invoice = documents.invoiceOf(data.invoiceId, data.paymentId)
    if (invoice !== null) documents.draw(invoice, units(data.applied), data.paymentId)
    if (
      invoice !== null &&
      (data.party !== invoice.party || data.direction !== invoice.direction)
    ) {
      report('payment_differs', data.paymentId, `is of another side or party than ${invoice.id}`)
    }
    const overpayment = documents.overpay(event, invoice)
    if (data.overpayment !== undefined) {
      numbers.stand(
        { ...data.entry, number: data.overpayment.number },
        'OVP',
        data.overpayment.documentId,
      )
    }
    money.register(event)
    balances.post(data.entry, data.party)
    return [invoice, overpayment]
  }

  function refund(event: EventOfType<'CreditRefunded'>): (Item | null)[] {
    const { data } = event
    numbers.stand(data.entry, 'PAY', data.paymentId)
    const credit = documents.creditOf(data.documentId, data.paymentId)
    if (credit !== null) documents.draw(credit, units(data.amount), data.paymentId)
    if (credit !== null && credit.kind !== data.documentKind) {
      report('refund_differs', data.paymentId, `calls ${credit.id} a ${data.documentKind}`)
    }
    money.refund(event, credit)
    balances.post(data.entry, data.party)
    return [credit]
  }

  function check(): readonly string[] {
    balances.check()
    money.check()
    for (const folio of documents.folios.keys()) {
      if (folio !== appends.openStream()) documents.checkSettled(folio)
    }
    return found
  }

  return {
    feed,
    check,
    finish: () => {
      if (lastStream !== null) documents.checkSettled(lastStream)
      numbers.finish()
      return check()
    },
    unexplainedNumbers: numbers.unexplained,
    violations: found,
  }
}
