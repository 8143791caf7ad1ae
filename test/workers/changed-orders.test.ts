/** Paging over orders that change while they are read: each in its last state, whatever moves in between. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChangedOrder, Store } from '../../src/platforms/platform.js'
import { changedOrders } from '../../src/workers/changed-orders.js'

const instant = (second: number): string =>
  new Date(Date.UTC(2026, 10, 1) + second * 1_000).toISOString()
const BEGINNING = instant(-1_000)

/** A store whose orders are moved on between two questions, as the test says. */
function storeOf(
  seconds: readonly number[],
  { isLater = false, between = () => undefined }: StoreOptions = {},
) {
  const orders = new Map(seconds.map((second, index) => [`${index + 1}`, second]))
  let asked = 0
  const store: Pick<Store, 'changedOrders'> = {
    changedOrders: ({ since, page, pageSize }) => {
      asked += 1
      between(orders, asked)
      const found = [...orders]
        .map(([order, second]): ChangedOrder => ({ order, modifiedAt: instant(second) }))
        .filter(({ modifiedAt }) => (isLater ? modifiedAt > since : modifiedAt >= since))
        .sort((a, b) => (a.modifiedAt < b.modifiedAt ? -1 : a.modifiedAt > b.modifiedAt ? 1 : 0))
      const rows = found.slice((page - 1) * pageSize, page * pageSize)
      const value = { orders: rows, isLast: rows.length < pageSize }
      return Promise.resolve({ outcome: 'read' as const, value })
    },
  }
  return { store, orders, asked: () => asked }
}

type StoreOptions = Readonly<{
  /** The store takes "since" for "later than". */
  isLater?: boolean
  between?: (orders: Map<string, number>, asked: number) => void
}>

async function read(store: Pick<Store, 'changedOrders'>, pageSize: number, from = BEGINNING) {
  const seen = new Map<string, string>()
  const states: string[] = []
  for await (const page of changedOrders(store, from, () => ({ deadlineMs: 0 }), pageSize)) {
    if (page.outcome === 'failed') return { seen, states, failed: true }
    for (const { order, modifiedAt } of page.orders) {
      seen.set(order, modifiedAt)
      states.push(`${order} ${modifiedAt}`)
    }
  }
  return { seen, states, failed: false }
}

const stateOf = (orders: ReadonlyMap<string, number>) =>
  new Map([...orders].map(([order, second]) => [order, instant(second)]))

describe.each([false, true])('where "since" means later than: %s', (isLater) => {
  test.each([
    ['none', []],
    ['one', [5]],
    ['a page', [1, 2, 3]],
    ['a page and one', [1, 2, 3, 4]],
    ['many pages', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ['all in one second', [4, 4, 4, 4, 4, 4, 4, 4, 4, 4]],
    ['a second of many pages between others', [1, 2, 4, 4, 4, 4, 4, 4, 4, 5, 6, 7]],
    ['two full seconds side by side', [4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 9]],
  ])('%s: each once', async (_what, seconds) => {
    const { store, orders } = storeOf(seconds, { isLater })
    const { seen, states } = await read(store, 3)
    expect(seen).toEqual(stateOf(orders))
    expect(new Set(states).size).toBe(states.length)
  })

  test('whatever changes between two questions, none is missed', async () => {
    const moves = fc.array(fc.record({ at: fc.nat(40), order: fc.nat(29) }), { maxLength: 25 })
    const seconds = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(
        seconds,
        moves,
        fc.integer({ min: 1, max: 5 }),
        async (times, moved, size) => {
          let now = 100
          const { store, orders } = storeOf(times, {
            isLater,
            between: (known, asked) => {
              for (const { at, order } of moved) {
                const name = `${order + 1}`
                if (at === asked && known.has(name)) known.set(name, (now += 1))
              }
            },
          })
          const { seen } = await read(store, size)
          // An order that changed after its last page is for the next round.
          expect([...seen.keys()].sort()).toEqual([...orders.keys()].sort())
        },
      ),
      { numRuns: 500 },
    )
  })
})

test('an order that moves out of a full second does not hide another one', async () => {
  const { store, orders } = storeOf([4, 4, 4, 4, 4, 4, 9], {
    between: (known, asked) => {
      // The second page of the second moves up by one, and would miss the fourth order.
      if (asked === 2) known.set('1', 20)
    },
  })
  expect((await read(store, 3)).seen).toEqual(stateOf(orders))
})

test('it begins where it is told to', async () => {
  const { store } = storeOf([1, 2, 3, 4])
  expect([...(await read(store, 3, instant(3))).seen.keys()]).toEqual(['3', '4'])
})

test('a failure ends it, and is told', async () => {
  const failing: Pick<Store, 'changedOrders'> = {
    changedOrders: () =>
      Promise.resolve({
        outcome: 'failed',
        reason: 'limited',
        status: 429,
        detail: '',
        retryAfterMs: 5,
      }),
  }
  expect((await read(failing, 3)).failed).toBe(true)
})
