import type { Clock } from '../commands/ports.js'

/** The clock of this machine. Days are worked out by the runtime's own time zone data. */
export function systemClock(): Clock {
  const formats = new Map<string, Intl.DateTimeFormat>()
  return {
    now: () => new Date().toISOString(),
    today: (timeZone) => {
      const format =
        formats.get(timeZone) ??
        new Intl.DateTimeFormat('en-CA', {
          timeZone,
          year: 'numeric',
          month: '2-digit',
          day: '2-digit',
        })
      formats.set(timeZone, format)
      return format.format(new Date())
    },
    monotonicMs: () => performance.now(),
  }
}
