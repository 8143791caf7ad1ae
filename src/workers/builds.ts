/** The builds of projections: made, found, checked against the log that they are to follow, switched and dropped. */
import { type Kysely, sql } from 'kysely'
import type { Projection } from '../../projections/projection.js'
import type { EventStore } from '../event-store/event-store.js'
import type { BuildState, ProjectionBuild, ReadModelTables } from '../read-model/schema.js'
import { createBuildTable, createIndexes, dropBuildTable, tableNameOf } from './build-table.js'

type Database = Kysely<ReadModelTables>

/**
 * The checkpoint does not belong to this log: the log was restored from an older copy, or it is another one. Going on
 * would mix two histories.
 */
export class ForeignCheckpoint extends Error {
  constructor({ name }: Readonly<{ name: string }>, what: string) {
    super(
      `${name} ${what}. If this is the right log (restored from a back-up, say), run folio rebuild; ` +
        'if it is not, give the EVENTSTORE_URL, data folder or DATABASE_URL that belongs to these read models.',
    )
    this.name = 'ForeignCheckpoint'
  }
}

/** The read models of this database follow another log altogether: one of the two addresses is not the one meant. */
export class ForeignLog extends Error {
  constructor(built: string, given: string) {
    super(
      `The read models of this database were built from the log ${built}, and the log given is ${given}. ` +
        'Give the EVENTSTORE_URL (or none), data folder or DATABASE_URL that belong together; ' +
        'if this log has taken the place of that one, run folio rebuild first.',
    )
    this.name = 'ForeignLog'
  }
}

/** The build has the table of another version of the projection than the code. */
export class OutdatedBuild extends Error {
  constructor(build: ProjectionBuild, projection: Projection) {
    super(
      `${build.name} was built as version ${build.version}, and the code has version ${projection.version}: ` +
        'run folio rebuild.',
    )
    this.name = 'OutdatedBuild'
  }
}

/** Throws {@link OutdatedBuild} or {@link ForeignCheckpoint} where the build cannot be continued over this log. */
export async function checkBuild(
  build: ProjectionBuild,
  projection: Projection,
  store: EventStore,
): Promise<void> {
  if (build.version !== projection.version) throw new OutdatedBuild(build, projection)
  const identity = await store.identity()
  if (build.logIdentity !== identity) {
    throw new ForeignCheckpoint(
      build,
      `was built from the log ${build.logIdentity}, and this is ${identity}`,
    )
  }
  if (build.position === null) return
  const event = await store.eventAt(BigInt(build.position))
  if (event?.id !== build.eventId) {
    throw new ForeignCheckpoint(
      build,
      `has events up to position ${build.position}, where this log has ` +
        (event === null ? 'none' : 'another event'),
    )
  }
}

/**
 * Throws {@link ForeignLog} where no live build is of this log: whoever went on would write the books of one ledger beside
 * the lists of another.
 */
export async function refuseForeignLog(db: Database, logIdentity: string): Promise<void> {
  const builds = [...(await liveBuilds(db)).values()]
  const [foreign] = builds.filter((build) => build.logIdentity !== logIdentity)
  if (foreign === undefined || builds.some((build) => build.logIdentity === logIdentity)) return
  throw new ForeignLog(foreign.logIdentity, logIdentity)
}

/** Gives every projection that has never been built an empty live build. */
export async function ensureBuilds(
  db: Database,
  projections: readonly Projection[],
  logIdentity: string,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext('folio projection builds'))`.execute(
      transaction,
    )
    const live = await transaction.selectFrom('read_model.projection_live').select('name').execute()
    const built = new Set(live.map(({ name }) => name))
    for (const projection of projections.filter(({ name }) => !built.has(name))) {
      const build = await createBuild(transaction, projection, { logIdentity, state: 'live' })
      await createIndexes(transaction, projection.table, build.tableName)
      await pointTo(transaction, build)
    }
  })
}

/** By projection name. */
export async function liveBuilds(db: Database): Promise<ReadonlyMap<string, ProjectionBuild>> {
  const builds = await db
    .selectFrom('read_model.projection_live as live')
    .innerJoin('read_model.projection_builds as builds', (join) =>
      join.onRef('builds.name', '=', 'live.name').onRef('builds.build', '=', 'live.build'),
    )
    .selectAll('builds')
    .execute()
  return new Map(builds.map((build) => [build.name, build]))
}

export async function createBuild(
  transaction: Database,
  projection: Projection,
  { logIdentity, state }: Readonly<{ logIdentity: string; state: BuildState }>,
): Promise<ProjectionBuild> {
  const { build } = await transaction
    .selectFrom('read_model.projection_builds')
    .where('name', '=', projection.name)
    .select((expression) =>
      expression.fn.coalesce(expression.fn.max('build'), expression.lit(0)).as('build'),
    )
    .executeTakeFirstOrThrow()
  const { name, version, table } = projection
  const tableName = tableNameOf(projection, build + 1)
  // A table of this name can only be left over from read models that were dropped by hand.
  await dropBuildTable(transaction, tableName)
  await createBuildTable(transaction, table, tableName)
  const { rows } = await sql<ProjectionBuild>`
    insert into read_model.projection_builds (name, build, version, state, table_name, log_identity)
    values (${name}, ${build + 1}, ${version}, ${state}, ${tableName}, ${logIdentity})
    returning *`.execute(transaction)
  const [made] = rows
  if (made === undefined) throw new Error(`The build of ${name} was not recorded`)
  return made
}

/** From here on queries read this build. */
export async function pointTo(
  transaction: Database,
  { name, build }: ProjectionBuild,
): Promise<void> {
  await sql`insert into read_model.projection_live (name, build) values (${name}, ${build})
    on conflict (name) do update set build = excluded.build`.execute(transaction)
}

export async function setBuildState(
  transaction: Database,
  { name, build }: ProjectionBuild,
  state: BuildState,
): Promise<void> {
  await sql`update read_model.projection_builds set state = ${state}, updated_at = clock_timestamp()
    where name = ${name} and build = ${build}`.execute(transaction)
}

export async function dropBuilds(
  transaction: Database,
  name: string,
  state: Exclude<BuildState, 'live'>,
): Promise<void> {
  const { rows } = await sql<{ tableName: string }>`
    delete from read_model.projection_builds where name = ${name} and state = ${state}
    returning table_name`.execute(transaction)
  for (const { tableName } of rows) await dropBuildTable(transaction, tableName)
}

/** Says why a live build is not advanced, or that nothing is wrong any more. */
export async function recordError(
  db: Database,
  { name, build }: Pick<ProjectionBuild, 'name' | 'build'>,
  error: string | null,
): Promise<void> {
  await sql`update read_model.projection_builds set error = ${error}, updated_at = clock_timestamp()
    where name = ${name} and build = ${build} and error is distinct from ${error}`.execute(db)
}
