/** Orders that could not be taken over are looked at again, at growing distances: somebody may have seen to it. */
import type { FailedOrdersTable } from '../stores/failed-orders.js'
import { asError } from './fold-events.js'
import { handOverOrder, type HandOverPorts } from './hand-over-order.js'
import { createOrderCrew } from './order-crew.js'
import { poll, type Polling, type PollOptions } from './poll.js'
import { createStopping } from './stopping.js'

export type RetryFailedOrdersOptions = PollOptions &
  Omit<HandOverPorts, 'failedOrders'> &
  Readonly<{ failedOrders: FailedOrdersTable }>

const POLL_MS = 5_000
const DUE_MAX = 100
const AT_ONCE_MAX = 8
const OF_STORE_AT_ONCE_MAX = 2

export function retryFailedOrders(options: RetryFailedOrdersOptions): Polling {
  const { failedOrders, onWarning } = options
  const stopping = createStopping()
  const crew = createOrderCrew({
    atOnceMax: AT_ONCE_MAX,
    ofStoreMax: OF_STORE_AT_ONCE_MAX,
    onFailure: ({ order }, error) =>
      onWarning(`Order ${order} is not looked at again: ${asError(error).message}`),
  })
  const polling = poll<undefined>(
    {
      look: async () => {
        for (const order of await failedOrders.due(DUE_MAX)) {
          crew.start(order, async () => {
            const end = await handOverOrder(order, options, stopping.signal)
            // Of a store that cannot be asked now, it is not this order's turn again at once.
            if (end !== 'done' && end.of === 'store') await failedOrders.record(order, end.why)
          })
        }
        return new Map()
      },
      failed: 'Orders that were not taken over wait',
      pollMs: POLL_MS,
    },
    options,
  )
  return {
    stop: async () => {
      stopping.abort()
      await polling.stop()
      await crew.ended()
    },
  }
}
