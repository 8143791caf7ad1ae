/**
 * The lane of one order at its store: one thing at a time, in the order it was asked for, for as long as something is due
 * (S3). What may still be on its way is waited for, then looked at; only then comes the next.
 */
import type { Folio } from '../aggregates/folio.js'
import { type SyncTask, shutsLane } from '../aggregates/sync-task.js'
import { lookForCapture } from './look-for-capture.js'
import { lookForRefund } from './look-for-refund.js'
import { backOffMs, recordBlindLook, recordFailure, type Told } from './sync-attempt.js'
import { type SyncPorts, windowMs } from './sync-ports.js'
import { tellCapture } from './tell-capture.js'
import { tellRefund } from './tell-refund.js'

export type LanePorts = SyncPorts &
  Readonly<{
    pause: (ms: number) => Promise<void>
    /** When this process first knew of an attempt, by its own monotonic clock. */
    attemptsSeen: Map<string, number>
    isStopping: () => boolean
  }>

export type LaneEnd = Readonly<{
  /** Something was recorded. */
  moved: boolean
  /** After so long there may be something to do; `null`: nothing is open that time alone would bring. */
  lookAgainInMs: number | null
}>

const NO_CREDENTIALS = {
  reason: 'not_authorised',
  status: null,
  detail: 'No credentials of the store are saved',
} as const

/** A lane gives way to others of its store now and then. */
const STEPS_MAX = 50

export async function syncOrder(folioId: string, ports: LanePorts): Promise<LaneEnd> {
  let moved = false
  for (let steps = 0; steps < STEPS_MAX && !ports.isStopping(); steps += 1) {
    const folio = await ports.readFolio(folioId)
    const tasks = [...folio.syncTasks.values()]
    const shut = tasks.find(shutsLane)
    if (shut !== undefined) {
      const waitMs = opensInMs(shut, ports)
      if (waitMs > 0) return { moved, lookAgainInMs: waitMs }
      const looked = await look(shut, folio, ports)
      if (looked === 'later') return later(moved, ports)
      moved = true
      if (looked === 'blind') return { moved, lookAgainInMs: backOffMs(shut, ports.limits) }
      continue
    }
    const due = tasks.find((task) => dueInMs(task, ports) === 0)
    if (due === undefined) return { moved, lookAgainInMs: nextDueInMs(tasks, ports) }
    if ((await tell(due, folio, ports)) === 'later') return later(moved, ports)
    moved = true
  }
  return { moved, lookAgainInMs: 0 }
}

function later(moved: boolean, { limits }: LanePorts): LaneEnd {
  return { moved, lookAgainInMs: limits.retryMsMin }
}

/**
 * By the attempt's own time, and by this process's clock since it first knew of it: a wall clock that is set forward must
 * not open a lane while a request is still under way.
 */
function opensInMs(task: SyncTask, { clock, limits, attemptsSeen }: LanePorts): number {
  if (!('shutUntil' in task.state)) return 0
  const key = attemptKey(task.taskId, task.attempts)
  const seenAtMs = attemptsSeen.get(key) ?? clock.monotonicMs()
  attemptsSeen.set(key, seenAtMs)
  const byWall = Date.parse(task.state.shutUntil) - clock.nowMs()
  const byOwn = seenAtMs + windowMs(limits) - clock.monotonicMs()
  return Math.max(byWall, byOwn, 0)
}

export function attemptKey(taskId: string, attempt: number): string {
  return `${taskId}#${attempt}`
}

function dueInMs({ state }: SyncTask, { clock }: LanePorts): number | null {
  if (state.at !== 'due') return null
  return state.notBefore === null ? 0 : Math.max(Date.parse(state.notBefore) - clock.nowMs(), 0)
}

function nextDueInMs(tasks: readonly SyncTask[], ports: LanePorts): number | null {
  const waits = tasks.map((task) => dueInMs(task, ports)).filter((wait) => wait !== null)
  // No longer than a read model may be behind: what is asked for meanwhile waits for none of these.
  return waits.length === 0 ? null : Math.min(...waits, ports.limits.retryMsMin)
}

async function look(task: SyncTask, folio: Folio, ports: LanePorts): Promise<Told | 'blind'> {
  const { storeOf } = ports
  if (task.kind === 'declined_refund') return 'later'
  const store = await storeOf(task.request.instance)
  if (store === null) return recordBlindLook(task, NO_CREDENTIALS, ports)
  return task.kind === 'refund'
    ? lookForRefund(task, { folio, store }, ports)
    : lookForCapture(task, { store }, ports)
}

async function tell(task: SyncTask, folio: Folio, ports: LanePorts): Promise<Told> {
  if (task.kind === 'declined_refund') return 'later'
  const { instance: id } = task.request
  const [store, instance] = await Promise.all([ports.storeOf(id), ports.readInstance(id)])
  if (store === null || instance === null) {
    const { detail } = NO_CREDENTIALS
    return recordFailure(task, { attempt: null, setback: 'not_authorised', detail }, ports)
  }
  // From here on it counts, whatever the process gets to know of it.
  ports.attemptsSeen.set(attemptKey(task.taskId, task.attempts + 1), ports.clock.monotonicMs())
  return task.kind === 'refund'
    ? tellRefund(task, { folio, store, instance }, ports)
    : tellCapture(task, { folio, store, instance }, ports)
}
