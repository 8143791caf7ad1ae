/**
 * Requests to one store wait here for their turn: writes first, each kind in the order it came, so many under way at
 * once, and none before the store takes it. A request that cannot have its turn by its deadline is told so at once.
 */
import type { CallOptions } from './platform.js'
import {
  afterAnswer,
  afterLettingGo,
  afterTakingBack,
  isStillOpen,
  pauseMs,
  type RateLimits,
  type RequestKind,
  unlimited,
} from './rate-limit.js'
import type { Timers } from './timers.js'

export type Turn = Readonly<
  | { outcome: 'taken'; pass: Pass }
  /** Not by its deadline; when there would be one, where that is known. */
  | { outcome: 'late'; retryAfterMs: number | null }
  | { outcome: 'called_off' }
>

export type Pass = Readonly<{
  /** To be asked at the moment before the first byte. What may leave counts as sent. */
  mayLeave: () => boolean
  /** As soon as an answer begins. */
  answered: (answer: RateAnswer) => void
  /** Once, whatever became of it. */
  over: () => void
}>

export type RateAnswer = Readonly<{ status: number; limits: RateLimits }>

export type Gate = Readonly<{ enter: (kind: RequestKind, options: CallOptions) => Promise<Turn> }>

type Waiting = Readonly<{ kind: RequestKind; options: CallOptions; settle: (turn: Turn) => void }>

export function createGate({
  concurrentMax,
  timers,
  random = Math.random,
}: Readonly<{ concurrentMax: number; timers: Timers; random?: () => number }>): Gate {
  const { monotonicMs, after } = timers
  let state = unlimited
  let underWay = 0
  let waiting: readonly Waiting[] = []
  let callOff = (): void => undefined

  const passFor = (): Pass => {
    let hasLeft = false
    return {
      mayLeave: () => {
        hasLeft = isStillOpen(state, monotonicMs())
        return hasLeft
      },
      answered: (answer) => {
        const others = underWay - 1
        const circumstances = { nowMs: monotonicMs(), underWay: others, random: random() }
        state = afterAnswer(state, answer, circumstances)
      },
      over: () => {
        underWay -= 1
        if (!hasLeft) state = afterTakingBack(state)
        serve()
      },
    }
  }

  /** What becomes of one that waits: its turn, the end of its waiting, or how long it waits on. */
  const turnOf = ({ kind, options }: Waiting): Turn | number => {
    if (options.signal?.aborted === true) return { outcome: 'called_off' }
    const nowMs = monotonicMs()
    const leftMs = options.deadlineMs - nowMs
    const pause = pauseMs(state, kind, nowMs)
    if (leftMs <= 0) return { outcome: 'late', retryAfterMs: pause === 0 ? null : pause }
    if (pause > leftMs) return { outcome: 'late', retryAfterMs: pause }
    if (underWay >= concurrentMax) return leftMs
    if (pause > 0) return pause
    underWay += 1
    state = afterLettingGo(state)
    return { outcome: 'taken', pass: passFor() }
  }

  const serve = (): void => {
    callOff()
    const stillWaiting: Waiting[] = []
    let soonestMs = Infinity
    for (const one of waiting) {
      const turn = turnOf(one)
      if (typeof turn === 'number') {
        stillWaiting.push(one)
        soonestMs = Math.min(soonestMs, turn)
      } else one.settle(turn)
    }
    waiting = stillWaiting
    callOff = soonestMs === Infinity ? () => undefined : after(Math.ceil(soonestMs), serve)
  }

  return {
    enter: (kind, options) =>
      new Promise((settle) => {
        const settled = (turn: Turn): void => {
          options.signal?.removeEventListener('abort', serve)
          settle(turn)
        }
        options.signal?.addEventListener('abort', serve, { once: true })
        waiting = inOrder([...waiting, { kind, options, settle: settled }])
        serve()
      }),
  }
}

/** Sorting is stable. */
function inOrder(waiting: readonly Waiting[]): readonly Waiting[] {
  const rank = ({ kind }: Waiting): number => (kind === 'write' ? 0 : 1)
  return [...waiting].sort((a, b) => rank(a) - rank(b))
}
