/** Ctrl-C and a polite stop become a signal that work can look at; a second Ctrl-C ends at once. */
import { EXIT } from './failure.js'
import { say } from './output.js'

export type Interruption = Readonly<{
  signal: AbortSignal
  /** Fulfilled when the process is asked to stop. */
  asked: Promise<void>
  end(): void
}>

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function watchInterruption(): Interruption {
  const stopping = new AbortController()
  const asked = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => {
      resolve()
    })
  })
  const onSignal = () => {
    if (stopping.signal.aborted) {
      say('Ended at once. What was accepted is in the log; the next start goes on from there.')
      process.exit(EXIT.interrupted)
    }
    say('Stopping …')
    stopping.abort()
  }
  for (const name of SIGNALS) process.on(name, onSignal)
  return {
    signal: stopping.signal,
    asked,
    end: () => {
      for (const name of SIGNALS) process.off(name, onSignal)
    },
  }
}
