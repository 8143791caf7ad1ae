/** What webhooks have announced: each order is pulled once, however many of them speak of it (M11, P7). */
import type { AnnouncedOrder, DeliveriesTable } from '../stores/deliveries.js'
import { asError } from './fold-events.js'
import { handOverOrder, type HandOverPorts } from './hand-over-order.js'
import { createOrderCrew } from './order-crew.js'
import { poll, type Polling, type PollOptions } from './poll.js'
import { createStopping } from './stopping.js'

export type TakeWebhooksOptions = PollOptions &
  HandOverPorts &
  Readonly<{ deliveries: DeliveriesTable; monotonicMs: () => number }>

const POLL_MS = 500
const PENDING_MAX = 200
const AT_ONCE_MAX = 16
const OF_STORE_AT_ONCE_MAX = 4
const RETRY_MS_MIN = 2_000
const RETRY_MS_MAX = 300_000
/** By then it is for those who look again at longer distances. */
const TRIES_MAX = 10
const PRUNE_EVERY_MS = 3_600_000

export function takeWebhooks(options: TakeWebhooksOptions): Polling {
  const { deliveries, monotonicMs, onWarning } = options
  const stopping = createStopping()
  const crew = createOrderCrew({
    atOnceMax: AT_ONCE_MAX,
    ofStoreMax: OF_STORE_AT_ONCE_MAX,
    onFailure: ({ order }, error) =>
      onWarning(`The webhooks of order ${order} wait: ${asError(error).message}`),
  })
  let prunedAtMs = Number.NEGATIVE_INFINITY
  const polling = poll<undefined>(
    {
      look: async () => {
        for (const announced of await deliveries.pending(PENDING_MAX)) {
          crew.start(announced, () => take(announced, options, stopping.signal))
        }
        if (monotonicMs() - prunedAtMs > PRUNE_EVERY_MS) {
          await deliveries.prune()
          prunedAtMs = monotonicMs()
        }
        return new Map()
      },
      failed: 'Webhooks wait',
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

async function take(
  announced: AnnouncedOrder,
  options: TakeWebhooksOptions,
  signal: AbortSignal,
): Promise<void> {
  const { deliveries, failedOrders } = options
  const end = await handOverOrder(announced, options, signal)
  if (signal.aborted && end !== 'done') return
  const isLastTry = announced.tries + 1 >= TRIES_MAX
  // What cannot be taken over stands among the failed orders now, and is looked at from there.
  if (isLastTry && end !== 'done' && end.of === 'store')
    await failedOrders.record(announced, end.why)
  if (end === 'done' || end.of === 'order' || isLastTry) {
    await deliveries.finish(announced)
    return
  }
  const waitMs = Math.min(RETRY_MS_MIN * 2 ** announced.tries, RETRY_MS_MAX)
  await deliveries.postpone(announced, Math.max(waitMs, end.retryAfterMs ?? 0))
}
