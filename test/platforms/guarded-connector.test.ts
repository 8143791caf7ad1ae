import { expect, test } from 'vitest'
import {
  AddressNotAllowed,
  guardedConnector,
  type Resolve,
} from '../../src/platforms/guarded-connector.js'
import { INWARD_HOSTS, INWARD_URLS } from './support/inward-urls.js'
import { openAt, sending, serving, storeWith, within } from './support/open-store.js'
import { json, routes, text } from './support/store-server.js'

const store = json(200, [{ id: 1, date_modified: 'Tue, 20 Nov 2012 00:00:00 +0000' }])

test.each(INWARD_URLS)('%s is not connected to', async (address) => {
  const opened = openAt(address, { allowedNetworks: [] })
  expect(await opened.check(within())).toMatchObject({ reason: 'address_not_allowed' })
  expect(await opened.confirmPayment('1', sending())).toMatchObject({ outcome: 'not_sent' })
})

test('a literal that another network is allowed beside is not connected to either', async () => {
  for (const host of INWARD_HOSTS) {
    const opened = openAt(`https://${host}/stores/abc123`, { allowedNetworks: ['192.0.2.0/24'] })
    expect([host, await opened.check(within())]).toMatchObject([
      host,
      { outcome: 'failed', reason: 'address_not_allowed' },
    ])
  }
})

test.each([
  ['loopback', '127.0.0.1', 4],
  ['a private network', '10.0.0.1', 4],
  ['cloud metadata', '169.254.169.254', 4],
  ['IPv6 loopback', '::1', 6],
  ['IPv4 written as IPv6', '::ffff:127.0.0.1', 6],
])('a name that leads to %s is not connected to', async (_what, address, family) => {
  const opened = openAt('https://api.bigcommerce.com/stores/abc123', {
    allowedNetworks: [],
    resolve: () => Promise.resolve([{ address, family }]),
  })
  const read = await opened.check(within())
  expect(read).toMatchObject({ outcome: 'failed', reason: 'address_not_allowed', status: null })
  expect(await opened.confirmPayment('1', sending())).toMatchObject({ outcome: 'not_sent' })
})

test('one inward address among several spoils the name', async () => {
  const opened = openAt('https://api.bigcommerce.com/stores/abc123', {
    allowedNetworks: [],
    resolve: () =>
      Promise.resolve([
        { address: '93.184.216.34', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]),
  })
  expect(await opened.check(within())).toMatchObject({ reason: 'address_not_allowed' })
})

test('a name that leads elsewhere the second time is looked up once, and gains nothing', async () => {
  const server = await serving(store)
  const { port } = new URL(server.origin)
  let lookups = 0
  const rebinding: Resolve = () => {
    lookups += 1
    return Promise.resolve([{ address: lookups === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }])
  }
  const opened = openAt(`http://rebinding.test:${port}/stores/abc123`, { resolve: rebinding })
  const asked = { since: '2026-01-01T00:00:00.000Z', page: 1, pageSize: 10 }
  expect(await opened.changedOrders(asked, within())).toMatchObject({ outcome: 'read' })
  expect(lookups).toBe(1)
  // A write opens a connection of its own, and is led away.
  expect(await opened.confirmPayment('1', sending())).toMatchObject({ outcome: 'not_sent' })
  expect(server.asked.map(({ method }) => method)).not.toContain('PUT')
})

test('http, another port or a private name lead into allowed networks only', async () => {
  for (const address of [
    'http://shop.example.org/stores/abc123',
    'https://shop.example.org:8443/stores/abc123',
    'https://shop/stores/abc123',
  ]) {
    const opened = openAt(address, {
      allowedNetworks: ['10.0.0.0/8'],
      resolve: () => Promise.resolve([{ address: '93.184.216.34', family: 4 }]),
    })
    expect(await opened.check(within())).toMatchObject({ reason: 'address_not_allowed' })
  }
})

test('a name that has no address is unavailable', async () => {
  const nowhere = { resolve: () => Promise.resolve([]) }
  const opened = openAt('https://api.bigcommerce.com/stores/abc123', nowhere)
  expect(await opened.check(within())).toMatchObject({ reason: 'unavailable' })
  const unknown = {
    resolve: () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' })),
  }
  const lost = openAt('https://api.bigcommerce.com/stores/abc123', unknown)
  expect(await lost.check(within())).toMatchObject({
    reason: 'unavailable',
    detail: 'there is no such host (ENOTFOUND: none)',
  })
})

test('what is connected to is looked at once more, whatever was looked up', async () => {
  const server = await serving(store)
  // Allowed when it was looked up, and not when the connection stands.
  const answers = [true, false]
  const connect = guardedConnector({
    origin: new URL(server.origin),
    networks: { isPublic: () => false, isAllowed: () => answers.shift() ?? false, allowsAny: true },
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  })
  const { port } = new URL(server.origin)
  const error = await new Promise((resolve) => {
    connect({ hostname: 'shop.test', protocol: 'http:', port }, (...[refusal]) => resolve(refusal))
  })
  expect(error).toBeInstanceOf(AddressNotAllowed)
  expect(answers).toEqual([])
})

test.each([301, 302, 303, 307, 308])('a %i inward is not followed', async (status) => {
  const target = await serving(store)
  const redirect = text(status, '', { location: `${target.address}/v2/orders` })
  const { store: opened } = await storeWith(
    routes({ 'GET /v2/orders': redirect, 'PUT /v2/orders/1': redirect }),
  )
  expect(await opened.check(within())).toMatchObject({ reason: 'not_understood', status })
  expect(await opened.confirmPayment('1', sending())).toMatchObject({ outcome: 'unknown', status })
  expect(target.asked).toEqual([])
  expect(target.connections()).toBe(0)
})
