/** S3: what stores are to be told and what waits for a person, the newest first; and what is open, for the worker. */
import { sql } from 'kysely'
import { z } from 'zod'
import type { SyncTaskRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage, liveTable } from './list-page.js'
import { nameParameter, pageParameters } from './parameters.js'

export const syncTasksParameters = pageParameters.extend({
  state: z
    .enum([
      'Due',
      'In flight',
      'Unknown',
      'Waits for a person',
      'Done',
      'Refused',
      'Withdrawn',
      'Dismissed',
    ])
    .optional(),
  instance: z.uuid().optional(),
  orderId: nameParameter.optional(),
  kind: z.enum(['Refund', 'Mark as paid', 'Declined refund']).optional(),
})

export function syncTasks(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof syncTasksParameters>,
): Promise<Page<SyncTaskRow>> {
  return listPage(db, { projection: 'sync_task_list', order: 'desc', filter }, { limit, after })
}

/** What a worker needs to know of a task to take it up; the folio says the rest. */
export type OpenSyncTask = Pick<
  SyncTaskRow,
  'taskId' | 'orderId' | 'instance' | 'state' | 'notBefore' | 'shutUntil' | 'kind'
>

/** Those that go on by themselves. */
const OPEN_STATES = ['Due', 'In flight', 'Unknown'] as const

/** The oldest first, also those whose time has not come yet: the worker has the clock. */
export async function openSyncTasks(
  db: ReadDatabase,
  limit: number,
): Promise<readonly OpenSyncTask[]> {
  const { from } = await liveTable(db, 'sync_task_list')
  return db
    .selectFrom(from.as('t'))
    .select([
      sql<string>`task_id`.as('taskId'),
      sql<string>`order_id`.as('orderId'),
      sql<string>`instance`.as('instance'),
      sql<string>`state`.as('state'),
      sql<string | null>`not_before`.as('notBefore'),
      sql<string | null>`shut_until`.as('shutUntil'),
      sql<string>`kind`.as('kind'),
    ])
    .where(sql<boolean>`state = any(${OPEN_STATES})`)
    .orderBy(sql`sort_key`)
    .limit(limit)
    .execute()
}
