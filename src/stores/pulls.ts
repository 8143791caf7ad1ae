/** How far each store was pulled (M10, M11). */
import type pg from 'pg'
import { z } from 'zod'

export type Pull = Readonly<{
  /** All orders that changed until then were handed over, or stand among the failed; `null`: none was yet. */
  modifiedUntil: string | null
  firstPullDoneAt: string | null
  /** When a pull came to its end last. */
  lastPullAt: string | null
  /** Why the last one did not. */
  lastError: string | null
}>

export type PullsTable = Readonly<{
  find: (instance: string) => Promise<Pull>
  /** A round begins. */
  begin: (instance: string) => Promise<void>
  /** Only forward: what another process has done meanwhile stays; and where it was reset meanwhile, not at all. */
  advance: (instance: string, modifiedUntil: string) => Promise<void>
  ended: (instance: string) => Promise<void>
  failed: (instance: string, why: string) => Promise<void>
  /** The store is pulled from its beginning again. */
  reset: (instance: string) => Promise<void>
}>

const NOT_YET: Pull = {
  modifiedUntil: null,
  firstPullDoneAt: null,
  lastPullAt: null,
  lastError: null,
}

const instant = z
  .date()
  .nullable()
  .transform((date) => date?.toISOString() ?? null)
const rowSchema = z.object({
  modified_until: instant,
  first_pull_done_at: instant,
  last_pull_at: instant,
  last_error: z.string().nullable(),
})

export function pullsTable(pool: pg.Pool): PullsTable {
  const run = async (statement: string, values: readonly unknown[]): Promise<void> => {
    await pool.query(statement, [...values])
  }
  return {
    find: async (instance) => {
      const { rows } = await pool.query<Record<string, unknown>>(
        `select modified_until, first_pull_done_at, last_pull_at, last_error
         from stores.pulls where instance = $1`,
        [instance],
      )
      const [row] = rows
      return row === undefined ? NOT_YET : pullOf(row)
    },
    begin: (instance) =>
      run('insert into stores.pulls (instance) values ($1) on conflict do nothing', [instance]),
    advance: (instance, modifiedUntil) =>
      run(
        `update stores.pulls set modified_until = greatest(modified_until, $2)
         where instance = $1`,
        [instance, modifiedUntil],
      ),
    ended: (instance) =>
      run(
        `update stores.pulls set first_pull_done_at = coalesce(first_pull_done_at, now()),
           last_pull_at = now(), last_error = null
         where instance = $1`,
        [instance],
      ),
    failed: (instance, why) =>
      run(
        `insert into stores.pulls (instance, last_error) values ($1, $2)
         on conflict (instance) do update set last_error = excluded.last_error`,
        [instance, why],
      ),
    reset: (instance) => run('delete from stores.pulls where instance = $1', [instance]),
  }
}

function pullOf(row: Record<string, unknown>): Pull {
  const { modified_until, first_pull_done_at, last_pull_at, last_error } = rowSchema.parse(row)
  return {
    modifiedUntil: modified_until,
    firstPullDoneAt: first_pull_done_at,
    lastPullAt: last_pull_at,
    lastError: last_error,
  }
}
