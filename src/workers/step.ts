/**
 * One page of events into the tables of all projections that this worker leads, in one transaction (R3): the rows that
 * the events touch are read, folded, written, and the checkpoints stepped. So nothing is counted twice or lost.
 */
import { type Kysely, sql } from 'kysely'
import type { Projection } from '../../projections/projection.js'
import type { LedgerEvent } from '../events/ledger-event.js'
import { type BuildState, READ_MODEL_SCHEMA, type ReadModelTables } from '../read-model/schema.js'
import { deleteRows, readRows, writeRows } from './build-table.js'
import { fold, type FoldFailure, planFold } from './fold-events.js'

/** A build that this worker fills, where it last stood, and the lease it holds for that. */
export type Follower = Readonly<{
  projection: Projection
  build: number
  tableName: string
  state: BuildState
  lease: Readonly<{ name: string; token: string }>
  position: bigint | null
}>

export type StepOutcome = Readonly<{
  follower: Follower
  events: number
  failure: FoldFailure | null
}>

/** The checkpoint is not where this worker left it, or its lease was taken over: somebody else goes on now. */
export class CheckpointMoved extends Error {
  readonly projections: readonly string[]
  constructor(projections: readonly string[]) {
    super(`Another worker advances ${projections.join(', ')}`)
    this.name = 'CheckpointMoved'
    this.projections = projections
  }
}

/** Beyond this a page's transaction gives up; the page is taken again. */
const STEP_TIMEOUT_MS = 120_000

/** Followers further ahead than the page skip what they have. Gives them back as they stand after the page. */
export async function stepPage(
  db: Kysely<ReadModelTables>,
  followers: readonly Follower[],
  page: readonly LedgerEvent[],
): Promise<readonly StepOutcome[]> {
  return db.transaction().execute(async (transaction) => {
    // Rows and checkpoint are lost together or not at all, and the log can give them again: no need to wait for disks.
    await sql`set local synchronous_commit = off`.execute(transaction)
    await sql`set local statement_timeout = ${sql.lit(STEP_TIMEOUT_MS)}`.execute(transaction)
    await lockCheckpoints(transaction, followers)
    const outcomes: StepOutcome[] = []
    const steps: CheckpointStep[] = []
    for (const follower of followers) {
      const step = await fillTable(transaction, follower, page)
      outcomes.push(step.outcome)
      steps.push(step)
    }
    await stepCheckpoints(transaction, steps)
    return outcomes
  })
}

/** Where a reader begins who serves all of them. */
export function earliest(followers: readonly Follower[]): bigint | null {
  return followers
    .map(({ position }) => position)
    .reduce((left, right) => (left === null || (right !== null && left < right) ? left : right))
}

type Transaction = Kysely<ReadModelTables>
type CheckpointStep = Readonly<{ outcome: StepOutcome; last: LedgerEvent | undefined }>

async function lockCheckpoints(
  transaction: Transaction,
  followers: readonly Follower[],
): Promise<void> {
  const { rows } = await sql<{ name: string; position: string | null }>`
    select b.name, b.position
    from unnest(
      ${followers.map(({ projection }) => projection.name)}::text[],
      ${followers.map(({ build }) => build)}::integer[],
      ${followers.map(({ state }) => state)}::text[],
      ${followers.map(({ lease }) => lease.name)}::text[],
      ${followers.map(({ lease }) => lease.token)}::bigint[]
    ) as f(name, build, state, lease, token)
    join ${sql.id(READ_MODEL_SCHEMA, 'projection_builds')} b
      on b.name = f.name and b.build = f.build and b.state = f.state
    join ${sql.id(READ_MODEL_SCHEMA, 'projection_leases')} l on l.name = f.lease and l.token = f.token
    order by b.name for update of b`.execute(transaction)
  const positions = new Map(rows.map(({ name, position }) => [name, position]))
  const moved = followers.filter(
    ({ projection, position }) => positions.get(projection.name) !== (position?.toString() ?? null),
  )
  if (moved.length > 0) throw new CheckpointMoved(moved.map(({ projection }) => projection.name))
}

async function fillTable(
  transaction: Transaction,
  follower: Follower,
  page: readonly LedgerEvent[],
): Promise<CheckpointStep> {
  const { projection, tableName, position } = follower
  const { table } = projection
  const events = position === null ? page : page.filter((event) => event.position > position)
  const plan = planFold(projection, events)
  const found = await readRows(transaction, table, { tableName, keys: [...plan.keys.values()] })
  const { written, deleted, taken, failure } = fold(plan, found)
  await writeRows(transaction, table, { tableName, rows: written })
  await deleteRows(transaction, table, { tableName, keys: deleted })
  const last = taken.at(-1)
  const moved = { ...follower, position: last?.position ?? position }
  return { outcome: { follower: moved, events: taken.length, failure }, last }
}

async function stepCheckpoints(
  transaction: Transaction,
  steps: readonly CheckpointStep[],
): Promise<void> {
  const changed = steps.filter(
    ({ outcome, last }) => last !== undefined || outcome.failure !== null,
  )
  if (changed.length === 0) return
  await sql`
    update ${sql.id(READ_MODEL_SCHEMA, 'projection_builds')} b set
      position = coalesce(s.position, b.position),
      event_id = coalesce(s.event_id, b.event_id),
      events = b.events + s.events,
      error = s.error,
      updated_at = clock_timestamp()
    from unnest(
      ${changed.map(({ outcome }) => outcome.follower.projection.name)}::text[],
      ${changed.map(({ outcome }) => outcome.follower.build)}::integer[],
      ${changed.map(({ last }) => last?.position.toString() ?? null)}::numeric[],
      ${changed.map(({ last }) => last?.id ?? null)}::text[],
      ${changed.map(({ outcome }) => outcome.events)}::bigint[],
      ${changed.map(({ outcome }) => failureText(outcome.failure))}::text[]
    ) as s(name, build, position, event_id, events, error)
    where b.name = s.name and b.build = s.build`.execute(transaction)
}

function failureText(failure: FoldFailure | null): string | null {
  if (failure === null) return null
  const { event, error } = failure
  return `${event.type} at position ${event.position}: ${error.name}: ${error.message}`
}
