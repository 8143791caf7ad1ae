/** The connections to stores, and what is done over them when it is asked for: pulling an order, quoting a refund. */
import { randomUUID } from 'node:crypto'
import { createLanes } from '../commands/lanes.js'
import type { Handler } from '../commands/handle.js'
import type { Clock } from '../commands/ports.js'
import type { Config } from './config.js'
import type { QuoteRefund } from './http/refund-quote-routes.js'
import type { StoreAccess } from './http/store-access.js'
import type { ReceiveWebhook } from './http/webhook-routes.js'
import { createGates, createStores, type Stores } from './open-stores.js'
import { createStoreAccess } from './store-access.js'
import type { StoreRecords } from './stores/open-store-records.js'
import { createWebhookIntake } from './webhook-intake.js'
import { pullOrder, type PullOrder } from './workers/pull-order.js'
import type { PullPorts } from './workers/pull-ports.js'
import { quoteRefund } from './workers/quote-refund.js'

export type Connections = Readonly<{
  stores: Stores
  /** Of one order one at a time: an older state must not be handed over after a newer one. */
  pullOrder: PullOrder
  pullPorts: PullPorts
  access: StoreAccess
  receiveWebhook: ReceiveWebhook
  quoteRefund: QuoteRefund
  close: () => Promise<void>
}>

type Options = Readonly<{
  config: Pick<Config, 'stores'>
  records: StoreRecords
  handler: Handler
  clock: Clock
}>

export function openConnections({
  config: {
    stores: { networks },
  },
  records,
  handler,
  clock,
}: Options): Connections {
  const { credentials, deliveries } = records
  const { readInstance, readFolio } = handler
  const monotonicMs = () => clock.monotonicMs()
  const gateOf = createGates()
  const stores = createStores({ networks, gateOf, credentials, readInstance })
  const { storeOf, knownStore } = stores
  const today = (timeZone: string) => clock.today(timeZone)
  const pullPorts = { handler, storeOf, today, monotonicMs, newId: () => randomUUID() }
  const inLane = createLanes()
  const quoting = { readFolio, readInstance, storeOf, monotonicMs }
  return {
    stores,
    pullOrder: (asked, signal) =>
      inLane(`${asked.instance} ${asked.order}`, () => pullOrder(asked, pullPorts, signal)),
    pullPorts,
    access: createStoreAccess({ records, networks, gateOf, readInstance }),
    receiveWebhook: createWebhookIntake({ knownStore, deliveries, monotonicMs }),
    quoteRefund: (asked) => quoteRefund(asked, quoting),
    close: () => stores.close(),
  }
}
