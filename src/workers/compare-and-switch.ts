/** The end of a rebuild: the new build is compared with the live one at the same position, and takes its place. */
import { type Kysely, sql } from 'kysely'
import type { Position } from '../event-store/event-store.js'
import type { ProjectionBuild, ReadModelTables } from '../read-model/schema.js'
import { dropBuilds, liveBuilds, pointTo, setBuildState } from './builds.js'
import { fill, type FillOptions } from './fill.js'
import { hashTable } from './hash-rows.js'
import type { Follower } from './step.js'

export type Switched = Readonly<{
  events: number
  rows: number
  identical: boolean | null
  hash: string
}>

export async function compareAndSwitch(
  options: FillOptions,
  follower: Follower,
  { comparable }: Readonly<{ comparable: boolean }>,
): Promise<Switched> {
  const compared = await compare(options, follower, comparable)
  const events = await switchTo(options, compared.follower, comparable)
  return { events, rows: compared.rows, identical: compared.identical, hash: compared.hash }
}

type Compared = Omit<Switched, 'events'> & Readonly<{ follower: Follower }>

/**
 * The live build is held still only until the new one has come to the very same position and a snapshot of both is
 * taken; hashing reads that snapshot, while both may go on.
 */
async function compare(
  options: FillOptions,
  follower: Follower,
  comparable: boolean,
): Promise<Compared> {
  const { projection, tableName } = follower
  const held = await holdLive(options, follower, comparable)
  return held.snapshot(async (snapshot) => {
    const fresh = await hashTable(snapshot, projection.table, tableName)
    if (!held.comparable) return { follower: held.follower, ...fresh, identical: null }
    const old = await hashTable(snapshot, projection.table, held.live.tableName)
    return { follower: held.follower, ...fresh, identical: old.hash === fresh.hash }
  })
}

type Held = Readonly<{
  follower: Follower
  live: ProjectionBuild
  comparable: boolean
  snapshot: <T>(read: (snapshot: Kysely<ReadModelTables>) => Promise<T>) => Promise<T>
}>

async function holdLive(
  options: FillOptions,
  follower: Follower,
  comparable: boolean,
): Promise<Held> {
  const { db } = options
  // Most of the way without holding anybody up.
  const near = await fill(options, [follower], {
    to: await targetOf(db, options, follower, comparable),
  })
  return db.transaction().execute(async (holding) => {
    const live = await lockLive(holding, follower)
    const to = comparable ? positionOf(live) : await options.store.head()
    const [reached = follower] = await fill(options, near, { to })
    const snapshot = await db.startTransaction().setIsolationLevel('repeatable read').execute()
    // A snapshot is taken by the first statement.
    await sql`select 1`.execute(snapshot)
    return {
      follower: reached,
      live,
      // A live build that was overtaken says nothing about the same position.
      comparable: comparable && reached.position === positionOf(live),
      snapshot: async (read) => {
        try {
          await sql`set local statement_timeout = 0`.execute(snapshot)
          return await read(snapshot)
        } finally {
          await snapshot.rollback().execute()
        }
      },
    }
  })
}

/** Gives how many events the new live build has taken. */
async function switchTo(
  options: FillOptions,
  follower: Follower,
  comparable: boolean,
): Promise<number> {
  const near = await fill(options, [follower], {
    to: await targetOf(options.db, options, follower, comparable),
  })
  return options.db.transaction().execute(async (transaction) => {
    const live = await lockLive(transaction, follower)
    // A read model never goes back in time: who saw the old one at a position sees the new one there too.
    await fill(options, near, { to: comparable ? positionOf(live) : await options.store.head() })
    const { name } = follower.projection
    await dropBuilds(transaction, name, 'kept')
    await setBuildState(transaction, live, 'kept')
    const built = await transaction
      .selectFrom('read_model.projection_builds')
      .where('name', '=', name)
      .where('build', '=', follower.build)
      .selectAll()
      .executeTakeFirstOrThrow()
    await setBuildState(transaction, built, 'live')
    await pointTo(transaction, built)
    return parseInt(built.events, 10)
  })
}

async function lockLive(
  transaction: Kysely<ReadModelTables>,
  { projection }: Follower,
): Promise<ProjectionBuild> {
  await sql`select 1 from read_model.projection_live where name = ${projection.name} for update`.execute(
    transaction,
  )
  const live = (await liveBuilds(transaction)).get(projection.name)
  if (live === undefined) throw new Error(`There is no live build of ${projection.name}`)
  const locked = await transaction
    .selectFrom('read_model.projection_builds')
    .where('name', '=', live.name)
    .where('build', '=', live.build)
    .selectAll()
    .forUpdate()
    .executeTakeFirstOrThrow()
  return locked
}

async function targetOf(
  db: Kysely<ReadModelTables>,
  { store }: FillOptions,
  { projection }: Follower,
  comparable: boolean,
): Promise<Position | null> {
  const live = (await liveBuilds(db)).get(projection.name)
  return comparable && live !== undefined ? positionOf(live) : store.head()
}

function positionOf({ position }: ProjectionBuild): Position | null {
  return position === null ? null : BigInt(position)
}
