/** Doing one thing again while the database is away. Safe for commands only: their keys make a repeat the same request. */
import { setTimeout as pause } from 'node:timers/promises'
import { EventStoreBusy, EventStoreUnavailable } from '../event-store/event-store.js'
import { Interrupted } from './failure.js'
import { say } from './output.js'

const GIVE_UP_AFTER_MS = 60_000
const TELL_EVERY_MS = 10_000
const PAUSE_MS_MIN = 50
const PAUSE_MS_MAX = 2_000
/** A connection that is refused, reset or ended; a server that starts or stops (SQLSTATE classes 08 and 57P). */
const PASSING_CODES = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|08...|57P0[123])$/
const PASSING_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|connection timeout/i

export type Persist = <Value>(work: () => Promise<Value>) => Promise<Value>

/** `lost` says why there is nothing to wait for; an aborted signal ends the wait too. */
export function persistence(
  { lost }: Readonly<{ lost: () => Error | null }>,
  signal: AbortSignal,
): Persist {
  return async (work) => {
    const begunAt = performance.now()
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await work()
      } catch (reason) {
        if (!isPassing(reason)) throw reason
        const reasonToStop = lost()
        if (reasonToStop !== null) throw reasonToStop
        if (signal.aborted) throw new Interrupted('Stopped while the database was away.')
        if (performance.now() - begunAt > GIVE_UP_AFTER_MS) throw reason
        if (attempt === 0) tell()
        const pauseMs = Math.min(PAUSE_MS_MIN * 2 ** attempt, PAUSE_MS_MAX)
        await pause(pauseMs * (0.5 + Math.random() / 2))
      }
    }
  }
}

/** Many wait for the same. */
let toldAt = -Infinity
function tell(): void {
  if (performance.now() - toldAt < TELL_EVERY_MS) return
  toldAt = performance.now()
  say('The database does not answer; trying again.')
}

function isPassing(reason: unknown): boolean {
  if (reason instanceof EventStoreUnavailable || reason instanceof EventStoreBusy) return true
  if (!(reason instanceof Error)) return false
  const { code } = reason as NodeJS.ErrnoException
  return (code !== undefined && PASSING_CODES.test(code)) || PASSING_MESSAGES.test(reason.message)
}
