/**
 * Refunds made at a store that wait for something here: for a task to end, for a note to be posted, for an account. Those
 * orders' refunds are read again, a few at a time, whatever does not change at the store (B9).
 */
import { asError } from './fold-events.js'
import { poll, type Polling, type PollOptions } from './poll.js'
import type { PullPorts } from './pull-ports.js'
import { pullRefunds } from './pull-refunds.js'
import { folioOfDocument } from '../../commands/document-id.js'

export type HeldOrder = Readonly<{ instance: string; platformOrderId: string; orderId: string }>

export type PullHeldRefundsOptions = PollOptions &
  Readonly<{ ports: PullPorts; held: () => Promise<readonly HeldOrder[]> }>

const POLL_MS = 60_000
/** A question each: a store has other things to answer. */
const ORDERS_PER_LOOK_MAX = 20

export function pullHeldRefunds(options: PullHeldRefundsOptions): Polling {
  return poll<number>(
    {
      look: (lookedAt, signal) => look(options, lookedAt, signal),
      failed: 'Refunds made at stores wait',
      pollMs: POLL_MS,
    },
    options,
  )
}

/** Those that were not looked at for longest; the number says in which look that was. */
async function look(
  { ports, held, onWarning }: PullHeldRefundsOptions,
  lookedAt: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const turn = Math.max(0, ...lookedAt.values()) + 1
  const orders = [...(await held())]
  const turnOf = ({ orderId }: HeldOrder): number => lookedAt.get(orderId) ?? 0
  const next = orders.sort((a, b) => turnOf(a) - turnOf(b)).slice(0, ORDERS_PER_LOOK_MAX)
  for (const order of next) {
    if (signal.aborted) break
    await readAgain(order, ports, signal).catch((error: unknown) => {
      onWarning(`The refunds of order ${order.platformOrderId}: ${asError(error).message}`)
    })
  }
  const looked = new Set(next.map(({ orderId }) => orderId))
  return new Map(
    orders.map((order) => [order.orderId, looked.has(order.orderId) ? turn : turnOf(order)]),
  )
}

async function readAgain(
  { instance, platformOrderId, orderId }: HeldOrder,
  ports: PullPorts,
  signal: AbortSignal,
): Promise<void> {
  const { handler, storeOf, newId } = ports
  const [store, { order }] = await Promise.all([
    storeOf(instance),
    handler.readFolio(folioOfDocument(orderId)),
  ])
  if (store === null || order.status === 'absent') return
  const books = await handler.readBooks(order.books)
  if (books.status === 'absent') return
  const { failures } = await pullRefunds(
    {
      ...{ store, orderId, order: platformOrderId },
      currency: order.currency,
      timeZone: books.timeZone,
      correlation: `pull-${newId()}`,
    },
    ports,
    signal,
  )
  const [failure] = failures
  if (failure !== undefined) throw new Error(failure.why)
}
