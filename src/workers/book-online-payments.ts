/**
 * Money that a gateway took for an order (L13): on the oldest posted invoice that is due, else a prepayment, which the
 * next invoice draws on. Each transaction once, over the account on which its gateway owes it; where there is none, the
 * money is left alone and said so.
 */
import { knownRate } from '../../commands/exchange.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { clearingAccount, clearingAccountToOpen } from '../../commands/platform/clearing-account.js'
import type { OpenBooks } from '../aggregates/books.js'
import type { Folio } from '../aggregates/folio.js'
import { type RegisteredInstance, workflowFor } from '../aggregates/instance.js'
import type { OpenOrder } from '../aggregates/order.js'
import { postedInvoicesOf } from '../aggregates/order-documents.js'
import { isPositive } from '../money/money.js'
import type { PlatformPayment } from '../platforms/platform.js'
import { failureOfCommand, pullCaller, type PullFailure, type PullPorts } from './pull-ports.js'

export type LeftAlone = Readonly<{
  gateway: string
  transaction: string | null
  /** For people. */
  why: string
  /** Once somebody opens it, it is registered; `null`: it never will be by itself. */
  waitsForAccount: string | null
}>

export type MoneyBooked = Readonly<{
  registered: number
  leftAlone: readonly LeftAlone[]
  failures: readonly PullFailure[]
}>

type Asked = Readonly<{
  folioId: string
  payments: readonly PlatformPayment[]
  /** The store names no day for a payment: this is the nearest that it says. */
  day: string
  instance: RegisteredInstance
  books: OpenBooks
  correlation: string
}>

export async function bookOnlinePayments(asked: Asked, ports: PullPorts): Promise<MoneyBooked> {
  const leftAlone: LeftAlone[] = []
  const failures: PullFailure[] = []
  let registered = 0
  for (const payment of asked.payments.filter(isOnline)) {
    const folio = await ports.handler.readFolio(asked.folioId)
    const plan = planOf(payment, folio, asked)
    if (plan === null) continue
    if ('why' in plan) {
      leftAlone.push(plan)
      continue
    }
    const caller = pullCaller(ports, asked.correlation)
    const outcome = await ports.handler.folio(registerPayment, plan.input, caller)
    if (outcome.outcome === 'accepted') registered += 1
    else if (!isRegisteredMeanwhile(outcome)) {
      failures.push(failureOfCommand(registerPayment.name, outcome))
    }
  }
  return { registered, leftAlone, failures }
}

/** What was received elsewhere and only recorded at the store is for whoever received it. */
function isOnline({ isOffline, amount }: PlatformPayment): boolean {
  return !isOffline && isPositive(amount)
}

/** `null`: there is nothing to do about it. */
function planOf(
  { gateway, transaction, storeTransaction, amount }: PlatformPayment,
  folio: Folio,
  asked: Asked,
): null | LeftAlone | Readonly<{ input: unknown }> {
  const { order } = folio
  if (order.status === 'absent' || order.platform?.isHistory === true) return null
  if (transaction === null) {
    const why = 'The store names no transaction, so that it could not be told from another one'
    return { gateway, transaction, why, waitsForAccount: null }
  }
  const online = { gateway, transaction }
  const names = [transaction, storeTransaction]
  if (isKnown({ gateway, names }, folio) || isLeftToWorkflow(order, folio, asked)) return null
  if (isPaidByWorkflow(order, folio)) {
    const why = 'A workflow of the order, which is another one now, has registered its payment'
    return { ...online, why, waitsForAccount: null }
  }
  const { instance, books, day: date } = asked
  const account = clearingAccount(gateway, { folio, books, instance })
  if (account === null) {
    const waitsForAccount = clearingAccountToOpen(gateway)
    const why = `Open the clearing account ${waitsForAccount} of type gateway for money of ${gateway}`
    return { ...online, why, waitsForAccount }
  }
  const invoice = postedInvoicesOf(order, folio).find(({ due }) => isPositive(due))
  const document =
    invoice === undefined ? { orderId: order.orderId } : { invoiceId: invoice.content.invoiceId }
  return { input: { ...document, account, amount, date, online, ...rateOf(order, asked) } }
}

function isKnown(
  { gateway, names }: Readonly<{ gateway: string; names: readonly (string | null)[] }>,
  { payments }: Folio,
): boolean {
  return [...payments.values()].some(
    ({ online }) => online?.gateway === gateway && names.includes(online.transaction),
  )
}

/**
 * A workflow that registers payments over another account than a gateway's does so whatever the store lists: registered
 * here as well, the same money would be there twice. It does nothing for orders that are over (L15), but what it did before
 * stays done.
 */
function isLeftToWorkflow(order: OpenOrder, folio: Folio, { instance, books }: Asked): boolean {
  const workflow = workflowFor(instance, order.paymentMethod)
  if (workflow?.until !== 'registered_payment' || workflow.account === undefined) return false
  const isOver =
    order.status === 'cancelled' || OVER.has(order.platform?.status.toLowerCase() ?? '')
  if (isOver && !isPaidOver(workflow.account, folio)) return false
  return books.accounts.get(workflow.account)?.type !== 'gateway'
}

function isPaidOver(over: string, { payments }: Folio): boolean {
  return [...payments.values()].some(
    ({ account, invoiceId, online, reversed }) =>
      account === over && invoiceId !== null && online === null && !reversed,
  )
}

/** It was carried to its payment, for which no transaction of a gateway stands. */
function isPaidByWorkflow({ platform }: OpenOrder, { payments }: Folio): boolean {
  const carried = platform?.carried
  if (carried?.until !== 'registered_payment') return false
  const ofInvoice = [...payments.values()].filter(
    ({ invoiceId, reversed }) => invoiceId === carried.invoice && !reversed,
  )
  return ofInvoice.length > 0 && ofInvoice.every(({ online }) => online === null)
}

const OVER: ReadonlySet<string> = new Set(['cancelled', 'declined'])

/** The day's rate; where the books have none, the order's own. Money over an account in the books' currency needs one. */
function rateOf({ currency, exchangeRate: ofOrder }: OpenOrder, { books, day: date }: Asked) {
  if (currency === books.currency) return {}
  const known = knownRate({ currency, date }, books)
  const exchangeRate = typeof known === 'string' ? known : ofOrder
  return exchangeRate === null ? {} : { exchangeRate }
}

function isRegisteredMeanwhile(
  outcome: Readonly<{ outcome: string; refusal?: Readonly<{ code: string }> }>,
): boolean {
  return outcome.refusal?.code === 'gateway_transaction_registered'
}
