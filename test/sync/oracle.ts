/**
 * What must hold after everything: read off the log's own events and the simulator's own journal, and nothing else; no
 * code of the ledger is asked about itself but the reading of its log.
 */
import pg from 'pg'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import { openPostgresEventStore } from '../../src/event-store/postgres.js'
import { openPostgresSubjectKeys } from '../../src/event-store/postgres-subject-keys.js'
import type { FactOfType, LedgerEvent, LedgerEventType } from '../../src/events/ledger-event.js'
import type { SimulatorControl } from '../simulators/bigcommerce/control/control.js'

export type Findings = Readonly<{
  tasks: number
  done: number
  /** Neither at an end nor before a person. */
  open: readonly string[]
  persons: readonly string[]
  /** Ended without an effect, and why. */
  refused: readonly string[]
  refundsAtStore: number
  /** In minor units. */
  ledgerTotal: number
  storeTotal: number
  /** Sentences about what must not be. */
  violations: readonly string[]
}>

const PAGE = 5_000

export async function readEvents(
  connectionString: string,
  masterKey: Buffer,
): Promise<LedgerEvent[]> {
  const store = await openPostgresEventStore({ connectionString, log: () => undefined })
  const pool = new pg.Pool({ connectionString, max: 1 })
  const log = createLedgerLog(store, await openPostgresSubjectKeys(pool, masterKey))
  try {
    const events: LedgerEvent[] = []
    let after: bigint | null = null
    for (;;) {
      const page = await store.readAll({ after, limit: PAGE })
      if (page.length === 0) return events
      events.push(...(await log.open(page)))
      after = page.at(-1)?.position ?? null
    }
  } finally {
    await store.close()
    await pool.end()
  }
}

export async function findings(
  events: readonly LedgerEvent[],
  control: SimulatorControl,
  stores: readonly string[],
): Promise<Findings> {
  const tasks = tasksIn(events)
  const atStores = await refundsAt(control, stores)
  const violations = [
    ...tasks.violations,
    ...atStores.violations,
    ...twoWays(events),
    ...unknownAtLedger(events, atStores.ids),
  ]
  return {
    tasks: tasks.states.size,
    done: [...tasks.states.values()].filter((state) => state === 'done').length,
    open: [...tasks.states].flatMap(([id, state]) => (OPEN.has(state) ? [`${id} ${state}`] : [])),
    persons: [...tasks.states].flatMap(([id, state]) =>
      state === 'person' ? [`${id}: ${tasks.setbacks.get(id) ?? ''}`] : [],
    ),
    refused: [...tasks.states].flatMap(([id, state]) =>
      state === 'refused' || state === 'gone' ? [`${id}: ${tasks.setbacks.get(id) ?? state}`] : [],
    ),
    refundsAtStore: atStores.ids.size,
    ledgerTotal: ledgerTotal(events),
    storeTotal: atStores.total,
    violations,
  }
}

const OPEN: ReadonlySet<string> = new Set(['due', 'in_flight', 'unknown'])

type Walk = Readonly<{
  states: Map<string, string>
  setbacks: Map<string, string>
  /** By order: the task whose attempt is open. */
  shut: Map<string, string>
  refundsOfNote: Map<string, string>
  violations: string[]
}>
type Data<Type extends LedgerEventType> = FactOfType<Type>['data']
type Step<Type extends LedgerEventType> = (walk: Walk, data: Data<Type>, stream: string) => void
type Steps = Readonly<{
  PlatformRefundRequested: Step<'PlatformRefundRequested'>
  CaptureRequested: Step<'CaptureRequested'>
  AttemptStarted: Step<'AttemptStarted'>
  AttemptFailed: Step<'AttemptFailed'>
  SyncRetried: Step<'SyncRetried'>
  SyncDismissed: Step<'SyncDismissed'>
  SyncTaskWithdrawn: Step<'SyncTaskWithdrawn'>
  PlatformRefundRecorded: Step<'PlatformRefundRecorded'>
  OrderCaptured: Step<'OrderCaptured'>
}>

