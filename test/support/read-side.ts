/** A fresh database with the tables of the read side, and what its tests ask of it. */
import { sql } from 'kysely'
import { PROJECTIONS } from '../../projections/index.js'
import type { AnyRow, Projection } from '../../projections/projection.js'
import {
  openReadModel,
  prepareReadModel,
  type ReadModelDatabase,
} from '../../src/read-model/database.js'
import { liveBuilds } from '../../src/workers/builds.js'
import { hashReadModels } from '../../src/workers/hash-rows.js'
import { type RunningProjections, runProjections } from '../../src/workers/run-projections.js'
import { watchPositions } from '../../src/workers/position-watch.js'
import type { StoryLog } from './ledger-story.js'
import { testDatabase } from './postgres.js'
import type { Append } from './random-story.js'

export type ReadSide = Readonly<{
  db: ReadModelDatabase
  connectionString: string
  drop(): Promise<void>
}>

export async function readSide(): Promise<ReadSide> {
  const database = await testDatabase()
  const db = openReadModel({ connectionString: database.connectionString })
  await prepareReadModel(db)
  return {
    db,
    connectionString: database.connectionString,
    drop: async () => {
      await db.destroy()
      await database.drop()
    },
  }
}

export type FollowOptions = Readonly<{
  holder?: string
  projections?: readonly Projection[]
  leaseMs?: number
  renewMs?: number
  pageSizeMax?: number
  onWarning?: (message: string) => void
}>

export function follow(
  db: ReadModelDatabase,
  { store, log }: StoryLog,
  options: FollowOptions = {},
): RunningProjections {
  return runProjections({
    db,
    store,
    log,
    projections: PROJECTIONS,
    holder: 'test',
    leaseMs: 2_000,
    renewMs: 50,
    ...options,
  })
}

const REACH_TIMEOUT_MS = 30_000

/** Until the live read models hold the whole log. */
export async function caughtUp(
  db: ReadModelDatabase,
  { store }: StoryLog,
  projections: readonly Projection[] = PROJECTIONS,
): Promise<void> {
  const head = await store.head()
  if (head === null) return
  const waited = await watchPositions(db)(head, {
    timeoutMs: REACH_TIMEOUT_MS,
    projections: projections.map(({ name }) => name),
  })
  if (waited.outcome === 'behind')
    throw new Error(`The read models stay at ${waited.position ?? 'nothing'}`)
}

export async function tell(story: StoryLog, appends: readonly Append[]): Promise<void> {
  for (const { stream, facts } of appends) await story.append(stream, ...facts)
}

export async function rowsOf(
  db: ReadModelDatabase,
  projection: Projection,
): Promise<readonly AnyRow[]> {
  const tableName = (await liveBuilds(db)).get(projection.name)?.tableName ?? ''
  const { rows } =
    await sql<AnyRow>`select * from ${sql.id('read_model', tableName)} order by sort_key`.execute(
      db,
    )
  return rows
}

export async function hashes(db: ReadModelDatabase): Promise<Readonly<Record<string, string>>> {
  const hashed = await hashReadModels(db, PROJECTIONS)
  return Object.fromEntries(Object.entries(hashed).map(([name, { hash }]) => [name, hash]))
}
