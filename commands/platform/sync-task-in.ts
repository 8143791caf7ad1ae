import type { Folio } from '../../src/aggregates/folio.js'
import type { SyncTask } from '../../src/aggregates/sync-task.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import type { Refusal } from '../refusal.js'

export function syncTaskIn({ syncTasks }: Folio, taskId: string): SyncTask | Refusal {
  return syncTasks.get(taskId) ?? { code: 'sync_task_not_found', task: taskId }
}

/** One that waits for a person's word (S3). */
export function waitingTaskIn(folio: Folio, taskId: string): SyncTask | Refusal {
  const task = syncTaskIn(folio, taskId)
  if ('code' in task || task.state.at === 'person') return task
  return { code: 'sync_task_not_waiting', task: taskId, state: task.state.at }
}

/** The document whose refund it is about. */
export function documentOfTask(task: SyncTask): string | null {
  switch (task.kind) {
    case 'refund':
      return task.request.creditNoteId
    case 'declined_refund':
      return task.request.documentId
    case 'capture':
      return null
  }
}

/** Nothing of it was sent, and nothing will be. */
export function withdrawn(task: SyncTask, reason: string): FactOfType<'SyncTaskWithdrawn'> {
  const { taskId } = task
  return { type: 'SyncTaskWithdrawn', data: { taskId, documentId: documentOfTask(task), reason } }
}
