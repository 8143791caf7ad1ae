/** Webhooks as they came: each is kept before it is answered, once, however often it is delivered (M11). */
import type pg from 'pg'
import { z } from 'zod'
import type { StoreOrder } from './failed-orders.js'
import { gathered } from './gathered.js'

export type NewDelivery = Readonly<{
  instance: string
  /** The same for each time that it is delivered. */
  id: string
  /** `null`: it is about none, and there is nothing to do. */
  order: string | null
  scope: string
}>

/** An order that its store has announced to have changed, and all the deliveries that say so. */
export type AnnouncedOrder = StoreOrder & Readonly<{ deliveries: readonly string[]; tries: number }>

export type DeliveriesTable = Readonly<{
  /** On the disk once it resolves; one that is known already changes nothing. */
  keep: (delivery: NewDelivery) => Promise<void>
  /** Orders whose time has come, the one announced first first; of each store one in turn, so that none waits for another. */
  pending: (limit: number) => Promise<readonly AnnouncedOrder[]>
  finish: (announced: AnnouncedOrder) => Promise<void>
  postpone: (announced: AnnouncedOrder, delayMs: number) => Promise<void>
  lastReceivedAt: (instance: string) => Promise<string | null>
  /** A store delivers nothing again after two days, so that old ones need not be known. */
  prune: () => Promise<void>
}>

const KEPT_DAYS = 30
/** So many deliveries of a store are looked at to find out which orders they are about. */
const PENDING_MAX = 2_000
const KEPT_AT_ONCE_MAX = 500

const announcedSchema = z.object({
  instance: z.string(),
  order_id: z.string(),
  deliveries: z.array(z.string()),
  tries: z.int(),
})

export function deliveriesTable(pool: pg.Pool): DeliveriesTable {
  return {
    keep: gathered((deliveries) => insert(pool, deliveries), KEPT_AT_ONCE_MAX),
    pending: async (limit) => {
      const { rows } = await pool.query<Record<string, unknown>>(
        `select instance, order_id, deliveries, tries from (
           select instance, order_id, array_agg(delivery_id) as deliveries, max(tries) as tries,
             min(received_at) as at,
             row_number() over (partition by instance order by min(received_at)) as place
           from (select distinct instance from stores.deliveries
                 where state = 'pending' and next_try_at <= now()) i
             cross join lateral (
               select order_id, delivery_id, tries, received_at from stores.deliveries d
               where d.instance = i.instance and state = 'pending' and next_try_at <= now()
               order by next_try_at limit $2) d
           group by instance, order_id) o
         order by place, at limit $1`,
        [limit, PENDING_MAX],
      )
      return rows.map((row) => {
        const { order_id: order, ...rest } = announcedSchema.parse(row)
        return { ...rest, order }
      })
    },
    finish: async ({ instance, deliveries }) => {
      await pool.query(
        `update stores.deliveries set state = 'done'
         where instance = $1 and delivery_id = any($2::text[])`,
        [instance, deliveries],
      )
    },
    postpone: async ({ instance, deliveries }, delayMs) => {
      await pool.query(
        `update stores.deliveries
         set tries = tries + 1, next_try_at = now() + $3 * interval '1 millisecond'
         where instance = $1 and delivery_id = any($2::text[])`,
        [instance, deliveries, delayMs],
      )
    },
    lastReceivedAt: async (instance) => {
      const { rows } = await pool.query<Record<string, unknown>>(
        'select max(received_at) as at from stores.deliveries where instance = $1',
        [instance],
      )
      return z.object({ at: z.date().nullable() }).parse(rows[0]).at?.toISOString() ?? null
    },
    prune: async () => {
      await pool.query(
        `delete from stores.deliveries where received_at < now() - $1 * interval '1 day'`,
        [KEPT_DAYS],
      )
    },
  }
}

async function insert(pool: pg.Pool, deliveries: readonly NewDelivery[]): Promise<void> {
  await pool.query(
    `insert into stores.deliveries (instance, delivery_id, order_id, scope, state)
     select instance, id, order_id, scope, case when order_id is null then 'done' else 'pending' end
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as d (instance, id, order_id, scope)
     on conflict (instance, delivery_id) do nothing`,
    [
      deliveries.map(({ instance }) => instance),
      deliveries.map(({ id }) => id),
      deliveries.map(({ order }) => order),
      deliveries.map(({ scope }) => scope),
    ],
  )
}
