/**
 * Tells stores what the log says they are to be told (architecture 7). The read model says where something is open, the
 * folio what it is; lanes are by order, so that a poisoned one stops only itself, and no store takes all the places.
 */
import { asError } from './fold-events.js'
import { poll, type Polling, type PollOptions } from './poll.js'
import { pause as pauseFor } from './pause.js'
import { attemptKey, type LanePorts, syncOrder } from './sync-order.js'
import type { SyncPorts } from './sync-ports.js'
import { createStopping } from './stopping.js'

/** An order with something open, as the read model knows it. */
export type OpenOrder = Readonly<{ folioId: string; instance: string; platformOrderId: string }>

export type SyncStoresOptions = PollOptions &
  Readonly<{
    ports: SyncPorts
    /** Orders with something to do now; a read model that is behind shows some too long, which does no harm. */
    openOrders: () => Promise<readonly OpenOrder[]>
    /** Attempts that may be on their way, whoever began them. */
    openAttempts: () => Promise<readonly Readonly<{ taskId: string; attempts: number }>[]>
    /** What the store shows of an order after it was told something wins (B5). */
    afterwards?: (order: OpenOrder, signal: AbortSignal) => Promise<void>
  }>

const POLL_MS = 250
const ORDERS_AT_ONCE_MAX = 32
const ORDERS_OF_STORE_AT_ONCE_MAX = 8
/** After a failure of our own, such as a database that is away. */
const FAILED_RETRY_MS = 2_000
const ATTEMPTS_SEEN_MAX = 100_000
const SEE_ATTEMPTS_MS = 1_000

export function syncStores({ ports, ...options }: SyncStoresOptions): Polling {
  const stopping = createStopping()
  const lanes = createLanes({ ports, ...options }, stopping.signal)
  const polling = poll<undefined>(
    {
      look: async () => {
        await lanes.startOpen()
        return new Map()
      },
      failed: 'What stores are to be told waits',
      pollMs: POLL_MS,
    },
    options,
  )
  return {
    stop: async () => {
      stopping.abort()
      await polling.stop()
      await lanes.ended()
    },
  }
}

function createLanes(
  { ports, openOrders, openAttempts, afterwards, onWarning }: SyncStoresOptions,
  signal: AbortSignal,
) {
  const underWay = new Map<string, Promise<void>>()
  const byStore = new Map<string, number>()
  const notBefore = new Map<string, number>()
  let attemptsReadAtMs = Number.NEGATIVE_INFINITY
  const lanePorts: LanePorts = {
    ...ports,
    pause: (ms) => pauseFor(ms, signal),
    attemptsSeen: new Map(),
    isStopping: () => signal.aborted,
  }

  async function run(order: OpenOrder): Promise<void> {
    const { folioId } = order
    try {
      const { moved, lookAgainInMs } = await syncOrder(folioId, lanePorts)
      if (lookAgainInMs !== null) notBefore.set(folioId, ports.clock.monotonicMs() + lookAgainInMs)
      if (moved && lookAgainInMs === null && !signal.aborted) await afterwards?.(order, signal)
    } catch (error) {
      notBefore.set(folioId, ports.clock.monotonicMs() + FAILED_RETRY_MS)
      onWarning(
        `Order ${order.platformOrderId} of store ${order.instance}: ${asError(error).message}`,
      )
    }
  }

  function start(order: OpenOrder): void {
    const { folioId, instance } = order
    notBefore.delete(folioId)
    byStore.set(instance, (byStore.get(instance) ?? 0) + 1)
    const running = run(order).finally(() => {
      underWay.delete(folioId)
      const left = (byStore.get(instance) ?? 1) - 1
      if (left === 0) byStore.delete(instance)
      else byStore.set(instance, left)
    })
    underWay.set(folioId, running)
  }

  /** From now on this process knows of them, and how long ago that was. */
  async function seeAttempts(): Promise<void> {
    const now = ports.clock.monotonicMs()
    if (now - attemptsReadAtMs < SEE_ATTEMPTS_MS) return
    attemptsReadAtMs = now
    const { attemptsSeen } = lanePorts
    if (attemptsSeen.size > ATTEMPTS_SEEN_MAX) attemptsSeen.clear()
    for (const { taskId, attempts } of await openAttempts()) {
      const key = attemptKey(taskId, attempts)
      if (!attemptsSeen.has(key)) attemptsSeen.set(key, now)
    }
  }

  async function startOpen(): Promise<void> {
    await seeAttempts()
    const open = await openOrders()
    const now = ports.clock.monotonicMs()
    if (open.length === 0) notBefore.clear()
    for (const order of open) {
      if (underWay.size >= ORDERS_AT_ONCE_MAX || signal.aborted) return
      if (underWay.has(order.folioId)) continue
      if ((byStore.get(order.instance) ?? 0) >= ORDERS_OF_STORE_AT_ONCE_MAX) continue
      if ((notBefore.get(order.folioId) ?? 0) > now) continue
      start(order)
    }
  }

  return {
    startOpen,
    ended: async () => {
      await Promise.allSettled(underWay.values())
    },
  }
}
