/** Back-pressure over real connections; its arithmetic is tested in virtual time (rate-limit.test.ts). */
import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createGate } from '../../../src/platforms/rate-gate.js'
import { systemTimers } from '../../../src/platforms/timers.js'
import { openAt, sending, serving, storeWith, within } from '../support/open-store.js'
import { type Answer, json, noContent } from '../support/store-server.js'

const changed = { since: '2026-01-01T00:00:00.000Z', page: 1, pageSize: 10 }
const confirmed = json(200, { id: 1 })

/** Refuses the first request with these headers, and takes all others. */
function refusingOnce(headers: () => Record<string, string>): Answer {
  let isFirst = true
  return (response, asked) => {
    if (isFirst) json(429, [{ status: 429, message: 'Too many.' }], headers())(response, asked)
    else if (asked.method === 'GET') noContent(response, asked)
    else confirmed(response, asked)
    isFirst = false
  }
}

describe.each([
  ['X-Rate-Limit-Time-Reset-Ms', () => ({ 'x-rate-limit-time-reset-ms': '1000' }), 1_000],
  ['X-Retry-After', () => ({ 'x-retry-after': '1' }), 1_000],
  ['Retry-After in seconds', () => ({ 'retry-after': '1' }), 1_000],
  [
    'Retry-After as a date, by the clock of the store',
    () => ({
      date: new Date(1_000_000_000_000).toUTCString(),
      'retry-after': new Date(1_000_000_001_000).toUTCString(),
    }),
    1_000,
  ],
])('a refusal that names its time by %s', (_what, headers, ms) => {
  test('holds back all that comes after', async () => {
    const { store, server } = await storeWith(refusingOnce(headers))
    const refused = await store.confirmPayment('1', sending())
    expect(refused).toMatchObject({ outcome: 'refused', reason: 'limited', retryAfterMs: ms })
    const answers = await Promise.all([
      store.changedOrders(changed, within()),
      store.confirmPayment('1', sending()),
      ...Array.from({ length: 20 }, () => store.changedOrders(changed, within())),
    ])
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['read', 'done']))
    const [first, ...others] = server.asked
    for (const other of others) expect(other.atMs - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(ms)
  })

  test('is told to whoever cannot wait so long', async () => {
    const { store, server } = await storeWith(refusingOnce(headers))
    await store.changedOrders(changed, within())
    const read = await store.changedOrders(changed, within(100))
    expect(read).toMatchObject({ outcome: 'failed', reason: 'limited', status: null })
    expect(read.outcome === 'failed' && read.retryAfterMs).toBeGreaterThan(500)
    const sent = await store.confirmPayment('1', sending(100))
    expect(sent).toMatchObject({
      ...{ outcome: 'refused', reason: 'limited', status: null },
      detail: 'the store takes no more requests for now',
    })
    expect(sent.outcome === 'refused' && sent.retryAfterMs).toBeGreaterThan(500)
    expect(server.asked).toHaveLength(1)
  })
})

