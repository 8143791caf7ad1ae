/**
 * Keeps the live read models in step with the log. Several processes may run this; each projection is advanced by the
 * one that holds its lease, and by another within the lease's length after that one is gone.
 */
import type { Kysely } from 'kysely'
import type { Projection } from '../../projections/projection.js'
import type { EventStore } from '../event-store/event-store.js'
import type { LedgerLog } from '../event-store/log.js'
import type { ProjectionBuild, ReadModelTables } from '../read-model/schema.js'
import {
  checkBuild,
  ensureBuilds,
  ForeignCheckpoint,
  liveBuilds,
  OutdatedBuild,
  recordError,
} from './builds.js'
import { asError } from './fold-events.js'
import { acquireLeases, releaseLeases, renewLeases } from './leases.js'
import { damageText, openPage } from './open-page.js'
import { pause } from './pause.js'
import { CheckpointMoved, earliest, type Follower, type StepOutcome, stepPage } from './step.js'

export type RunProjectionsOptions = Readonly<{
  db: Kysely<ReadModelTables>
  store: EventStore
  log: Pick<LedgerLog, 'open'>
  projections: readonly Projection[]
  /** Names this process among those that may advance the same read models. */
  holder: string
  /** A sentence for whoever runs this: a projection stopped, a database that does not answer. */
  onWarning?: (message: string) => void
  pageSizeMax?: number
  leaseMs?: number
  renewMs?: number
}>

export type RunningProjections = Readonly<{
  /** The names that this process advances now. */
  leading(): readonly string[]
  /** Ends after the page under way, and gives the leases back at once. */
  stop(): Promise<void>
}>

const PAGE_SIZE_MAX = 1_000
const LEASE_MS = 5_000
const RENEW_MS = 1_500
const RETRY_MS_MIN = 50
const GATHER_MS_MAX = 100
const RETRY_MS_MAX = 5_000

