/** Every role at every command and every read (O6): each cell of the table is what HTTP does, and no cell is missing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  BOOKS_COMMANDS,
  FOLIO_COMMANDS,
  INSTANCE_COMMANDS,
  SUBJECT_COMMANDS,
} from '../../commands/registry.js'
import { ROLES } from '../../src/access/role.js'
import { NAVIGATION } from '../../src/http/app.js'
import { LISTS } from '../../src/http/lists.js'
import {
  COMMAND_PERMISSIONS,
  PermissionMissing,
  READ_PERMISSIONS,
  rolesAllowed,
} from '../../src/http/permissions.js'
import { type Client, clientOf, servedLedger, type ServedLedger } from '../support/served-ledger.js'

const COMMANDS = [
  ...BOOKS_COMMANDS,
  ...FOLIO_COMMANDS,
  ...INSTANCE_COMMANDS,
  ...SUBJECT_COMMANDS,
].map(({ name }) => name)
const READS = [...LISTS.map(({ path }) => path), '/projections']

let served: ServedLedger
let client: Client

beforeAll(async () => {
  served = await servedLedger()
  client = clientOf(served)
})
afterAll(async () => {
  await served.close()
})

test('each command and each read has its row, and each row its command or read', () => {
  expect(Object.keys(COMMAND_PERMISSIONS).sort()).toEqual([...COMMANDS].sort())
  expect(Object.keys(READ_PERMISSIONS).sort()).toEqual([...READS].sort())
  for (const row of [...Object.values(COMMAND_PERMISSIONS), ...Object.values(READ_PERMISSIONS)]) {
    expect(Object.keys(row)).toEqual(ROLES)
  }
})

test('a route without a row is not served', () => {
  expect(() => rolesAllowed(COMMAND_PERMISSIONS, 'launder-money')).toThrow(PermissionMissing)
})

test('what stands in the navigation is public or has a row', () => {
  const open = NAVIGATION.map(({ path }) => path).filter((path) => !(path in READ_PERMISSIONS))
  expect(open).toEqual(['/docs'])
})

describe.each(ROLES)('%s', (role) => {
  test.each(COMMANDS)('%s', async (name) => {
    const head = await served.ledger.store.head()
    // No command takes a body of nothing but this, so that whoever is let through is told so and changes nothing.
    const { status, body } = await client.command(
      name,
      { nonsense: true },
      { apiKey: served.keys[role] },
    )
    const allowed = COMMAND_PERMISSIONS[name]?.[role]
    expect([status, body.code]).toEqual(
      allowed === true ? [400, 'malformed_request'] : [403, 'role_not_allowed'],
    )
    expect(await served.ledger.store.head()).toBe(head)
  })

  test.each(READS)('%s', async (path) => {
    const { status } = await client.get(path, { apiKey: served.keys[role] })
    expect(status).toBe(READ_PERMISSIONS[path]?.[role] === true ? 200 : 403)
  })
})

describe('without a key that holds', () => {
  const unknown = `Bearer folio_${'A'.repeat(43)}`
  test.each([
    ['no key', {}],
    ['an unknown key', { authorization: unknown }],
    ['something else', { authorization: 'Bearer x' }],
    ['another scheme', { authorization: 'Digest abc' }],
    ['nothing', { authorization: '' }],
    ['far too much', { authorization: `Bearer ${'x'.repeat(5_000)}` }],
  ])('%s is answered 401 everywhere', async (_what, headers) => {
    for (const path of [...READS, '/', '/nothing']) {
      const { status } = await fetch(`${served.address}${path}`, { headers })
      expect([path, status]).toEqual([path, 401])
    }
    for (const name of [...COMMANDS, 'nothing']) {
      const response = await fetch(`${served.address}/commands/${name}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': 'k' },
        body: '{}',
      })
      expect([name, response.status]).toEqual([name, 401])
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  test('health, problems and the description of the API are public', async () => {
    for (const path of ['/health/live', '/health/ready', '/problems', '/openapi.json', '/docs/']) {
      expect([path, (await fetch(`${served.address}${path}`)).status]).toEqual([path, 200])
    }
  })

  test('a revoked key is none', async () => {
    const { apiKeys } = served.ledger
    const created = await apiKeys.create({ name: 'short-lived', role: 'viewer' })
    await apiKeys.revoke('short-lived')
    const apiKey = created.outcome === 'created' ? created.key : ''
    expect((await client.get('/invoices', { apiKey })).status).toBe(401)
  })
})

describe('in a browser', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  const html = { accept: 'text/html' }

  test('the key is asked for, and may be the name or the password', async () => {
    const { administrator } = served.keys
    const asked = await fetch(`${served.address}/invoices`, { headers: html })
    expect([asked.status, asked.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="Folio", charset="UTF-8"',
    ])
    for (const text of [`folio:${administrator}`, `${administrator}:`]) {
      const headers = { ...html, authorization: basic(text) }
      const read = await fetch(`${served.address}/invoices`, { headers })
      expect([read.status, await read.text()]).toEqual([
        200,
        expect.stringContaining('<h1>Invoices'),
      ])
    }
  })

  test('what the browser sends along on its own is no permission to command', async () => {
    const response = await fetch(`${served.address}/commands/open-account`, {
      method: 'POST',
      headers: { authorization: basic(`folio:${served.keys.administrator}`) },
    })
    expect(response.status).toBe(401)
  })
})

test('a key that asks too often is told when to come again, and others are served', async () => {
  const created = await served.ledger.apiKeys.create({
    name: 'busy',
    role: 'viewer',
    ratePerMinuteMax: 3,
  })
  const apiKey = created.outcome === 'created' ? created.key : ''
  const answers = []
  for (let index = 0; index < 4; index += 1) answers.push(await client.get('/accounts', { apiKey }))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
  const [, , , refused] = answers
  expect(refused?.body).toMatchObject({
    code: 'rate_limited',
    retryable: true,
    ratePerMinuteMax: 3,
  })
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused?.headers.get('ratelimit')).toContain('r=0')
  expect((await client.get('/accounts')).status).toBe(200)
})
