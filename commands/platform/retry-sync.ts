import { z } from 'zod'
import { documentIdSchema, text } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { firstFact } from '../first-fact.js'
import { waitingTaskIn } from './sync-task-in.js'

/** A person wants a task that waits tried again: from the beginning, with all its tries (S3). */
export const retrySync = folioCommand({
  name: 'retry-sync',
  area: 'platform',
  summary: 'Has a sync task that gave up tried again',
  rows: ['S3', 'P6'],
  input: z.strictObject({
    taskId: documentIdSchema,
    reason: text(500),
    acceptsDifference: z
      .boolean()
      .default(false)
      .describe('What the store has open is captured, though another sum was received here (P6).'),
  }),
  output: z.strictObject({ taskId: documentIdSchema }),
  document: ({ taskId }) => taskId,
  books: () => DEFAULT_BOOKS,
  decide({ taskId, reason, acceptsDifference }, { folio, principal }) {
    const task = waitingTaskIn(folio, taskId)
    if ('code' in task) return refuse(task)
    if (task.kind === 'declined_refund') {
      return refuse({ code: 'sync_task_not_due', task: taskId, state: task.kind, notBefore: null })
    }
    return accept({
      type: 'SyncRetried',
      data: { taskId, reason, acceptsDifference, by: principal },
    })
  },
  answer: (facts) => ({ taskId: firstFact(facts, 'SyncRetried').data.taskId }),
})