export function runProjections(options: RunProjectionsOptions): RunningProjections {
  const worker = new ProjectionWorker(options)
  const stopping = new AbortController()
  const ended = worker.run(stopping.signal)
  return {
    leading: () => worker.leading(),
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}

class ProjectionWorker {
  private readonly options: Required<RunProjectionsOptions>
  /** Token by projection name. */
  private held: ReadonlyMap<string, string> = new Map()
  /** Builds that this process cannot go on with, by projection. A rebuilt one has another number, and its chance. */
  private readonly stopped = new Map<string, number>()
  private followers: readonly Follower[] = []

  constructor(options: RunProjectionsOptions) {
    this.options = {
      onWarning: () => undefined,
      pageSizeMax: PAGE_SIZE_MAX,
      leaseMs: LEASE_MS,
      renewMs: RENEW_MS,
      ...options,
    }
  }

  leading(): readonly string[] {
    return this.followers.map(({ projection }) => projection.name)
  }

  async run(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        await this.lead(signal)
        failures = 0
        await pause(RETRY_MS_MIN, signal)
      } catch (error) {
        this.followers = []
        if (!(error instanceof CheckpointMoved)) {
          failures += 1
          this.options.onWarning(`The read models wait: ${asError(error).message}`)
        }
        await pause(Math.min(RETRY_MS_MIN * 2 ** failures, RETRY_MS_MAX), signal)
      }
    }
    this.followers = []
    // A database that does not answer any more lets the leases expire by themselves.
    await releaseLeases(this.options.db, this.held).catch(() => undefined)
    this.held = new Map()
  }

  /** Until the set of held leases changes, another worker gets in the way, or all is over. */
  private async lead(signal: AbortSignal): Promise<void> {
    const { db, store, projections, renewMs } = this.options
    await ensureBuilds(db, projections, await store.identity())
    await this.renew()
    this.followers = await this.findFollowers()
    const round = new AbortController()
    const either = AbortSignal.any([signal, round.signal])
    const renewal = this.renewUntilChanged(either).finally(() => round.abort())
    try {
      if (this.followers.length === 0) await pause(renewMs, either)
      else await this.follow(either)
    } finally {
      round.abort()
      await renewal
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { db, store, log, pageSizeMax } = this.options
    const after = earliest(this.followers)
    for await (const stored of store.subscribeToAll({ after, pageSizeMax, signal })) {
      const begunAt = performance.now()
      const { events, damage } = await openPage(log, stored)
      if (events.length > 0) this.settle(await stepPage(db, this.followers, events))
      if (damage !== null) {
        await this.stopAt(damage.stored.position, damageText(damage))
        return
      }
      if (this.followers.length === 0 || signal.aborted) return
      // Many small pages would cost the writers more than they bring the readers: as long as a page took, events gather.
      if (stored.length < pageSizeMax) {
        await pause(Math.min(performance.now() - begunAt, GATHER_MS_MAX), signal)
      }
    }
  }

  private settle(outcomes: readonly StepOutcome[]): void {
    for (const { follower, failure } of outcomes) {
      if (failure !== null) {
        this.stopped.set(follower.projection.name, follower.build)
        this.options.onWarning(
          `${follower.projection.name} stands still at ${failure.event.type}, ` +
            `position ${failure.event.position}: ${failure.error.message}`,
        )
      }
    }
    this.followers = outcomes
      .filter(({ failure }) => failure === null)
      .map(({ follower }) => follower)
  }

  private async stopAt(position: bigint, reason: string): Promise<void> {
    for (const { projection, build, position: reached } of this.followers) {
      if (reached !== null && reached >= position) continue
      this.stopped.set(projection.name, build)
      await recordError(this.options.db, { name: projection.name, build }, reason)
    }
    this.options.onWarning(`Read models stand still at ${reason}`)
    this.followers = []
  }

  private async findFollowers(): Promise<readonly Follower[]> {
    const builds = await liveBuilds(this.options.db)
    const found: Follower[] = []
    for (const projection of this.options.projections) {
      const { name } = projection
      const build = builds.get(name)
      const token = this.held.get(name)
      if (build === undefined || token === undefined || this.isStopped(build)) continue
      if (!(await this.mayFollow(build, projection))) continue
      const { tableName, state } = build
      const position = build.position === null ? null : BigInt(build.position)
      found.push({
        projection,
        build: build.build,
        tableName,
        state,
        lease: { name, token },
        position,
      })
    }
    return found
  }

  private async mayFollow(build: ProjectionBuild, projection: Projection): Promise<boolean> {
    try {
      await checkBuild(build, projection, this.options.store)
      await recordError(this.options.db, build, null)
      return true
    } catch (error) {
      if (!(error instanceof ForeignCheckpoint || error instanceof OutdatedBuild)) throw error
      if (build.error !== error.message) this.options.onWarning(error.message)
      await recordError(this.options.db, build, error.message)
      this.stopped.set(build.name, build.build)
      return false
    }
  }

  private isStopped({ name, build }: ProjectionBuild): boolean {
    return this.stopped.get(name) === build
  }

  /** Gives the projections that stopped here to whoever may do better, and takes what is free. */
  private async renew(): Promise<void> {
    const { db, projections, holder, leaseMs } = this.options
    const builds = await liveBuilds(db)
    const able = projections
      .map(({ name }) => name)
      .filter((name) => {
        const build = builds.get(name)
        return build !== undefined && !this.isStopped(build)
      })
    const isAble = (name: string) => able.includes(name)
    await releaseLeases(db, new Map([...this.held].filter(([name]) => !isAble(name))))
    const kept = new Map([...this.held].filter(([name]) => isAble(name)))
    const renewed = await renewLeases(db, kept, leaseMs)
    const wanted = able.filter((name) => !renewed.has(name))
    const acquired = await acquireLeases(db, wanted, { holder, leaseMs })
    this.held = new Map([...renewed, ...acquired])
  }

  private async renewUntilChanged(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await pause(this.options.renewMs, signal)
        if (signal.aborted) return
        const before = this.held
        await this.renew()
        if (!areEqual(before, this.held)) return
      }
    } catch (error) {
      this.options.onWarning(
        `The leases of the read models were not renewed: ${asError(error).message}`,
      )
    }
  }
}

function areEqual(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([name, token]) => right.get(name) === token)
}
