/**
 * Carries on changes of a closed period that a crash left under way (L10). Whoever asks for one carries it through by
 * itself; this looks for those that stay unfinished. It may be done twice, by several processes too.
 */
import { asError } from './fold-events.js'
import { poll, type Polling, type PollOptions } from './poll.js'

export type ContinuePeriodChangesOptions = PollOptions &
  Readonly<{
    /** The books there are. */
    books: () => Promise<readonly string[]>
    /** The revision of the event that began the change under way; `null`: there is none. */
    changeUnderWay: (books: string) => Promise<number | null>
    /** `busy`: others came between too often, it is to be tried again. */
    carryOn: (books: string) => Promise<'done' | 'busy'>
  }>

/** What is under way at two looks in a row is left over, or slow enough to be helped. */
const POLL_MS = 2_000

export function continuePeriodChanges(options: ContinuePeriodChangesOptions): Polling {
  return poll<number>(
    {
      look: (seen, signal) => look(options, seen, signal),
      failed: 'The books cannot be looked at for unfinished periods',
      pollMs: POLL_MS,
    },
    options,
  )
}

async function look(
  { books, changeUnderWay, carryOn, onWarning }: ContinuePeriodChangesOptions,
  seen: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const next = new Map<string, number>()
  for (const name of await books()) {
    if (signal.aborted) break
    const change = await changeUnderWay(name)
    if (change === null) continue
    next.set(name, change)
    if (seen.get(name) !== change) continue
    const failure = await carryOn(name).then(
      (end) => (end === 'done' ? null : 'others kept changing what it waits for'),
      (error: unknown) => asError(error).message,
    )
    if (failure !== null) onWarning(`The change of the period of ${name} goes on later: ${failure}`)
  }
  return next
}
