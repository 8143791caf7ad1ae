/**
 * What settles an order's invoice the moment it is posted, in the same append: the store credit and gift certificates
 * that the order was paid with (L18, J26), then the prepayments of the folio, the oldest first (L13, J11).
 */
import { isOneParty } from '../../src/aggregates/books.js'
import type { Advance } from '../../src/aggregates/credit.js'
import { availableCredit } from '../../src/aggregates/credit.js'
import type { Folio } from '../../src/aggregates/folio.js'
import { laterDay } from '../../src/events/day.js'
import type { FactOfType, LedgerFact } from '../../src/events/ledger-event.js'
import { isPositive, minus, type Money, smaller, sum } from '../../src/money/money.js'
import { allocatedCredit, appliedAllocation } from '../credit/allocated-credit.js'
import type { FolioContext } from '../command.js'
import { folioAfter } from '../consequences.js'
import type { NumberRequest } from '../decision.js'
import { nextAllocationId, nextJournalId, nextPaymentId } from '../document-id.js'
import { STORE_CREDIT } from '../money-account.js'
import { registeredPayment } from '../payment/payment-entry.js'
import type { PostingDay } from '../posting-day.js'
import { invoiceOf } from './posted-invoice.js'

/** One event that follows the posting; `request` where it needs a number of its own, else it shares the invoice's. */
type Following = Readonly<{
  request: NumberRequest | null
  fact: (number: string, folio: Folio) => LedgerFact
}>

type Context = Pick<FolioContext, 'folio' | 'folioId' | 'books'>

/** What follows the posting of this invoice on that day; its number may still be provisional. */
export function settledOnPosting(
  posting: FactOfType<'InvoicePosted'>,
  { day, context }: Readonly<{ day: PostingDay; context: Context }>,
): readonly Following[] {
  const { folio } = context
  const { order } = folio
  // The folio of an invoice without an order holds no money that came before it.
  if (order.status === 'absent') return []
  const promised = [order.storeCredit, order.giftCertificates].flatMap((amount) => amount ?? [])
  if (folio.advances.size + promised.length === 0) return []
  const { invoiceId } = posting.data
  const following: Following[] = []
  let next = folioAfter(folio, [posting])
  const follow = (step: Following | null) => {
    if (step === null) return
    following.push(step)
    // Counted among the journals of the folio, so that the next one has an id of its own.
    const series = step.request?.series ?? 'shared'
    next = folioAfter(next, [step.fact(`${series}/provisional`, next)])
  }
  follow(storeCreditSpent(next, { invoiceId, promised }, { day, context }))
  for (const advance of prepaymentsOf(folio)) {
    follow(prepaymentDrawn(next, { invoiceId, advance }, { day, context }))
  }
  return following
}

/** Like a payment out of the liability, as far as the order was paid with it and this invoice asks it. */
function storeCreditSpent(
  folio: Folio,
  { invoiceId, promised }: Readonly<{ invoiceId: string; promised: readonly Money[] }>,
  { day, context }: Readonly<{ day: PostingDay; context: Context }>,
): Following | null {
  const invoice = invoiceOf(folio, invoiceId)
  const amount = smaller(storeCreditLeft(promised, folio, invoice.due.currency), invoice.due)
  if (!isPositive(amount)) return null
  const { folioId, books } = context
  const paymentId = nextPaymentId(folioId, folio)
  return {
    request: { series: 'PAY', document: paymentId, postingDate: day.postingDate },
    fact: (number, before) => {
      const posted = invoiceOf(before, invoiceId)
      const movement = {
        paymentId,
        place: { account: STORE_CREDIT, heldIn: STORE_CREDIT, matching: 'none' },
        amount,
        // The order's own rate: it was paid when the order was placed.
        rate: posted.content.exchangeRate,
        date: day.postingDate,
        day,
        reference: undefined,
        online: undefined,
      } as const
      const numbers = { number, overpaymentId: '', overpaymentNumber: '' }
      return registeredPayment(movement, posted, numbers, books)
    },
  }
}

/** What the order was paid with, less what its invoices took of it. */
function storeCreditLeft(promised: readonly Money[], { payments }: Folio, currency: string): Money {
  const spent = [...payments.values()].flatMap(({ account, reversed, applied }) =>
    account === STORE_CREDIT && !reversed ? [applied] : [],
  )
  return minus(sum(promised, currency), sum(spent, currency))
}

function prepaymentsOf({ advances }: Folio): readonly Advance[] {
  return [...advances.values()]
    .filter(({ kind }) => kind === 'prepayment')
    .sort((a, b) => a.date.localeCompare(b.date))
}

function prepaymentDrawn(
  folio: Folio,
  { invoiceId, advance }: Readonly<{ invoiceId: string; advance: Advance }>,
  { day, context }: Readonly<{ day: PostingDay; context: Context }>,
): Following | null {
  const { folioId, books } = context
  const { due, content } = invoiceOf(folio, invoiceId)
  const isSame =
    advance.direction === content.direction &&
    advance.amount.currency === content.currency &&
    // The order may have changed hands since the money came: then a person says whose it is (L7).
    isOneParty(books, advance.party, content.party)
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
        // As it was before the posting: nothing else of this append draws on it.
        allocatedCredit(advance, allocationId, { amount, books: books.books }),
        invoiceOf(before, invoiceId),
        { number, date: postingDate, ...(own ? { postingDate } : day) },
      ),
  }
}
