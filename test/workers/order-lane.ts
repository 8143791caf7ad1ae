/** One lane over a folded scene, a store of the test's own, and a clock that moves when the test says so. */
import { recordPlatformAnswer } from '../../commands/platform/record-platform-answer.js'
import { startAttempt } from '../../commands/platform/start-attempt.js'
import type { Store } from '../../src/platforms/platform.js'
import { SYNC_LIMITS } from '../../src/workers/sync-ports.js'
import { type LanePorts, syncOrder } from '../../src/workers/sync-order.js'
import { decide, folioOf, FOLIO_ID, type Scene } from '../support/decider-spec.js'

export const NOW_MS = Date.parse('2026-11-22T12:00:00.000Z')

export function laneOver(given: Partial<Scene>, store: Partial<Store> | null) {
  let scene = given
  const at = { wallMs: NOW_MS, monotonicMs: 1_000_000, pausedMs: 0 }
  const run = (command: typeof startAttempt | typeof recordPlatformAnswer, input: unknown) => {
    const parsed = command.input.safeParse(input)
    if (!parsed.success) return { outcome: 'malformed', issues: parsed.error.issues }
    const now = new Date(at.wallMs).toISOString()
    const decided = decide(command as never, input, { ...scene, now })
    if ('refusal' in decided) return { outcome: 'refused', refusal: decided.refusal }
    scene = { ...scene, facts: [...(scene.facts ?? []), ...decided.facts] }
    return { outcome: 'accepted', answer: decided.answer, replayed: false }
  }
  const advance = (ms: number) => {
    at.wallMs += ms
    at.monotonicMs += ms
  }
  const ports = {
    readFolio: () => Promise.resolve(folioOf(scene.facts ?? [])),
    readInstance: () => Promise.resolve(scene.instance ?? null),
    timeZoneOf: () => Promise.resolve('Europe/London'),
    storeOf: () => Promise.resolve(store as Store | null),
    startAttempt: (asked: unknown) => Promise.resolve(run(startAttempt, asked)),
    recordAnswer: (answer: unknown) => Promise.resolve(run(recordPlatformAnswer, answer)),
    clock: { nowMs: () => at.wallMs, monotonicMs: () => at.monotonicMs },
    random: () => 1,
    limits: SYNC_LIMITS,
    reached: () => undefined,
    pause: (ms: number) => {
      advance(ms)
      return Promise.resolve()
    },
    attemptsSeen: new Map(),
    isStopping: () => false,
  } as unknown as LanePorts
  return {
    at,
    advance,
    sync: () => syncOrder(FOLIO_ID, ports),
    task: (id = `${FOLIO_ID}-t1`) => folioOf(scene.facts ?? []).syncTasks.get(id),
    facts: () => scene.facts ?? [],
    scene: () => scene,
  }
}
