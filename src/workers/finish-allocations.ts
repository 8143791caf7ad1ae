/**
 * Finishes what a crash left of allocations across two folios (L7). Whoever asks for one takes its steps at once; this
 * looks for those that stay unfinished and takes the next step, until there is none. Steps may be taken twice, by
 * several processes too: each looks at what its folio has recorded.
 */
import { asError } from './fold-events.js'
import { poll, type Polling, type PollOptions } from './poll.js'

export type UnfinishedAllocation = Readonly<{ allocationId: string; invoiceId: string }>

type FinishAllocationsOptions = PollOptions &
  Readonly<{
    /** Those of the read model; one that is behind shows some too long, which does no harm. */
    unfinished: () => Promise<readonly UnfinishedAllocation[]>
    finish: (allocation: UnfinishedAllocation) => Promise<void>
    monotonicMs: () => number
    /** So long the process that was asked has to finish it by itself. */
    graceMs?: number
  }>

const POLL_MS = 1_000
const GRACE_MS = 2_000
const AT_ONCE_MAX = 8
const RETRY_MS_MIN = 1_000
/** It is never given up: money is reserved for it. */
const RETRY_MS_MAX = 300_000

/** What is known of an allocation that is still to be finished. */
type Watched = Readonly<{ failures: number; dueAtMs: number }>

export function finishAllocations(options: FinishAllocationsOptions): Polling {
  return poll<Watched>(
    {
      look: (watched, signal) => look(options, watched, signal),
      failed: 'Unfinished allocations wait',
      pollMs: POLL_MS,
    },
    options,
  )
}

/** One round: what was seen for the first time waits, what is due is finished, a few at once. */
async function look(
  { unfinished, finish, onWarning, monotonicMs, graceMs = GRACE_MS }: FinishAllocationsOptions,
  watched: ReadonlyMap<string, Watched>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Watched>> {
  const now = monotonicMs()
  const found = await unfinished()
  const next = new Map<string, Watched>()
  const queue: (readonly [UnfinishedAllocation, Watched])[] = []
  for (const allocation of found) {
    const { allocationId } = allocation
    const known = watched.get(allocationId) ?? { failures: 0, dueAtMs: now + graceMs }
    next.set(allocationId, known)
    if (known.dueAtMs <= now) queue.push([allocation, known])
  }
  const take = async (allocation: UnfinishedAllocation, { failures }: Watched): Promise<void> => {
    const { allocationId } = allocation
    try {
      await finish(allocation)
      // The read model will show it; until then it need not be looked at again at once.
      next.set(allocationId, { failures: 0, dueAtMs: monotonicMs() + graceMs })
    } catch (error) {
      const waitMs = Math.min(RETRY_MS_MIN * 2 ** failures, RETRY_MS_MAX)
      next.set(allocationId, { failures: failures + 1, dueAtMs: monotonicMs() + waitMs })
      onWarning(
        `Allocation ${allocationId} is not finished (try ${failures + 1}, the next in ` +
          `${waitMs / 1000} s): ${asError(error).message}`,
      )
    }
  }
  const takeNext = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined && !signal.aborted; one = queue.shift()) {
      await take(...one)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE_MAX }, takeNext))
  return next
}
