/** So many requests in a window for each store, shared by all who call it. */
import type { StoreSettings } from '../options.js'

export type Standing = Readonly<{
  isOver: boolean
  left: number
  resetMs: number
  resetsAtMs: number
}>

export type Quota = Readonly<{
  /** Counts a call. `null`: there is no limit. */
  take(settings: StoreSettings, nowMs: number): Standing | null
}>

export function createQuota(): Quota {
  const windows = new Map<string, { endsAtMs: number; used: number }>()
  return {
    take({ hash, quota, windowMs }, nowMs) {
      if (quota === null) return null
      let window = windows.get(hash)
      if (window === undefined || window.endsAtMs <= nowMs) {
        window = { endsAtMs: nowMs + windowMs, used: 0 }
        windows.set(hash, window)
      }
      const isOver = window.used >= quota
      // What is refused does not count against the next ones.
      if (!isOver) window.used += 1
      const { endsAtMs: resetsAtMs } = window
      return { isOver, left: quota - window.used, resetMs: resetsAtMs - nowMs, resetsAtMs }
    },
  }
}

export function quotaHeaders(
  { quota, windowMs }: StoreSettings,
  { left, resetMs }: Standing,
): Record<string, string> {
  return {
    'X-Rate-Limit-Time-Window-Ms': `${windowMs}`,
    'X-Rate-Limit-Time-Reset-Ms': `${Math.ceil(resetMs)}`,
    'X-Rate-Limit-Requests-Quota': `${quota ?? left}`,
    'X-Rate-Limit-Requests-Left': `${left}`,
  }
}

/** Seconds to wait. */
export function retryAfter(
  { retryAfterHeader }: StoreSettings,
  { resetMs }: Standing,
): Record<string, string> {
  return retryAfterHeader ? { 'X-Retry-After': `${Math.ceil(resetMs / 1_000)}` } : {}
}
