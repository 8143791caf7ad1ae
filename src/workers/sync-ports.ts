/** What telling stores needs of the rest: the folio, the two commands, the store, the clock. */
import type { Outcome } from '../../commands/outcome.js'
import type { FailedAnswer } from '../../commands/platform/failed-answer.js'
import type { Folio } from '../aggregates/folio.js'
import type { RegisteredInstance } from '../aggregates/instance.js'
import type { Sending } from '../events/platform-events.js'
import type { Store } from '../platforms/platform.js'

/** How long things may take (architecture 7). */
export type SyncLimits = Readonly<{
  /** From the acceptance of an attempt until its first byte has left. */
  leaveMs: number
  /** Of each request. */
  deadlineMs: number
  /** So long an effect may take to show at the store; at least twice its known staleness. */
  settleMs: number
  /** Between the two looks after an unknown answer. */
  lookAgainMs: number
  retryMsMin: number
  retryMsMax: number
}>

export const SYNC_LIMITS: SyncLimits = {
  leaveMs: 2_000,
  deadlineMs: 30_000,
  settleMs: 120_000,
  lookAgainMs: 5_000,
  retryMsMin: 1_000,
  retryMsMax: 300_000,
}

/** The lane of an order is shut so long after an attempt began. */
export function windowMs({ leaveMs, deadlineMs, settleMs }: SyncLimits): number {
  return leaveMs + deadlineMs + settleMs
}

/** Where a process can be killed or frozen, for tests: named after what comes next, or has just been done. */
export type SyncPoint =
  | 'before_question'
  | 'before_start'
  | 'after_start'
  | 'before_send'
  | 'before_leaving'
  | 'after_send'
  | 'before_record'
  | 'after_record'
  | 'before_look'
  | 'between_looks'
  | 'after_look'

export type SyncPorts = Readonly<{
  readFolio: (folioId: string) => Promise<Folio>
  readInstance: (instance: string) => Promise<RegisteredInstance | null>
  timeZoneOf: (books: string) => Promise<string>
  storeOf: (instance: string) => Promise<Store | null>
  startAttempt: (
    asked: Readonly<{ taskId: string; sending: Sending; shutUntil: string }>,
  ) => Promise<Outcome<Readonly<{ taskId: string; attempt: number }>>>
  recordAnswer: (answer: unknown) => Promise<Outcome>
  clock: Readonly<{ nowMs: () => number; monotonicMs: () => number }>
  random: () => number
  limits: SyncLimits
  /** Told at each point; a test may end the process there. */
  reached: (point: SyncPoint) => Promise<void> | void
}>

/** The worker's own word on a failure; what is left out is nothing. */
export type Setting = Pick<FailedAnswer, 'setback'> & Partial<FailedAnswer>
