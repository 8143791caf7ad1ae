/** Time as a store's adapter has it. Deadlines are instants of `monotonicMs`. */
export type Timers = Readonly<{
  /** Milliseconds that only ever grow. */
  monotonicMs: () => number
  /** Gives what calls it off. */
  after: (ms: number, call: () => void) => () => void
}>

/** Beyond it the runtime's timers fire at once. */
const TIMEOUT_MAX_MS = 2 ** 31 - 1

export const systemTimers: Timers = {
  monotonicMs: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, Math.min(ms, TIMEOUT_MAX_MS))
    return () => clearTimeout(timer)
  },
}
