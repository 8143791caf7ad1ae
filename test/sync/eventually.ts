/** Waits for something to come about, and says what was there instead where it does not. */
import { setTimeout as pause } from 'node:timers/promises'

const LOOK_MS = 25
const TIMEOUT_MS = 60_000

export async function eventually<Value>(
  look: () => Promise<Value>,
  isSo: (value: Value) => boolean,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Value> {
  const until = performance.now() + timeoutMs
  for (;;) {
    const value = await look()
    if (isSo(value)) return value
    if (performance.now() > until) {
      throw new Error(`It did not come about in ${timeoutMs} ms: ${JSON.stringify(value)}`)
    }
    await pause(LOOK_MS)
  }
}
