/** Time that passes when nothing else is left to do, and a store that keeps count of what it takes. */
import type { RateAnswer } from '../../../src/platforms/rate-gate.js'
import type { Timers } from '../../../src/platforms/timers.js'

type Timer = Readonly<{ atMs: number; call: () => void }>

export type VirtualTime = Timers &
  Readonly<{
    sleep: (ms: number) => Promise<void>
    /** Lets everything happen that needs no time. */
    settle: () => Promise<void>
    /** Lets time pass until nothing waits for it. */
    run: () => Promise<void>
  }>

export function virtualTime(): VirtualTime {
  let nowMs = 0
  const timers = new Set<Timer>()
  const after = (ms: number, call: () => void) => {
    const timer = { atMs: nowMs + Math.max(ms, 0), call }
    timers.add(timer)
    return () => void timers.delete(timer)
  }
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    monotonicMs: () => nowMs,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    settle,
    run: async () => {
      for (;;) {
        await settle()
        const next = [...timers].reduce<Timer | null>(
          (soonest, timer) => (soonest === null || timer.atMs < soonest.atMs ? timer : soonest),
          null,
        )
        if (next === null) return
        timers.delete(next)
        nowMs = Math.max(nowMs, next.atMs)
        next.call()
      }
    },
  }
}

/** A quota per window, of which other applications take their part: in bursts, by a seed. */
export function quotaStore({
  quota,
  windowMs,
  others = null,
}: Readonly<{ quota: number; windowMs: number; others?: number | null }>) {
  let window = -1
  let left = quota
  let state = others ?? 1
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
  const take = (nowMs: number): RateAnswer => {
    const current = Math.floor(nowMs / windowMs)
    if (current !== window) {
      window = current
      left = quota
    }
    if (others !== null && random() < 0.05) left = Math.max(0, left - Math.floor(random() * 60))
    const resetMs = (current + 1) * windowMs - nowMs
    const isRefused = left <= 0
    if (!isRefused) left -= 1
    return {
      status: isRefused ? 429 : 200,
      limits: { quota, left, resetMs, retryAfterMs: null },
    }
  }
  return { take }
}
