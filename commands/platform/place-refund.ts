/**
 * A refund at the store, on the document that it gives back: its id stands there for good (B4), and what left through a
 * gateway or as store credit is booked (J21, J23). What the store only recorded posts nothing (J24).
 */
import { exchanged } from '../../src/aggregates/amounts.js'
import { availableCredit, type Credit, totalOf } from '../../src/aggregates/credit.js'
import { creditIn, type Folio } from '../../src/aggregates/folio.js'
import { laterDay } from '../../src/events/day.js'
import type { FactOfType, LedgerFact } from '../../src/events/ledger-event.js'
import type { Posting } from '../../src/events/parts.js'
import type { StoreRefund } from '../../src/events/platform-events.js'
import {
  equals,
  isNegative,
  isPositive,
  larger,
  minus,
  type Money,
  plus,
  proportion,
  smaller,
  sum,
  zero,
} from '../../src/money/money.js'
import type { FolioContext } from '../command.js'
import { folioAfter } from '../consequences.js'
import { creditPostings, identityOf, partLeaving } from '../credit/allocated-credit.js'
import { dateOfCredit } from '../credit/allocation-rules.js'
import { accept, acceptNumbered, type Decision } from '../decision.js'
import { nextPlatformRefundId } from '../document-id.js'
import { credit as creditTo, entryOf } from '../entry.js'
import { knownRate, withExchangeDifference } from '../exchange.js'
import { STORE_CREDIT } from '../money-account.js'
import { happenedDay } from '../posting-day.js'
import { clearingAccount } from './clearing-account.js'
import { paymentStatusAfter } from './refunded-at-store.js'
import { type ImportedOrder, storeOrderOf } from './store-order.js'

type Recorded = FactOfType<'PlatformRefundRecorded'>['data']
export type Held = FactOfType<'PlatformRefundSeen'>['data']['held']

type Target = Readonly<{
  documentId: string
  /** What it answers, where it is of our own. */
  taskId: string | null
  knownBy: Recorded['knownBy']
  by?: string
  reason?: string
}>

type Moved = Readonly<{
  online: readonly (readonly [account: string, amount: Money])[]
  storeCredit: Money
}>

/** Or why it cannot be placed there. */
export function placeRefund(
  given: StoreRefund,
  target: Target,
  order: ImportedOrder,
  context: FolioContext,
): Decision | Readonly<{ held: Held }> {
  // It was accepted before it was declined, and is booked so; the decline is booked after it (B8).
  const payments = given.payments.map((payment) => ({ ...payment, isDeclined: false }))
  const refund = { ...given, payments }
  const recorded = recordedRefund(refund, target, order, context.folio)
  const folio = folioAfter(context.folio, [recorded])
  const document = creditIn(folio, target.documentId)
  if (document === null) return { held: 'credit_used' }
  if (!isWhole(refund, document)) return { held: 'amounts_differ' }
  const moved = movedBy(refund, context)
  if (moved === null) return { held: 'no_account' }
  const online = sum(
    moved.online.map(([, amount]) => amount),
    refund.amount.currency,
  )
  const total = plus(online, moved.storeCredit)
  const left = minus(availableCredit(document), total)
  if (isNegative(left) && isPositive(total)) return { held: 'credit_used' }
  const facts = withToBePaid(recorded, left)
  if (!isPositive(total)) return accept(facts)
  const day = happenedDay(dayOf(refund, document, context), context.books)
  return acceptNumbered(
    [
      {
        series: 'PAY',
        document: nextPlatformRefundId(context.folioId, context.folio),
        postingDate: day.postingDate,
      },
    ],
    (number) => {
      const { books } = context
      const leaving = partLeaving(document, total)
      const rate = knownRate({ currency: total.currency, date: refund.createdOn }, books)
      // Where no rate is known, at what it was booked with: what happened outside is never refused.
      const inBooks = (amount: Money) =>
        typeof rate === 'string'
          ? exchanged(amount, rate, books.currency)
          : proportion(leaving.booksAmount, amount.amount, total.amount)
      const postings = withExchangeDifference([
        ...creditPostings(leaving),
        ...moneyPostings(moved, inBooks),
      ])
      const { kind: documentKind } = identityOf(document)
      const paid: LedgerFact = {
        type: 'PlatformRefundPaid',
        data: {
          platformRefundId: refund.platformRefundId,
          books: books.books,
          instance: order.platform.instance,
          orderId: order.orderId,
          documentId: target.documentId,
          documentKind,
          documentNumber: document.number,
          online,
          storeCredit: moved.storeCredit,
          accounts: moved.online.map(([account]) => account),
          remaining: left,
          entry: entryOf({ books: books.books, number, ...day, postings }),
        },
      }
      return [facts, paid]
    },
  )
}

