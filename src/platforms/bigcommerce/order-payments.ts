/** The money that a store says it has of an order (L13, P6). */
import { isPositive, minus, type Money } from '../../money/money.js'
import { compareDecimal } from '../../money/quantity.js'
import type { Mending } from '../mended-text.js'
import type { PlatformPayment } from '../platform.js'
import { NotUnderstood } from '../understanding.js'
import { roundedMoney } from '../wire-amount.js'
import type { WireOrder } from './order-wire.js'
import { isPayment, saysHowItWasPaid, type WireTransaction } from './transaction-wire.js'

type Paid = Readonly<{ order: WireOrder; transactions: readonly WireTransaction[] }>

export function orderPayments({ order, transactions }: Paid, mending: Mending): PlatformPayment[] {
  if (!transactions.some(saysHowItWasPaid)) return unlistedPayment(order, mending)
  const payments = transactions.filter(isPayment)
  return payments.map((transaction) => ({
    method: textOr(transaction.method, UNKNOWN, mending),
    gateway: textOr(transaction.gateway, UNKNOWN, mending),
    transaction: isNamedBefore(transaction, payments)
      ? transaction.id
      : textOr(transaction.gateway_transaction_id, transaction.id, mending, 200),
    storeTransaction: transaction.id,
    amount: amountOf(transaction, order),
    isOffline: OFFLINE_METHODS.includes(transaction.method ?? ''),
  }))
}

/** Captures of one authorisation may go by its name: under the same one the second would be taken for the first. */
function isNamedBefore(
  { id, gateway, gateway_transaction_id: name }: WireTransaction,
  all: readonly WireTransaction[],
): boolean {
  return all.some(
    (one) =>
      one.gateway === gateway &&
      one.gateway_transaction_id === name &&
      compareDecimal(one.id, id) < 0,
  )
}

const OFFLINE_METHODS = ['offline', 'custom']
const UNKNOWN = 'unknown'

/** A transaction in another currency than its order would be added up with it: not understood rather than left out. */
export function amountOf({ id, amount, currency }: WireTransaction, order: WireOrder): Money {
  const { default_currency_code: known } = order
  if (currency !== known) {
    throw new NotUnderstood(`transaction ${id} is in ${currency}, its order in ${known}`)
  }
  return roundedMoney(amount, known)
}

const STATUSES_WITH_MONEY = ['captured', 'paid', 'refunded', 'partially refunded']
/** As the platform names them; a store may have renamed its own. */
const OFFLINE_NAMES =
  /^(?:bank deposit|cash on delivery|cash|check|cheque|money order|pay in store|manual)$/i

/** Some gateways list no transactions. What the order asked is there then, if its status says so. */
function unlistedPayment(order: WireOrder, mending: Mending): PlatformPayment[] {
  if (!STATUSES_WITH_MONEY.includes(paymentStatusOf(order))) return []
  const amount = askedOf(order)
  if (!isPositive(amount)) return []
  const method = textOr(order.payment_method, UNKNOWN, mending)
  const unnamed = { transaction: null, storeTransaction: null }
  return [{ method, gateway: method, ...unnamed, amount, isOffline: OFFLINE_NAMES.test(method) }]
}

/** The order's total, less what was paid with credit of the store's own. */
export function askedOf(order: WireOrder): Money {
  const { default_currency_code: currency } = order
  const [total, credit, certificates] = [
    order.total_inc_tax,
    order.store_credit_amount,
    order.gift_certificate_amount,
  ].map((amount) => roundedMoney(amount, currency)) as [Money, Money, Money]
  return minus(minus(total, credit), certificates)
}

export function paymentStatusOf({ payment_status: status }: WireOrder): string {
  return (status ?? '').toLowerCase()
}

const NAME_LENGTH_MAX = 100

function textOr(
  text: string | null | undefined,
  otherwise: string,
  mending: Mending,
  max = NAME_LENGTH_MAX,
): string {
  const mended = mending.text(text, max).trim()
  return mended === '' ? otherwise : mended
}
