/** What money in and out books, and the event that says so (J12 to J15, J26, J36 to J38). */
import { booksPart, exchanged } from '../../src/aggregates/amounts.js'
import type { OpenBooks } from '../../src/aggregates/books.js'
import { openDue, type PostedInvoice } from '../../src/aggregates/invoice.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import type { Posting } from '../../src/events/parts.js'
import type { Flow } from '../../src/events/payment-events.js'
import { isZero, minus, type Money, smaller, zero } from '../../src/money/money.js'
import { creditAccount } from '../credit/allocated-credit.js'
import { credit, debit, entryOf } from '../entry.js'
import { withExchangeDifference } from '../exchange.js'
import type { MoneyPlace } from '../money-account.js'
import type { PostingDay } from '../posting-day.js'

/** What is known of a movement of money before it has a number. */
export type Movement = Readonly<{
  paymentId: string
  place: MoneyPlace
  amount: Money
  /** Of the day, in books currency for one unit. */
  rate: string
  date: string
  day: PostingDay
  reference: string | undefined
  online: Readonly<{ gateway: string; transaction: string }> | undefined
}>

type Registered = FactOfType<'PaymentRegistered'>['data']

export function flowOf(direction: 'out' | 'in'): Flow {
  return direction === 'out' ? 'received' : 'paid'
}

/** What every event of a movement says, whatever it is for. */
export function movementData(
  { paymentId, place, amount, rate, date, reference }: Movement,
  { currency }: OpenBooks,
) {
  return {
    paymentId,
    ...place,
    amount,
    ...(amount.currency === currency ? {} : { exchangeRate: rate }),
    date,
    ...(reference === undefined ? {} : { reference }),
  }
}

/** Money for an invoice or bill; what goes beyond the due amount is an overpayment of its own (J15, J37). */
export function registeredPayment(
  movement: Movement,
  invoice: PostedInvoice,
  numbers: Readonly<{ number: string; overpaymentId: string; overpaymentNumber: string }>,
  books: OpenBooks,
): FactOfType<'PaymentRegistered'> {
  const { direction, party, invoiceId } = invoice.content
  const { amount, online, day } = movement
  const applied = smaller(amount, invoice.due)
  const excess = minus(amount, applied)
  const overpayment: Registered['overpayment'] = isZero(excess)
    ? undefined
    : { documentId: numbers.overpaymentId, number: numbers.overpaymentNumber, amount: excess }
  const postings = withExchangeDifference(
    paymentPostings(movement, { invoice, applied, excess, ...numbers }, books),
  )
  return {
    type: 'PaymentRegistered',
    data: {
      ...movementData(movement, books),
      direction,
      flow: flowOf(direction),
      party,
      invoiceId,
      invoiceNumber: invoice.number,
      applied,
      ...(overpayment === undefined ? {} : { overpayment }),
      ...(online === undefined ? {} : { online }),
      entry: entryOf({ books: books.books, number: numbers.number, ...day, postings }),
    },
  }
}

/** J13, J14, J15, J26 for money received; J36, J37 for money paid. */
function paymentPostings(
  { place, amount, rate }: Movement,
  use: Readonly<{
    invoice: PostedInvoice
    applied: Money
    excess: Money
    overpaymentId: string
  }>,
  { currency }: OpenBooks,
): Posting[] {
  const { direction, invoiceId } = use.invoice.content
  const money = { booksAmount: exchanged(amount, rate, currency) }
  const settled = {
    document: invoiceId,
    // What is not due has no figure in books currency either: an invoice of nothing has no posting of its own (J6).
    booksAmount: isZero(use.applied)
      ? zero(currency)
      : booksPart(openDue(use.invoice), use.applied),
  }
  const beyond = {
    document: use.overpaymentId,
    booksAmount: exchanged(use.excess, rate, currency),
  }
  const advances = creditAccount('overpayment', direction)
  return direction === 'out'
    ? [
        debit(place.heldIn, amount, money),
        credit('receivable', use.applied, settled),
        credit(advances, use.excess, beyond),
      ]
    : [
        debit('payable', use.applied, settled),
        debit(advances, use.excess, beyond),
        credit(place.heldIn, amount, money),
      ]
}
