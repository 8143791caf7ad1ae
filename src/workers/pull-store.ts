/**
 * One round over a store: the orders that changed since the last one, page by page. How far it has come is kept after
 * each page of which every order was taken over, or is known to have failed, so that it goes on there after a crash.
 */
import type { Instance } from '../aggregates/instance.js'
import type { ChangedOrder, Store } from '../platforms/platform.js'
import type { PullsTable } from '../stores/pulls.js'
import { changedOrders, type ChangedPage } from './changed-orders.js'
import { handOverOrder, type HandOverPorts } from './hand-over-order.js'
import { callFor, failureAtStore, type PullFailure, type PullPorts } from './pull-ports.js'

export type PullProgress = Readonly<{
  instance: string
  name: string
  isFirst: boolean
  /** Orders of this round so far. */
  orders: number
  until: string
}>

export type PullStorePorts = HandOverPorts &
  Pick<PullPorts, 'storeOf' | 'monotonicMs'> &
  Readonly<{
    readInstance: (instance: string) => Promise<Instance>
    pulls: PullsTable
    isLeading: () => boolean
    onProgress: (progress: PullProgress) => void
    pageSize?: number
    /** What earlier rounds over this store have looked at. */
    looked?: Map<string, Looked>
  }>

/** A state of an order, and since when it is known; `over`: nothing of it can show late any more. */
export type Looked = Readonly<{ modifiedAt: string; sinceMs: number; isOver: boolean }>

/** `ended`: it has come to its end; `stopped`: this process no longer is the one to do it. */
export type RoundEnd = 'ended' | 'stopped' | 'no_store' | PullFailure

/** What changes at a store may show there late. */
const OVERLAP_MS = 300_000
/** Of orders before there were such stores. */
const BEGINNING = '2000-01-01T00:00:00.000Z'
const DAY_MS = 86_400_000
const LIST_DEADLINE_MS = 60_000
const ORDERS_AT_ONCE_MAX = 4
/** So many orders in a row that could not be read: then it is the store. */
const FAILURES_IN_A_ROW_MAX = 3

export async function pullStore(
  instance: string,
  ports: PullStorePorts,
  signal: AbortSignal,
): Promise<RoundEnd> {
  const { pulls, storeOf, readInstance, isLeading, onProgress, pageSize, looked } = ports
  const [store, registered] = await Promise.all([storeOf(instance), readInstance(instance)])
  if (store === null || registered.status === 'absent') return 'no_store'
  await pulls.begin(instance)
  const { modifiedUntil, firstPullDoneAt } = await pulls.find(instance)
  const from =
    modifiedUntil === null ? beginningOf(registered.startDate) : earlier(modifiedUntil, OVERLAP_MS)
  if (modifiedUntil === null) looked?.clear()
  let orders = 0
  for await (const page of pagesOf(store, from, { ports, signal, pageSize })) {
    const failure =
      page.outcome === 'failed'
        ? failureAtStore(page)
        : await handOverPage(instance, page.orders, ports, signal)
    if (signal.aborted || !isLeading()) return 'stopped'
    if (failure !== null) {
      await pulls.failed(instance, failure.why)
      return failure
    }
    if (page.outcome === 'failed') continue
    const until = believable(page)
    if (until === null) continue
    await pulls.advance(instance, until)
    forget(earlier(until, OVERLAP_MS), looked)
    orders += page.orders.length
    const isFirst = firstPullDoneAt === null
    onProgress({ instance, name: registered.name, isFirst, orders, until })
  }
  await pulls.ended(instance)
  return 'ended'
}

function pagesOf(
  store: Store,
  from: string,
  {
    ports,
    signal,
    pageSize,
  }: Readonly<{ ports: PullStorePorts; signal: AbortSignal; pageSize: number | undefined }>,
) {
  return changedOrders(store, from, () => callFor(ports, LIST_DEADLINE_MS, signal), pageSize)
}

/** `null`: every order was taken over, or is known to have failed. */
async function handOverPage(
  instance: string,
  page: readonly ChangedOrder[],
  ports: PullStorePorts,
  signal: AbortSignal,
): Promise<PullFailure | null> {
  const { looked, monotonicMs } = ports
  const queue = page.filter((one) => !isOver(one, looked?.get(one.order)))
  let inARow = 0
  let stopped: PullFailure | null = null
  const takeNext = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      if (signal.aborted || stopped !== null) return
      const end = await handOverOrder({ instance, order: one.order }, ports, signal)
      if (end === 'done' || end.of === 'order') {
        inARow = 0
        looked?.set(one.order, lookedAt(one, looked.get(one.order), monotonicMs()))
        continue
      }
      inARow += 1
      if (end.of === 'store' || inARow >= FAILURES_IN_A_ROW_MAX) stopped = end
    }
  }
  await Promise.all(Array.from({ length: ORDERS_AT_ONCE_MAX }, takeNext))
  return stopped
}

/** The last changes of a store stand in the overlap until others come: for hours each round would read them again. */
function isOver({ modifiedAt }: ChangedOrder, before: Looked | undefined): boolean {
  return before?.modifiedAt === modifiedAt && before.isOver
}

/** No round asks for what is older. */
function forget(before: string, looked: PullStorePorts['looked']): void {
  for (const [order, { modifiedAt }] of looked ?? []) if (modifiedAt < before) looked?.delete(order)
}

function lookedAt({ modifiedAt }: ChangedOrder, before: Looked | undefined, nowMs: number): Looked {
  const sinceMs = before?.modifiedAt === modifiedAt ? before.sinceMs : nowMs
  return { modifiedAt, sinceMs, isOver: nowMs - sinceMs >= OVERLAP_MS }
}

/** An order that is dated ahead comes last; from its time on, all that changes before it would be missed for ever. */
function believable({ orders, until }: Extract<ChangedPage, { outcome: 'page' }>): string | null {
  const latest = new Date(Date.now() + OVERLAP_MS).toISOString()
  if (until === null || until <= latest) return until
  return orders.findLast(({ modifiedAt }) => modifiedAt <= latest)?.modifiedAt ?? null
}

/** The books' time zone may begin the day earlier. */
function beginningOf(startDate: string | null): string {
  return startDate === null ? BEGINNING : earlier(`${startDate}T00:00:00.000Z`, DAY_MS)
}

function earlier(instant: string, byMs: number): string {
  return new Date(Date.parse(instant) - byMs).toISOString()
}
