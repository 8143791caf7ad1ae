/** A refund of a credit, decided and not yet done: by whoever may do it alone, and anew once somebody approved it. */
import { exchanged } from '../../src/aggregates/amounts.js'
import type { Account, OpenBooks } from '../../src/aggregates/books.js'
import {
  type Advance,
  availableCredit,
  type Credit,
  type PostedCreditNote,
} from '../../src/aggregates/credit.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import type { Direction, Entry, Posting } from '../../src/events/parts.js'
import type { CreditKind, Flow } from '../../src/events/payment-events.js'
import { compare, isPositive, minus, type Money } from '../../src/money/money.js'
import type { FolioContext } from '../command.js'
import type { NumberRequest } from '../decision.js'
import { nextPaymentId } from '../document-id.js'
import { credit, debit, entryOf } from '../entry.js'
import { exchangeRate, withExchangeDifference } from '../exchange.js'
import { HAND_ACCOUNT_TYPES, moneyAccount, moneyPlace } from '../money-account.js'
import { movementData } from '../payment/payment-entry.js'
import { askedDay, type PostingDay } from '../posting-day.js'
import type { Refusal } from '../refusal.js'
import { creditPostings, identityOf, partLeaving } from './allocated-credit.js'
import { dateOfCredit } from './allocation-rules.js'
import { moneyExceeded } from './money-in-folio.js'
import { postedCredit } from './posted-credit.js'

/** What is left out is decided by what stands in the folio and the books on the day. */
type AskedRefund = Readonly<{
  documentId: string
  amount?: Money | undefined
  date?: string | undefined
  account?: string | undefined
  exchangeRate?: string | undefined
  reference?: string | undefined
}>

/** One credit document, whatever its kind, as a refund sees it. */
type Refundable = Readonly<{
  credit: Credit
  kind: CreditKind
  direction: Direction
  party: string | null
  instance: string | undefined
  /** Nothing of it is given back before. */
  date: string
  available: Money
  /** Where its money came from, newest first. */
  paidOver: readonly string[]
}>

const REFUNDABLE_KINDS: readonly CreditKind[] = ['credit_note', 'prepayment', 'overpayment']

export type Refund = Readonly<{
  found: Refundable
  amount: Money
  number: NumberRequest
  fact: (number: string) => FactOfType<'CreditRefunded'>
}>

export function refundOf(
  asked: AskedRefund,
  { folio, folioId, books, today }: Pick<FolioContext, 'folio' | 'folioId' | 'books' | 'today'>,
): Refund | Refusal {
  const found = refundableOf(asked.documentId, folio)
  if ('code' in found) return found
  const amount = asked.amount ?? found.available
  const date = asked.date ?? today
  const refusal = refundRefusal(asked, { found, amount, date, today, folio })
  if (refusal !== null) return refusal
  const account = refundAccount(asked, found, books)
  if ('code' in account) return account
  const { currency } = amount
  const rate = exchangeRate({ currency, date, given: asked.exchangeRate }, books)
  if (typeof rate === 'object') return rate
  const day = askedDay(date, books)
  if ('code' in day) return day

  const { direction, party, kind, credit: given, instance } = found
  const flow: Flow = direction === 'out' ? 'paid' : 'received'
  const place = moneyPlace(account, flow)
  const paymentId = nextPaymentId(folioId, folio)
  const reference = asked.reference ?? `REFUND-${given.number}`
  const movement = { paymentId, place, amount, rate, date, day, reference, online: undefined }
  return {
    found,
    amount,
    number: { series: 'PAY', document: paymentId, postingDate: day.postingDate },
    fact: (number) => ({
      type: 'CreditRefunded',
      data: {
        ...movementData(movement, books),
        direction,
        flow,
        party,
        documentId: asked.documentId,
        documentKind: kind,
        documentNumber: given.number,
        ...(instance === undefined ? {} : { instance }),
        remaining: minus(found.available, amount),
        entry: refundEntry(found, { number, day, heldIn: place.heldIn, amount, rate }, books),
      },
    }),
  }
}

