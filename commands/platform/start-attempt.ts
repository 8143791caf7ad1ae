import { z } from 'zod'
import {
  type CaptureTask,
  isOpen,
  shutsLane,
  type SyncTask,
} from '../../src/aggregates/sync-task.js'
import { type Sending, sendingSchema } from '../../src/events/platform-events.js'
import { documentIdSchema, instantSchema } from '../../src/events/text.js'
import { equals, type Money, sum } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand, type FolioContext } from '../command.js'
import { accept, refuse } from '../decision.js'
import { firstFact } from '../first-fact.js'
import type { Refusal } from '../refusal.js'
import { receivedFor } from './capture-conditions.js'
import { clearingAccount, clearingAccountToOpen } from './clearing-account.js'
import { STORE_CREDIT_PROVIDER } from './place-refund.js'
import { groundGone } from './sync-consequences.js'
import { isImported } from './store-order.js'
import { syncTaskIn } from './sync-task-in.js'

/**
 * An attempt begins on the log: before it is accepted, nothing leaves (architecture 7). It is refused while anything else
 * of the order may be on its way, before the time that the store has named, and where its ground has gone.
 */
export const startAttempt = folioCommand({
  name: 'start-attempt',
  area: 'platform',
  summary: 'Begins an attempt at telling a store something; for the worker that then sends it',
  rows: ['S1', 'S2', 'S3'],
  input: z.strictObject({
    taskId: documentIdSchema,
    sending: sendingSchema,
    shutUntil: instantSchema.describe(
      'Until then it can still show at the store: two seconds, the deadline of the request, and the settle time from now on.',
    ),
  }),
  output: z.strictObject({ taskId: documentIdSchema, attempt: z.int().min(1) }),
  document: ({ taskId }) => taskId,
  books: () => DEFAULT_BOOKS,
  decide({ taskId, sending, shutUntil }, context) {
    const { folio, now } = context
    const task = syncTaskIn(folio, taskId)
    if ('code' in task) return refuse(task)
    const refusal = notDue(task, context) ?? sendingRefusal(task, sending, context)
    if (refusal !== null) return refuse(refusal)
    if (shutUntil <= now)
      return refuse({ code: 'attempt_already_over', task: taskId, shutUntil, now })
    const attempt = task.attempts + 1
    return accept({ type: 'AttemptStarted', data: { taskId, attempt, sending, shutUntil } })
  },
  answer: (facts) => {
    const { taskId, attempt } = firstFact(facts, 'AttemptStarted').data
    return { taskId, attempt }
  },
})

function notDue(task: SyncTask, context: FolioContext): Refusal | null {
  const { folio, now } = context
  const { taskId, state } = task
  if (state.at !== 'due') {
    return { code: 'sync_task_not_due', task: taskId, state: state.at, notBefore: null }
  }
  if (state.notBefore !== null && state.notBefore > now) {
    return { code: 'sync_task_not_due', task: taskId, state: 'due', notBefore: state.notBefore }
  }
  const other = [...folio.syncTasks.values()].find((one) => isOpen(one) && shutsLane(one))
  if (other !== undefined) {
    const until = 'shutUntil' in other.state ? other.state.shutUntil : null
    return { code: 'store_lane_shut', task: taskId, by: other.taskId, until }
  }
  const reason = groundGone(task, context)
  return reason === null ? null : { code: 'sync_ground_gone', task: taskId, reason }
}

/** What is sent is what was asked for, to the unit. */
function sendingRefusal(task: SyncTask, sending: Sending, context: FolioContext): Refusal | null {
  const { taskId } = task
  const isOfTask = task.kind === 'refund' ? sending.kind === 'refund' : sending.kind !== 'refund'
  if (!isOfTask || task.kind === 'declined_refund') {
    return { code: 'sync_task_not_due', task: taskId, state: task.kind, notBefore: null }
  }
  if (task.kind === 'capture' && sending.kind === 'capture_record') {
    return captureRefusal(task, sending.amount, context)
  }
  if (task.kind !== 'refund' || sending.kind !== 'refund') return null
  const { amount, purpose } = task.request
  const { payments, override } = sending
  const total = sum(
    payments.map((payment) => payment.amount),
    amount.currency,
  )
  if (!equals(total, amount) || (override !== null && !equals(override.total, amount))) {
    return { code: 'platform_refund_amount_differs', platformRefund: taskId, amount, total }
  }
  for (const { provider, isOffline } of payments) {
    if (isOffline || provider === STORE_CREDIT_PROVIDER) continue
    if (purpose === 'record') {
      // It was given back here: the store must not give it back once more (B10).
      return { code: 'sync_ground_gone', task: taskId, reason: 'given_back_already' }
    }
    if (clearingAccount(provider, context) === null) {
      return { code: 'clearing_account_missing', provider, create: clearingAccountToOpen(provider) }
    }
  }
  return null
}

/** Another sum than was received is captured on a person's word alone (P6). */
function captureRefusal(
  { taskId, acceptsDifference }: CaptureTask,
  amount: Money,
  { folio }: FolioContext,
): Refusal | null {
  const { order } = folio
  if (acceptsDifference || order.status === 'absent' || !isImported(order)) return null
  return equals(receivedFor(order, folio), amount)
    ? null
    : { code: 'sync_ground_gone', task: taskId, reason: 'amount_differs' }
}
