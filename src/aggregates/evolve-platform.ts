/** What an order's store is told, and has, as the folio remembers it. */
import { isZero, minus, plus, zero } from '../money/money.js'
import { CorruptStream } from './corrupt-stream.js'
import { withoutUse, withUse } from './credit.js'
import { depositTaxIn, movedOf } from './evolve-payments.js'
import { type Folio, type FolioEvent, type FolioEventOf, withCredit, withEntry } from './folio.js'
import { isOpen, type SyncTask, type TaskState } from './sync-task.js'

const FRESH = {
  state: { at: 'due', notBefore: null },
  attempts: 0,
  failures: 0,
  notOffered: [],
  acceptsDifference: false,
} as const

export function afterPlatformRefundRequest(
  folio: Folio,
  event: FolioEventOf<'PlatformRefundRequested'>,
): Folio {
  const { data: request } = event
  const task: SyncTask = { ...FRESH, taskId: request.taskId, kind: 'refund', request }
  return withTask(drawn(folio, task, plus, event), task)
}

export function afterCaptureRequest(
  folio: Folio,
  { data: request }: FolioEventOf<'CaptureRequested'>,
): Folio {
  return withTask(folio, { ...FRESH, taskId: request.taskId, kind: 'capture', request })
}

export function afterAttemptStarted(folio: Folio, event: FolioEventOf<'AttemptStarted'>): Folio {
  const { taskId, attempt, sending, shutUntil } = event.data
  const task = taskOf(folio, taskId, event)
  if (task.state.at !== 'due' || attempt !== task.attempts + 1) {
    throw new CorruptStream(event, `task ${taskId} begins no attempt ${attempt}`)
  }
  const state: TaskState = { at: 'in_flight', sending, shutUntil }
  return withTask(folio, { ...task, attempts: attempt, state })
}

export function afterAttemptFailed(folio: Folio, event: FolioEventOf<'AttemptFailed'>): Folio {
  const { taskId, setback, then, notBefore } = event.data
  const task = taskOf(folio, taskId, event)
  const sending = 'sending' in task.state ? task.state : null
  const failed: SyncTask = {
    ...task,
    failures: task.failures + (setback === 'limited' ? 0 : 1),
    notOffered:
      setback === 'not_offered' && sending !== null
        ? [...task.notOffered, sending.sending.kind]
        : task.notOffered,
  }
  switch (then) {
    case 'again':
      return withTask(folio, { ...failed, state: { at: 'due', notBefore } })
    case 'look':
      if (sending === null) throw new CorruptStream(event, 'nothing was sent')
      return withTask(folio, { ...failed, state: { ...sending, at: 'unknown' } })
    case 'person':
      return withTask(folio, { ...failed, state: { at: 'person', failure: event.data } })
    case 'end':
      return ended(folio, failed, 'refused', event)
  }
}

export function afterRetry(folio: Folio, event: FolioEventOf<'SyncRetried'>): Folio {
  const { taskId, acceptsDifference } = event.data
  const task = taskOf(folio, taskId, event)
  const state = { at: 'due', notBefore: null } as const
  return withTask(folio, { ...task, state, failures: 0, notOffered: [], acceptsDifference })
}

export function afterTaskLetGo(
  folio: Folio,
  event: FolioEventOf<'SyncTaskWithdrawn' | 'SyncDismissed'>,
): Folio {
  const at = event.type === 'SyncDismissed' ? 'dismissed' : 'withdrawn'
  return ended(folio, taskOf(folio, event.data.taskId, event), at, event)
}

export function afterPlatformRefundSeen(
  folio: Folio,
  { data }: FolioEventOf<'PlatformRefundSeen'>,
): Folio {
  const { platformRefundId, createdAt, createdOn, amount, tax, payments, held, paymentStatus } =
    data
  const none = zero(amount.currency)
  return withPaymentStatus(paymentStatus, {
    ...folio,
    platformRefunds: withEntry(folio.platformRefunds, platformRefundId, {
      ...{ platformRefundId, createdAt, createdOn, amount, tax, payments, held },
      ...{ documentId: null, online: none, storeCredit: none, entry: null },
    }),
  })
}

