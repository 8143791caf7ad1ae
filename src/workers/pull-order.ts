/**
 * An order is read at its store and handed over as commands (architecture 7): its state, the money that came for it, the
 * refunds that were made of it. All of it may be done again at any time: what is known changes nothing (M10, M11).
 */
import { v5 as uuidv5 } from 'uuid'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { importOrder } from '../../commands/order/import-order.js'
import type { OpenBooks } from '../aggregates/books.js'
import type { Folio } from '../aggregates/folio.js'
import type { RegisteredInstance } from '../aggregates/instance.js'
import type { PlatformOrder, Store } from '../platforms/platform.js'
import { bookOnlinePayments, type MoneyBooked } from './book-online-payments.js'
import { dayIn } from './day-in.js'
import { importedOrder } from './imported-order.js'
import {
  callFor,
  failureAtStore,
  failureOfCommand,
  type OrderAtStore,
  pullCaller,
  type PullFailure,
  type PullPorts,
} from './pull-ports.js'
import { pullRefunds, type RefundsPulled } from './pull-refunds.js'

export type PulledOrder = Readonly<
  | {
      outcome: 'pulled'
      orderId: string
      /** False: this state of it, or a newer one, was known already. */
      changed: boolean
      money: Omit<MoneyBooked, 'failures'>
      refunds: Omit<RefundsPulled, 'failures'>
    }
  /** The store has none of this id, or no more. */
  | { outcome: 'gone' }
  /** A checkout that nobody has completed: no order yet, and perhaps never. */
  | { outcome: 'not_placed' }
  /** Something of it could not be taken over; what could, was. */
  | { outcome: 'failed'; failure: PullFailure }
>

export type PullOrder = (order: OrderAtStore, signal?: AbortSignal) => Promise<PulledOrder>

/** An order is some eight questions, which wait for their turn where others ask the store, too. */
const READ_DEADLINE_MS = 90_000
const NOTHING_BOOKED: MoneyBooked = { registered: 0, leftAlone: [], failures: [] }
const NO_REFUNDS: RefundsPulled = { recorded: 0, held: 0, declined: 0, failures: [] }
const CANCELLED = 'cancelled'
const INCOMPLETE = 'incomplete'

type At = Readonly<{ store: Store; instance: RegisteredInstance; books: OpenBooks }>

export async function pullOrder(
  asked: OrderAtStore,
  ports: PullPorts,
  signal?: AbortSignal,
): Promise<PulledOrder> {
  const at = await placeOf(asked.instance, ports)
  if ('why' in at) return { outcome: 'failed', failure: at }
  const read = await at.store.readOrder(asked.order, callFor(ports, READ_DEADLINE_MS, signal))
  if (read.outcome === 'failed') return { outcome: 'failed', failure: failureAtStore(read) }
  if (read.value === null) return { outcome: 'gone' }
  return takeOver(read.value, at, ports, signal)
}

async function placeOf(id: string, { handler, storeOf }: PullPorts): Promise<At | PullFailure> {
  const [instance, store] = await Promise.all([handler.readInstance(id), storeOf(id)])
  if (instance.status === 'absent') return noPlace('There is no such instance')
  if (store === null) return noPlace('There are no credentials for the store')
  const books = await handler.readBooks(instance.books)
  if (books.status === 'absent') return noPlace(`The books ${instance.books} are not open`)
  return { store, instance, books }
}

function noPlace(why: string): PullFailure {
  return { of: 'store', why, retryAfterMs: null }
}

async function takeOver(
  order: PlatformOrder,
  at: At,
  ports: PullPorts,
  signal: AbortSignal | undefined,
): Promise<PulledOrder> {
  const { instance, books, store } = at
  const { handler } = ports
  const correlation = `pull-${ports.newId()}`
  const input = importedOrder(order, { instance: instance.instance, books })
  // As import-order names it.
  const folioId = uuidv5(order.order, instance.instance)
  const before = await handler.readFolio(folioId)
  const isKnown = before.order.status !== 'absent'
  if (!isKnown && order.status.toLowerCase() === INCOMPLETE) return { outcome: 'not_placed' }
  const imported = await handler.folio(importOrder, input, pullCaller(ports, correlation))
  if (imported.outcome !== 'accepted') {
    return { outcome: 'failed', failure: failureOfCommand(importOrder.name, imported) }
  }
  const { orderId, changed } = imported.answer
  const folio = await handler.readFolio(folioId)
  const cancelling = await cancelledToo(order, folio, { orderId, correlation }, ports)
  const isHistory = folio.order.status !== 'absent' && folio.order.platform?.isHistory === true
  const money = isHistory
    ? NOTHING_BOOKED
    : await bookOnlinePayments(
        {
          ...{ folioId, instance, books, correlation },
          payments: order.payments,
          day: dayOfMoney(order, before, books, ports),
        },
        ports,
      )
  const { currency } = order
  const { timeZone } = books
  const refunds = isHistory
    ? NO_REFUNDS
    : await pullRefunds(
        { store, order: order.order, orderId, currency, timeZone, correlation },
        ports,
        signal,
      )
  const [failure] = [...cancelling, ...money.failures, ...refunds.failures]
  if (failure !== undefined) return { outcome: 'failed', failure }
  const { failures: _money, ...booked } = money
  const { failures: _refunds, ...pulled } = refunds
  return { outcome: 'pulled', orderId, changed, money: booked, refunds: pulled }
}

/** What is cancelled there is cancelled here (L15); of history there is nothing to cancel. */
async function cancelledToo(
  order: PlatformOrder,
  { order: known }: Folio,
  { orderId, correlation }: Readonly<{ orderId: string; correlation: string }>,
  ports: PullPorts,
): Promise<readonly PullFailure[]> {
  const isDue =
    known.status === 'open' &&
    known.platform?.isHistory !== true &&
    // An older state than the one that is known says nothing.
    known.platform?.modifiedAt === order.modifiedAt &&
    order.status.toLowerCase() === CANCELLED
  if (!isDue) return []
  const input = { orderId, reason: 'At its store' }
  const outcome = await ports.handler.folio(cancelOrder, input, pullCaller(ports, correlation))
  return outcome.outcome === 'accepted' ? [] : [failureOfCommand(cancelOrder.name, outcome)]
}

/** Of an order that was known without it, it came with this change; else with the order. */
function dayOfMoney(
  { placedAt, modifiedAt }: PlatformOrder,
  before: Folio,
  { timeZone }: OpenBooks,
  { today }: PullPorts,
): string {
  const wasKnown = before.order.status !== 'absent'
  const day = dayIn(timeZone, wasKnown ? modifiedAt : placedAt)
  const now = today(timeZone)
  // A store's clock may be ahead of ours.
  return day > now ? now : day
}
