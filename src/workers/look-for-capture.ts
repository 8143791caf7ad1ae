/** After an unknown answer to a capture, two looks at the store, as for refunds; only what it shows counts (P2, P5). */
import type { CaptureTask } from '../aggregates/sync-task.js'
import type { OrderPayment, Store } from '../platforms/platform.js'
import { callOptions, record, recordBlindLook, recordFailure, type Told } from './sync-attempt.js'
import type { SyncPorts } from './sync-ports.js'
import { shownCapture } from './tell-capture.js'

export async function lookForCapture(
  task: CaptureTask,
  { store }: Readonly<{ store: Store }>,
  ports: SyncPorts & Readonly<{ pause: (ms: number) => Promise<void> }>,
): Promise<Told | 'blind'> {
  const { taskId, attempts, state, request } = task
  const way = 'sending' in state && state.sending.kind !== 'refund' ? state.sending.kind : null
  let seen: OrderPayment | null = null
  for (const isSecond of [false, true]) {
    await ports.reached(isSecond ? 'between_looks' : 'before_look')
    if (isSecond) await ports.pause(ports.limits.lookAgainMs)
    const read = await store.payment(request.platformOrderId, callOptions(ports))
    if (read.outcome === 'failed') return recordBlindLook(task, read, ports)
    await ports.reached('after_look')
    seen = read.value
    const shown = seen === null ? null : shownCapture(task, seen, way)
    if (shown !== null) {
      await record({ taskId, attempt: attempts, ...shown, foundBy: 'read_back' }, ports)
      return 'over'
    }
  }
  // A capture without our reference could be ours, or somebody else's.
  const candidates = (seen?.captures ?? []).map(({ transaction }) => transaction)
  return candidates.length === 0
    ? recordFailure(task, { attempt: attempts, setback: 'not_found' }, ports)
    : recordFailure(task, { attempt: attempts, setback: 'uncertain', candidates }, ports)
}
