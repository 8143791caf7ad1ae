/**
 * What stores are to be told (S1 to S3): one thing of an order at a time, each attempt counted, none begun while one
 * before it can still show at the store, and no end but one. A refund under way is drawn on its note (B4).
 */
import type { EventOfType } from '../../src/events/ledger-event.js'
import type { createApprovals } from './approvals.js'
import { units } from './arithmetic.js'
import { available, type CreditItem, type Documents } from './documents.js'
import type { FolioFunds } from './funds.js'
import type { Report } from './report.js'

type Task = {
  id: string
  kind: 'refund' | 'capture' | 'declined'
  orderId: string
  document: string | null
  credit: CreditItem | null
  amount: bigint
  /** What of its note it draws while it is under way: nothing where the store is only told. */
  draws: bigint
  state: 'due' | 'open' | 'unknown' | 'person' | 'over'
  attempts: number
  notBefore: string | null
  shutUntil: string
}
type Asked = Pick<Task, 'kind' | 'orderId' | 'document' | 'credit' | 'amount' | 'draws' | 'state'>

/** An event is dated when its request is taken up, and decided a moment later. */
const MOMENT_MS = 1_000

export function createSyncTasks(
  report: Report,
  {
    documents,
    funds,
    approvals,
  }: Readonly<{
    documents: Documents
    funds: FolioFunds
    approvals: ReturnType<typeof createApprovals>
  }>,
) {
  const tasks = new Map<string, Task>()
  /** Until when something of an order may show at its store that nobody has an answer to. */
  const shut = new Map<string, string>()
  const captured = new Set<string>()

  function open(id: string, asked: Asked): Task {
    if (tasks.has(id)) report('task_twice', id, 'is there already')
    const task = { id, ...asked, attempts: 0, notBefore: null, shutUntil: '' }
    tasks.set(id, task)
    return task
  }

  function requestRefund({ data }: EventOfType<'PlatformRefundRequested'>): void {
    const { taskId, orderId, creditNoteId: document, purpose, amount, remaining } = data
    const credit = documents.creditOf(document, taskId)
    const isOpen = [...tasks.values()].some(
      (one) => one.kind === 'refund' && one.document === document && one.state !== 'over',
    )
    if (isOpen) report('platform_refund_twice', document, `${taskId} is not the only one under way`)
    const draws = purpose === 'give_back' ? units(amount) : 0n
    const asked = { orderId, document, credit, amount: units(amount), draws }
    open(taskId, { kind: 'refund', state: 'due', ...asked })
    approvals.paid(document, amount)
    if (credit === null) return
    if (units(amount) <= 0n) report('platform_refund_figures', taskId, `is ${amount.amount}`)
    draw(credit, draws, taskId)
    const givenHere = credit.total - credit.settled - credit.open.amount
    if (purpose === 'record' && units(amount) > givenHere) {
      const sentence = `tells of ${amount.amount}, ${givenHere} units were given back here`
      report('platform_refund_figures', taskId, sentence)
    }
    if (units(remaining) !== available(credit)) {
      const sentence = `says ${remaining.amount} are left, ${available(credit)} units are`
      report('platform_refund_figures', taskId, sentence)
    }
  }

  function draw(credit: CreditItem, amount: bigint, by: string): void {
    credit.underWay += amount
    documents.checkFree(credit, by)
    funds.send(credit, amount, by)
  }

  function requestCapture({ data }: EventOfType<'CaptureRequested'>): void {
    const { taskId, orderId, received } = data
    const isOpen = [...tasks.values()].some(
      (one) => one.kind === 'capture' && one.orderId === orderId && one.state !== 'over',
    )
    if (isOpen || captured.has(orderId))
      report('capture_twice', orderId, `is to be marked as paid by ${taskId} too`)
    const nothing = { document: null, credit: null, draws: 0n }
    open(taskId, { kind: 'capture', orderId, amount: units(received), state: 'due', ...nothing })
  }

  /** What waits for a person from the beginning. */
  function declined(data: EventOfType<'PlatformRefundDeclined'>['data']): void {
    const { taskId, orderId, documentId: document, declined: amount } = data
    const nothing = { credit: null, draws: 0n }
    const asked = { orderId, document, amount: units(amount), ...nothing }
    open(taskId, { kind: 'declined', state: 'person', ...asked })
  }

  function start({ data, metadata: { recordedAt } }: EventOfType<'AttemptStarted'>): void {
    const { taskId, attempt, sending, shutUntil } = data
    const beside = [...tasks.values()].find(
      ({ orderId, state }) =>
        orderId === tasks.get(taskId)?.orderId && (state === 'open' || state === 'unknown'),
    )
    if (beside !== undefined)
      report('attempt_beside_open', taskId, `begins while ${beside.id} is ${beside.state}`)
    const task = inState(taskId, ['due'], 'begins an attempt')
    if (task === null) return
    if (attempt !== task.attempts + 1)
      report('attempt_count', taskId, `begins ${attempt} after ${task.attempts}`)
    const [notBefore = ''] = [shut.get(task.orderId) ?? '', task.notBefore ?? ''].sort().reverse()
    const isEarly = notBefore !== '' && Date.parse(recordedAt) + MOMENT_MS < Date.parse(notBefore)
    if (isEarly || shutUntil <= recordedAt) {
      const sentence = `begins at ${recordedAt}, until ${shutUntil}; not before ${notBefore}`
      report('attempt_too_early', taskId, sentence)
    }
    const sent =
      sending.kind === 'refund'
        ? sending.payments.reduce((sum, { amount }) => sum + units(amount), 0n)
        : null
    if (sent === null ? task.kind !== 'capture' : task.kind !== 'refund' || sent !== task.amount)
      report('attempt_differs', taskId, `sends ${sent ?? sending.kind}, it is ${task.amount} units`)
    Object.assign(task, { state: 'open', attempts: attempt, notBefore: null, shutUntil })
  }

  function fail({ data }: EventOfType<'AttemptFailed'>): void {
    const { taskId, documentId, attempt, setback, then, notBefore } = data
    const states = attempt === null ? (['due'] as const) : (['open', 'unknown'] as const)
    const task = inState(taskId, states, 'fails')
    if (task === null) return
    if (attempt !== null && attempt !== task.attempts)
      report('attempt_count', taskId, `fails ${attempt}, ${task.attempts} is under way`)
    checkDocument(task, documentId)
    // What may have been done is over only once the store has it, or has it not.
    if (task.state === 'unknown' && setback !== 'not_found' && (then === 'again' || then === 'end'))
      report('attempt_unanswered', taskId, `${attempt ?? 0} is over by ${setback}`)
    if (then === 'look') {
      task.state = 'unknown'
      shut.set(task.orderId, task.shutUntil)
      return
    }
    if (then === 'end') end(task)
    else Object.assign(task, { state: then === 'again' ? 'due' : 'person', notBefore })
  }

  function retry({ data: { taskId } }: EventOfType<'SyncRetried'>): void {
    const task = inState(taskId, ['person'], 'is retried')
    if (task?.kind === 'declined') report('task_state', taskId, 'is retried, and nothing is sent')
    if (task !== null) Object.assign(task, { state: 'due', notBefore: null })
  }

  function dismiss({ data: { taskId, documentId } }: EventOfType<'SyncDismissed'>): void {
    letGo(inState(taskId, ['person'], 'is dismissed'), documentId)
  }

  function withdraw({ data: { taskId, documentId } }: EventOfType<'SyncTaskWithdrawn'>): void {
    letGo(inState(taskId, ['due'], 'is withdrawn'), documentId)
  }

  function letGo(task: Task | null, documentId: string | null): void {
    if (task === null) return
    checkDocument(task, documentId)
    end(task)
  }

  function capture({ data: { taskId, orderId } }: EventOfType<'OrderCaptured'>): void {
    const task = tasks.get(taskId)
    if (task?.kind !== 'capture' || task.orderId !== orderId) {
      report('task_state', taskId, `is none of ${orderId}`)
      return
    }
    if (captured.has(orderId)) report('capture_twice', orderId, `is captured by ${taskId} too`)
    captured.add(orderId)
    done(task)
  }

  /** The store has made what the task asked for: also where it had been given up. */
  function answered(taskId: string, documentId: string): void {
    const task = tasks.get(taskId)
    if (task?.kind !== 'refund' || task.document !== documentId) {
      report('task_state', taskId, `asked for no refund of ${documentId}`)
      return
    }
    done(task)
  }

  function done(task: Task): void {
    shut.delete(task.orderId)
    end(task)
  }

  function end(task: Task): void {
    if (task.state === 'over') return
    task.state = 'over'
    if (task.credit !== null) draw(task.credit, -task.draws, task.id)
  }

  function inState(id: string, states: readonly Task['state'][], what: string): Task | null {
    const task = tasks.get(id)
    if (task !== undefined && states.includes(task.state)) return task
    report('task_state', id, `${what} and is ${task?.state ?? 'not there'}`)
    return null
  }

  function checkDocument({ id, document }: Task, documentId: string | null): void {
    if (document !== documentId)
      report('task_state', id, `is about ${document ?? 'nothing'}, not ${documentId ?? 'nothing'}`)
  }

  return {
    requestRefund,
    requestCapture,
    declined,
    start,
    fail,
    retry,
    dismiss,
    withdraw,
    capture,
    answered,
  }
}

export type SyncTasks = ReturnType<typeof createSyncTasks>
