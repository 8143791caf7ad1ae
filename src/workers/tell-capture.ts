/** Marks an order as paid at its store (P2, P5, P6): recorded as a manual capture, or else by moving its status on. */
import { receivedFor } from '../../commands/platform/capture-conditions.js'
import { isBeyondCapture, isImported } from '../../commands/platform/store-order.js'
import type { Folio } from '../aggregates/folio.js'
import type { RegisteredInstance } from '../aggregates/instance.js'
import type { CaptureTask } from '../aggregates/sync-task.js'
import type { Sending } from '../events/platform-events.js'
import { equals, isPositive, minus, type Money } from '../money/money.js'
import type { Failure, OrderPayment, Store } from '../platforms/platform.js'
import { markerOf } from './refund-marker.js'
import {
  attempt,
  callOptions,
  record,
  recordFailure,
  recordUnanswered,
  setbackOf,
  type Told,
} from './sync-attempt.js'
import type { SyncPorts } from './sync-ports.js'

type At = Readonly<{ folio: Folio; store: Store; instance: RegisteredInstance }>
type Way = Exclude<Sending['kind'], 'refund'>

/** An order in another state keeps its status (P5). */
const WAITING_FOR_PAYMENT: ReadonlySet<string> = new Set(['pending', 'awaiting payment'])
const CAPTURED: ReadonlySet<string> = new Set(['captured', 'paid'])
const CONFIRMED = 'awaiting fulfillment'
/** A store that does not offer a way says so in one of these words. */
const NOT_OFFERED: ReadonlySet<number> = new Set([404, 405, 422])

export async function tellCapture(task: CaptureTask, at: At, ports: SyncPorts): Promise<Told> {
  const { store, folio, instance } = at
  const { platformOrderId: order } = task.request
  await ports.reached('before_question')
  const read = await store.payment(order, callOptions(ports))
  if (read.outcome === 'failed') return recordUnanswered(task, read, ports)
  const payment = read.value
  if (payment === null) {
    const detail = 'The store has no such order'
    return recordFailure(task, { attempt: null, setback: 'refused', detail }, ports)
  }
  const shown = shownCapture(task, payment)
  if (shown !== null) {
    await record({ taskId: task.taskId, attempt: null, ...shown }, ports)
    return 'over'
  }
  if (isBeyondCapture(payment.paymentStatus)) {
    const detail = `The store shows the payment as ${payment.paymentStatus}`
    return recordFailure(task, { attempt: null, setback: 'ground_gone', detail }, ports)
  }
  const open = openAmount(payment)
  const received =
    folio.order.status === 'absent' || !isImported(folio.order)
      ? null
      : receivedFor(folio.order, folio)
  if (received !== null && !equals(received, open) && !task.acceptsDifference) {
    const detail = `The store has ${open.amount} open, and ${received.amount} was received`
    const figures = { ledger: received, store: open }
    return recordFailure(task, { attempt: null, setback: 'amount_differs', detail, figures }, ports)
  }
  const way = wayFor(task, payment, instance, open)
  if (way === null) {
    const detail = `No way is left to tell the store: the order is ${payment.status} there`
    return recordFailure(task, { attempt: null, setback: 'not_offered', detail }, ports)
  }
  return send(task, { way, open, store }, ports)
}

function send(
  task: CaptureTask,
  { way, open, store }: Readonly<{ way: Way; open: Money; store: Store }>,
  ports: SyncPorts,
): Promise<Told> {
  const { platformOrderId: order } = task.request
  const sending: Sending =
    way === 'capture_record' ? { kind: way, amount: open } : { kind: 'payment_confirmation' }
  // What was sent is one thing, what the store shows another: only that counts (P2).
  const done = async () => {
    const read = await store.payment(order, callOptions(ports))
    const shown =
      read.outcome === 'read' && read.value !== null ? shownCapture(task, read.value, way) : null
    const detail = 'The store has taken it, and does not show it'
    return shown ?? { answer: 'failed', setback: 'unknown', detail }
  }
  const refused = (failure: Failure) =>
    failure.status !== null && NOT_OFFERED.has(failure.status) ? 'not_offered' : setbackOf(failure)
  return way === 'capture_record'
    ? attempt(
        task,
        sending,
        {
          send: (options) =>
            store.recordCapture({ order, amount: open, reference: markerOf(task.taskId) }, options),
          done,
          refused,
        },
        ports,
      )
    : attempt(
        task,
        sending,
        { send: (options) => store.confirmPayment(order, options), done, refused },
        ports,
      )
}

/** Whether the store shows the order as paid: by a capture of ours, by its own word, or by where its status has gone. */
export function shownCapture(
  { taskId, request }: CaptureTask,
  payment: OrderPayment,
  way: Way | null = null,
): Readonly<Record<string, unknown>> | null {
  const common = {
    answer: 'captured',
    paymentStatus: 'captured',
    foundBy: way === null ? 'read_back' : 'answer',
  }
  const own = payment.captures.find(({ reference }) => reference === markerOf(taskId))
  if (own !== undefined) {
    const { transaction, amount } = own
    return { ...common, way: 'capture_record', transaction, amount }
  }
  const amount = request.received
  if (CAPTURED.has(payment.paymentStatus)) {
    return { ...common, way: 'shown', transaction: null, amount }
  }
  const isConfirmed = way === 'payment_confirmation' && payment.status.toLowerCase() === CONFIRMED
  return isConfirmed ? { ...common, way, transaction: null, amount } : null
}

/** What the store still has open (P6). */
function openAmount({ total, storeCredit, giftCertificates, captured }: OrderPayment): Money {
  return [storeCredit, giftCertificates, captured].reduce(minus, total)
}

function wayFor(
  { notOffered }: CaptureTask,
  { status }: OrderPayment,
  { markPaidBy }: RegisteredInstance,
  open: Money,
): Way | null {
  const ways: readonly Way[] =
    markPaidBy === 'capture_record'
      ? ['capture_record', 'payment_confirmation']
      : ['payment_confirmation', 'capture_record']
  const usable = ways.filter(
    (way) =>
      !notOffered.includes(way) &&
      (way === 'capture_record' ? isPositive(open) : WAITING_FOR_PAYMENT.has(status.toLowerCase())),
  )
  return usable[0] ?? null
}
