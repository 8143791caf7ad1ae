import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createGate, type Gate, type RateAnswer } from '../../src/platforms/rate-gate.js'
import type { RateLimits, RequestKind } from '../../src/platforms/rate-limit.js'
import { quotaStore, virtualTime } from './support/virtual-store.js'

const forEver = { deadlineMs: Infinity }
const nothingSaid: RateLimits = { quota: null, left: null, resetMs: null, retryAfterMs: null }

type Store = (nowMs: number) => RateAnswer

/** Sends one request through the gate to a store that answers 30 ms later; at what time it left, and the answer. */
async function send(
  gate: Gate,
  time: ReturnType<typeof virtualTime>,
  store: Store,
  kind: RequestKind,
): Promise<RateAnswer> {
  for (;;) {
    const turn = await gate.enter(kind, forEver)
    if (turn.outcome !== 'taken') throw new Error(turn.outcome)
    // Its connection is made.
    await time.sleep(5)
    if (!turn.pass.mayLeave()) {
      turn.pass.over()
      continue
    }
    const answer = store(time.monotonicMs())
    await time.sleep(30)
    turn.pass.answered(answer)
    turn.pass.over()
    return answer
  }
}

describe('a store of 150 requests in 30 s', () => {
  test('a thousand calls are never refused, and waste little of what it takes', async () => {
    const time = virtualTime()
    const gate = createGate({ concurrentMax: 8, timers: time, random: () => 0.5 })
    const store = quotaStore({ quota: 150, windowMs: 30_000 })
    const answers = Array.from({ length: 1_000 }, () => send(gate, time, store.take, 'read'))
    await time.run()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(0)
    // Seven windows would do; eight are taken, for ten of each are left to writes and some to what is under way.
    expect(time.monotonicMs()).toBeLessThan(8 * 30_000)
  })

  test('nothing leaves before the time that a refusal names, whoever else uses up the quota', async () => {
    let refused = 0
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 - 1 }), async (seed) => {
        const time = virtualTime()
        const gate = createGate({ concurrentMax: 8, timers: time, random: () => 0.5 })
        const store = quotaStore({ quota: 150, windowMs: 30_000, others: seed })
        let allowedAtMs = 0
        const early: number[] = []
        const refusing: Store = (nowMs) => {
          if (nowMs < allowedAtMs) early.push(nowMs)
          return store.take(nowMs)
        }
        const known = (answer: RateAnswer): void => {
          if (answer.status !== 429) return
          allowedAtMs = Math.max(allowedAtMs, time.monotonicMs() + (answer.limits.resetMs ?? 0))
        }
        const answers = Array.from({ length: 1_000 }, async (_, index) => {
          const answer = await send(gate, time, refusing, index % 5 === 0 ? 'write' : 'read')
          known(answer)
          return answer.status
        })
        await time.run()
        const statuses = await Promise.all(answers)
        expect(early).toEqual([])
        refused += statuses.filter((status) => status === 429).length
      }),
      { numRuns: 20 },
    )
    expect(refused).toBeGreaterThan(20)
  })

  test('a thousand calls, each behind a refusal of its own: none leaves too early', async () => {
    const time = virtualTime()
    const gate = createGate({ concurrentMax: 8, timers: time, random: () => 0.5 })
    let allowedAtMs = 0
    let early = 0
    const store: Store = (nowMs) => {
      if (nowMs < allowedAtMs) early += 1
      return { status: 429, limits: { ...nothingSaid, retryAfterMs: 2_000 } }
    }
    const calls = Array.from({ length: 1_000 }, async () => {
      await send(gate, time, store, 'write')
      allowedAtMs = Math.max(allowedAtMs, time.monotonicMs() + 2_000)
    })
    await time.run()
    await Promise.all(calls)
    expect(early).toBe(0)
  })
})

describe('waiting', () => {
  const full = (): RateAnswer => ({
    status: 200,
    limits: { ...nothingSaid, quota: 150, left: 5, resetMs: 10_000 },
  })

  async function afterFull() {
    const time = virtualTime()
    const gate = createGate({ concurrentMax: 8, timers: time })
    const first = send(gate, time, full, 'read')
    await time.run()
    await first
    return { time, gate }
  }

  test('writes have the reserve that reads wait for', async () => {
    const { time, gate } = await afterFull()
    const began = time.monotonicMs()
    const read = gate.enter('read', forEver)
    const write = await gate.enter('write', forEver)
    expect(write.outcome).toBe('taken')
    expect(time.monotonicMs()).toBe(began)
    await time.run()
    expect((await read).outcome).toBe('taken')
    expect(time.monotonicMs() - began).toBeGreaterThan(9_900)
  })

  test('what cannot have its turn by its deadline is told so at once, and when there would be one', async () => {
    const { time, gate } = await afterFull()
    const turn = await gate.enter('read', { deadlineMs: time.monotonicMs() + 5_000 })
    expect(turn).toMatchObject({ outcome: 'late' })
    expect(turn.outcome === 'late' && turn.retryAfterMs).toBeGreaterThan(9_900)
  })

  test('what is called off while it waits is let go', async () => {
    const { gate } = await afterFull()
    const calledOff = new AbortController()
    const turn = gate.enter('read', { deadlineMs: Infinity, signal: calledOff.signal })
    calledOff.abort()
    expect(await turn).toEqual({ outcome: 'called_off' })
  })

  test('no more are under way at once than there are connections, and writes come first', async () => {
    const time = virtualTime()
    const gate = createGate({ concurrentMax: 2, timers: time })
    const order: string[] = []
    const enter = async (name: string, kind: RequestKind): Promise<void> => {
      const turn = await gate.enter(kind, forEver)
      order.push(name)
      await time.sleep(10)
      if (turn.outcome === 'taken') turn.pass.over()
    }
    const all = [
      enter('read 1', 'read'),
      enter('read 2', 'read'),
      enter('read 3', 'read'),
      enter('write 1', 'write'),
      enter('write 2', 'write'),
    ]
    await time.settle()
    expect(order).toEqual(['read 1', 'read 2'])
    await time.run()
    await Promise.all(all)
    expect(order).toEqual(['read 1', 'read 2', 'write 1', 'write 2', 'read 3'])
  })

  test('a request that waits for a connection gives up at its deadline', async () => {
    const time = virtualTime()
    const gate = createGate({ concurrentMax: 1, timers: time })
    await gate.enter('read', forEver)
    const second = gate.enter('read', { deadlineMs: 500 })
    await time.run()
    expect(await second).toEqual({ outcome: 'late', retryAfterMs: null })
    expect(time.monotonicMs()).toBe(500)
  })
})
