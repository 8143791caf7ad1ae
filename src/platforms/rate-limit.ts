/**
 * How long a request to a store has to wait, from what the store last said of its quota. Plain data, so that it is
 * tested in virtual time; who waits, and in which order, is rate-gate.ts.
 */

export type RateState = Readonly<{
  /** What the store said it would still take, less what was let go since; `null`: it said nothing. */
  window: Readonly<{ quota: number; left: number; endsAtMs: number }> | null
  /** Nothing is sent before then: the store refused something, and named a time or none. */
  shutUntilMs: number
  /** Refusals in a row that named no time. */
  overloads: number
}>

/** What an answer said; `null`: nothing of that. */
export type RateLimits = Readonly<{
  quota: number | null
  left: number | null
  resetMs: number | null
  /** Asked for in so many words. */
  retryAfterMs: number | null
}>

export type RequestKind = 'read' | 'write'

export const unlimited: RateState = { window: null, shutUntilMs: 0, overloads: 0 }

/** Requests of a window that reads leave to writes, or a tenth of its quota where that is less. */
const RESERVE_MAX = 10
/** Two clocks drift apart by some parts in ten thousand while a window lasts. */
const RESET_MARGIN_MS = 20
/** No platform names more; what does has a broken clock, and would shut the store for years. */
const SHUT_MAX_MS = 24 * 3_600_000
const BACKOFF_FIRST_MS = 1_000
const BACKOFF_MAX_MS = 60_000

/** 0: it may leave now. */
export function pauseMs(state: RateState, kind: RequestKind, nowMs: number): number {
  const { window, shutUntilMs } = state
  if (nowMs < shutUntilMs) return shutUntilMs - nowMs
  if (window === null || nowMs >= window.endsAtMs) return 0
  const reserve = kind === 'read' ? Math.min(RESERVE_MAX, Math.floor(window.quota / 10)) : 0
  return window.left > reserve ? 0 : window.endsAtMs - nowMs
}

/** Whether what was let go may still leave: something may have been refused since. */
export function isStillOpen({ window, shutUntilMs }: RateState, nowMs: number): boolean {
  return nowMs >= shutUntilMs && (window === null || nowMs >= window.endsAtMs || window.left >= 0)
}

export function afterLettingGo(state: RateState): RateState {
  return withLeft(state, -1)
}

/** It was let go and did not leave. */
export function afterTakingBack(state: RateState): RateState {
  return withLeft(state, 1)
}

function withLeft(state: RateState, more: number): RateState {
  const { window } = state
  return window === null ? state : { ...state, window: { ...window, left: window.left + more } }
}

type Circumstances = Readonly<{
  nowMs: number
  /** Other requests that were let go and have no answer: the store may not have counted them yet. */
  underWay: number
  /** From 0 to 1. */
  random: number
}>

export function afterAnswer(
  state: RateState,
  { status, limits }: Readonly<{ status: number; limits: RateLimits }>,
  circumstances: Circumstances,
): RateState {
  if (status === 429) return afterRefusal(state, limits, circumstances)
  const { retryAfterMs } = limits
  if (status === 503 && retryAfterMs !== null) {
    return shut(state, retryAfterMs, circumstances.nowMs)
  }
  return { ...state, window: windowAfter(state, limits, circumstances), overloads: 0 }
}

/** When a refused request may be sent again, as the store said; `null`: it named no time. */
export function namedPauseMs({ resetMs, retryAfterMs }: RateLimits): number | null {
  if (resetMs === null && retryAfterMs === null) return null
  return Math.min(Math.max(resetMs ?? 0, retryAfterMs ?? 0), SHUT_MAX_MS)
}

function afterRefusal(
  state: RateState,
  limits: RateLimits,
  { nowMs, random }: Circumstances,
): RateState {
  const named = namedPauseMs(limits)
  if (named !== null) return { ...shut(state, named, nowMs), overloads: 0 }
  // The platform itself is overloaded: everybody's requests come back at different times.
  const full = Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(state.overloads, 16), BACKOFF_MAX_MS)
  const shutState = shut(state, full * (0.5 + random / 2), nowMs)
  return { ...shutState, overloads: state.overloads + 1 }
}

/** What was known of the window ends with it. */
function shut(state: RateState, forMs: number, nowMs: number): RateState {
  const untilMs = nowMs + Math.min(forMs, SHUT_MAX_MS) + RESET_MARGIN_MS
  return { ...state, window: null, shutUntilMs: Math.max(state.shutUntilMs, untilMs) }
}

function windowAfter(
  { window }: RateState,
  { quota, left, resetMs }: RateLimits,
  { nowMs, underWay }: Circumstances,
): RateState['window'] {
  const known = window !== null && nowMs < window.endsAtMs ? window : null
  if (left === null || resetMs === null) return known
  const endsAtMs = nowMs + Math.min(resetMs, SHUT_MAX_MS) + RESET_MARGIN_MS
  const open = { quota: quota ?? left, left: left - underWay, endsAtMs }
  // Answers overtake each other: within a window what is left only ever shrinks.
  const isSame = known !== null && Math.abs(known.endsAtMs - endsAtMs) < SAME_WINDOW_MS
  return isSame ? { ...open, left: Math.min(known.left, open.left) } : open
}

const SAME_WINDOW_MS = 1_000
