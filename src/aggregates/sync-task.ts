/** What a store is to be told of an order, and how far that is: one task, whatever becomes of it (architecture 7). */
import type { FactOfType } from '../events/ledger-event.js'
import type { Sending } from '../events/platform-events.js'

type Refund = FactOfType<'PlatformRefundRequested'>['data']
type Capture = FactOfType<'CaptureRequested'>['data']
type Declined = FactOfType<'PlatformRefundDeclined'>['data']
type Failure = FactOfType<'AttemptFailed'>['data']

export type SyncTask = Readonly<
  {
    taskId: string
    state: TaskState
    /** Attempts begun over its whole life. */
    attempts: number
    /** What came to nothing since it began, or since a person took it up again; not that it had to wait for its turn. */
    failures: number
    /** What the store has said that it does not offer. */
    notOffered: readonly Sending['kind'][]
    /** A person has seen that the store has another sum open than was received (P6). */
    acceptsDifference: boolean
  } & (
    | { kind: 'refund'; request: Refund }
    | { kind: 'capture'; request: Capture }
    /** Nothing is told: a person sees to what was declined (B8). */
    | { kind: 'declined_refund'; request: Declined }
  )
>
export type RefundTask = Extract<SyncTask, { kind: 'refund' }>
export type CaptureTask = Extract<SyncTask, { kind: 'capture' }>

export type TaskState = Readonly<
  | { at: 'due'; notBefore: string | null }
  /** An attempt is open: its answer has not been recorded. */
  | { at: 'in_flight'; sending: Sending; shutUntil: string }
  /** It may have been done: the store is looked at, once the lane opens. */
  | { at: 'unknown'; sending: Sending; shutUntil: string }
  | { at: 'person'; failure: Failure | null }
  | { at: 'done' | 'refused' | 'withdrawn' | 'dismissed' }
>

/** Whether anything can still become of it by itself, or by a person's word. */
export function isOpen({ state }: SyncTask): boolean {
  switch (state.at) {
    case 'due':
    case 'in_flight':
    case 'unknown':
    case 'person':
      return true
    case 'done':
    case 'refused':
    case 'withdrawn':
    case 'dismissed':
      return false
  }
}

/** Whether something of it may be on its way to the store: nothing else of the order may be then. */
export function shutsLane({ state }: SyncTask): boolean {
  return state.at === 'in_flight' || state.at === 'unknown'
}
