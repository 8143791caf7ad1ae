/** Rounds over a store: none is missed for ever, and none is read for ever (M11). */
import { expect, test } from 'vitest'
import type { ChangedOrder, Store } from '../../src/platforms/platform.js'
import type { Pull, PullsTable } from '../../src/stores/pulls.js'
import type { AnnouncedOrder } from '../../src/stores/deliveries.js'
import { pullStore } from '../../src/workers/pull-store.js'
import { takeWebhooks } from '../../src/workers/take-webhooks.js'

const at = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString()

function scene(orders: ChangedOrder[]) {
  let pull: Pull = { modifiedUntil: null, firstPullDoneAt: null, lastPullAt: null, lastError: null }
  const pulled: string[] = []
  const looked = new Map()
  let nowMs = 0
  const pulls: PullsTable = {
    find: () => Promise.resolve(pull),
    begin: () => Promise.resolve(),
    advance: (_instance, until) => {
      const { modifiedUntil } = pull
      if (modifiedUntil === null || until > modifiedUntil) pull = { ...pull, modifiedUntil: until }
      return Promise.resolve()
    },
    ended: () => Promise.resolve(),
    failed: () => Promise.resolve(),
    reset: () => Promise.resolve(),
  }
  const store = {
    changedOrders: ({ since, page, pageSize }: Parameters<Store['changedOrders']>[0]) => {
      const found = orders
        .filter(({ modifiedAt }) => modifiedAt >= since)
        .sort((a, b) => (a.modifiedAt < b.modifiedAt ? -1 : 1))
      const rows = found.slice((page - 1) * pageSize, page * pageSize)
      const value = { orders: rows, isLast: rows.length < pageSize }
      return Promise.resolve({ outcome: 'read' as const, value })
    },
  } as unknown as Store
  const round = () =>
    pullStore(
      'i',
      {
        pull: ({ order }) => {
          pulled.push(order)
          return Promise.resolve({ outcome: 'gone' as const })
        },
        failedOrders: { record: () => Promise.resolve(true), forget: () => Promise.resolve() },
        ...{ pulls, storeOf: () => Promise.resolve(store) },
        readInstance: () =>
          Promise.resolve({ status: 'registered', name: 'Shop', startDate: null } as never),
        monotonicMs: () => nowMs,
        looked,
        ...{ isLeading: () => true, onProgress: () => undefined, onWarning: () => undefined },
      },
      new AbortController().signal,
    )
  const minuteLater = () => {
    nowMs += 60_000
  }
  return { round, pulled, minuteLater }
}

test('an order that the store dates far ahead hides none that changes after it', async () => {
  const now = Date.now()
  const orders = [{ order: '1', modifiedAt: '2099-01-01T00:00:00.000Z' }]
  const { round, pulled } = scene(orders)
  await round()
  orders.push({ order: '2', modifiedAt: at(now) })
  await round()
  expect(pulled).toContain('2')
})

test('orders that change no more are not read again with every round', async () => {
  const night = Date.now() - 8 * 3_600_000
  const orders = Array.from({ length: 200 }, (_, index) => ({
    order: `${index + 1}`,
    modifiedAt: at(night + index * 1_000),
  }))
  const { round, pulled, minuteLater } = scene(orders)
  for (let rounds = 0; rounds < 60; rounds += 1) {
    await round()
    minuteLater()
  }
  // For as long as something may show late.
  expect(pulled.length).toBeLessThanOrEqual(200 * 7)
  orders.push({ order: '5', modifiedAt: at(Date.now()) })
  await round()
  expect(pulled.at(-1)).toBe('5')
})

test('what was announced is not forgotten because its store could not be asked for a while', async () => {
  const pending: AnnouncedOrder[] = [{ instance: 'i', order: '7', deliveries: ['d'], tries: 9 }]
  const recorded: string[] = []
  let finished = 0
  const worker = takeWebhooks({
    pull: () =>
      Promise.resolve({
        outcome: 'failed' as const,
        failure: {
          of: 'store' as const,
          why: 'the store does not take the token',
          retryAfterMs: null,
        },
      }),
    failedOrders: {
      record: ({ order }) => {
        recorded.push(order)
        return Promise.resolve(true)
      },
      forget: () => Promise.resolve(),
    },
    deliveries: {
      pending: () => Promise.resolve(pending.splice(0)),
      finish: () => {
        finished += 1
        return Promise.resolve()
      },
      postpone: () => Promise.resolve(),
      prune: () => Promise.resolve(),
      keep: () => Promise.resolve(),
      lastReceivedAt: () => Promise.resolve(null),
    },
    monotonicMs: () => performance.now(),
    ...{ isLeading: () => true, onWarning: () => undefined, pollMs: 5 },
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  await worker.stop()
  expect(finished).toBe(1)
  expect(recorded).toEqual(['7'])
})
