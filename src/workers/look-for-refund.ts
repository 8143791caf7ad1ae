/**
 * After an unknown answer, or a crash with an attempt open, once the lane is open again: two looks at the store. One
 * refund with marker, amount and items is ours; none, twice, lets the next attempt begin; anything between is for a
 * person (architecture 7).
 */
import {
  isAnswerTo,
  isRecordable,
  type StoreRefundInput,
} from '../../commands/platform/store-refund-input.js'
import type { Folio } from '../aggregates/folio.js'
import type { RefundTask } from '../aggregates/sync-task.js'
import { equals } from '../money/money.js'
import type { PlatformRefund, Store } from '../platforms/platform.js'
import { readRefund } from './read-refund.js'
import {
  callOptions,
  record,
  recordBlindLook,
  recordFailure,
  recordUnanswered,
  type Told,
} from './sync-attempt.js'
import type { SyncPorts } from './sync-ports.js'

type At = Readonly<{ folio: Folio; store: Store }>

export async function lookForRefund(
  task: RefundTask,
  { folio, store }: At,
  ports: SyncPorts & Readonly<{ pause: (ms: number) => Promise<void> }>,
): Promise<Told | 'blind'> {
  const { platformOrderId: order, amount, books } = task.request
  const timeZone = await ports.timeZoneOf(books)
  for (const isSecond of [false, true]) {
    await ports.reached(isSecond ? 'between_looks' : 'before_look')
    if (isSecond) await ports.pause(ports.limits.lookAgainMs)
    const read = await store.refunds({ order, currency: amount.currency }, callOptions(ports))
    if (read.outcome === 'failed') return recordBlindLook(task, read, ports)
    await ports.reached('after_look')
    const found = await judged(task, { folio, refunds: read.value, timeZone }, ports)
    if (found === 'over') return 'over'
  }
  return recordFailure(task, { attempt: task.attempts, setback: 'not_found' }, ports)
}

/**
 * Before anything is sent again for a note, whoever wants it: what the store has under a marker of ours is its refund, or
 * a person sees to it (B4, B7). `nothing`: it has none.
 */
export async function lookBeforeAgain(
  task: RefundTask,
  { folio, store }: At,
  ports: SyncPorts,
): Promise<Told | 'nothing'> {
  const { platformOrderId: order, amount, books, creditNoteId } = task.request
  const sent = [...folio.syncTasks.values()].filter(
    (one): one is RefundTask =>
      one.kind === 'refund' && one.request.creditNoteId === creditNoteId && one.attempts > 0,
  )
  if (sent.length === 0) return 'nothing'
  const read = await store.refunds({ order, currency: amount.currency }, callOptions(ports))
  if (read.outcome === 'failed') return recordUnanswered(task, read, ports)
  const timeZone = await ports.timeZoneOf(books)
  const marked = read.value
    .map((refund) => readRefund(refund, timeZone))
    .filter(({ marker }) => sent.some(({ taskId }) => taskId === marker))
  if (await recordedAsOurs(marked, task, null, ports)) return 'over'
  const candidates = marked
    .filter(({ payments }) => !payments.every(({ isDeclined }) => isDeclined))
    .map(({ platformRefundId }) => platformRefundId)
  if (candidates.length === 0) return 'nothing'
  return recordFailure(task, { attempt: null, setback: 'uncertain', candidates }, ports)
}

/** The only one with a marker of ours, with amount and items, too, is the answer to the attempt. */
async function recordedAsOurs(
  marked: readonly StoreRefundInput[],
  task: RefundTask,
  attempt: number | null,
  ports: SyncPorts,
): Promise<boolean> {
  const [refund, ...others] = marked
  if (refund === undefined || others.length > 0) return false
  if (!isAnswerTo(refund, task) || !isRecordable(refund)) return false
  const { taskId } = task
  await record({ taskId, attempt, answer: 'refunded', refund, foundBy: 'read_back' }, ports)
  return true
}

async function judged(
  task: RefundTask,
  {
    folio,
    refunds,
    timeZone,
  }: Readonly<{ folio: Folio; refunds: readonly PlatformRefund[]; timeZone: string }>,
  ports: SyncPorts,
): Promise<Told> {
  const { taskId, attempts } = task
  const read = refunds.map((refund) => readRefund(refund, timeZone))
  const marked = read.filter(({ marker }) => marker === taskId)
  if (await recordedAsOurs(marked, task, attempts, ports)) return 'over'
  // A store may have lost the marker: a refund of that amount that nobody knows could be it.
  const unknown = read.filter(
    ({ marker, amount, platformRefundId }) =>
      marker === null &&
      equals(amount, task.request.amount) &&
      (folio.platformRefunds.get(platformRefundId)?.documentId ?? null) === null,
  )
  const candidates = [...marked, ...unknown].map(({ platformRefundId }) => platformRefundId)
  if (candidates.length === 0) return 'later'
  return recordFailure(task, { attempt: attempts, setback: 'uncertain', candidates }, ports)
}
