/** Every store with credentials is asked for what has changed there, again and again (M11): webhooks alone are not enough. */
import { asError } from './fold-events.js'
import { poll, type Polling, type PollOptions } from './poll.js'
import {
  type Looked,
  pullStore,
  type PullProgress,
  type PullStorePorts,
  type RoundEnd,
} from './pull-store.js'
import { createStopping } from './stopping.js'

export type PullOrdersOptions = PollOptions &
  Omit<PullStorePorts, 'isLeading' | 'onProgress' | 'looked'> &
  Readonly<{
    /** Those with credentials. */
    instances: () => Promise<readonly string[]>
    /** From the end of a round over a store to the beginning of the next. */
    pullMs: number
    onProgress?: (progress: PullProgress) => void
  }>

const POLL_MS = 1_000
/** After a failure of our own, such as a database that is away. */
const FAILED_RETRY_MS = 10_000

export function pullOrders(options: PullOrdersOptions): Polling {
  const stopping = createStopping()
  const rounds = createRounds(options, stopping.signal)
  const polling = poll<undefined>(
    {
      look: async () => {
        await rounds.startDue()
        return new Map()
      },
      failed: 'Stores cannot be pulled',
      pollMs: POLL_MS,
    },
    options,
  )
  return {
    stop: async () => {
      stopping.abort()
      await polling.stop()
      await rounds.ended()
    },
  }
}

/** One round of a store at a time; a long one, such as the first, holds up no other store. */
function createRounds(options: PullOrdersOptions, signal: AbortSignal) {
  const { instances, pullMs, monotonicMs, onWarning, onProgress = () => undefined } = options
  const underWay = new Map<string, Promise<void>>()
  const dueAtMs = new Map<string, number>()
  const lastWarning = new Map<string, string>()
  const lookedAt = new Map<string, Map<string, Looked>>()

  async function run(instance: string): Promise<void> {
    let waitMs = pullMs
    const looked = lookedAt.get(instance) ?? new Map<string, Looked>()
    lookedAt.set(instance, looked)
    try {
      const end = await pullStore(instance, { ...options, onProgress, looked }, signal)
      tell(instance, end)
      if (typeof end !== 'string') waitMs = Math.max(pullMs, end.retryAfterMs ?? 0)
    } catch (error) {
      waitMs = Math.max(pullMs, FAILED_RETRY_MS)
      onWarning(`Store ${instance} is not pulled: ${asError(error).message}`)
    }
    dueAtMs.set(instance, monotonicMs() + waitMs)
  }

  /** A store that is away for long says the same each time. */
  function tell(instance: string, end: RoundEnd): void {
    if (typeof end === 'string') {
      if (end === 'ended') lastWarning.delete(instance)
      return
    }
    if (lastWarning.get(instance) === end.why) return
    lastWarning.set(instance, end.why)
    onWarning(`Store ${instance} is not pulled: ${end.why}`)
  }

  return {
    startDue: async () => {
      const known = await instances()
      for (const instance of [...dueAtMs.keys()]) {
        if (known.includes(instance)) continue
        dueAtMs.delete(instance)
        lookedAt.delete(instance)
      }
      for (const instance of known) {
        if (signal.aborted || underWay.has(instance)) continue
        if ((dueAtMs.get(instance) ?? 0) > monotonicMs()) continue
        underWay.set(
          instance,
          run(instance).finally(() => underWay.delete(instance)),
        )
      }
    },
    ended: async () => {
      await Promise.allSettled(underWay.values())
    },
  }
}
