/** S3: what stores are to be told and what waits for a person, the newest first. */
import { z } from 'zod'
import type { SyncTaskRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage } from './list-page.js'
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
