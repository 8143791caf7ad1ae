/**
 * One attempt at telling a store something (architecture 7): it begins on the log, leaves within its time or not at all,
 * and whatever is answered is recorded, the lack of an answer too.
 */
import type { Refusal } from '../../commands/refusal.js'
import type { SyncTask } from '../aggregates/sync-task.js'
import type { Setback, Sending } from '../events/platform-events.js'
import type { CallOptions, Failure, SendOptions, Sent } from '../platforms/platform.js'
import { SyncCommandFailed } from './sync-command-failed.js'
import { type Setting, type SyncPorts, windowMs } from './sync-ports.js'

/** `over`: something was recorded; `later`: nothing can be done now. */
export type Told = 'over' | 'later'

export async function attempt<Value>(
  task: SyncTask,
  sending: Sending,
  act: Readonly<{
    send: (options: SendOptions) => Promise<Sent<Value>>
    /** What was done, as the answer that is recorded. */
    done: (value: Value) => Promise<Readonly<Record<string, unknown>>>
    /** What a refusal of the store means here. */
    refused?: (failure: Failure) => Setback
  }>,
  ports: SyncPorts,
): Promise<Told> {
  const { clock, limits, reached } = ports
  await reached('before_start')
  const startedAtMs = clock.monotonicMs()
  const startedAtWallMs = clock.nowMs()
  const shutUntil = new Date(startedAtWallMs + windowMs(limits)).toISOString()
  const started = await ports.startAttempt({ taskId: task.taskId, sending, shutUntil })
  if (started.outcome !== 'accepted') return notStarted(task, started, ports)
  // The same request accepted before would be another worker's attempt.
  if (started.replayed) return 'later'
  await reached('after_start')
  const { attempt: number } = started.answer
  await reached('before_send')
  const sent = await act.send({
    ...callOptions(ports),
    // The clock that only grows stands still while a machine is suspended; the other may be set. Both must agree.
    mayLeave: () =>
      clock.monotonicMs() - startedAtMs < limits.leaveMs &&
      Math.abs(clock.nowMs() - startedAtWallMs) < limits.leaveMs,
  })
  await reached('after_send')
  const answer = await answerOf(task, sent, act, ports)
  await reached('before_record')
  await record({ taskId: task.taskId, attempt: number, ...answer }, ports)
  await reached('after_record')
  return 'over'
}

async function answerOf<Value>(
  task: SyncTask,
  sent: Sent<Value>,
  { done, refused }: Parameters<typeof attempt<Value>>[2],
  ports: SyncPorts,
): Promise<Readonly<Record<string, unknown>>> {
  switch (sent.outcome) {
    case 'done':
      return done(sent.value)
    case 'refused': {
      const { status, detail, retryAfterMs } = sent
      const setback = refused?.(sent) ?? setbackOf(sent)
      return failed(task, { setback, status, detail }, retryAfterMs, ports)
    }
    case 'not_sent':
      return failed(task, { setback: 'not_sent', detail: sent.detail }, null, ports)
    case 'unknown': {
      const { status, detail } = sent
      return failed(task, { setback: 'unknown', status, detail }, null, ports)
    }
  }
}

/** A failure before any attempt, or after a look at the store. */
export async function recordFailure(
  task: SyncTask,
  what: Setting & Readonly<{ attempt: number | null; retryAfterMs?: number | null }>,
  ports: SyncPorts,
): Promise<Told> {
  const { attempt: number, retryAfterMs = null, ...rest } = what
  await ports.reached('before_record')
  const answer = failed(task, rest, retryAfterMs, ports)
  await record({ taskId: task.taskId, attempt: number, ...answer }, ports)
  await ports.reached('after_record')
  return 'over'
}

/** A question before an attempt that the store has not answered: nothing was sent. */
export function recordUnanswered(
  task: SyncTask,
  failure: Failure,
  ports: SyncPorts,
): Promise<Told> {
  const { status, detail, retryAfterMs } = failure
  const setback = setbackOf(failure)
  return recordFailure(task, { attempt: null, setback, status, detail, retryAfterMs }, ports)
}

/** The store could not be looked at: nothing is known, and nothing is sent; after so many times a person is asked. */
export async function recordBlindLook(
  task: SyncTask,
  failure: Pick<Failure, 'reason' | 'status' | 'detail'>,
  ports: SyncPorts,
): Promise<'blind'> {
  // Of an attempt that nobody has ended, that its answer is unknown comes first.
  const setback = task.state.at === 'unknown' ? setbackOf(failure) : 'unknown'
  const { status, detail } = failure
  await recordFailure(task, { attempt: task.attempts, setback, status, detail }, ports)
  return 'blind'
}

export async function record(
  answer: Readonly<Record<string, unknown>>,
  { recordAnswer }: SyncPorts,
): Promise<void> {
  const recorded = await recordAnswer(answer)
  if (recorded.outcome !== 'accepted') throw new SyncCommandFailed(recorded)
}

function failed(
  task: SyncTask,
  what: Setting,
  retryAfterMs: number | null,
  { clock, limits, random }: SyncPorts,
): Readonly<Record<string, unknown>> {
  // Scattered, so that not everything comes back at once; never before the store wants it.
  const waitMs = Math.max(backOffMs(task, limits) * (0.5 + random() / 2), retryAfterMs ?? 0)
  const notBefore =
    what.setback === 'not_found' ? null : new Date(clock.nowMs() + waitMs).toISOString()
  return { answer: 'failed', ...what, notBefore }
}

/** Twice as long with every setback. */
export function backOffMs({ failures }: SyncTask, limits: SyncPorts['limits']): number {
  return Math.min(limits.retryMsMin * 2 ** failures, limits.retryMsMax)
}

async function notStarted(
  task: SyncTask,
  outcome: Readonly<{ outcome: string; refusal?: Refusal }>,
  ports: SyncPorts,
): Promise<Told> {
  const { refusal } = outcome
  if (refusal?.code === 'sync_ground_gone') {
    return recordFailure(
      task,
      { attempt: null, setback: 'ground_gone', detail: refusal.reason },
      ports,
    )
  }
  if (refusal?.code === 'clearing_account_missing') {
    const detail = `Open the clearing account ${refusal.create} of type gateway for ${refusal.provider}`
    return recordFailure(task, { attempt: null, setback: 'account_missing', detail }, ports)
  }
  // Another process is at it, or its time has not come: the folio knows better than this worker.
  if (refusal?.code === 'store_lane_shut' || refusal?.code === 'sync_task_not_due') return 'later'
  throw new SyncCommandFailed(outcome)
}

/** What a failed question or a refusal of the store is to the task. */
export function setbackOf({ reason }: Pick<Failure, 'reason'>): Setback {
  switch (reason) {
    case 'not_authorised':
    case 'address_not_allowed':
      return 'not_authorised'
    case 'not_found':
    case 'refused':
      return 'refused'
    case 'limited':
      return 'limited'
    case 'unavailable':
    case 'not_understood':
      return 'unavailable'
  }
}

export function callOptions({ clock, limits }: SyncPorts): CallOptions {
  return { deadlineMs: clock.monotonicMs() + limits.deadlineMs }
}
