/**
 * The value, or `null` as soon as the signal aborts. Not a race against one promise of the abort: that would keep every
 * page until the subscription ends.
 */
export function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | null> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      resolve(null)
    }
    signal.addEventListener('abort', end, { once: true })
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', end)
    })
  })
}
