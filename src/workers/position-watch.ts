/** Waiting until live read models have reached a position (H5): one look at the checkpoints serves all who wait. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Position } from '../event-store/event-store.js'
import type { ReadModelTables } from '../read-model/schema.js'
import { liveBuilds } from './builds.js'

export type WaitOutcome = Readonly<
  { outcome: 'reached' } | { outcome: 'behind'; position: Position | null }
>

export type WaitOptions = Readonly<{
  timeoutMs: number
  /** Names of the projections that matter; left out: every one that has a live build. */
  projections?: readonly string[]
}>

export type WaitFor = (position: Position, options: WaitOptions) => Promise<WaitOutcome>

const LOOK_EVERY_MS = 20
/** Who comes later than this does not wait for an answer that may never come. */
const LOOK_WAIT_MS_MAX = 1_000

export function watchPositions(db: Kysely<ReadModelTables>): WaitFor {
  let look: Promise<ReadonlyMap<string, Position | null>> | null = null
  let lookedAtMs = 0

  function positions(): Promise<ReadonlyMap<string, Position | null>> {
    if (look === null || performance.now() - lookedAtMs > LOOK_WAIT_MS_MAX) {
      lookedAtMs = performance.now()
      const begun = checkpoints(db).finally(() => {
        if (look === begun) look = null
      })
      look = begun
    }
    return look
  }

  return async (position, { timeoutMs, projections }) => {
    const deadline = performance.now() + timeoutMs
    let slowest: Position | null = null
    for (;;) {
      const leftMs = Math.max(deadline - performance.now(), 0)
      const reached = await within(leftMs, positions())
      if (reached !== null) {
        slowest = slowestOf(projections ?? [...reached.keys()], reached, position)
        if (!isBefore(slowest, position)) return { outcome: 'reached' }
      }
      if (performance.now() >= deadline) return { outcome: 'behind', position: slowest }
      await delay(Math.min(LOOK_EVERY_MS, Math.max(deadline - performance.now(), 0)))
    }
  }
}

/** At least once it is waited for, however short the time: `null` only where there was no answer. */
async function within<Value>(timeoutMs: number, answer: Promise<Value>): Promise<Value | null> {
  const ended = new AbortController()
  const timeout = delay(Math.max(timeoutMs, LOOK_EVERY_MS), null, { signal: ended.signal })
  return Promise.race([answer, timeout.catch(() => null)]).finally(() => {
    ended.abort()
  })
}

/** Where nothing was built yet, nothing has been reached. */
function slowestOf(
  names: readonly string[],
  reached: ReadonlyMap<string, Position | null>,
  position: Position,
): Position | null {
  if (names.length === 0) return null
  return names
    .map((name) => reached.get(name) ?? null)
    .reduce((left, right) => (isBefore(left, right) ? left : right), position)
}

async function checkpoints(
  db: Kysely<ReadModelTables>,
): Promise<ReadonlyMap<string, Position | null>> {
  const builds = await liveBuilds(db)
  return new Map(
    [...builds].map(([name, { position }]) => [name, position === null ? null : BigInt(position)]),
  )
}

function isBefore(left: Position | null, right: Position | null): boolean {
  return right !== null && (left === null || left < right)
}
