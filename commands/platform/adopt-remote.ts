import { z } from 'zod'
import type { SyncTask } from '../../src/aggregates/sync-task.js'
import { remoteIdSchema } from '../../src/events/platform-events.js'
import { documentIdSchema, text } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand, type FolioContext } from '../command.js'
import { accept, type Decision, refuse } from '../decision.js'
import { firstFact } from '../first-fact.js'
import { placedWithDeclines } from './declined-refund.js'
import { heldRefund } from './link-platform-refund.js'
import { heldRefusal } from './held-refusal.js'
import { placeRefund } from './place-refund.js'
import { isImported, storeOrderOf } from './store-order.js'
import { waitingTaskIn } from './sync-task-in.js'

const input = z.strictObject({
  taskId: documentIdSchema,
  remoteId: remoteIdSchema.describe(
    "The store's id of a refund or transaction that was seen there.",
  ),
  reason: text(500),
})
type Input = z.infer<typeof input>

/**
 * A person says that what the store has is what the task was to bring about (S3). Only something that was read at the
 * store can be adopted: an id by itself proves nothing.
 */
export const adoptRemote = folioCommand({
  name: 'adopt-remote',
  area: 'platform',
  summary: 'Takes something that the store has for what a sync task was to bring about',
  rows: ['B7', 'S3'],
  input,
  output: z.strictObject({ taskId: documentIdSchema }),
  document: ({ taskId }) => taskId,
  books: () => DEFAULT_BOOKS,
  decide(asked, context) {
    const task = waitingTaskIn(context.folio, asked.taskId)
    if ('code' in task) return refuse(task)
    return adopted(asked, task, context)
  },
  answer: (facts) => {
    const { taskId } = firstFact(facts, 'PlatformRefundRecorded', 'OrderCaptured').data
    return { taskId: taskId ?? '' }
  },
})

function adopted(
  { taskId, remoteId, reason }: Input,
  task: SyncTask,
  context: FolioContext,
): Decision {
  const { folio, principal } = context
  const { order } = folio
  if (order.status === 'absent' || !isImported(order)) {
    return refuse({ code: 'order_not_on_platform', order: taskId })
  }
  const said = { knownBy: 'person' as const, by: principal, reason }
  switch (task.kind) {
    case 'refund': {
      const refund = heldRefund(remoteId, folio)
      if ('code' in refund) return refuse(refund)
      const { creditNoteId: documentId } = task.request
      const target = { documentId, taskId, ...said }
      const placed = placeRefund(refund, target, order, context)
      return 'held' in placed
        ? refuse(heldRefusal(placed.held, refund, documentId, context))
        : placedWithDeclines(placed, refund, order, context)
    }
    case 'capture': {
      const failure = task.state.at === 'person' ? task.state.failure : null
      const seen = failure?.candidates ?? []
      if (!seen.includes(remoteId)) {
        return refuse({ code: 'capture_not_seen', transaction: remoteId, seen })
      }
      const amount = failure?.figures?.store ?? task.request.received
      return accept({
        type: 'OrderCaptured',
        data: {
          ...{ taskId, ...storeOrderOf(order), ...said, way: 'shown', transaction: remoteId },
          ...{ amount, paymentStatus: 'captured' },
        },
      })
    }
    case 'declined_refund':
      return refuse({ code: 'sync_task_not_due', task: taskId, state: task.kind, notBefore: null })
  }
}
