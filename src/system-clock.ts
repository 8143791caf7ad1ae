import type { Clock } from '../commands/ports.js'
import { dayIn } from './workers/day-in.js'

/** The clock of this machine. */
export function systemClock(): Clock {
  const days = new Map<string, Readonly<{ second: number; day: string }>>()
  return {
    now: () => new Date().toISOString(),
    today: (timeZone) => {
      const now = Date.now()
      const second = Math.floor(now / 1_000)
      // No day ends within a second, and every command asks.
      const known = days.get(timeZone)
      if (known?.second === second) return known.day
      const day = dayIn(timeZone, now)
      days.set(timeZone, { second, day })
      return day
    },
    monotonicMs: () => performance.now(),
  }
}
