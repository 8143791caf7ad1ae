/** All refunds that a store has of an order, handed over: each is recorded once, however often it is read (B9). */
import { recordPlatformRefunds } from '../../commands/platform/record-platform-refunds.js'
import { isRecordable } from '../../commands/platform/store-refund-input.js'
import type { Store } from '../platforms/platform.js'
import {
  callFor,
  failureAtStore,
  failureOfCommand,
  pullCaller,
  type PullFailure,
  type PullPorts,
} from './pull-ports.js'
import { readRefund } from './read-refund.js'

export type RefundsPulled = Readonly<{
  recorded: number
  held: number
  declined: number
  failures: readonly PullFailure[]
}>

const DEADLINE_MS = 30_000
/** What one command takes. */
const REFUNDS_AT_ONCE_MAX = 200

type Asked = Readonly<{
  store: Store
  /** As the store names it. */
  order: string
  orderId: string
  currency: string
  timeZone: string
  correlation: string
}>

export async function pullRefunds(
  { store, order, orderId, currency, timeZone, correlation }: Asked,
  ports: PullPorts,
  signal?: AbortSignal,
): Promise<RefundsPulled> {
  const none = { recorded: 0, held: 0, declined: 0 }
  const read = await store.refunds({ order, currency }, callFor(ports, DEADLINE_MS, signal))
  if (read.outcome === 'failed') return { ...none, failures: [failureAtStore(read)] }
  const all = read.value.map((refund) => readRefund(refund, timeZone))
  const refunds = all.filter(isRecordable)
  const sum = { ...none }
  // One that is damaged stops none of the others.
  const failures = all
    .filter((refund) => !refunds.includes(refund))
    .map(({ platformRefundId }): PullFailure => {
      const why = `refund ${platformRefundId} of the store cannot be recorded as it is`
      return { of: 'order', why, retryAfterMs: null }
    })
  for (let from = 0; from < refunds.length; from += REFUNDS_AT_ONCE_MAX) {
    const input = { orderId, refunds: refunds.slice(from, from + REFUNDS_AT_ONCE_MAX) }
    const caller = pullCaller(ports, correlation)
    const outcome = await ports.handler.folio(recordPlatformRefunds, input, caller)
    if (outcome.outcome === 'accepted') {
      sum.recorded += outcome.answer.recorded.length
      sum.held += outcome.answer.held.length
      sum.declined += outcome.answer.declined.length
    } else failures.push(failureOfCommand(recordPlatformRefunds.name, outcome))
  }
  return { ...sum, failures }
}