/** Only credit notes, prepayments and overpayments, posted; anything else is refused by name (N2). */
function refundableOf(document: string, folio: Folio): Refundable | Refusal {
  const credit = postedCredit(document, folio, (kind) => ({
    code: 'document_not_refundable',
    document,
    kind,
    refundable: REFUNDABLE_KINDS,
  }))
  if ('code' in credit) return credit
  const { kind, direction, party } = identityOf(credit)
  return {
    credit,
    kind,
    direction,
    party,
    date: dateOfCredit(credit),
    available: availableCredit(credit),
    ...('content' in credit ? originOfNote(credit, folio) : originOfAdvance(credit, folio)),
  }
}

type Origin = Pick<Refundable, 'instance' | 'paidOver'>

function originOfNote({ content }: PostedCreditNote, { payments }: Folio): Origin {
  const { invoice, order } = content
  const ofInvoice = [...payments.values()].filter(
    ({ invoiceId, reversed }) =>
      invoiceId !== null && invoiceId === invoice?.invoiceId && !reversed,
  )
  return {
    instance: order?.instance,
    paidOver: ofInvoice.map(({ account }) => account).reverse(),
  }
}

function originOfAdvance({ paymentId }: Advance, { order, payments }: Folio): Origin {
  const payment = paymentId === null ? undefined : payments.get(paymentId)
  const platform = order.status === 'absent' ? null : order.platform
  return {
    instance: platform?.instance,
    paidOver: payment === undefined ? [] : [payment.account],
  }
}

function refundRefusal(
  { documentId }: AskedRefund,
  {
    found,
    amount,
    date,
    today,
    folio,
  }: Readonly<{ found: Refundable; amount: Money; date: string; today: string; folio: Folio }>,
): Refusal | null {
  const { available: remaining, direction } = found
  if (amount.currency !== remaining.currency) {
    return { code: 'currency_differs', expected: remaining.currency, given: amount.currency }
  }
  if (!isPositive(remaining)) {
    return isPositive(amount)
      ? { code: 'refund_exceeds_remaining_credit', remaining, requested: amount }
      : { code: 'nothing_left_to_refund', document: documentId }
  }
  if (!isPositive(amount)) return { code: 'amount_not_positive', amount }
  if (compare(amount, remaining) > 0) {
    return { code: 'refund_exceeds_remaining_credit', remaining, requested: amount }
  }
  const left = moneyExceeded(folio, { documentId, direction }, amount)
  if (left !== null) return { code: 'refund_exceeds_money_received', left, requested: amount }
  if (date < found.date) return { code: 'refund_before_document', documentDate: found.date, date }
  if (date > today) return { code: 'date_in_future', date, today }
  return null
}

/** The named account, or the one that the money came in over; with none to choose from it says what to open (N3). */
function refundAccount(
  { account: asked, exchangeRate: rate }: AskedRefund,
  found: Refundable,
  books: OpenBooks,
): Account | Refusal {
  const terms = {
    books,
    allowed: HAND_ACCOUNT_TYPES,
    currency: found.available.currency,
    isRateGiven: rate !== undefined,
  }
  if (asked !== undefined) return moneyAccount(asked, terms)
  for (const account of found.paidOver) {
    const usable = moneyAccount(account, terms)
    if (!('code' in usable)) return usable
  }
  const candidates = [...books.accounts.keys()].filter(
    (account) => !('code' in moneyAccount(account, terms)),
  )
  return candidates.length === 0
    ? { code: 'no_money_account', create: HAND_ACCOUNT_TYPES }
    : { code: 'account_not_named', allowed: HAND_ACCOUNT_TYPES, candidates }
}

/** J19 and J20 for customers; J39 for suppliers; J40 between the credit's rate and the day's. */
function refundEntry(
  { credit: given, direction }: Refundable,
  refund: Readonly<{
    number: string
    day: PostingDay
    heldIn: string
    amount: Money
    rate: string
  }>,
  books: OpenBooks,
): Entry {
  const { number, day, heldIn, amount, rate } = refund
  const leaving = creditPostings(partLeaving(given, amount))
  const money = { booksAmount: exchanged(amount, rate, books.currency) }
  const postings: Posting[] =
    direction === 'out'
      ? [...leaving, credit(heldIn, amount, money)]
      : [debit(heldIn, amount, money), ...leaving]
  return entryOf({ books: books.books, number, ...day, postings: withExchangeDifference(postings) })
}
