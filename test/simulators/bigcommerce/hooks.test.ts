import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, expect, test } from 'vitest'
import { until } from './checked-client.js'
import { noticeSchema } from './contract/hooks.js'
import type { FaultInput, StoreInput } from './options.js'
import { refundOne, scene, type Scene } from './scenes.js'

type Received = Readonly<{ headers: IncomingHttpHeaders; body: string; scope: string; id: string }>

const closing: (() => void)[] = []

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** Receives notices, and answers each as it is told. */
async function receiver(answer: (count: number) => number = () => 200) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const { scope } = JSON.parse(body) as { scope: string }
      const id = String(request.headers['webhook-id'])
      received.push({ headers: request.headers, body, scope, id })
      response.writeHead(answer(received.length)).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  const { port } = server.address() as AddressInfo
  return { received, destination: `http://127.0.0.1:${port}/notices` }
}

async function hooked(
  destination: string,
  {
    scope = 'store/order/*',
    settings = {},
    faults = [],
  }: Readonly<{ scope?: string; settings?: Partial<StoreInput>; faults?: FaultInput[] }> = {},
): Promise<Scene> {
  const made = await scene({}, settings, faults)
  const headers = { 'x-folio': 'mine' }
  const { status } = await made.call('POST', '/v3/hooks', { scope, destination, headers })
  expect(status).toBe(200)
  return made
}

const arrived = (received: readonly Received[], count: number) =>
  until(
    () => Promise.resolve(received),
    ({ length }) => length >= count,
  )

const secretOf = (text: string) => Buffer.from(text).toString('base64')

test('a refund is told with ids alone, signed, and with the headers of the hook', async () => {
  const { received, destination } = await receiver()
  const made = await hooked(destination, { settings: { clientSecret: 'shh' } })
  await made.call('POST', `${made.v3}/payment_actions/refunds`, refundOne(made, 10))
  await arrived(received, 4)
  expect(received.map(({ scope }) => scope).sort()).toEqual([
    'store/order/refund/created',
    'store/order/statusUpdated',
    'store/order/transaction/created',
    'store/order/updated',
  ])
  const webhook = new Webhook(secretOf('shh'))
  const other = new Webhook(secretOf('other'))
  for (const { headers, body } of received) {
    expect(headers['x-folio']).toBe('mine')
    const signed = headers as Record<string, string>
    expect(noticeSchema.parse(webhook.verify(body, signed))).toMatchObject({
      producer: 'stores/abc',
      store_id: '1001',
    })
    expect(() => other.verify(body, signed)).toThrow()
  }
  const refund = received.find(({ scope }) => scope === 'store/order/refund/created')
  expect(JSON.parse(refund?.body ?? '')).toMatchObject({
    data: { type: 'order', id: made.id, refund: { refund_id: 1 } },
  })
})

test('a notice that is not taken comes again under the same id', async () => {
  const { received, destination } = await receiver((count) => (count < 3 ? 500 : 204))
  const made = await hooked(destination, { scope: 'store/order/updated' })
  await made.call('PUT', made.v2, { staff_notes: 'Call back' })
  await arrived(received, 3)
  expect(new Set(received.map(({ id }) => id)).size).toBe(1)
  const look = () => made.simulator.control.hooks({ store: 'abc' })
  const { attempts } = await until(look, ({ waiting }) => waiting === 0)
  expect(attempts.map(({ status }) => status)).toEqual([500, 500, 204])
})

test('after the last retry the hook is switched off, until its owner switches it on', async () => {
  const { destination } = await receiver(() => 500)
  const settings = { hookRetryScale: 1e-7 }
  const made = await hooked(destination, { scope: 'store/order/updated', settings })
  await made.call('PUT', made.v2, { staff_notes: 'Call back' })
  const [hook] = (
    await until(
      () => made.simulator.control.hooks({ store: 'abc' }),
      ({ hooks }) => hooks[0]?.isActive === false,
    )
  ).hooks
  const { body } = await made.call('GET', '/v3/hooks/admin')
  expect(body.data.hooks_list).toMatchObject([{ status: 'deactivated', is_active: false }])
  const path = `/v3/hooks/${hook?.id}`
  expect((await made.call('PUT', path, { is_active: true })).body.data.is_active).toBe(true)
})

test('notices may come twice, late, forged, or not at all', async () => {
  const { received, destination } = await receiver()
  const faults: FaultInput[] = [
    { kind: 'duplicate_notice', times: 1 },
    { kind: 'reorder_notice', times: 1, ms: 100 },
    { kind: 'forged_notice', times: 1 },
  ]
  const made = await hooked(destination, { scope: 'store/order/updated', faults })
  for (const staff_notes of ['one', 'two']) await made.call('PUT', made.v2, { staff_notes })
  await arrived(received, 3)
  const ids = received.map(({ id }) => id)
  // The second overtook the first, and was delivered twice.
  expect([ids[0] === ids[1], ids[1] === ids[2]]).toEqual([true, false])
  await made.simulator.control.setFaults([{ kind: 'lose_notice' }])
  await made.call('PUT', made.v2, { staff_notes: 'three' })
  const look = () => made.simulator.control.hooks({ store: 'abc' })
  const { attempts } = await until(look, ({ waiting }) => waiting === 0)
  expect(attempts).toHaveLength(3)
})

test('a change of the payment status alone is told to nobody', async () => {
  const { received, destination } = await receiver()
  const made = await hooked(destination)
  const { control } = made.simulator
  await control.changeOrder({ store: 'abc', order: made.id, paymentStatus: 'held for review' })
  await control.changeOrder({ store: 'abc', order: made.id, isDeleted: true })
  await arrived(received, 2)
  expect(received.map(({ scope }) => scope).sort()).toEqual([
    'store/order/archived',
    'store/order/updated',
  ])
})

test('hooks are registered once for a scope and destination, listed, and removed', async () => {
  const { destination } = await receiver()
  const made = await hooked(destination)
  const again = { scope: 'store/order/*', destination }
  expect((await made.call('POST', '/v3/hooks', again)).status).toBe(422)
  const { data } = (await made.call('GET', '/v3/hooks?scope=store/order/*')).body
  expect(data).toMatchObject([{ destination, headers: { 'x-folio': 'mine' } }])
  const path = `/v3/hooks/${data[0].id}`
  expect((await made.call('DELETE', path)).status).toBe(200)
  expect((await made.call('GET', path)).status).toBe(404)
})

test('as the platform has it, a hook is served with HTTPS on port 443', async () => {
  const made = await scene({}, { hookDestinations: 'https_443' })
  const register = async (destination: string) =>
    (await made.call('POST', '/v3/hooks', { scope: 'store/order/*', destination })).status
  expect(await register('http://127.0.0.1:9000/x')).toBe(422)
  expect(await register('https://shop.example.com:8443/x')).toBe(422)
  expect(await register('https://shop.example.com/x')).toBe(200)
})

test('nothing is delivered to another machine', async () => {
  const made = await scene({}, { hookRetryScale: 1e-7 })
  const { control } = made.simulator
  const destination = 'https://shop.example.com/x'
  await made.call('POST', '/v3/hooks', { scope: 'store/order/updated', destination })
  await made.call('PUT', made.v2, { staff_notes: 'Call back' })
  const look = () => control.hooks({ store: 'abc' })
  const { attempts } = await until(look, ({ waiting }) => waiting === 0)
  expect(new Set(attempts.map(({ status }) => status))).toEqual(new Set([null]))
})
