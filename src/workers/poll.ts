/** A worker that looks again and again for what is left over, until it is stopped. */
import { asError } from './fold-events.js'
import { pause } from './pause.js'
import { createStopping } from './stopping.js'

export type Polling = Readonly<{ stop(): Promise<void> }>

/** Of whoever runs such a worker. */
export type PollOptions = Readonly<{
  /** Whether this process is the one to do it now: it only spreads the work, and nothing rests on it. */
  isLeading: () => boolean
  /** A sentence for whoever runs this. */
  onWarning: (message: string) => void
  pollMs?: number
}>

type Work<Seen> = Readonly<{
  /** One look, told what the one before it has seen: nothing where this process did not lead. */
  look: (seen: ReadonlyMap<string, Seen>, signal: AbortSignal) => Promise<ReadonlyMap<string, Seen>>
  /** What a look that failed is told as, before its reason. */
  failed: string
  pollMs: number
}>

export function poll<Seen>(work: Work<Seen>, options: PollOptions): Polling {
  const stopping = createStopping()
  const ended = run(work, options, stopping.signal)
  return {
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}

async function run<Seen>(
  { look, failed, pollMs: usualMs }: Work<Seen>,
  { isLeading, onWarning, pollMs = usualMs }: PollOptions,
  signal: AbortSignal,
): Promise<void> {
  let seen: ReadonlyMap<string, Seen> = new Map()
  while (!signal.aborted) {
    try {
      seen = isLeading() ? await look(seen, signal) : new Map()
    } catch (error) {
      onWarning(`${failed}: ${asError(error).message}`)
    }
    await pause(pollMs, signal)
  }
}
