/**
 * L12 over a whole folio: money given back on linked notes, prepayments and overpayments never exceeds the money
 * received and the credits allocated into it. A reversed payment can leave less than what its notes gave back.
 */
import { creditIn, type Folio } from '../../src/aggregates/folio.js'
import { isOpen } from '../../src/aggregates/sync-task.js'
import type { Direction } from '../../src/events/parts.js'
import { compare, minus, type Money, sum } from '../../src/money/money.js'
import { STORE_CREDIT } from '../money-account.js'

type Of = Readonly<{ direction: Direction; currency: string }>

/** The money left where so much of a credit would be more than that; `null`: it may leave. */
export function moneyExceeded(
  folio: Folio,
  { documentId, direction }: Readonly<{ documentId: string; direction: Direction }>,
  amount: Money,
): Money | null {
  if (!isBound(folio, documentId)) return null
  const left = moneyLeftIn(folio, { direction, currency: amount.currency })
  return compare(amount, left) > 0 ? left : null
}

/** What can still be given back, below zero where more was; what waits or is reserved counts as given. */
export function moneyLeftIn(folio: Folio, of: Of): Money {
  return minus(moneyReceived(folio, of), moneyGiven(folio, of))
}

function moneyReceived(folio: Folio, { direction, currency }: Of): Money {
  const inflow = direction === 'out' ? 'received' : 'paid'
  const paid = [...folio.payments.values()]
    // Store credit is no money: what was paid with it goes back to it (J23).
    .filter(
      ({ documentId, reversed, flow, account }) =>
        documentId === null && !reversed && flow === inflow && account !== STORE_CREDIT,
    )
    .map(({ amount }) => amount)
  const taken = [...folio.advances.values()]
    .filter((advance) => advance.paymentId === null && advance.direction === direction)
    .map(({ amount }) => amount)
  const allocated = [...folio.allocations.values()].flatMap(({ state, documentId }) =>
    state.at === 'applied' &&
    state.credit.direction === direction &&
    creditIn(folio, documentId) === null
      ? [state.credit.amount]
      : [],
  )
  return total([...paid, ...taken, ...allocated], currency)
}

function moneyGiven(folio: Folio, { direction, currency }: Of): Money {
  const outflow = direction === 'out' ? 'paid' : 'received'
  const refunded = [...folio.payments.values()].flatMap(({ documentId, flow, amount }) =>
    documentId !== null && flow === outflow && isBound(folio, documentId) ? [amount] : [],
  )
  const waiting = [...folio.approvals.values()].flatMap(({ status, request }) =>
    status === 'waiting' && request.direction === direction && isBound(folio, request.documentId)
      ? [request.amount]
      : [],
  )
  const away = [...folio.allocations.values()].flatMap(({ state, documentId }) =>
    (state.at === 'reserved' || state.at === 'concluded') &&
    state.credit.direction === direction &&
    isBound(folio, documentId)
      ? [state.credit.amount]
      : [],
  )
  const atStore = direction === 'out' ? givenAtStore(folio) : []
  return total([...refunded, ...waiting, ...away, ...atStore], currency)
}

/** Accepted, or under way: whether the store pays it out or as store credit is not known before (B4). */
function givenAtStore({ platformRefunds, syncTasks }: Folio): readonly Money[] {
  const accepted = [...platformRefunds.values()].map(({ online }) => online)
  const underWay = [...syncTasks.values()].flatMap((task) =>
    task.kind === 'refund' && task.request.purpose === 'give_back' && isOpen(task)
      ? [task.request.amount]
      : [],
  )
  return [...accepted, ...underWay]
}

/** What can still go back as store credit: what was paid with it, less what went back. */
export function storeCreditLeftIn({ payments, platformRefunds }: Folio, currency: string): Money {
  const spent = [...payments.values()].flatMap(({ documentId, reversed, account, amount }) =>
    documentId === null && !reversed && account === STORE_CREDIT ? [amount] : [],
  )
  const back = [...platformRefunds.values()].map(({ storeCredit }) => storeCredit)
  return minus(total(spent, currency), total(back, currency))
}

/** An ad-hoc note gives what nobody paid: it is bound by its own total alone. */
export function isBound(folio: Folio, documentId: string): boolean {
  const credit = creditIn(folio, documentId)
  return credit === null || !('content' in credit) || credit.content.invoice !== null
}

function total(amounts: readonly Money[], currency: string): Money {
  return sum(
    amounts.filter((amount) => amount.currency === currency),
    currency,
  )
}