const STEPS: Steps = {
  PlatformRefundRequested: ({ states }, { taskId }) => {
    states.set(taskId, 'due')
  },
  CaptureRequested: ({ states }, { taskId }) => {
    states.set(taskId, 'due')
  },
  AttemptStarted: ({ states, shut, violations }, { taskId }, stream) => {
    const other = shut.get(stream)
    if (other !== undefined) violations.push(`${taskId} began while ${other} was open`)
    shut.set(stream, taskId)
    states.set(taskId, 'in_flight')
  },
  AttemptFailed: (walk, { taskId, then, setback, detail }, stream) => {
    const state = { again: 'due', look: 'unknown', person: 'person', end: 'refused' }[then]
    walk.states.set(taskId, state)
    walk.setbacks.set(taskId, `${setback} ${detail}`)
    if (then !== 'look') opened(walk, taskId, stream)
  },
  SyncRetried: ({ states }, { taskId }) => {
    states.set(taskId, 'due')
  },
  SyncDismissed: ({ states }, { taskId }) => {
    states.set(taskId, 'gone')
  },
  SyncTaskWithdrawn: ({ states }, { taskId }) => {
    states.set(taskId, 'gone')
  },
  PlatformRefundRecorded: (walk, { documentId, platformRefundId, taskId }, stream) => {
    const before = walk.refundsOfNote.get(documentId)
    if (before !== undefined) {
      walk.violations.push(`${documentId} has two refunds: ${before} and ${platformRefundId}`)
    }
    walk.refundsOfNote.set(documentId, platformRefundId)
    if (taskId === null) return
    walk.states.set(taskId, 'done')
    opened(walk, taskId, stream)
  },
  OrderCaptured: (walk, { taskId }, stream) => {
    walk.states.set(taskId, 'done')
    opened(walk, taskId, stream)
  },
}

function opened({ shut }: Walk, taskId: string, stream: string): void {
  if (shut.get(stream) === taskId) shut.delete(stream)
}

type AnyStep = (walk: Walk, data: unknown, stream: string) => void

/** The state of each task by its events, and whether an order ever had two attempts open. */
function tasksIn(
  events: readonly Readonly<{ type: string; data: unknown; stream: string }>[],
): Walk {
  const walk: Walk = {
    states: new Map(),
    setbacks: new Map(),
    shut: new Map(),
    refundsOfNote: new Map(),
    violations: [],
  }
  for (const { type, data, stream } of events) {
    const steps = STEPS as unknown as Partial<Record<string, AnyStep>>
    steps[type]?.(walk, data, stream)
  }
  return walk
}

async function refundsAt(control: SimulatorControl, stores: readonly string[]) {
  const violations: string[] = []
  const ids = new Set<string>()
  let total = 0
  for (const store of stores) {
    for (const [marker, refunds] of Object.entries(await control.refundsByMarker({ store }))) {
      if (refunds.length > 1) violations.push(`${marker} was refunded ${refunds.length} times`)
    }
    for (const { refunds } of await control.orders({ store })) {
      for (const refund of refunds) {
        ids.add(`${store}/${refund.id}`)
        const standing = refund.payments.filter(({ declined }) => declined === null)
        total += standing.reduce((sum, { units }) => sum + units, 0)
      }
    }
    const { mostOpenByOrder, overlappingRefunds, early } = await control.summary({ store })
    const most = Math.max(0, ...Object.values(mostOpenByOrder))
    if (most > 1) violations.push(`an order of ${store} had ${most} money writes open at once`)
    if (overlappingRefunds.length > 0)
      violations.push(`${overlappingRefunds.length} refunds overlapped`)
    if (early.length > 0) violations.push(`${early.length} calls came before a 429 allowed them`)
  }
  return { ids, total, violations }
}

/** A note that gave money back in two ways. */
function twoWays(events: readonly LedgerEvent[]): string[] {
  const byHand = new Set<string>()
  const atStore = new Set<string>()
  for (const { type, data } of events) {
    if (type === 'CreditRefunded') byHand.add(data.documentId)
    if (type === 'PlatformRefundPaid') atStore.add(data.documentId)
  }
  return [...byHand].flatMap((id) => (atStore.has(id) ? [`${id} was given back twice`] : []))
}

/** Every refund at a store is recorded, or seen. */
function unknownAtLedger(events: readonly LedgerEvent[], ids: ReadonlySet<string>): string[] {
  const known = new Set<string>()
  const stores = new Map<string, string>()
  for (const { type, data } of events) {
    if (type === 'InstanceRegistered')
      stores.set(data.instance, data.address.split('/').at(-1) ?? '')
    if (type === 'PlatformRefundRecorded' || type === 'PlatformRefundSeen') {
      known.add(`${stores.get(data.instance) ?? ''}/${data.platformRefundId}`)
    }
  }
  return [...ids].flatMap((id) =>
    known.has(id) ? [] : [`the ledger knows nothing of refund ${id}`],
  )
}

function ledgerTotal(events: readonly LedgerEvent[]): number {
  let total = 0
  for (const { type, data } of events) {
    if (type === 'PlatformRefundPaid')
      total += minor(data.online.amount) + minor(data.storeCredit.amount)
    if (type === 'PlatformRefundDeclined') total -= minor(data.declined.amount)
  }
  return total
}

function minor(amount: string): number {
  return Math.round(Number.parseFloat(amount) * 100)
}
