/** What was accepted and then declined: its money is on the gateway's account again, and somebody sees to it (B8, J22). */
import { exchanged } from '../../src/aggregates/amounts.js'
import { availableCredit } from '../../src/aggregates/credit.js'
import { creditIn, type Folio } from '../../src/aggregates/folio.js'
import type { PlatformRefund } from '../../src/aggregates/platform-refund.js'
import { laterDay } from '../../src/events/day.js'
import type { StoreRefund } from '../../src/events/platform-events.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import { isPositive, plus, sum } from '../../src/money/money.js'
import type { FolioContext } from '../command.js'
import { folioAfter } from '../consequences.js'
import { creditPostings, identityOf, partLeaving } from '../credit/allocated-credit.js'
import { dateOfCredit } from '../credit/allocation-rules.js'
import { acceptNumbered, type Decision } from '../decision.js'
import { nextJournalId, nextTaskId } from '../document-id.js'
import { debit, entryOf, opposite } from '../entry.js'
import { withExchangeDifference } from '../exchange.js'
import { happenedDay } from '../posting-day.js'
import { clearingAccount } from './clearing-account.js'
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
    declined.map((payment) => payment.amount),
    refund.amount.currency,
  )
  const document = known.documentId === null ? null : creditIn(folio, known.documentId)
  if (!isPositive(amount) || document === null || known.documentId === null) return null
  const { documentId } = known
  const day = happenedDay(laterDay(today, dateOfCredit(document)), books)
  // At the rate that it was booked with: what comes back is what had left.
  const back = opposite(creditPostings(partLeaving(document, amount))).map((posting) => ({
    ...posting,
    booksAmount: exchanged(posting.amount, rateOf(document), books.currency),
  }))
  const money = declined.map((payment) =>
    debit(accountOf(payment, known, context), payment.amount, {
      booksAmount: exchanged(payment.amount, rateOf(document), books.currency),
    }),
  )
  return acceptNumbered(
    [{ series: 'JRN', document: nextJournalId(folioId, folio), postingDate: day.postingDate }],
    (number) => {
      const { kind: documentKind } = identityOf(document)
      const postings = withExchangeDifference([...money, ...back])
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

type Data = FactOfType<'PlatformRefundDeclined'>['data']

function withStatus(data: Data, order: ImportedOrder, folio: Folio): Data {
  const after = folioAfter(folio, [{ type: 'PlatformRefundDeclined', data }])
  return { ...data, paymentStatus: paymentStatusAfter(order, after) }
}

/** Payments of a refund stand in the order in which the store made them. */
function newlyDeclined(now: readonly Payment[], before: readonly Payment[]): readonly Payment[] {
  return now.filter(
    (payment, index) =>
      payment.isDeclined &&
      before[index]?.isDeclined === false &&
      !payment.isOffline &&
      payment.provider !== STORE_CREDIT_PROVIDER,
  )
}

function accountOf(
  { provider }: Payment,
  { accounts }: PlatformRefund,
  context: FolioContext,
): string {
  const [only] = accounts
  return accounts.length === 1 && only !== undefined
    ? only
    : (clearingAccount(provider, context) ?? only ?? '')
}

function rateOf(document: NonNullable<ReturnType<typeof creditIn>>): string {
  return 'content' in document ? document.content.exchangeRate : '1'
}
