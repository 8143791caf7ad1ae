/** How each read model stands to the log: for `GET /projections`, `doctor` and the metrics. */
import { type Kysely, sql } from 'kysely'
import type { Projection } from '../../projections/projection.js'
import type { EventStore } from '../event-store/event-store.js'
import type { ReadModelTables } from '../read-model/schema.js'
import { liveBuilds } from './builds.js'

export type ProjectionStatus = Readonly<{
  name: string
  /** Of the live build; `null` where there is none yet. */
  version: number | null
  codeVersion: number
  build: number | null
  position: string | null
  events: string
  lag: Readonly<{ events: number; seconds: number }>
  /** Who advances it now. */
  holder: string | null
  error: string | null
}>

/** Whether they can be asked. The log is not asked for it, so that it is quick however far behind they are. */
export async function projectionReadiness(
  db: Kysely<ReadModelTables>,
  projections: readonly Projection[],
): Promise<readonly Pick<ProjectionStatus, 'name' | 'build' | 'error'>[]> {
  const builds = await liveBuilds(db)
  return projections.map(({ name }) => {
    const live = builds.get(name)
    return { name, build: live?.build ?? null, error: live?.error ?? null }
  })
}

export async function projectionStatus(
  db: Kysely<ReadModelTables>,
  store: EventStore,
  projections: readonly Projection[],
): Promise<readonly ProjectionStatus[]> {
  const builds = await liveBuilds(db)
  const { rows } = await sql<{ name: string; holder: string }>`
    select name, holder from read_model.projection_leases where expires_at > clock_timestamp()`.execute(
    db,
  )
  const holders = new Map(rows.map(({ name, holder }) => [name, holder]))
  // Most stand at the same position, so that the log is asked once.
  const lags = new Map<string | null, ReturnType<EventStore['lag']>>()
  return Promise.all(
    projections.map(async ({ name, version: codeVersion }): Promise<ProjectionStatus> => {
      const live = builds.get(name)
      const position = live?.position ?? null
      const lag =
        lags.get(position) ?? store.lag(position === null ? null : BigInt(position), new Date())
      lags.set(position, lag)
      return {
        name,
        version: live?.version ?? null,
        codeVersion,
        build: live?.build ?? null,
        position,
        events: live?.events ?? '0',
        lag: await lag,
        holder: holders.get(name) ?? null,
        error: live?.error ?? null,
      }
    }),
  )
}
