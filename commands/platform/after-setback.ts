/** What becomes of a task after something went wrong: tried again, looked at, left to a person, or over (S3). */
import type { SyncTask } from '../../src/aggregates/sync-task.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import type { Sending } from '../../src/events/platform-events.js'
import type { FailedAnswer } from './failed-answer.js'
import { documentOfTask } from './sync-task-in.js'

type Failed = FactOfType<'AttemptFailed'>
type Then = Failed['data']['then']

/**
 * After so many setbacks a task is not tried again by itself: it waits for a person, where everybody sees it. A store
 * that only wants fewer requests is none: it is waited for, however long that takes.
 */
export const FAILURES_MAX = 10

export function afterSetback(
  { taskId, attempt, setback, status, detail, figures, candidates, notBefore }: FailedAnswer,
  task: SyncTask,
  now: string,
): Failed {
  const wanted = thenAfter(setback, task, now)
  // A store that cannot be looked at shows nobody what became of it: that waits for a person, too.
  const isTry = wanted === 'again' || (wanted === 'look' && task.state.at === 'unknown')
  const isSpent = isTry && setback !== 'limited' && task.failures + 1 >= FAILURES_MAX
  const then = isSpent ? 'person' : wanted
  return {
    type: 'AttemptFailed',
    data: {
      documentId: documentOfTask(task),
      ...{ taskId, attempt, setback, status, detail, figures, candidates, then },
      notBefore: then === 'again' ? notBefore : null,
    },
  }
}

function thenAfter(setback: FailedAnswer['setback'], task: SyncTask, now: string): Then {
  const { state } = task
  // That nothing is found says something only once the time of the attempt is over.
  const isShut = 'shutUntil' in state && state.shutUntil > now
  if (setback === 'not_found') return isShut ? 'look' : 'again'
  // What may have been done stays unknown until then.
  if (state.at === 'unknown' && setback !== 'uncertain') return 'look'
  const isRefund = task.kind === 'refund'
  switch (setback) {
    case 'limited':
    case 'unavailable':
    case 'not_sent':
      return 'again'
    case 'unknown':
      return 'sending' in state ? 'look' : 'again'
    case 'not_authorised':
    case 'uncertain':
    case 'account_missing':
      return 'person'
    case 'ground_gone':
      return 'end'
    case 'not_offered':
      return isRefund ? 'end' : hasOtherWay(task) ? 'again' : 'person'
    // Of a refund nothing was done: its credit is free again. An order stays to be marked as paid.
    case 'refused':
    case 'amount_differs':
    case 'method_not_offered':
      return isRefund ? 'end' : 'person'
  }
}

const WAYS: readonly Sending['kind'][] = ['capture_record', 'payment_confirmation']

function hasOtherWay({ state, notOffered }: SyncTask): boolean {
  const now = 'sending' in state ? [...notOffered, state.sending.kind] : notOffered
  return WAYS.some((way) => !now.includes(way)) && 'sending' in state
}
