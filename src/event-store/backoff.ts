const BACKOFF_FIRST_MS = 25
const BACKOFF_MAX_MS = 1_000

/** Before the next attempt: grows twofold up to a second, and is scattered so that not everybody comes back at once. */
export function backoffMs(attempt: number): number {
  const full = Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 16), BACKOFF_MAX_MS)
  return full * (0.5 + Math.random() / 2)
}
