import { z } from 'zod'
import type { SyncTask } from '../../src/aggregates/sync-task.js'
import { orderCaptured, remoteIdSchema } from '../../src/events/platform-events.js'
import { moneySchema, text } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand, type FolioContext } from '../command.js'
import { accept, type Decision, refuse } from '../decision.js'
import { afterSetback } from './after-setback.js'
import { answeredRefund } from './answered-refund.js'
import { captureTask } from './capture-conditions.js'
import { answerOf, failedAnswer } from './failed-answer.js'
import { isImported, storeOrderOf } from './store-order.js'
import { storeRefundInput } from './store-refund-input.js'
import { syncTaskIn } from './sync-task-in.js'

const foundBy = z
  .enum(['answer', 'read_back'])
  .describe("The store's own answer, or what it was found to have afterwards.")

const refunded = z.strictObject({
  ...answerOf,
  answer: z.literal('refunded'),
  refund: storeRefundInput,
  foundBy,
})
const captured = z.strictObject({
  ...answerOf,
  answer: z.literal('captured'),
  way: orderCaptured.schema.shape.way,
  transaction: remoteIdSchema.nullable(),
  amount: moneySchema,
  paymentStatus: text(50),
  foundBy,
})
/**
 * What a store answered, or did not (S1): done, refused, unknown, all of them recorded. An answer that is known already,
 * or to an attempt that is over, changes nothing; but what was done is always recorded, whenever it is heard of.
 */
export const recordPlatformAnswer = folioCommand({
  name: 'record-platform-answer',
  area: 'platform',
  summary: 'Records what a store answered; for the worker that asked it',
  rows: ['B4', 'B7', 'P2', 'S1', 'S2'],
  input: z.discriminatedUnion('answer', [refunded, captured, failedAnswer]),
  output: z.strictObject({
    recorded: z.boolean().describe('False: it was known already.'),
    then: z
      .enum(['done', 'again', 'look', 'person', 'end'])
      .nullable()
      .describe('What becomes of the task.'),
  }),
  document: ({ taskId }) => taskId,
  books: () => DEFAULT_BOOKS,
  decide(asked, context) {
    const task = syncTaskIn(context.folio, asked.taskId)
    if ('code' in task) return refuse(task)
    const { order } = context.folio
    if (order.status === 'absent' || !isImported(order)) {
      return refuse({ code: 'order_not_on_platform', order: asked.taskId })
    }
    switch (asked.answer) {
      case 'refunded':
        return answeredRefund(asked.refund, asked.foundBy, { task, order }, context)
      case 'captured':
        return answeredCapture(asked, task, context)
      case 'failed':
        return isOver(task, asked.attempt)
          ? accept()
          : accept(afterSetback(asked, task, context.now))
    }
  },
  answer: (facts) => {
    for (const fact of facts) {
      if (fact.type === 'PlatformRefundRecorded' || fact.type === 'OrderCaptured') {
        return { recorded: true, then: 'done' as const }
      }
      if (fact.type === 'AttemptFailed') return { recorded: true, then: fact.data.then }
    }
    return { recorded: false, then: null }
  },
})

/** Another attempt is under way by now, or none. */
function isOver(task: SyncTask, attempt: number | null): boolean {
  const { state } = task
  if (attempt === null) return state.at !== 'due'
  return attempt !== task.attempts || (state.at !== 'in_flight' && state.at !== 'unknown')
}

function answeredCapture(
  { way, transaction, amount, paymentStatus, foundBy: knownBy }: z.infer<typeof captured>,
  task: SyncTask,
  { folio }: FolioContext,
): Decision {
  const { order } = folio
  if (task.kind !== 'capture' || captureTask(folio)?.state.at === 'done') return accept()
  if (order.status === 'absent' || !isImported(order)) return accept()
  return accept({
    type: 'OrderCaptured',
    data: {
      taskId: task.taskId,
      ...storeOrderOf(order),
      ...{ knownBy, by: null, reason: null, way, transaction, amount, paymentStatus },
    },
  })
}
