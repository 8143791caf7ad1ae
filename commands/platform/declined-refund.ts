/** What was accepted and then declined: its money is on the gateway's account again, and somebody sees to it (B8, J22). */
import { atPlace } from '../../src/aggregates/at-place.js'
import { availableCredit } from '../../src/aggregates/credit.js'
import { creditIn, type Folio } from '../../src/aggregates/folio.js'
import type { PlatformRefund } from '../../src/aggregates/platform-refund.js'
import { laterDay } from '../../src/events/day.js'
import type { Entry, Posting } from '../../src/events/parts.js'
import type { StoreRefund } from '../../src/events/platform-events.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import { isPositive, type Money, plus, proportion, split, sum } from '../../src/money/money.js'
import type { FolioContext } from '../command.js'
import { folioAfter } from '../consequences.js'
import { identityOf } from '../credit/allocated-credit.js'
import { dateOfCredit } from '../credit/allocation-rules.js'
import { acceptNumbered, type Decision } from '../decision.js'
import { nextJournalId, nextTaskId } from '../document-id.js'
import { entryOf, opposite } from '../entry.js'
import { withExchangeDifference } from '../exchange.js'
import { inSequence, type Step } from '../in-sequence.js'
import { happenedDay } from '../posting-day.js'
import { STORE_CREDIT_PROVIDER } from './place-refund.js'
import { paymentStatusAfter } from './refunded-at-store.js'
import { type ImportedOrder, storeOrderOf } from './store-order.js'

type Payment = StoreRefund['payments'][number]

/** `null`: nothing of it was declined that is not known. */
export function declinedRefund(
  refund: StoreRefund & Readonly<{ declinedMessage: string }>,
  known: PlatformRefund,
  order: ImportedOrder,
  context: FolioContext,
): Decision | null {
  const { folio, folioId, books, today } = context
  const declined = newlyDeclined(refund.payments, known.payments)
  const amount = sum(
    declined.map(({ payment }) => payment.amount),
    refund.amount.currency,
  )
  const { documentId, entry } = known
  const document = documentId === null ? null : creditIn(folio, documentId)
  if (documentId === null || document === null || entry === null || !isPositive(amount)) return null
  const day = happenedDay(laterDay(today, dateOfCredit(document)), books)
  const returned = returnedPostings(entry, { amount, places: declined.map(({ place }) => place) })
  return acceptNumbered(
    [{ series: 'JRN', document: nextJournalId(folioId, folio), postingDate: day.postingDate }],
    (number) => {
      const { kind: documentKind } = identityOf(document)
      const postings = withExchangeDifference(returned)
      const data = {
        taskId: nextTaskId(folioId, folio),
        ...storeOrderOf(order),
        platformRefundId: refund.platformRefundId,
        documentId,
        documentKind,
        documentNumber: document.number,
        declined: amount,
        message: refund.declinedMessage,
        payments: refund.payments,
        remaining: plus(availableCredit(document), amount),
        paymentStatus: '-',
        entry: entryOf({ books: books.books, number, ...day, postings }),
      }
      return [{ type: 'PlatformRefundDeclined', data: withStatus(data, order, folio) }]
    },
  )
}

/** A refund that a person places: what the store has declined of it is booked behind it, for no pull need come again. */
export function placedWithDeclines(
  placed: Decision,
  refund: StoreRefund,
  order: ImportedOrder,
  context: FolioContext,
): Decision {
  const steps: readonly Step[] = [
    () => placed,
    (later) => {
      const known = later.folio.platformRefunds.get(refund.platformRefundId)
      return known === undefined
        ? null
        : declinedRefund({ ...refund, declinedMessage: '' }, known, order, later)
    },
  ]
  return inSequence(steps, context, Number.POSITIVE_INFINITY).decision
}

type Data = FactOfType<'PlatformRefundDeclined'>['data']

function withStatus(data: Data, order: ImportedOrder, folio: Folio): Data {
  const after = folioAfter(folio, [{ type: 'PlatformRefundDeclined', data }])
  return { ...data, paymentStatus: paymentStatusAfter(order, after) }
}

type Declined = Readonly<{ payment: Payment; place: number }>

/** With their places among the payments that went out; a refund's payments stand in the order the store made them. */
function newlyDeclined(now: readonly Payment[], before: readonly Payment[]): readonly Declined[] {
  const online = now
    .map((payment, index) => ({ payment, wasDeclined: before[index]?.isDeclined ?? true }))
    .filter(
      ({ payment }) =>
        !payment.isOffline &&
        payment.provider !== STORE_CREDIT_PROVIDER &&
        // Of nothing there is no posting.
        isPositive(payment.amount),
    )
  return online.flatMap(({ payment, wasDeclined }, place) =>
    payment.isDeclined && !wasDeclined ? [{ payment, place }] : [],
  )
}

/** The opposite of what had left, as it had left: the payments that came back, and their part of the document. */
function returnedPostings(
  { postings }: Entry,
  { amount, places }: Readonly<{ amount: Money; places: readonly number[] }>,
): Posting[] {
  const ofDocument = postings.filter(({ document }) => document !== undefined)
  const ofMoney = postings.filter(({ document }) => document === undefined)
  const whole = sum(
    ofDocument.map((posting) => posting.amount),
    amount.currency,
  )
  const shares = split(
    amount,
    ofDocument.map((posting) => posting.amount.amount),
  )
  const back = ofDocument.map((posting, index) => {
    const share = atPlace(shares, index)
    const part = (money: Money) => proportion(money, amount.amount, whole.amount)
    const { tax } = posting
    return {
      ...posting,
      amount: share,
      booksAmount: part(posting.booksAmount),
      ...(tax === undefined
        ? {}
        : {
            tax: {
              ...tax,
              base: part(tax.base),
              ...(tax.booksBase === undefined ? {} : { booksBase: part(tax.booksBase) }),
            },
          }),
    }
  })
  return opposite([...places.map((place) => atPlace(ofMoney, place)), ...back])
}
