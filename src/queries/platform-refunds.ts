/** B9: refunds that stores have, the newest first; held, they are the differences that wait. */
import { sql } from 'kysely'
import { z } from 'zod'
import type { PlatformRefundRow } from '../read-model/schema.js'
import {
  type Found,
  type Page,
  type ReadDatabase,
  findRow,
  listPage,
  liveTable,
} from './list-page.js'
import { nameParameter, pageParameters } from './parameters.js'

export const platformRefundsParameters = pageParameters.extend({
  status: z.enum(['Held', 'Recorded', 'Refunded', 'Declined']).optional(),
  held: z
    .enum([
      'task_open',
      'several_notes',
      'note_drafted',
      'note_discarded',
      'amounts_differ',
      'no_invoice',
      'credit_used',
      'differs_from_task',
      'no_account',
    ])
    .optional(),
  instance: z.uuid().optional(),
  orderId: nameParameter.optional(),
})

export function platformRefunds(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof platformRefundsParameters>,
): Promise<Page<PlatformRefundRow>> {
  return listPage(
    db,
    { projection: 'platform_refund_list', order: 'desc', filter },
    { limit, after },
  )
}

export function findPlatformRefund(
  db: ReadDatabase,
  key: Pick<PlatformRefundRow, 'instance' | 'platformRefundId'>,
): Promise<Found<PlatformRefundRow>> {
  return findRow(db, 'platform_refund_list', key)
}

export type HeldRefundOrder = Pick<PlatformRefundRow, 'instance' | 'platformOrderId' | 'orderId'>

/** What passes by itself, without a person's word on the refund. */
const PASSING = ['task_open', 'note_drafted', 'no_account'] as const

/** The orders whose refunds are worth another look, each once: also where an invoice has come since. */
export async function heldRefundOrders(db: ReadDatabase): Promise<readonly HeldRefundOrder[]> {
  const [{ from }, orders] = await Promise.all([
    liveTable(db, 'platform_refund_list'),
    liveTable(db, 'order_list'),
  ])
  const isInvoiced = sql<boolean>`exists
    (select from ${orders.from} as o where o.order_id = t.order_id and o.invoiced > 0)`
  return db
    .selectFrom(from.as('t'))
    .select([
      sql<string>`instance`.as('instance'),
      sql<string>`platform_order_id`.as('platformOrderId'),
      sql<string>`order_id`.as('orderId'),
    ])
    .where(
      sql<boolean>`status = 'Held'
        and (held = any(${PASSING}) or (held = 'no_invoice' and ${isInvoiced}))`,
    )
    .distinct()
    .orderBy(sql`order_id`)
    .execute()
}
