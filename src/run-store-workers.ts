/** The workers between the ledger and its stores: what changes there is taken over, what happens here is told (M10, M11). */
import { randomUUID } from 'node:crypto'
import { folioOfDocument } from '../commands/document-id.js'
import { recordPlatformAnswer } from '../commands/platform/record-platform-answer.js'
import { startAttempt } from '../commands/platform/start-attempt.js'
import type { Caller } from '../commands/ports.js'
import type { Config } from './config.js'
import type { Connections } from './open-connections.js'
import { heldRefundOrders } from './queries/platform-refunds.js'
import type { ReadDatabase } from './queries/list-page.js'
import { openAttempts, syncOrders } from './queries/sync-orders.js'
import type { StoreRecords } from './stores/open-store-records.js'
import { WEBHOOK_HEADER } from './webhook-intake.js'
import { armHooks, type Hook } from './workers/arm-hooks.js'
import { handOverOrder } from './workers/hand-over-order.js'
import type { Polling } from './workers/poll.js'
import { pullHeldRefunds } from './workers/pull-held-refunds.js'
import { pullOrders } from './workers/pull-orders.js'
import type { PullProgress } from './workers/pull-store.js'
import { retryFailedOrders } from './workers/retry-failed-orders.js'
import { SYNC_LIMITS, type SyncLimits, type SyncPorts } from './workers/sync-ports.js'
import { syncStores } from './workers/sync-stores.js'
import { takeWebhooks } from './workers/take-webhooks.js'

export type StoreWorkersOptions = Readonly<{
  config: Pick<Config, 'stores' | 'sync'>
  connections: Connections
  records: StoreRecords
  db: ReadDatabase
  /** Whether this process is the one that talks to stores: it only spreads the work. */
  isLeading: () => boolean
  say: (line: string) => void
  /** Told at each point of telling a store something; for tests, which end the process there. */
  reached?: SyncPorts['reached'] | undefined
}>

export function runStoreWorkers(options: StoreWorkersOptions): Polling {
  const { config, connections, records, db, isLeading, say } = options
  const { stores, pullOrder: pull, pullPorts } = connections
  const { failedOrders, deliveries, pulls } = records
  const shared = { isLeading, onWarning: say }
  const { monotonicMs, handler } = pullPorts
  const instances = () => records.credentials.instances()
  const workers = [
    pullOrders({
      ...shared,
      ...{ instances, pull, pulls, failedOrders, monotonicMs },
      ...{ storeOf: stores.storeOf, readInstance: handler.readInstance },
      pullMs: config.stores.pullMs,
      onProgress: firstPullsOnly(say),
    }),
    retryFailedOrders({ ...shared, pull, failedOrders }),
    takeWebhooks({ ...shared, pull, failedOrders, deliveries, monotonicMs }),
    pullHeldRefunds({ ...shared, ports: pullPorts, held: () => heldRefundOrders(db) }),
    ...hookWorkers(options, instances),
    syncStores({
      ...shared,
      ports: syncPorts(options),
      openOrders: async () => {
        const orders = await syncOrders(db, new Date().toISOString())
        return orders.map(({ orderId, ...order }) => ({
          ...order,
          folioId: folioOfDocument(orderId),
        }))
      },
      openAttempts: () => openAttempts(db),
      // What the store shows wins (B5).
      afterwards: async ({ instance, platformOrderId: order }, signal) => {
        await handOverOrder({ instance, order }, { pull, failedOrders, onWarning: say }, signal)
      },
    }),
  ]
  return {
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  }
}

const SYNC_PRINCIPAL = 'folio'

function syncPorts({ config, connections, reached }: StoreWorkersOptions): SyncPorts {
  const { stores, pullPorts } = connections
  const { handler, monotonicMs } = pullPorts
  const caller = (): Caller => {
    const id = randomUUID()
    return { principal: SYNC_PRINCIPAL, key: `sync ${id}`, correlation: id }
  }
  return {
    readFolio: handler.readFolio,
    readInstance: async (id) => {
      const instance = await handler.readInstance(id)
      return instance.status === 'registered' ? instance : null
    },
    timeZoneOf: async (slug) => {
      const books = await handler.readBooks(slug)
      return books.status === 'open' ? books.timeZone : 'UTC'
    },
    storeOf: stores.storeOf,
    startAttempt: (asked) => handler.folio(startAttempt, asked, caller()),
    recordAnswer: (answer) => handler.folio(recordPlatformAnswer, answer, caller()),
    clock: { nowMs: () => Date.now(), monotonicMs },
    random: () => Math.random(),
    limits: limitsOf(config.sync),
    reached: reached ?? (() => undefined),
  }
}

/** Where an effect shows sooner, so does its absence. */
function limitsOf({ deadlineMs, settleMs, leaveMs }: Config['sync']): SyncLimits {
  const { lookAgainMs, retryMsMin, retryMsMax } = SYNC_LIMITS
  const share = Math.min(settleMs / SYNC_LIMITS.settleMs, 1)
  return {
    ...{ deadlineMs, settleMs, leaveMs },
    lookAgainMs: Math.ceil(lookAgainMs * share),
    retryMsMin: Math.ceil(retryMsMin * share),
    retryMsMax: Math.ceil(retryMsMax * share),
  }
}

/** Without an address that stores can reach they announce nothing, and are asked instead. */
function hookWorkers(
  { config, connections: { stores, pullPorts }, records, isLeading, say }: StoreWorkersOptions,
  instances: () => Promise<readonly string[]>,
): readonly Polling[] {
  const { publicUrl } = config.stores
  if (publicUrl === null) return []
  const hookOf = async (instance: string): Promise<Hook | null> => {
    const [store, known] = await Promise.all([
      stores.storeOf(instance),
      stores.knownStore(instance),
    ])
    if (store === null || known === null) return null
    return {
      destination: `${publicUrl}/webhooks/bigcommerce/${instance}`,
      headers: { [WEBHOOK_HEADER]: known.credentials.webhookHeader },
      ensure: store.ensureHooks,
    }
  }
  const { hooks } = records
  const { monotonicMs } = pullPorts
  const now = () => new Date()
  return [armHooks({ isLeading, onWarning: say, instances, hookOf, hooks, now, monotonicMs })]
}

const TOLD_EVERY_ORDERS = 250

/** Later ones are short, and come every minute. */
function firstPullsOnly(say: (line: string) => void): (progress: PullProgress) => void {
  const told = new Map<string, number>()
  return ({ instance, name, isFirst, orders, until }) => {
    if (!isFirst) return
    const step = Math.floor(orders / TOLD_EVERY_ORDERS)
    if (told.get(instance) === step) return
    told.set(instance, step)
    say(`The first pull of ${name}: ${orders} orders so far, of those changed until ${until}.`)
  }
}
