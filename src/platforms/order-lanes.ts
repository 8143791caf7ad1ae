/**
 * Writes on one order go one after another: stores do not take two refunds of an order at once. The ledger sees to that
 * by itself; this is the last line of defence within a process.
 */
import type { CallOptions } from './platform.js'
import type { Timers } from './timers.js'

export type OrderLanes = <Value>(order: string, work: Work<Value>) => Promise<Value>

type Work<Value> = Readonly<{
  options: CallOptions
  /** Its turn came in time. */
  begin: () => Promise<Value>
  /** Its deadline passed, or it was called off, while others were at work. */
  late: () => Value
}>

export function createOrderLanes(timers: Timers): OrderLanes {
  const lanes = new Map<string, Promise<void>>()
  return (order, work) => {
    const before = lanes.get(order) ?? Promise.resolve()
    const { answer, ended } = take(before, work, timers)
    lanes.set(order, ended)
    void ended.then(() => {
      if (lanes.get(order) === ended) lanes.delete(order)
    })
    return answer
  }
}

/** Its answer, and when whoever comes next may begin: not before the work is over that is at work now. */
function take<Value>(
  before: Promise<void>,
  { options: { deadlineMs, signal }, begin, late }: Work<Value>,
  { monotonicMs, after }: Timers,
): Readonly<{ answer: Promise<Value>; ended: Promise<void> }> {
  let ended = before
  const answer = new Promise<Value>((resolve, reject) => {
    // Both ways out are taken here and nowhere else, so that what was given up is never begun.
    let isWaiting = true
    const leave = (): boolean => {
      const wasWaiting = isWaiting
      isWaiting = false
      callOff()
      signal?.removeEventListener('abort', giveUp)
      return wasWaiting
    }
    const giveUp = (): void => {
      if (leave()) resolve(late())
    }
    const callOff = after(deadlineMs - monotonicMs(), giveUp)
    signal?.addEventListener('abort', giveUp, { once: true })
    ended = before.then(async () => {
      if (leave()) await begin().then(resolve, reject)
    })
  })
  return { answer, ended }
}
