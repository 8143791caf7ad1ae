/** Before a rebuild: which live builds the new ones can be compared with, and bringing those to the log's end. */
import type { Projection } from '../../projections/projection.js'
import type { EventStore } from '../event-store/event-store.js'
import type { ProjectionBuild } from '../read-model/schema.js'
import { checkBuild, ForeignCheckpoint, liveBuilds, OutdatedBuild } from './builds.js'
import { fill, type FillOptions } from './fill.js'
import { acquireLeases, REBUILD_LEASE_MS, releaseLeases, renewing } from './leases.js'
import type { Follower } from './step.js'

/** Where no process advances the live builds, they are brought to the log's end here, so that they can be compared. */
export async function catchUpLive(
  options: FillOptions,
  projections: readonly Projection[],
  holder: string,
): Promise<void> {
  const builds = await liveBuilds(options.db)
  const comparable: Projection[] = []
  for (const projection of projections) {
    const build = builds.get(projection.name)
    if (build !== undefined && (await isComparable(options.store, build, projection))) {
      comparable.push(projection)
    }
  }
  const names = comparable.map(({ name }) => name)
  const leases = await acquireLeases(options.db, names, { holder, leaseMs: REBUILD_LEASE_MS })
  const ending = new AbortController()
  const renewal = renewing(options.db, leases, ending.signal)
  try {
    const current = await liveBuilds(options.db)
    const followers = comparable.flatMap((projection) => {
      const build = current.get(projection.name)
      const token = leases.get(projection.name)
      return build === undefined || token === undefined
        ? []
        : [followerOf(projection, build, { name: projection.name, token })]
    })
    await fill(options, followers, { to: await options.store.head() })
  } finally {
    ending.abort()
    await renewal
    await releaseLeases(options.db, leases)
  }
}

export async function isComparable(
  store: EventStore,
  build: ProjectionBuild,
  projection: Projection,
): Promise<boolean> {
  return build.error === null && (await canContinue(store, build, projection))
}

export async function canContinue(
  store: EventStore,
  build: ProjectionBuild,
  projection: Projection,
): Promise<boolean> {
  try {
    await checkBuild(build, projection, store)
    return true
  } catch (error) {
    if (error instanceof ForeignCheckpoint || error instanceof OutdatedBuild) return false
    throw error
  }
}

export function followerOf(
  projection: Projection,
  { build, tableName, state, position }: ProjectionBuild,
  lease: Follower['lease'],
): Follower {
  return {
    projection,
    build,
    tableName,
    state,
    lease,
    position: position === null ? null : BigInt(position),
  }
}
