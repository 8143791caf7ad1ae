/** Whether a store announces its changes, as it was found last. */
import type pg from 'pg'
import { z } from 'zod'

export type HookCheck = Readonly<{
  isArmed: boolean
  checkedAt: string
  /** Why it could not be seen to. */
  lastError: string | null
}>

export type HooksTable = Readonly<{
  find: (instance: string) => Promise<HookCheck | null>
  checked: (instance: string, found: Omit<HookCheck, 'checkedAt'>) => Promise<void>
}>

const rowSchema = z.object({
  is_armed: z.boolean(),
  checked_at: z.date(),
  last_error: z.string().nullable(),
})

export function hooksTable(pool: pg.Pool): HooksTable {
  return {
    find: async (instance) => {
      const { rows } = await pool.query<Record<string, unknown>>(
        'select is_armed, checked_at, last_error from stores.hooks where instance = $1',
        [instance],
      )
      const [row] = rows
      if (row === undefined) return null
      const { is_armed, checked_at, last_error } = rowSchema.parse(row)
      return { isArmed: is_armed, checkedAt: checked_at.toISOString(), lastError: last_error }
    },
    checked: async (instance, { isArmed, lastError }) => {
      await pool.query(
        `insert into stores.hooks (instance, is_armed, checked_at, last_error)
         values ($1, $2, now(), $3)
         on conflict (instance) do update
           set is_armed = excluded.is_armed, checked_at = now(), last_error = excluded.last_error`,
        [instance, isArmed, lastError],
      )
    },
  }
}
