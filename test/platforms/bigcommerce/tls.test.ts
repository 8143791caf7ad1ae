import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { CERTIFICATE, PRIVATE_KEY } from '../support/certificate.js'
import { openAt, sending, within } from '../support/open-store.js'

async function tlsServer(): Promise<Readonly<{ origin: string; asked: string[] }>> {
  const asked: string[] = []
  const server: Server = createServer(
    { cert: CERTIFICATE, key: PRIVATE_KEY },
    (request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ id: 1, data: {} }))
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

test('a store is spoken to in TLS', async () => {
  const { origin, asked } = await tlsServer()
  const store = openAt(`${origin}/stores/abc123`, { certificateAuthority: CERTIFICATE })
  expect(await store.confirmPayment('1', sending())).toEqual({ outcome: 'done', value: null })
  expect(asked).toEqual(['PUT /stores/abc123/v2/orders/1'])
})

test('nothing is said to one whose certificate nobody vouches for', async () => {
  const { origin, asked } = await tlsServer()
  const store = openAt(`${origin}/stores/abc123`)
  expect(await store.check(within())).toMatchObject({
    reason: 'unavailable',
    detail: expect.stringContaining('an authority not known here'),
  })
  expect(await store.confirmPayment('1', sending())).toMatchObject({ outcome: 'not_sent' })
  expect(asked).toEqual([])
})

test('nor to one whose certificate is of another host', async () => {
  const { origin, asked } = await tlsServer()
  const store = openAt(`${origin.replace('127.0.0.1', 'shop.test')}/stores/abc123`, {
    certificateAuthority: CERTIFICATE,
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  })
  expect(await store.check(within())).toMatchObject({
    reason: 'unavailable',
    detail: expect.stringContaining('its certificate is not accepted'),
  })
  expect(await store.confirmPayment('1', sending())).toMatchObject({ outcome: 'not_sent' })
  expect(asked).toEqual([])
})

test('where it is no longer to leave, the connection in TLS stands and carries no request', async () => {
  const { origin, asked } = await tlsServer()
  const store = openAt(`${origin}/stores/abc123`, { certificateAuthority: CERTIFICATE })
  const sent = await store.confirmPayment(
    '1',
    sending(5_000, () => false),
  )
  expect(sent).toMatchObject({ outcome: 'not_sent' })
  expect(asked).toEqual([])
})
