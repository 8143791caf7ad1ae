import { expect, test } from 'vitest'
import { scene } from './scenes.js'

test('so many requests in a window; beyond it 429 with when it opens again', async () => {
  const made = await scene({}, { quota: 3, windowMs: 1_500 })
  const ask = async () => {
    const { status, headers } = await made.call('GET', made.v2)
    return [status, headers.get('x-rate-limit-requests-left')]
  }
  const asked = [await ask(), await ask(), await ask(), await ask()]
  expect(asked).toEqual([
    [200, '2'],
    [200, '1'],
    [200, '0'],
    [429, '0'],
  ])
  const { status, body, headers } = await made.call('GET', `${made.v3}/transactions`)
  expect([status, body.status]).toEqual([429, 429])
  const resetMs = Number(headers.get('x-rate-limit-time-reset-ms'))
  expect(headers.get('x-rate-limit-time-window-ms')).toBe('1500')
  expect(headers.get('x-rate-limit-requests-quota')).toBe('3')
  expect(headers.get('x-retry-after')).toMatch(/^[12]$/)
  expect(resetMs).toBeLessThanOrEqual(1_500)
  await new Promise((resolve) => setTimeout(resolve, resetMs + 20))
  expect((await ask())[0]).toBe(200)
  const { early, limited, answersByStatus } = await made.simulator.control.summary({ store: 'abc' })
  expect([early.length, limited, answersByStatus]).toEqual([1, 2, { 200: 4, 429: 2 }])
})

test('the quota is shared by all paths of a store, and is nothing to another store', async () => {
  const made = await scene({}, { quota: 1, windowMs: 60_000 })
  await made.simulator.control.setStore({ hash: 'xyz', token: 'other', quota: 1 })
  const elsewhere = () =>
    fetch(`${made.simulator.address}/stores/xyz/v2/time`, { headers: { 'X-Auth-Token': 'other' } })
  expect((await made.call('GET', made.v2)).status).toBe(200)
  expect((await made.call('GET', '/v3/hooks')).status).toBe(429)
  expect((await elsewhere()).status).toBe(200)
})
