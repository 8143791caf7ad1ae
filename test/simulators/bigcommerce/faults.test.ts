import { expect, test } from 'vitest'
import { exchangeProblems } from './contract/exchange.js'
import type { FaultInput } from './options.js'
import { refundOne, scene, type Scene } from './scenes.js'
import { until } from './checked-client.js'

const refundsPath = ({ v3 }: Scene) => `${v3}/payment_actions/refunds`
const refund = (made: Scene) => made.callPlainly('POST', refundsPath(made), refundOne(made, 10))
const refundsMade = async (made: Scene) => (await made.truth()).refunds.length
const withFault = (fault: FaultInput) => scene({ products: [{ quantity: 9 }] }, {}, [fault])

/** Nothing comes back in time: the socket is closed by us, as a client with a deadline does. */
async function giveUp(made: Scene): Promise<string> {
  const attempt = await fetch(`${made.simulator.address}/stores/abc${refundsPath(made)}`, {
    method: 'POST',
    headers: { 'X-Auth-Token': 'secret', 'Content-Type': 'application/json' },
    body: JSON.stringify(refundOne(made, 10)),
    signal: AbortSignal.timeout(400),
  }).catch((error: unknown) => (error as Error).name)
  return typeof attempt === 'string' ? attempt : `answered ${attempt.status}`
}

test.each([
  [{ kind: 'answer_lost', on: 'refunds' }, 1, 'cut'],
  [{ kind: 'half_body', on: 'refunds' }, 1, 'cut'],
  [{ kind: 'reset_before', on: 'refunds' }, 0, 'cut'],
] as const)('the connection breaks: %o', async (fault, made_, ending) => {
  const made = await withFault(fault)
  await expect(refund(made)).rejects.toThrow()
  expect(await refundsMade(made)).toBe(made_)
  const requests = await made.simulator.control.requests({ store: 'abc', class: 'refunds' })
  expect(requests).toMatchObject([{ ending, faults: [fault.kind], markers: ['ref:one'] }])
})

test.each([
  [{ kind: 'hang_after', on: 'refunds' }, 1],
  [{ kind: 'hang_before', on: 'refunds' }, 0],
] as const)('nothing is answered until the client goes: %o', async (fault, effects) => {
  const made = await withFault(fault)
  expect(await giveUp(made)).toBe('TimeoutError')
  expect(await refundsMade(made)).toBe(effects)
  const look = () => made.simulator.control.requests({ store: 'abc' })
  const [request] = await until(look, ([one]) => one?.endedAtMs !== null)
  expect(request?.ending).toBe('gone')
  expect((request?.endedAtMs ?? 0) - (request?.arrivedAtMs ?? 0)).toBeGreaterThan(50)
})

test.each([
  [{ kind: 'error_after', on: 'refunds', status: 504 }, 504, 1],
  [{ kind: 'error_before', on: 'refunds', status: 500 }, 500, 0],
  [{ kind: 'overloaded' }, 429, 0],
] as const)('an error that says nothing of the effect: %o', async (fault, status, effects) => {
  const made = await withFault(fault)
  const answer = await refund(made)
  expect([answer.status, answer.body.status]).toEqual([status, status])
  expect(await refundsMade(made)).toBe(effects)
  expect(answer.headers.get('x-rate-limit-requests-left')).toBeNull()
})

test('the tax service is away in a shape of its own', async () => {
  const made = await withFault({ kind: 'error_before', on: 'refunds', status: 503 })
  const { status, body } = await made.call('POST', refundsPath(made), refundOne(made, 10))
  const data = [{ order_id: made.id, status: 503, error: 'Tax service gone away' }]
  expect([status, body]).toEqual([503, { data, meta: {} }])
})

test('a 429 that says when: what comes before is early', async () => {
  const made = await withFault({ kind: 'limited', ms: 60_000, times: 1, on: 'refunds' })
  const { status, headers } = await refund(made)
  expect([status, headers.get('x-rate-limit-time-reset-ms'), headers.get('x-retry-after')]).toEqual(
    [429, '60000', '60'],
  )
  expect((await refund(made)).status).toBe(201)
  const { early, limited } = await made.simulator.control.summary({ store: 'abc' })
  expect([limited, early]).toMatchObject([1, [{ order: made.id, class: 'refunds' }]])
})