export function afterPlatformRefund(
  folio: Folio,
  event: FolioEventOf<'PlatformRefundRecorded'>,
): Folio {
  const { taskId, documentId, platformRefundId, paymentStatus } = event.data
  const { createdAt, createdOn, amount, tax, payments } = event.data
  const none = zero(amount.currency)
  const recorded = withPaymentStatus(paymentStatus, {
    ...folio,
    platformRefunds: withEntry(folio.platformRefunds, platformRefundId, {
      ...{ platformRefundId, createdAt, createdOn, amount, tax, payments, held: null, documentId },
      ...{ online: none, storeCredit: none, entry: null },
    }),
  })
  if (taskId === null) return recorded
  return ended(recorded, taskOf(folio, taskId, event), 'done', event)
}

export function afterPlatformRefundPaid(
  folio: Folio,
  event: FolioEventOf<'PlatformRefundPaid'>,
): Folio {
  const { platformRefundId, documentId, online, storeCredit, entry } = event.data
  const refund = refundIn(folio, platformRefundId, event)
  const moved = movedOf(entry, documentId, 'in', event)
  const tax = depositTaxIn(entry)?.left ?? null
  const paid = withCredit(
    folio,
    documentId,
    (credit) => withUse(credit, 'refunded', { ...moved, tax }),
    event,
  )
  const platformRefunds = withEntry(folio.platformRefunds, platformRefundId, {
    ...refund,
    ...{ online, storeCredit, entry },
  })
  return { ...paid, platformRefunds }
}

export function afterPlatformRefundDeclined(
  folio: Folio,
  event: FolioEventOf<'PlatformRefundDeclined'>,
): Folio {
  const { platformRefundId, documentId, declined, payments, entry, paymentStatus } = event.data
  const refund = refundIn(folio, platformRefundId, event)
  const moved = movedOf(entry, documentId, 'out', event)
  const tax = depositTaxIn(entry)?.left ?? null
  const back = withCredit(
    folio,
    documentId,
    (credit) => withoutUse(credit, 'refunded', { ...moved, tax }),
    event,
  )
  const platformRefunds = withEntry(folio.platformRefunds, platformRefundId, {
    ...refund,
    payments,
    online: minus(refund.online, declined),
  })
  const { taskId } = event.data
  return withTask(withPaymentStatus(paymentStatus, { ...back, platformRefunds }), {
    ...FRESH,
    taskId,
    kind: 'declined_refund',
    request: event.data,
    state: { at: 'person', failure: null },
  })
}

export function afterCapture(folio: Folio, event: FolioEventOf<'OrderCaptured'>): Folio {
  const { taskId, paymentStatus } = event.data
  const captured = withPaymentStatus(paymentStatus, folio)
  return ended(captured, taskOf(folio, taskId, event), 'done', event)
}

function refundIn(folio: Folio, platformRefundId: string, event: FolioEvent) {
  const refund = folio.platformRefunds.get(platformRefundId)
  if (refund === undefined) throw new CorruptStream(event, `there is no refund ${platformRefundId}`)
  return refund
}

function taskOf({ syncTasks }: Folio, taskId: string, event: FolioEvent): SyncTask {
  const task = syncTasks.get(taskId)
  if (task === undefined) throw new CorruptStream(event, `there is no task ${taskId}`)
  return task
}

/** What it has reserved can be used again; a task that ended before has nothing reserved. */
function ended(
  folio: Folio,
  task: SyncTask,
  at: 'done' | 'refused' | 'withdrawn' | 'dismissed',
  event: FolioEvent,
): Folio {
  const before = folio.syncTasks.get(task.taskId)
  const free = before !== undefined && isOpen(before) ? drawn(folio, task, minus, event) : folio
  return withTask(free, { ...task, state: { at } })
}

/** What a task draws on its note (B4): nothing where the money was given back here and the store is only told. */
function drawn(folio: Folio, task: SyncTask, move: typeof plus, event: FolioEvent): Folio {
  if (task.kind !== 'refund' || task.request.purpose === 'record') return folio
  const { creditNoteId, amount } = task.request
  if (isZero(amount)) return folio
  return withCredit(
    folio,
    creditNoteId,
    (credit) => ({ ...credit, underWay: move(credit.underWay, amount) }),
    event,
  )
}

function withTask(folio: Folio, task: SyncTask): Folio {
  return { ...folio, syncTasks: withEntry(folio.syncTasks, task.taskId, task) }
}

function withPaymentStatus(paymentStatus: string, folio: Folio): Folio {
  const { order } = folio
  return order.status === 'absent' ? folio : { ...folio, order: { ...order, paymentStatus } }
}
