/**
 * How a refund is paid, out of what the store has quoted (B3): back where the money came from, in the same split; over
 * other providers only where a person chose them; and with the ledger's own amount, or not at all.
 */
import { PAYMENTS_MAX, type Setback } from '../events/platform-events.js'
import { equals, isPositive, type Money, minus, split, sum } from '../money/money.js'
import type { RefundItem, RefundPayment, RefundQuote } from '../platforms/platform.js'

export type RefundTerms = Readonly<{
  purpose: 'give_back' | 'record'
  amount: Money
  tax: Money
  items: readonly RefundItem[]
  /** Chosen by a person; `null`: back where it came from. */
  providers: readonly string[] | null
}>

export type RefundPlan = Readonly<{
  payments: readonly RefundPayment[]
  override: Readonly<{ total: Money; tax: Money }> | null
}>

export type NoPlan = Readonly<{
  setback: Extract<Setback, 'amount_differs' | 'method_not_offered'>
  detail: string
  figures: Readonly<{ ledger: Money; store: Money }> | null
}>

type Means = Readonly<{
  refundDifference: 'override' | 'refuse'
  /** The providers that the order's money came by, as the store names them; `null`: one that it has not named. */
  paidBy: readonly (string | null)[]
}>

const CUSTOM = 'custom'
export const STORE_CREDIT = 'storecredit'

export function planRefund(
  terms: RefundTerms,
  quote: RefundQuote,
  { refundDifference, paidBy }: Means,
): RefundPlan | NoPlan {
  const method = methodFor(terms, quote, paidBy)
  if (method === null) {
    const offered = quote.methods.map((payments) => providersOf(payments).join(' + ')).join(', ')
    return { setback: 'method_not_offered', detail: `The store offers: ${offered}`, figures: null }
  }
  const { amount, tax } = terms
  const isSame = equals(quote.total, amount) && equals(quote.tax, tax)
  // An amount of the order has no tax of its own at the store, so the ledger's goes with it (B11).
  const isOfOrder = terms.items.some(({ kind }) => kind === 'order')
  if (!isSame && !isOfOrder && refundDifference === 'refuse') {
    return equals(quote.total, amount)
      ? differing('tax', tax, quote.tax)
      : differing('total', amount, quote.total)
  }
  return {
    payments: scaled(method, amount),
    override: isSame ? null : { total: amount, tax },
  }
}

function differing(what: string, ledger: Money, store: Money): NoPlan {
  const detail = `The store reckons another ${what}: ${store.amount} and not ${ledger.amount}`
  return { setback: 'amount_differs', detail, figures: { ledger, store } }
}

function methodFor(
  { purpose, providers }: RefundTerms,
  { methods: offered }: RefundQuote,
  paidBy: Means['paidBy'],
): readonly RefundPayment[] | null {
  // What no attempt could record is no way to pay.
  const methods = offered.filter(({ length }) => length > 0 && length <= PAYMENTS_MAX)
  // It was given back here: the store is only told, and moves no money (B10).
  if (purpose === 'record') {
    return methods.find((payments) => isOnly(payments, CUSTOM) && payments.every(isOffline)) ?? null
  }
  if (providers !== null) return methods.find((payments) => isBy(payments, providers)) ?? null
  const back = methods.filter((payments) => goesBack(payments, paidBy))
  // Store credit never by itself, unless it is where the money came from.
  const allowed = back.filter((payments) => !isOnly(payments, STORE_CREDIT) || isOnlyOf(paidBy))
  return allowed.find((payments) => !payments.some(isOffline)) ?? allowed[0] ?? null
}

/** To all that took money, and to nobody else; whoever is not named is the one that the store offers beside its own. */
function goesBack(payments: readonly RefundPayment[], paidBy: Means['paidBy']): boolean {
  const named = paidBy.filter((provider) => provider !== null)
  if (named.length === paidBy.length) return isBy(payments, named)
  const offered = providersOf(payments)
  const [other, ...more] = offered.filter((provider) => !named.includes(provider))
  return (
    named.every((provider) => offered.includes(provider)) &&
    other !== undefined &&
    more.length === 0 &&
    other !== CUSTOM &&
    other !== STORE_CREDIT
  )
}

function isOnlyOf(paidBy: Means['paidBy']): boolean {
  return paidBy.every((provider) => provider === STORE_CREDIT)
}

function isBy(payments: readonly RefundPayment[], providers: readonly string[]): boolean {
  const wanted = [...new Set(providers)].sort()
  return wanted.length > 0 && providersOf(payments).join('\n') === wanted.join('\n')
}

function isOnly(payments: readonly RefundPayment[], provider: string): boolean {
  return payments.every((payment) => payment.provider === provider)
}

function isOffline(payment: RefundPayment): boolean {
  return payment.isOffline
}

function providersOf(payments: readonly RefundPayment[]): readonly string[] {
  return [...new Set(payments.map(({ provider }) => provider))].sort()
}

/** The ledger's amount in the store's split, to the unit. */
function scaled(payments: readonly RefundPayment[], amount: Money): readonly RefundPayment[] {
  const total = sum(
    payments.map((payment) => payment.amount),
    amount.currency,
  )
  if (equals(total, amount) || !isPositive(total)) {
    const [first, ...rest] = payments
    if (equals(total, amount) || first === undefined) return payments
    return [{ ...first, amount }, ...rest]
  }
  const shares = split(
    amount,
    payments.map((payment) => payment.amount.amount),
  )
  return payments.map((payment, index) => ({
    ...payment,
    amount: shares[index] ?? minus(amount, amount),
  }))
}
