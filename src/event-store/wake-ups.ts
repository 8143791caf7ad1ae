/**
 * Who waits at the end of the log, and what wakes them: a hint that there may be more, a poll, or the end of waiting.
 */
export class WakeUps {
  readonly #waiting = new Set<() => void>()
  #count = 0

  /** Taken before reading, it shows afterwards whether a hint came in between. */
  get count(): number {
    return this.#count
  }

  hint(): void {
    this.#count += 1
    for (const wake of [...this.#waiting]) wake()
  }

  /** Ends at the next hint, after the time given, or when the signal aborts; at once if there was a hint since. */
  wait(
    options: Readonly<{ since: number; timeoutMs: number; signal: AbortSignal }>,
  ): Promise<void> {
    const { since, timeoutMs, signal } = options
    if (signal.aborted || since !== this.#count) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, timeoutMs)
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }
}
