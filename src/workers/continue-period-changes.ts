/**
 * Carries on changes of a closed period that a crash left under way (L10). Whoever asks for one carries it through by
 * itself; this looks for those that stay unfinished. It may be done twice, by several processes too.
 */
import { asError } from './fold-events.js'
import { pause } from './pause.js'

export type ContinuePeriodChangesOptions = Readonly<{
  /** The books there are. */
  books: () => Promise<readonly string[]>
  /** The revision of the event that began the change under way; `null`: there is none. */
  changeUnderWay: (books: string) => Promise<number | null>
  /** `busy`: others came between too often, it is to be tried again. */
  carryOn: (books: string) => Promise<'done' | 'busy'>
  /** Whether this process is the one to do it now: it only spreads the work, and nothing rests on it. */
  isLeading: () => boolean
  /** A sentence for whoever runs this. */
  onWarning: (message: string) => void
  pollMs?: number
}>

export type ContinuingPeriodChanges = Readonly<{ stop(): Promise<void> }>

/** What is under way at two looks in a row is left over, or slow enough to be helped. */
const POLL_MS = 2_000

export function continuePeriodChanges(
  options: ContinuePeriodChangesOptions,
): ContinuingPeriodChanges {
  const stopping = new AbortController()
  const ended = run(options, stopping.signal)
  return {
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}

async function run(options: ContinuePeriodChangesOptions, signal: AbortSignal): Promise<void> {
  const { isLeading, onWarning, pollMs = POLL_MS } = options
  let seen: ReadonlyMap<string, number> = new Map()
  while (!signal.aborted) {
    try {
      seen = isLeading() ? await look(options, seen, signal) : new Map()
    } catch (error) {
      onWarning(`The books cannot be looked at for unfinished periods: ${asError(error).message}`)
    }
    await pause(pollMs, signal)
  }
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