function recordedRefund(
  refund: StoreRefund,
  { documentId, taskId, knownBy, by, reason }: Target,
  order: ImportedOrder,
  folio: Folio,
): FactOfType<'PlatformRefundRecorded'> {
  const document = creditIn(folio, documentId)
  const none = minus(refund.amount, refund.amount)
  const data = {
    ...storeOrderOf(order),
    ...refund,
    taskId,
    documentId,
    documentKind: document === null ? ('credit_note' as const) : identityOf(document).kind,
    documentNumber: document?.number ?? '',
    knownBy,
    by: by ?? null,
    reason: reason ?? null,
    toBePaid: none,
    paymentStatus: '-',
  }
  const after = folioAfter(folio, [{ type: 'PlatformRefundRecorded', data }])
  const paymentStatus = paymentStatusAfter(order, after)
  return { type: 'PlatformRefundRecorded', data: { ...data, paymentStatus } }
}

/** The amounts of one document add up, in one currency. */
function isWhole({ amount, payments }: StoreRefund, document: Credit): boolean {
  const { currency } = totalOf(document)
  const amounts = payments.map((payment) => payment.amount)
  return (
    [amount, ...amounts].every((one) => one.currency === currency) &&
    equals(sum(amounts, currency), amount)
  )
}

/** What the store only recorded is to be paid from here, as far as it was not given back before (B10). */
function withToBePaid(
  recorded: FactOfType<'PlatformRefundRecorded'>,
  left: Money,
): FactOfType<'PlatformRefundRecorded'> {
  const { payments } = recorded.data
  const offline = payments.filter(({ isOffline }) => isOffline).map(({ amount }) => amount)
  const free = larger(left, zero(left.currency))
  const toBePaid = smaller(sum(offline, left.currency), free)
  return { ...recorded, data: { ...recorded.data, toBePaid } }
}

/** What left through gateways, and what went back as store credit; `null`: a gateway has no account. */
function movedBy({ payments, amount }: StoreRefund, context: FolioContext): Moved | null {
  const online: (readonly [string, Money])[] = []
  let storeCredit = minus(amount, amount)
  for (const payment of payments) {
    if (payment.isOffline) continue
    if (payment.provider === STORE_CREDIT_PROVIDER) {
      storeCredit = plus(storeCredit, payment.amount)
      continue
    }
    const account = clearingAccount(payment.provider, context)
    if (account === null) return null
    online.push([account, payment.amount])
  }
  return { online, storeCredit }
}

export const STORE_CREDIT_PROVIDER = 'storecredit'

function moneyPostings(
  { online, storeCredit }: Moved,
  inBooks: (amount: Money) => Money,
): Posting[] {
  return [...online, [STORE_CREDIT, storeCredit] as const].map(([account, amount]) =>
    creditTo(account, amount, { booksAmount: inBooks(amount) }),
  )
}

/** Neither before its document nor after today, whatever the store's clock says. */
function dayOf({ createdOn }: StoreRefund, document: Credit, { today }: FolioContext): string {
  return laterDay(createdOn > today ? today : createdOn, dateOfCredit(document))
}
