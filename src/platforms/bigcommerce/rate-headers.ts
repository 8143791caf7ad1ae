/** What an answer of BigCommerce says of the store's quota, which all applications of the store share. */
import type { Head } from '../exchange.js'
import type { RateLimits } from '../rate-limit.js'

export function rateLimitsOf({ headers }: Head): RateLimits {
  const header = (name: string): string | null => {
    const value = headers[name]
    return typeof value === 'string' ? value.trim() : null
  }
  const retries = [header('x-retry-after'), header('retry-after')]
    .map((text) => retryMs(text, header('date')))
    .filter((ms) => ms !== null)
  return {
    quota: wholeNumber(header('x-rate-limit-requests-quota')),
    left: wholeNumber(header('x-rate-limit-requests-left')),
    resetMs: wholeNumber(header('x-rate-limit-time-reset-ms')),
    retryAfterMs: retries.length === 0 ? null : Math.max(...retries),
  }
}

/** In seconds, or as a date: that is reckoned by the store's own clock, for ours may be minutes off. */
function retryMs(text: string | null, date: string | null): number | null {
  const seconds = wholeNumber(text)
  if (seconds !== null) return seconds * 1000
  const until = Date.parse(text ?? '')
  const now = Date.parse(date ?? '')
  if (Number.isNaN(until)) return null
  return Math.max(0, until - (Number.isNaN(now) ? Date.now() : now))
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number.parseInt(text, 10) : null
}
