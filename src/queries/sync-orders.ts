/** For the worker that tells stores: at which orders there may be something to do, and which attempts are open. */
import { sql } from 'kysely'
import { liveTable, type ReadDatabase } from './list-page.js'

export type SyncOrder = Readonly<{ orderId: string; instance: string; platformOrderId: string }>

/** So many of each store, that none takes the places of all. */
const ORDERS_OF_STORE_MAX = 64

/** Orders with something due at an instant, or with a lane that may be open by then, those that wait longest first. */
export async function syncOrders(db: ReadDatabase, now: string): Promise<readonly SyncOrder[]> {
  const { from } = await liveTable(db, 'sync_task_list')
  const orders = db
    .selectFrom(from.as('t'))
    .select([
      sql<string>`order_id`.as('orderId'),
      sql<string>`instance`.as('instance'),
      sql<string>`min(platform_order_id)`.as('platformOrderId'),
      sql<number>`row_number() over (partition by instance order by min(sort_key))`.as('place'),
    ])
    .where(
      sql<boolean>`(state = 'Due' and (not_before is null or not_before <= ${now}))
        or (state in ('In flight', 'Unknown') and shut_until <= ${now})`,
    )
    .groupBy([sql`order_id`, sql`instance`])
  return db
    .selectFrom(orders.as('o'))
    .select(['orderId', 'instance', 'platformOrderId'])
    .where('place', '<=', ORDERS_OF_STORE_MAX)
    .orderBy('place')
    .execute()
}

export type OpenAttempt = Readonly<{ taskId: string; attempts: number }>

const ATTEMPTS_MAX = 10_000

/** What may be on its way to a store now. */
export async function openAttempts(db: ReadDatabase): Promise<readonly OpenAttempt[]> {
  const { from } = await liveTable(db, 'sync_task_list')
  return db
    .selectFrom(from.as('t'))
    .select([sql<string>`task_id`.as('taskId'), sql<number>`attempts`.as('attempts')])
    .where(sql<boolean>`state in ('In flight', 'Unknown')`)
    .limit(ATTEMPTS_MAX)
    .execute()
}
