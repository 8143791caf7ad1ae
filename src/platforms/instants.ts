/** Times as stores write them, as UTC with milliseconds: `2026-11-22T17:05:00.000Z`. */
import { z } from 'zod'

const RFC_2822 =
  /^(?:[A-Z][a-z]{2}, )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UTC)$/
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:?\d\d)$/

/** RFC 2822 and RFC 3339; without a zone it is no instant. `null`: neither. */
export function instantOf(text: string): string | null {
  if (!RFC_2822.test(text) && !RFC_3339.test(text)) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}

export const wireInstant = z.string().transform((text, context) => {
  const instant = instantOf(text)
  if (instant !== null) return instant
  context.addIssue({ code: 'custom', message: 'is no time of RFC 2822 or RFC 3339' })
  return z.NEVER
})

/** `Tue, 20 Nov 2012 00:00:00 +0000`, to the second and never later than the instant. */
export function rfc2822(instant: string): string {
  return new Date(instant).toUTCString().replace('GMT', '+0000')
}