test('a refusal that comes while a connection is made holds back what was to go over it', async () => {
  const server = await serving(refusingOnce(() => ({ 'x-rate-limit-time-reset-ms': '600' })))
  let lookups = 0
  const store = openAt(server.address.replace('127.0.0.1', 'slow.test'), {
    resolve: async () => {
      lookups += 1
      // The first is through at once, the others when it has been refused.
      if (lookups > 1) await delay(200)
      return [{ address: '127.0.0.1', family: 4 }]
    },
  })
  const [refused, ...others] = await Promise.all([
    store.changedOrders(changed, within()),
    store.changedOrders(changed, within()),
    store.confirmPayment('1', sending()),
  ])
  expect(refused).toMatchObject({ reason: 'limited' })
  expect(others).toMatchObject([{ outcome: 'read' }, { outcome: 'done' }])
  const [first, ...later] = server.asked
  for (const other of later) expect(other.atMs - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(600)
})

test.each([
  ['hangs', (response: ServerResponse) => response.write('[')],
  ['breaks off', (response: ServerResponse) => response.write('[', () => response.destroy())],
])('a refusal whose body %s holds back what comes after all the same', async (_what, end) => {
  let isFirst = true
  const { store, server } = await storeWith((response, asked) => {
    if (!isFirst) {
      json(200, { id: 2 })(response, asked)
      return
    }
    isFirst = false
    response.writeHead(429, { 'x-rate-limit-time-reset-ms': '600', 'content-length': '100' })
    end(response)
  })
  const first = store.confirmPayment('1', sending(300))
  await delay(100)
  expect(await store.confirmPayment('2', sending())).toMatchObject({ outcome: 'done' })
  expect(await first).toMatchObject({ outcome: 'unknown', status: 429 })
  const [refused, next] = server.asked
  expect((next?.atMs ?? 0) - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(600)
})

test('of a thousand writes none leaves between a refusal and the time that it names', async () => {
  let count = 0
  const { store } = await storeWith((response, asked) => {
    count += 1
    const isRefused = count % 100 === 0
    const refusal = json(429, [{ status: 429, message: 'No.' }], {
      'x-rate-limit-time-reset-ms': '150',
    })
    const id = Number(asked.path.split('/').at(-1))
    ;(isRefused ? refusal : json(200, { id }))(response, asked)
  })
  const left: number[] = []
  const shut: (readonly [fromMs: number, toMs: number])[] = []
  const writes = Array.from({ length: 1_000 }, async (_, index) => {
    const mayLeave = () => {
      left.push(performance.now())
      return true
    }
    const sent = await store.confirmPayment(`${index + 1}`, sending(60_000, mayLeave))
    const nowMs = performance.now()
    if (sent.outcome === 'refused') shut.push([nowMs, nowMs + (sent.retryAfterMs ?? 0)])
    return sent.outcome
  })
  const outcomes = await Promise.all(writes)
  expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(10)
  expect(new Set(outcomes)).toEqual(new Set(['done', 'refused']))
  expect(left).toHaveLength(1_000)
  const early = left.filter((atMs) => shut.some(([from, to]) => atMs > from && atMs < to))
  expect(early).toEqual([])
})

test('clients of one store that share its gate share its refusals', async () => {
  const server = await serving(refusingOnce(() => ({ 'x-rate-limit-time-reset-ms': '500' })))
  const gate = createGate({ concurrentMax: 8, timers: systemTimers })
  const [one, other] = [openAt(server.address, { gate }), openAt(server.address, { gate })]
  await one.changedOrders(changed, within())
  await other.changedOrders(changed, within())
  const [first, second] = server.asked
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(500)
})

test('a refusal without a time is overload: the next waits all the same', async () => {
  const { store, server } = await storeWith(refusingOnce(() => ({})))
  expect(await store.changedOrders(changed, within())).toMatchObject({
    reason: 'limited',
    retryAfterMs: null,
  })
  await store.changedOrders(changed, within())
  const [first, second] = server.asked
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(500)
})

test('reads wait for the next window when only the reserve is left, and writes do not', async () => {
  let left = 12
  const began = performance.now()
  const { store, server } = await storeWith((response, asked) => {
    left -= 1
    const resetMs = Math.max(1, Math.round(1_000 - (performance.now() - began)))
    const headers = {
      'X-Rate-Limit-Time-Window-Ms': '1000',
      'X-Rate-Limit-Time-Reset-Ms': `${resetMs}`,
      'X-Rate-Limit-Requests-Quota': '150',
      'X-Rate-Limit-Requests-Left': `${Math.max(0, left)}`,
    }
    json(200, asked.method === 'GET' ? [] : { id: 1 }, headers)(response, asked)
  })
  for (let round = 0; round < 2; round += 1) await store.changedOrders(changed, within())
  const [read, sent] = [
    store.changedOrders(changed, within()),
    store.confirmPayment('1', sending()),
  ]
  await sent
  expect(server.asked.map(({ method }) => method)).toEqual(['GET', 'GET', 'PUT'])
  await read
  expect((server.asked[3]?.atMs ?? 0) - began).toBeGreaterThanOrEqual(1_000)
})
