import { z } from 'zod'
import { documentIdSchema, text } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { firstFact } from '../first-fact.js'
import { documentOfTask, waitingTaskIn } from './sync-task-in.js'

/** A person lets a task that waits go: nothing more is told, and what it reserved can be used again (S3). */
export const dismissSync = folioCommand({
  name: 'dismiss-sync',
  area: 'platform',
  summary: 'Lets a sync task that gave up go, with a reason',
  rows: ['B8', 'S3'],
  input: z.strictObject({ taskId: documentIdSchema, reason: text(500) }),
  output: z.strictObject({ taskId: documentIdSchema }),
  document: ({ taskId }) => taskId,
  books: () => DEFAULT_BOOKS,
  decide({ taskId, reason }, { folio, principal }) {
    const task = waitingTaskIn(folio, taskId)
    if ('code' in task) return refuse(task)
    const documentId = documentOfTask(task)
    return accept({ type: 'SyncDismissed', data: { taskId, documentId, reason, by: principal } })
  },
  answer: (facts) => ({ taskId: firstFact(facts, 'SyncDismissed').data.taskId }),
})
