/** A refund that the store made for one of our tasks: recorded once, whenever and however it is heard of (B4, B7). */
import type { Folio } from '../../src/aggregates/folio.js'
import type { RefundTask, SyncTask } from '../../src/aggregates/sync-task.js'
import { shutsLane } from '../../src/aggregates/sync-task.js'
import { refundOfDocument } from '../../src/aggregates/platform-refund.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import type { FolioContext } from '../command.js'
import { folioAfter } from '../consequences.js'
import { accept, type Decision } from '../decision.js'
import { type Held, placeRefund } from './place-refund.js'
import { seenRefund } from './seen-refund.js'
import type { ImportedOrder } from './store-order.js'
import { isAnswerTo, type StoreRefundInput, storeRefundOf } from './store-refund-input.js'
import { documentOfTask, withdrawn } from './sync-task-in.js'

export function answeredRefund(
  given: StoreRefundInput,
  knownBy: 'answer' | 'read_back' | 'pull',
  { task, order }: Readonly<{ task: SyncTask; order: ImportedOrder }>,
  context: FolioContext,
): Decision {
  const { folio } = context
  const known = folio.platformRefunds.get(given.platformRefundId)
  if (task.kind !== 'refund' || (known !== undefined && known.documentId !== null)) return accept()
  const refund = storeRefundOf(given)
  // The store's own answer to what was sent is the answer, whatever it leaves out of it.
  const isAnswer = knownBy === 'answer' || isAnswerTo(given, task)
  const { creditNoteId } = task.request
  const yielding = yieldingTo(task, folio)
  const placed: Decision | Readonly<{ held: Held }> = !isAnswer
    ? { held: 'differs_from_task' }
    : refundOfDocument(folio.platformRefunds, creditNoteId) !== null
      ? { held: 'credit_used' }
      : placeRefund(
          refund,
          {
            documentId: creditNoteId,
            taskId: task.taskId,
            knownBy,
          },
          order,
          { ...context, folio: folioAfter(folio, yielding) },
        )
  if (!('held' in placed)) {
    if (placed.outcome === 'refused') return placed
    return { ...placed, events: (numbers) => [...yielding, ...placed.events(numbers)] }
  }
  const seen = seenRefund(refund, placed.held, order, folio)
  return accept(...(seen === null ? [] : [seen]), ...toPerson(task, given.platformRefundId))
}

/** What was asked for anew after it was let go holds no credit against it, as long as nothing of that was sent (B4). */
function yieldingTo({ taskId: own, request }: RefundTask, { syncTasks }: Folio): LedgerFact[] {
  return [...syncTasks.values()]
    .filter(
      (task) =>
        task.taskId !== own &&
        task.state.at === 'due' &&
        documentOfTask(task) === request.creditNoteId,
    )
    .map((task) => withdrawn(task, 'platform_refund_exists'))
}

/** The store has something of ours that cannot be placed: nothing is sent again before somebody has seen to it. */
function toPerson(task: SyncTask, platformRefundId: string): LedgerFact[] {
  if (!shutsLane(task) && task.state.at !== 'due') return []
  return [
    {
      type: 'AttemptFailed',
      data: {
        taskId: task.taskId,
        documentId: documentOfTask(task),
        attempt: shutsLane(task) ? task.attempts : null,
        setback: 'uncertain',
        status: null,
        detail: '',
        figures: null,
        candidates: [platformRefundId],
        then: 'person',
        notBefore: null,
      },
    },
  ]
}
