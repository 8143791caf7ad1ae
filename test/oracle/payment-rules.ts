/** Money: what it settles, what it brings beyond, what is given back. */
import type { EventOfType } from '../../src/events/ledger-event.js'
import {
  type Both,
  digitsOf,
  exchanged,
  minusBoth,
  NOTHING,
  partOf,
  plusBoth,
  taxOn,
  units,
} from './arithmetic.js'
import { checkTaxPosted } from './deposit-tax.js'
import { type CreditItem, type InvoiceItem, isAsked } from './documents.js'
import type { Parts, Touched } from './parts.js'

type Registered = Readonly<{
  invoice: InvoiceItem | null
  paid: Both
  credit: CreditItem | null
  amount: bigint
  isStoreCredit: boolean
}>

export function createPaymentRules(parts: Parts) {
  const { report, books, numbers, documents, balances, money, funds, approvals, allocations } =
    parts
  const registered = new Map<string, Registered>()

  function register(event: EventOfType<'PaymentRegistered'>): Touched {
    const { data, stream } = event
    const { paymentId, applied, overpayment, amount, entry } = data
    numbers.stand(entry, 'PAY', paymentId)
    const invoice = documents.invoiceOf(data.invoiceId, paymentId)
    const paid = invoice === null ? NOTHING : documents.pay(invoice, units(applied), paymentId)
    const isSame =
      invoice === null ||
      (data.party === invoice.party &&
        data.direction === invoice.direction &&
        amount.currency === invoice.currency)
    if (!isSame)
      report('payment_differs', paymentId, `is of another side or party than ${invoice.id}`)
    let credit: CreditItem | null = null
    if (overpayment !== undefined) {
      const { documentId, number } = overpayment
      numbers.stand({ ...entry, number }, 'OVP', documentId)
      credit = documents.enterCredit({
        ...creditOf(event, overpayment.amount),
        kind: 'overpayment',
        id: documentId,
      })
      if (invoice !== null && invoice.open.amount !== 0n) {
        const sentence = `is made while ${invoice.id} still asks ${invoice.open.amount} units`
        report('overpayment', documentId, sentence)
      }
    }
    const isStoreCredit = data.account === 'store-credit'
    registered.set(paymentId, { invoice, paid, credit, amount: units(amount), isStoreCredit })
    funds.receive(
      { folio: stream, direction: data.direction, currency: amount.currency },
      units(amount),
      isStoreCredit,
    )
    money.register(event)
    balances.post(entry, data.party)
    return [invoice, credit]
  }

  function prepay(event: EventOfType<'PrepaymentRegistered'>): Touched {
    const { data, stream } = event
    const { paymentId, prepayment, amount, entry, tax } = data
    numbers.stand(entry, 'PAY', paymentId)
    numbers.stand({ ...entry, number: prepayment.number }, 'PRE', prepayment.documentId)
    const credit = documents.enterCredit({
      ...creditOf(event, amount),
      kind: 'prepayment',
      id: prepayment.documentId,
      freeTax: checkDepositTax(event),
    })
    if (tax !== undefined) checkTaxPosted(entry, credit, credit.freeTax, report)
    const none = { invoice: null, paid: NOTHING, isStoreCredit: false }
    registered.set(paymentId, { ...none, credit, amount: units(amount) })
    funds.receive(
      { folio: stream, direction: data.direction, currency: amount.currency },
      units(amount),
    )
    money.prepay(event)
    balances.post(entry, data.party)
    return [credit]
  }

  /** The tax within a deposit, where the books are set so (J12). */
  function checkDepositTax(event: EventOfType<'PrepaymentRegistered'>): Both {
    const { paymentId, amount, direction, tax, entry, exchangeRate = '1' } = event.data
    const { depositTax } = books.decidedUnder(event, entry.books).settings
    const isTaxed = depositTax !== null && direction === 'out'
    const right = isTaxed ? taxOn(units(amount), depositTax.ratePercent, 'tax_included') : null
    const said = tax === undefined ? null : units(tax.amount)
    if (said !== right)
      report('deposit_tax', paymentId, `${said ?? 'no'} units of tax, right are ${right ?? 'none'}`)
    const booksDigits = digitsOf(entry.postings[0]?.booksAmount.amount ?? '')
    const whole = { amount: units(amount), books: exchanged(amount, exchangeRate, booksDigits) }
    return said === null ? NOTHING : partOf(whole, said)
  }

  function reverse(event: EventOfType<'PaymentReversed'>): Touched {
    const { paymentId, applied, invoiceId, credit: said, entry, direction, amount } = event.data
    numbers.standJournal(entry, event.stream)
    money.reverse(event)
    balances.post(entry)
    const payment = registered.get(paymentId)
    if (payment === undefined) return []
    const { invoice, paid, credit } = payment
    const isSame =
      (invoice?.id ?? null) === invoiceId &&
      units(applied) === paid.amount &&
      (credit?.id ?? null) === (said?.documentId ?? null) &&
      (credit === null || said === null || units(said.amount) === credit.total)
    if (!isSame)
      report('reversal_differs', paymentId, 'says otherwise what the payment had settled')
    if (invoice !== null) invoice.open = plusBoth(invoice.open, paid)
    if (credit !== null) {
      const isUsed = isAsked(credit) || credit.refunded !== 0n || allocations.holds(credit)
      if (isUsed || credit.open.amount !== credit.total)
        report('reversal_differs', paymentId, `${credit.id} is used and goes`)
      documents.end(credit)
    }
    funds.receive(
      { folio: event.stream, direction, currency: amount.currency },
      -payment.amount,
      payment.isStoreCredit,
    )
    return [invoice, credit]
  }

  function reconcile(event: EventOfType<'PaymentReconciled'>): Touched {
    numbers.stand(event.data.entry, 'JRN', event.data.reconciliationId)
    money.reconcile(event)
    balances.post(event.data.entry)
    return []
  }

  function refund(event: EventOfType<'CreditRefunded'>): Touched {
    const { paymentId, documentId, documentKind, amount, entry, party } = event.data
    numbers.stand(entry, 'PAY', paymentId)
    approvals.paid(documentId, amount)
    const credit = documents.creditOf(documentId, paymentId)
    if (credit !== null) {
      const taken = documents.take(credit, units(amount), paymentId)
      credit.open = minusBoth(credit.open, taken)
      credit.refunded += units(amount)
      documents.checkFree(credit, paymentId)
      checkTaxPosted(entry, credit, taken.tax, report)
      funds.give(credit, units(amount), paymentId)
      if (credit.kind !== documentKind)
        report('refund_differs', paymentId, `calls ${credit.id} a ${documentKind}`)
    }
    money.refund(event, credit)
    balances.post(entry, party)
    return [credit]
  }

  return { register, prepay, reverse, reconcile, refund }
}

/** Booked at the day's rate, like the money that it came with. */
function creditOf(
  { stream, data }: EventOfType<'PaymentRegistered' | 'PrepaymentRegistered'>,
  amount: Readonly<{ amount: string; currency: string }>,
) {
  const { direction, party, date, exchangeRate = '1', entry } = data
  const booksDigits = digitsOf(entry.postings[0]?.booksAmount.amount ?? '')
  return {
    folio: stream,
    books: entry.books,
    direction,
    party,
    currency: amount.currency,
    digits: digitsOf(amount.amount),
    rate: exchangeRate,
    date,
    postingDate: entry.postingDate,
    open: { amount: units(amount), books: exchanged(amount, exchangeRate, booksDigits) },
  }
}
