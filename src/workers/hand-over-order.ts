/** One order pulled, whatever comes of it: what could not be taken over is kept to be looked at again, and told once. */
import type { FailedOrdersTable } from '../stores/failed-orders.js'
import { asError } from './fold-events.js'
import type { PulledOrder, PullOrder } from './pull-order.js'
import { cut, type OrderAtStore, type PullFailure } from './pull-ports.js'

export type HandOverPorts = Readonly<{
  pull: PullOrder
  failedOrders: Pick<FailedOrdersTable, 'record' | 'forget'>
  /** A sentence for whoever runs this. */
  onWarning: (message: string) => void
}>

/** `done`: taken over, or there is nothing to take over. */
export async function handOverOrder(
  order: OrderAtStore,
  ports: HandOverPorts,
  signal: AbortSignal,
): Promise<'done' | PullFailure> {
  const { failedOrders, onWarning } = ports
  const pulled = await pulledSafely(order, ports, signal)
  if (pulled.outcome === 'failed') {
    const { failure } = pulled
    // What nobody has looked at has not failed.
    if (!signal.aborted && failure.of !== 'store') {
      const isNews = await failedOrders.record(order, failure.why)
      if (isNews) onWarning(`${named(order)} is not taken over: ${failure.why}`)
    }
    return failure
  }
  if (pulled.outcome === 'pulled') await seeToMoney(order, pulled, ports)
  else await failedOrders.forget(order)
  return 'done'
}

/** Money that waits for an account is looked at again, whether or not the order ever changes at its store. */
async function seeToMoney(
  order: OrderAtStore,
  { changed, money }: Extract<PulledOrder, { outcome: 'pulled' }>,
  { failedOrders, onWarning }: HandOverPorts,
): Promise<void> {
  const waiting = money.leftAlone.find(({ waitsForAccount }) => waitsForAccount !== null)
  if (waiting === undefined) await failedOrders.forget(order)
  else if (await failedOrders.record(order, waiting.why)) {
    // Of all its orders in the same words, which are told once in a while.
    onWarning(`Orders of store ${order.instance} wait: ${waiting.why}`)
  }
  if (!changed) return
  for (const { gateway, why, waitsForAccount } of money.leftAlone) {
    if (waitsForAccount !== null) continue
    onWarning(`${named(order)}: its payment over ${gateway} is not registered. ${why}`)
  }
}

/** One order that is damaged, or that nobody has thought of, stops no other. */
async function pulledSafely(
  order: OrderAtStore,
  { pull }: HandOverPorts,
  signal: AbortSignal,
): Promise<PulledOrder> {
  try {
    return await pull(order, signal)
  } catch (error) {
    const why = cut(asError(error).message)
    return { outcome: 'failed', failure: { of: 'either', why, retryAfterMs: null } }
  }
}

function named({ instance, order }: OrderAtStore): string {
  return `Order ${order} of store ${instance}`
}
