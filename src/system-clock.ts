import type { Clock } from '../commands/ports.js'

/** The clock of this machine. Days are worked out by the runtime's own time zone data. */
export function systemClock(): Clock {
  const formats = new Map<string, Intl.DateTimeFormat>()
  const days = new Map<string, Readonly<{ second: number; day: string }>>()
  return {
    now: () => new Date().toISOString(),
    today: (timeZone) => {
      const now = Date.now()
      const second = Math.floor(now / 1_000)
      // No day ends within a second, and every command asks.
      const known = days.get(timeZone)
      if (known?.second === second) return known.day
      const format =
        formats.get(timeZone) ??
        new Intl.DateTimeFormat('en-CA', {
          timeZone,
          year: 'numeric',
          month: '2-digit',
          day: '2-digit',
        })
      formats.set(timeZone, format)
      const day = format.format(now)
      days.set(timeZone, { second, day })
      return day
    },
    monotonicMs: () => performance.now(),
  }
}
