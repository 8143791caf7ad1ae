/** Orders that could not be taken over: each is looked at again, at growing distances, and holds up no other. */
import type pg from 'pg'
import { z } from 'zod'

export type StoreOrder = Readonly<{ instance: string; order: string }>

export type FailedOrder = StoreOrder &
  Readonly<{ why: string; tries: number; firstFailedAt: string; nextTryAt: string }>

export type FailedOrdersTable = Readonly<{
  /** Whether that is news: it failed for the first time, or for another reason than before. */
  record: (order: StoreOrder, why: string) => Promise<boolean>
  forget: (order: StoreOrder) => Promise<void>
  /** Those whose time has come, the one longest due first. */
  due: (limit: number) => Promise<readonly StoreOrder[]>
  /** How many there are of a store, and the oldest of them. */
  of: (
    instance: string,
    limit: number,
  ) => Promise<Readonly<{ count: number; oldest: readonly FailedOrder[] }>>
}>

const RETRY_S_MIN = 60
/** Somebody may open an account, or correct the order, at any time. */
const RETRY_S_MAX = 21_600

const rowSchema = z.object({
  instance: z.string(),
  order_id: z.string(),
  why: z.string(),
  tries: z.int(),
  first_failed_at: z.date(),
  next_try_at: z.date(),
})
const dueSchema = rowSchema.pick({ instance: true, order_id: true })

export function failedOrdersTable(pool: pg.Pool): FailedOrdersTable {
  return {
    record: async ({ instance, order }, why) => {
      const { rows } = await pool.query<Record<string, unknown>>(
        `with before as (select why from stores.failed_orders where instance = $1 and order_id = $2)
         insert into stores.failed_orders as f (instance, order_id, why, tries, next_try_at)
         values ($1, $2, $3, 1, now() + $4 * interval '1 second')
         on conflict (instance, order_id) do update
           set why = excluded.why, tries = f.tries + 1,
             next_try_at = now() + least($5, $4 * 2 ^ least(f.tries, 20)) * interval '1 second'
         returning (select why from before) is distinct from $3 as is_news`,
        [instance, order, why, RETRY_S_MIN, RETRY_S_MAX],
      )
      return z.object({ is_news: z.boolean() }).parse(rows[0]).is_news
    },
    forget: async ({ instance, order }) => {
      await pool.query('delete from stores.failed_orders where instance = $1 and order_id = $2', [
        instance,
        order,
      ])
    },
    due: async (limit) => {
      const { rows } = await pool.query<Record<string, unknown>>(
        `select instance, order_id from stores.failed_orders
         where next_try_at <= now() order by next_try_at limit $1`,
        [limit],
      )
      return rows.map((row) => {
        const { instance, order_id: order } = dueSchema.parse(row)
        return { instance, order }
      })
    },
    of: async (instance, limit) => {
      const { rows } = await pool.query<Record<string, unknown>>(
        `select *, count(*) over ()::int as count from stores.failed_orders
         where instance = $1 order by first_failed_at limit $2`,
        [instance, limit],
      )
      const count = z.object({ count: z.int() }).safeParse(rows[0]).data?.count ?? 0
      return { count, oldest: rows.map(failedOrderOf) }
    },
  }
}

function failedOrderOf(row: Record<string, unknown>): FailedOrder {
  const { order_id: order, first_failed_at, next_try_at, ...rest } = rowSchema.parse(row)
  return {
    ...rest,
    order,
    firstFailedAt: first_failed_at.toISOString(),
    nextTryAt: next_try_at.toISOString(),
  }
}
