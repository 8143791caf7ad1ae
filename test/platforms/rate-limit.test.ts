import { describe, expect, test } from 'vitest'
import {
  afterAnswer,
  afterLettingGo,
  afterTakingBack,
  isStillOpen,
  namedPauseMs,
  pauseMs,
  type RateLimits,
  type RateState,
  unlimited,
} from '../../src/platforms/rate-limit.js'

const silent: RateLimits = { quota: null, left: null, resetMs: null, retryAfterMs: null }
const says = (said: Partial<RateLimits>): RateLimits => ({ ...silent, ...said })
const at = (nowMs: number, underWay = 0, random = 1) => ({ nowMs, underWay, random })

/** The state after an answer that said so at that time. */
function after(
  status: number,
  said: Partial<RateLimits>,
  circumstances: ReturnType<typeof at>,
  state: RateState = unlimited,
): RateState {
  return afterAnswer(state, { status, limits: says(said) }, circumstances)
}

const open = (left: number, quota = 150) => after(200, { quota, left, resetMs: 1_000 }, at(0))

describe('what is left', () => {
  test('a store that says nothing is asked at once', () => {
    expect(pauseMs(unlimited, 'read', 0)).toBe(0)
    expect(pauseMs(after(200, {}, at(0)), 'read', 0)).toBe(0)
  })

  test.each([
    [11, 'read', 0],
    [10, 'read', 1_020],
    [10, 'write', 0],
    [1, 'write', 0],
    [0, 'write', 1_020],
  ] as const)('with %i left a %s waits %i ms', (left, kind, ms) => {
    expect(pauseMs(open(left), kind, 0)).toBe(ms)
  })

  test('of a small quota a tenth is left to writes', () => {
    expect(pauseMs(open(3, 20), 'read', 0)).toBe(0)
    expect(pauseMs(open(2, 20), 'read', 0)).toBeGreaterThan(0)
    expect(pauseMs(open(1, 5), 'read', 0)).toBe(0)
  })

  test('the window ends a little after the store says, and with it what was left', () => {
    expect(pauseMs(open(0), 'write', 1_019)).toBe(1)
    expect(pauseMs(open(0), 'write', 1_020)).toBe(0)
  })

  test('what was let go is counted, and what did not leave is given back', () => {
    const one = afterLettingGo(open(1))
    expect(pauseMs(one, 'write', 0)).toBeGreaterThan(0)
    expect(isStillOpen(one, 0)).toBe(true)
    expect(isStillOpen(afterLettingGo(one), 0)).toBe(false)
    expect(pauseMs(afterTakingBack(one), 'write', 0)).toBe(0)
  })

  test('those under way are not counted by the store yet', () => {
    const state = after(200, { quota: 150, left: 5, resetMs: 1_000 }, at(0, 5))
    expect(pauseMs(state, 'write', 0)).toBeGreaterThan(0)
  })

  test('answers that overtake each other do not give anything back', () => {
    const few = after(200, { quota: 150, left: 1, resetMs: 900 }, at(100))
    const late = after(200, { quota: 150, left: 60, resetMs: 895 }, at(105), few)
    expect(late.window?.left).toBe(1)
    const next = after(200, { quota: 150, left: 149, resetMs: 30_000 }, at(1_100), late)
    expect(next.window?.left).toBe(149)
  })
})

describe('a refusal', () => {
  test.each([
    [{ resetMs: 2_000 }, 2_000],
    [{ retryAfterMs: 3_000 }, 3_000],
    [{ resetMs: 2_000, retryAfterMs: 3_000 }, 3_000],
    [{ resetMs: 4_000, retryAfterMs: 3_000 }, 4_000],
  ])('that names %j lets nothing through before', (said, ms) => {
    const state = after(429, said, at(500))
    for (const kind of ['read', 'write'] as const) {
      expect(pauseMs(state, kind, 500 + ms - 1)).toBeGreaterThan(0)
      expect(pauseMs(state, kind, 500 + ms + 20)).toBe(0)
    }
    expect(isStillOpen(state, 500 + ms - 1)).toBe(false)
    expect(namedPauseMs(says(said))).toBe(ms)
  })

  test('a later one that names less does not shorten it', () => {
    const state = after(429, { resetMs: 5_000 }, at(0))
    expect(pauseMs(after(429, { resetMs: 10 }, at(1), state), 'write', 4_000)).toBeGreaterThan(0)
    expect(pauseMs(after(200, {}, at(1), state), 'write', 4_000)).toBeGreaterThan(0)
  })

  test('that names no time lets nothing through for twice as long each time, scattered', () => {
    let state = unlimited
    const pauses: number[] = []
    for (let round = 0; round < 9; round += 1) {
      state = after(429, {}, at(0, 0, 1), { ...state, shutUntilMs: 0 })
      pauses.push(pauseMs(state, 'read', 20))
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
    expect(pauseMs(after(429, {}, at(0, 0, 0)), 'read', 20)).toBe(500)
    expect(after(200, {}, at(0), state).overloads).toBe(0)
  })

  test('that names more than a day names a day', () => {
    const state = after(429, { retryAfterMs: 1e12 }, at(0))
    expect(pauseMs(state, 'read', 0)).toBe(24 * 3_600_000 + 20)
  })

  test('a 503 shuts the store where it names a time, and only then', () => {
    expect(pauseMs(after(503, { retryAfterMs: 2_000 }, at(0)), 'write', 1_000)).toBeGreaterThan(0)
    expect(pauseMs(after(503, {}, at(0)), 'write', 0)).toBe(0)
  })
})
