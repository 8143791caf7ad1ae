/**
 * Builds read models anew beside the live ones, compares, and switches (R2). Queries go on reading the old build until
 * one row says otherwise; a rebuild that was killed goes on where its checkpoint stands.
 */
import type { Kysely } from 'kysely'
import type { Projection } from '../../projections/projection.js'
import type { EventStore, Position } from '../event-store/event-store.js'
import type { LedgerLog } from '../event-store/log.js'
import type { ProjectionBuild, ReadModelTables } from '../read-model/schema.js'
import { createIndexes } from './build-table.js'
import { createBuild, dropBuilds, ensureBuilds, liveBuilds } from './builds.js'
import { canContinue, catchUpLive, followerOf, isComparable } from './catch-up-live.js'
import { compareAndSwitch } from './compare-and-switch.js'
import { fill, type FillOptions } from './fill.js'
import {
  acquireLeases,
  type HeldLeases,
  REBUILD_LEASE_MS,
  releaseLeases,
  renewing,
} from './leases.js'
import type { Follower } from './step.js'

export type RebuildProgress = Readonly<{
  /** Events read so far, of those in the log when the rebuild began. */
  events: number
  of: number
  eventsPerSecond: number
}>

export type RebuildResult = Readonly<{
  name: string
  events: number
  rows: number
  seconds: number
  /** Whether the new rows are the old ones byte for byte; `null` where the old build cannot be compared. */
  identical: boolean | null
  hash: string
}>

export type RebuildOptions = Readonly<{
  db: Kysely<ReadModelTables>
  store: EventStore
  log: Pick<LedgerLog, 'open'>
  projections: readonly Projection[]
  holder: string
  onProgress?: (progress: RebuildProgress) => void
  /** Aborting leaves what is built so far for the next rebuild. */
  signal?: AbortSignal
  pageSizeMax?: number
}>

/** Somebody else is rebuilding the same read model. */
export class RebuildUnderWay extends Error {
  constructor(names: readonly string[]) {
    super(
      `A rebuild of ${names.join(', ')} is under way already; it ends by itself, or its lease does.`,
    )
    this.name = 'RebuildUnderWay'
  }
}

const PAGE_SIZE_MAX = 5_000

export async function rebuildProjections(
  options: RebuildOptions,
): Promise<readonly RebuildResult[]> {
  const { db, store, projections, holder } = options
  const startedMs = performance.now()
  await ensureBuilds(db, projections, await store.identity())
  const names = projections.map(({ name }) => `rebuild:${name}`)
  const leases = await acquireLeases(db, names, { holder, leaseMs: REBUILD_LEASE_MS })
  const aborting = new AbortController()
  const renewal = renewing(db, leases, aborting.signal)
  try {
    if (leases.size < projections.length) {
      throw new RebuildUnderWay(
        projections.map(({ name }) => name).filter((name) => !leases.has(`rebuild:${name}`)),
      )
    }
    const fillOptions: FillOptions = {
      db,
      store,
      log: options.log,
      pageSizeMax: options.pageSizeMax ?? PAGE_SIZE_MAX,
      signal: AbortSignal.any([
        aborting.signal,
        ...(options.signal === undefined ? [] : [options.signal]),
      ]),
    }
    await catchUpLive(fillOptions, projections, holder)
    const filled = await fillNewBuilds(fillOptions, options, leases)
    return await switchEach(fillOptions, filled, startedMs)
  } finally {
    aborting.abort()
    await renewal
    await releaseLeases(db, leases)
  }
}

async function fillNewBuilds(
  options: FillOptions,
  { projections, onProgress }: RebuildOptions,
  leases: HeldLeases,
): Promise<readonly Follower[]> {
  const { db, store } = options
  const of = (await store.lag(null, new Date())).events
  const followers: Follower[] = []
  for (const projection of projections) {
    const name = `rebuild:${projection.name}`
    const build = await buildToFill(options, projection)
    followers.push(followerOf(projection, build, { name, token: leases.get(name) ?? '' }))
  }
  const startedMs = performance.now()
  let events = 0
  const filled = await fill(options, followers, {
    to: await targetOf(options, projections),
    onPage: (count) => {
      events += count
      const seconds = Math.max((performance.now() - startedMs) / 1000, 0.001)
      onProgress?.({
        events,
        of: Math.max(of, events),
        eventsPerSecond: Math.round(events / seconds),
      })
    },
  })
  for (const { projection, tableName } of filled)
    await createIndexes(db, projection.table, tableName)
  return filled
}

/** A live build that can be compared is not to be overtaken: not beyond the slowest of them, the log's end else. */
async function targetOf(
  { db, store }: FillOptions,
  projections: readonly Projection[],
): Promise<Position | null> {
  const builds = await liveBuilds(db)
  let target = await store.head()
  for (const projection of projections) {
    const build = builds.get(projection.name)
    if (build === undefined || !(await isComparable(store, build, projection))) continue
    const position = build.position === null ? null : BigInt(build.position)
    if (position === null || target === null || position < target) target = position
  }
  return target
}

/** One that an earlier rebuild left unfinished, if it can go on; else a new one. */
async function buildToFill(
  { db, store }: FillOptions,
  projection: Projection,
): Promise<ProjectionBuild> {
  const begun = await db
    .selectFrom('read_model.projection_builds')
    .where('name', '=', projection.name)
    .where('state', '=', 'building')
    .where('error', 'is', null)
    .selectAll()
    .executeTakeFirst()
  if (begun !== undefined && (await canContinue(store, begun, projection))) return begun
  const logIdentity = await store.identity()
  return db.transaction().execute(async (transaction) => {
    await dropBuilds(transaction, projection.name, 'building')
    return createBuild(transaction, projection, { logIdentity, state: 'building' })
  })
}

async function switchEach(
  options: FillOptions,
  filled: readonly Follower[],
  startedMs: number,
): Promise<readonly RebuildResult[]> {
  const results: RebuildResult[] = []
  for (const follower of filled) {
    const build = (await liveBuilds(options.db)).get(follower.projection.name)
    const comparable =
      build !== undefined && (await isComparable(options.store, build, follower.projection))
    const switched = await compareAndSwitch(options, follower, { comparable })
    const seconds = (performance.now() - startedMs) / 1000
    results.push({ name: follower.projection.name, ...switched, seconds })
  }
  return results
}
