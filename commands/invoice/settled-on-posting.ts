/**
 * What settles an order's invoice the moment it is posted, in the same append: the store credit and gift certificates
 * that the order was paid with (L18, J26), then the prepayments of the folio, the oldest first (L13, J11).
 */
import { type OpenBooks, partyStandingFor } from '../../src/aggregates/books.js'
import type { Advance } from '../../src/aggregates/credit.js'
import { availableCredit } from '../../src/aggregates/credit.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import { laterDay } from '../../src/events/day.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { isPositive, minus, type Money, plus, smaller, zero } from '../../src/money/money.js'
import { allocatedCredit, appliedAllocation } from '../credit/allocated-credit.js'
import type { FolioContext } from '../command.js'
import { folioAfter } from '../consequences.js'
import type { NumberRequest } from '../decision.js'
import { nextAllocationId, nextJournalId, nextPaymentId } from '../document-id.js'
import { STORE_CREDIT } from '../money-account.js'
import { registeredPayment } from '../payment/payment-entry.js'
import type { PostingDay } from '../posting-day.js'

/** One event that follows the posting; `request` where it needs a number of its own, else it shares the invoice's. */
type Following = Readonly<{
  request: NumberRequest | null
  fact: (number: string, folio: Folio) => LedgerFact
}>

type Context = Pick<FolioContext, 'folioId' | 'books'>

/** `folio`: after the posting, with this invoice posted on that day. */
export function settledOnPosting(
  folio: Folio,
  invoiceId: string,
  { day, context }: Readonly<{ day: PostingDay; context: Context }>,
): readonly Following[] {
  const following: Following[] = []
  let next = folio
  const follow = (step: Following | null) => {
    if (step === null) return
    following.push(step)
    // Counted among the journals of the folio, so that the next one has an id of its own.
    const series = step.request?.series ?? 'shared'
    next = folioAfter(next, [step.fact(`${series}/provisional`, next)])
  }
  follow(storeCreditSpent(next, invoiceId, { day, context }))
  for (const { documentId } of prepaymentsOf(folio)) {
    follow(prepaymentDrawn(next, { invoiceId, documentId }, { day, context }))
  }
  return following
}

/** Like a payment out of the liability, as far as the order was paid with it and this invoice asks it. */
function storeCreditSpent(
  folio: Folio,
  invoiceId: string,
  { day, context }: Readonly<{ day: PostingDay; context: Context }>,
): Following | null {
  const amount = smaller(
    storeCreditLeft(folio, postedOf(folio, invoiceId)),
    postedOf(folio, invoiceId).due,
  )
  if (!isPositive(amount)) return null
  const { folioId, books } = context
  const paymentId = nextPaymentId(folioId, folio)
  return {
    request: { series: 'PAY', document: paymentId, postingDate: day.postingDate },
    fact: (number, before) => {
      const invoice = postedOf(before, invoiceId)
      const movement = {
        paymentId,
        place: { account: STORE_CREDIT, heldIn: STORE_CREDIT, matching: 'none' },
        amount,
        // The order's own rate: it was paid when the order was placed.
        rate: invoice.content.exchangeRate,
        date: day.postingDate,
        day,
        reference: undefined,
        online: undefined,
      } as const
      const numbers = { number, overpaymentId: '', overpaymentNumber: '' }
      return registeredPayment(movement, invoice, numbers, books)
    },
  }
}

/** What the order was paid with, less what its invoices took of it. */
function storeCreditLeft({ order, payments }: Folio, { content }: PostedInvoice): Money {
  const { currency, direction } = content
  if (order.status === 'absent' || content.order === null || direction === 'in') {
    return zero(currency)
  }
  const used = [order.storeCredit, order.giftCertificates].reduce<Money>(
    (total, amount) => (amount === undefined ? total : plus(total, amount)),
    zero(currency),
  )
  return [...payments.values()]
    .filter(({ account, reversed }) => account === STORE_CREDIT && !reversed)
    .reduce((left, { applied }) => minus(left, applied), used)
}

function prepaymentsOf({ advances }: Folio): readonly Advance[] {
  return [...advances.values()]
    .filter(({ kind }) => kind === 'prepayment')
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
}

function prepaymentDrawn(
  folio: Folio,
  { invoiceId, documentId }: Readonly<{ invoiceId: string; documentId: string }>,
  { day, context }: Readonly<{ day: PostingDay; context: Context }>,
): Following | null {
  const { folioId, books } = context
  const advance = folio.advances.get(documentId)
  const { due, content } = postedOf(folio, invoiceId)
  const isSame =
    advance?.direction === content.direction &&
    advance.amount.currency === content.currency &&
    isOneParty(advance.party, content.party, books)
  if (!isSame) return null
  const amount = smaller(availableCredit(advance), due)
  if (!isPositive(amount)) return null
  const allocationId = nextAllocationId(folioId, folio)
  // Money is not used before it came: then the entry counts on that day, under a number of its own.
  const postingDate = laterDay(day.postingDate, advance.date)
  const own = postingDate !== day.postingDate
  const document = nextJournalId(folioId, folio)
  return {
    request: own ? { series: 'JRN', document, postingDate } : null,
    fact: (number, before) =>
      appliedAllocation(
        allocatedCredit(before.advances.get(documentId) ?? advance, allocationId, {
          amount,
          books: books.books,
        }),
        postedOf(before, invoiceId),
        { number, date: postingDate, ...(own ? { postingDate } : day) },
      ),
  }
}

function postedOf(folio: Folio, invoiceId: string): PostedInvoice {
  const invoice = folio.invoices.get(invoiceId)
  if (invoice?.status !== 'posted') throw new TypeError(`${invoiceId} is not posted`)
  return invoice
}

/** The order may have changed hands since the money came: then it is for a person to say whose it is (L7). */
function isOneParty(left: string | null, right: string | null, books: OpenBooks): boolean {
  if (left === null || right === null) return left === right
  return partyStandingFor(books, left) === partyStandingFor(books, right)
}