test('answers that are none: HTML, garbage in gzip, endless', async () => {
  const html = await withFault({ kind: 'html', on: 'refunds' })
  const page = await refund(html)
  expect([page.status, page.headers.get('content-type')]).toEqual([201, 'text/html'])
  const garbage = await withFault({ kind: 'garbage', on: 'refunds' })
  await expect(refund(garbage)).rejects.toThrow()
  const huge = await withFault({ kind: 'huge', on: 'refunds', bytes: 5_000_000 })
  expect((await refund(huge)).text.length).toBeGreaterThan(5_000_000)
  for (const made of [html, garbage, huge]) expect(await refundsMade(made)).toBe(1)
})

test('fields that a later version adds are found by the contract, and by nothing else', async () => {
  const made = await withFault({ kind: 'extra_fields' })
  const { status, text } = await made.callPlainly('GET', made.v2)
  const problems = exchangeProblems({ method: 'GET', url: made.v2, status, answerBody: text })
  expect(problems.join()).toContain('x_added_later')
})

test('a redirect leads back to the simulator, which counts who follows it', async () => {
  const made = await withFault({ kind: 'redirect', on: 'refunds', times: 1 })
  const { status, headers } = await refund(made)
  expect([status, await refundsMade(made)]).toEqual([307, 0])
  await fetch(headers.get('location') ?? '', { method: 'POST', headers: { 'X-Auth-Token': 'x' } })
  const { redirected, followed } = await made.simulator.control.summary({ store: 'abc' })
  expect([redirected, followed]).toEqual([1, [{ hasToken: true, method: 'POST' }]])
})

test('a poisoned order refuses every write; the others do not', async () => {
  const made = await scene()
  const [other] = await made.simulator.control.seedOrders({ store: 'abc', orders: [{}] })
  const orders = [made.id]
  await made.simulator.control.setFaults([
    { kind: 'error_before', on: 'writes', orders, status: 422 },
  ])
  expect((await made.call('POST', refundsPath(made), refundOne(made, 10))).status).toBe(422)
  expect((await made.call('PUT', made.v2, { status_id: 10 })).status).toBe(422)
  expect((await made.call('GET', made.v2)).status).toBe(200)
  const path = `/v2/orders/${other?.base.id}`
  expect((await made.call('PUT', path, { status_id: 10 })).status).toBe(200)
})

test('readers see a refund, its transaction and the status only after a while', async () => {
  const made = await withFault({ kind: 'stale', on: 'refunds', ms: 1_500, minMs: 1_500 })
  expect((await refund(made)).status).toBe(201)
  const seen = async () => {
    const { data } = (await made.call('GET', refundsPath(made))).body as { data: unknown[] }
    const rows = (await made.call('GET', `${made.v3}/transactions`)).body.data as unknown[]
    const order = (await made.call('GET', made.v2)).body
    const [line] = (await made.call('GET', `${made.v2}/products`)).body
    return [data.length, rows.length, order.status_id, line.quantity_refunded] as number[]
  }
  expect(await seen()).toEqual([0, 1, 11, 0])
  expect(await refundsMade(made)).toBe(1)
  expect(await until(seen, ([refunds]) => refunds === 1)).toEqual([1, 2, 14, 1])
})

test('a refund is declined by itself a while after it was accepted', async () => {
  const made = await withFault({ kind: 'late_decline', on: 'refunds', ms: 50 })
  expect((await refund(made)).body.data.payments[0].is_declined).toBe(false)
  const declined = async () =>
    (await made.call('GET', refundsPath(made))).body.data[0].payments[0].is_declined as boolean
  await until(declined, (is) => is)
  expect((await made.truth()).face).toMatchObject({ statusId: 11, paymentStatus: 'captured' })
})

test('the same seed draws the same faults, and another draws others', async () => {
  const drawn = async (id: string) => {
    const made = await withFault({ id, kind: 'error_before', on: 'reads', probability: 0.5 })
    const statuses: number[] = []
    for (let index = 0; index < 20; index += 1) {
      statuses.push((await made.callPlainly('GET', made.v2)).status)
    }
    return statuses
  }
  const first = await drawn('a')
  expect(new Set(first)).toEqual(new Set([200, 500]))
  expect(await drawn('a')).toEqual(first)
  expect(await drawn('b')).not.toEqual(first)
})
