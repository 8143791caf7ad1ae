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

export function watchPositions(db: Kysely<ReadModelTables>): WaitFor {
  let look: Promise<ReadonlyMap<string, Position | null>> | null = null

  function positions(): Promise<ReadonlyMap<string, Position | null>> {
    look ??= checkpoints(db).finally(() => {
      look = null
    })
    return look
  }

  return async (position, { timeoutMs, projections }) => {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const reached = await positions()
      const slowest = slowestOf(projections ?? [...reached.keys()], reached, position)
      if (!isBefore(slowest, position)) return { outcome: 'reached' }
      if (Date.now() >= deadline) return { outcome: 'behind', position: slowest }
      await delay(Math.min(LOOK_EVERY_MS, Math.max(deadline - Date.now(), 0)))
    }
  }
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
