/**
 * Processes over one store, stepped from outside: each waits before every append until it is told to go on, or dies
 * there, before the append or after it. Between two appends a process runs as far as it gets.
 */
import type { EventStore } from '../../src/event-store/event-store.js'

/** The process is gone: nothing that it still tries reaches the store. */
export class Died extends Error {}

export type Order = 'go' | 'die before' | 'die after'

export type Process = Readonly<{
  /** What it sees as the store. */
  store: EventStore
  /** Runs until the next append or the end; only then does it give control back. */
  start(work: () => Promise<unknown>): Promise<void>
  /** Whether it waits before an append. */
  waits(): boolean
  order(order: Order): Promise<void>
}>

export function steppedProcess(store: EventStore): Process {
  let dead = false
  let gate: ((order: Order) => void) | null = null
  let arrived: () => void = () => undefined

  /** Until it waits at a gate again, or has ended. */
  const settled = () =>
    new Promise<void>((resolve) => {
      arrived = resolve
    })
  const alive = <Value>(work: () => Promise<Value>): Promise<Value> =>
    dead ? Promise.reject(new Died('It is dead.')) : work()
  const die = (): never => {
    dead = true
    throw new Died('It died.')
  }
  return {
    store: {
      ...store,
      readStream: (...asked) => alive(() => store.readStream(...asked)),
      readAll: (...asked) => alive(() => store.readAll(...asked)),
      append: (stream, expected, events) =>
        alive(async () => {
          const order = await new Promise<Order>((resolve) => {
            gate = resolve
            arrived()
          })
          if (order === 'die before') return die()
          const outcome = await store.append(stream, expected, events)
          return order === 'die after' ? die() : outcome
        }),
    },
    start: async (work) => {
      const reached = settled()
      const end = () => {
        gate = null
        arrived()
      }
      work().then(end, end)
      await reached
    },
    waits: () => gate !== null,
    order: async (order) => {
      const go = gate
      if (go === null) return
      gate = null
      const reached = settled()
      go(order)
      await reached
    },
  }
}

/** Every order of steps there is, depth first: `run` asks `choose` with what is possible, again and again. */
export async function everyOrder(
  run: (choose: (possible: number) => number) => Promise<void>,
): Promise<number> {
  let chosen: number[] = []
  let runs = 0
  for (;;) {
    const widths: number[] = []
    await run((possible) => {
      const at = widths.push(possible) - 1
      chosen[at] ??= 0
      return chosen[at]
    })
    runs += 1
    chosen = chosen.slice(0, widths.length)
    let last = widths.length - 1
    while (last >= 0 && (chosen[last] ?? 0) + 1 >= (widths[last] ?? 0)) last -= 1
    if (last < 0) return runs
    chosen = [...chosen.slice(0, last), (chosen[last] ?? 0) + 1]
  }
}
