import { setTimeout as delay } from 'node:timers/promises'

/** Waits, or ends at once when the signal aborts. Never throws. */
export async function pause(timeoutMs: number, signal: AbortSignal): Promise<void> {
  await delay(timeoutMs, undefined, { signal }).catch(() => undefined)
}
