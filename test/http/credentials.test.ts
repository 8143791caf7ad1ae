/** Credentials of stores over HTTP: written, asked of the store, and never to be read again (S4). */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROLES } from '../../src/access/role.js'
import { STORE_ANSWERS } from '../../src/http/openapi/store-operations.js'
import { STORE_PERMISSIONS } from '../../src/http/permissions.js'
import type { Simulator } from '../simulators/bigcommerce/simulator.js'
import {
  CLIENT_SECRET,
  type Connected,
  ledgerForStores,
  registered,
  simulatedStore,
  TOKEN,
} from '../support/connected-store.js'
import { until } from '../embedded-postgres/folders.js'
import { storeServer } from '../platforms/support/store-server.js'

let simulator: Simulator
let ledger: Connected
let instance: string
let path: string
/** The log of the process. */
const said: string[] = []

beforeAll(async () => {
  simulator = await simulatedStore()
  ledger = await ledgerForStores(simulator, { say: (line) => said.push(line) })
  instance = (await registered(simulator.address, ledger.admin)).instance as string
  path = `/instances/${instance}/credentials`
})
afterAll(async () => {
  await ledger.served.close()
  await simulator.close()
})

const put = (body: unknown, options: Readonly<{ query?: string; apiKey?: string }> = {}) =>
  ledger.send('PUT', `${path}${options.query ?? ''}`, body, options.apiKey)
const connection = async () =>
  (await ledger.send('GET', `/instances/${instance}/connection`)).body as Record<string, unknown>

describe('who may', () => {
  test.each(ROLES)('%s', async (role) => {
    const apiKey = ledger.served.keys[role]
    const may = (route: string) => STORE_PERMISSIONS[route]?.[role] === true
    const saved = await put({ nonsense: true }, { apiKey })
    expect(saved.status).toBe(may('PUT /instances/{id}/credentials') ? 400 : 403)
    const removed = await ledger.send('DELETE', path, undefined, apiKey)
    expect(removed.status).toBe(may('DELETE /instances/{id}/credentials') ? 204 : 403)
    const seen = await ledger.send('GET', `/instances/${instance}/connection`, undefined, apiKey)
    expect(seen.status).toBe(may('GET /instances/{id}/connection') ? 200 : 403)
    const note = `/credit-notes/${instance}-c1/refund-quote`
    const quoted = await ledger.send('GET', note, undefined, apiKey)
    expect(quoted.status).toBe(may('GET /credit-notes/{id}/refund-quote') ? 422 : 403)
  })

  test('only administrators touch what opens a store', () => {
    for (const method of ['PUT', 'DELETE']) {
      const row = STORE_PERMISSIONS[`${method} /instances/{id}/credentials`] ?? {}
      expect(Object.entries(row).filter(([, may]) => may)).toEqual([['administrator', true]])
    }
  })

  test('nobody without a key', async () => {
    for (const method of ['PUT', 'DELETE', 'GET']) {
      const { status } = await fetch(`${ledger.served.address}${path}`, { method })
      expect(status).toBe(401)
    }
  })
})

describe('saving', () => {
  test('asks the store first, and says afterwards that there are some', async () => {
    await ledger.send('DELETE', path)
    expect(await connection()).toMatchObject({
      hasCredentials: false,
      savedAt: null,
      webhooks: { armed: false },
    })
    expect(STORE_ANSWERS['StoreConnection']?.safeParse(await connection()).error).toBeUndefined()
    const saved = await put({ accessToken: TOKEN, clientSecret: CLIENT_SECRET })
    expect([saved.status, saved.text]).toEqual([204, ''])
    expect(await connection()).toMatchObject({
      hasCredentials: true,
      savedAt: expect.stringMatching(/^20/) as string,
      failedOrders: { count: 0, oldest: [] },
    })
  })

  test('anew after they were removed, has the store pulled from its beginning', async () => {
    const { pulls } = ledger.served.ledger.storeRecords
    await pulls.advance(instance, '2026-11-01T00:00:00.000Z')
    await ledger.send('DELETE', path)
    expect((await pulls.find(instance)).modifiedUntil).toBeNull()
  })

  test('a token that the store does not take is not saved, unless nobody asks', async () => {
    await ledger.send('DELETE', path)
    const refused = await put({ accessToken: 'canary-9b3f-wrong' })
    expect([refused.status, refused.body.code]).toEqual([422, 'store_credentials_refused'])
    expect(refused.text).not.toContain('canary')
    expect((await connection())['hasCredentials']).toBe(false)
    expect((await put({ accessToken: 'wrong' }, { query: '?check=false' })).status).toBe(204)
    expect((await connection())['hasCredentials']).toBe(true)
  })

  test.each([
    [{}, '/accessToken'],
    [{ accessToken: '' }, '/accessToken'],
    [{ accessToken: 'canary 9b3f' }, '/accessToken'],
    [{ accessToken: 'canary\r\nX-Evil: 1' }, '/accessToken'],
    [{ accessToken: `canary-${'x'.repeat(200)}` }, '/accessToken'],
    [{ accessToken: 'canary', clientSecret: '' }, '/clientSecret'],
    [{ accessToken: 'canary', 'canary-9b3f-as-a-name': 1 }, ''],
    [['canary'], ''],
  ])('%j is refused at %j, and not repeated', async (body, pointer) => {
    const refused = await put(body)
    expect([refused.status, refused.body.code]).toEqual([400, 'malformed_request'])
    expect(refused.body.errors).toContainEqual({
      pointer,
      detail: expect.any(String) as string,
    })
    expect(refused.text).not.toContain('canary')
  })

  test.each(['?check=maybe', '?chek=false', '?check=false&check=true'])(
    'with %s is refused',
    async (query) => {
      const refused = await put({ accessToken: TOKEN }, { query })
      expect([refused.status, refused.body.code]).toEqual([400, 'malformed_query'])
    },
  )

  test.each(['5d1d0a2e-6f43-4b57-8f0e-1f2d3c4b5a69', 'nothing', '%00', 'a'.repeat(300)])(
    'for %s there is no instance',
    async (id) => {
      for (const [method, below, body] of [
        ['PUT', 'credentials', { accessToken: TOKEN }],
        ['DELETE', 'credentials', undefined],
        ['GET', 'connection', undefined],
      ] as const) {
        const { status } = await ledger.send(method, `/instances/${id}/${below}`, body)
        expect([method, status]).toEqual([method, 404])
      }
    },
  )

  test('for a platform that is not spoken here is refused', async () => {
    const { instance: other } = (await ledger.admin.must('register-instance', {
      platform: 'magento2',
      address: 'https://shop.example.com',
      name: 'Other',
    })) as { instance: string }
    const refused = await ledger.send('PUT', `/instances/${other}/credentials`, {
      accessToken: TOKEN,
    })
    expect([refused.status, refused.body.code]).toEqual([422, 'store_platform_not_offered'])
  })

  test('what is no interface of a store is told so', async () => {
    const server = await storeServer((response) => response.end('<html>Hello</html>'))
    const { instance: page } = (await ledger.admin.must('register-instance', {
      platform: 'bigcommerce',
      address: server.address,
      name: 'A page',
    })) as { instance: string }
    const refused = await ledger.send('PUT', `/instances/${page}/credentials`, {
      accessToken: TOKEN,
    })
    expect([refused.status, refused.body.code]).toEqual([502, 'store_not_understood'])
    await server.close()
    const away = await ledger.send('PUT', `/instances/${page}/credentials`, { accessToken: TOKEN })
    expect([away.status, away.body.code]).toEqual([503, 'store_not_answering'])
    expect(away.headers.get('retry-after')).toMatch(/^\d+$/)
    for (const { text } of [refused, away]) expect(text).not.toContain(TOKEN)
  })

  test('in a network that is not named, the store is not connected to', async () => {
    const { instance: inward } = (await ledger.admin.must('register-instance', {
      platform: 'bigcommerce',
      address: 'http://10.0.0.1/stores/abc',
      name: 'Inward',
    })) as { instance: string }
    const refused = await ledger.send('PUT', `/instances/${inward}/credentials`, {
      accessToken: TOKEN,
    })
    expect([refused.status, refused.body.code]).toEqual([422, 'store_network_not_allowed'])
  })

  test('other methods are told which there are', async () => {
    for (const method of ['GET', 'POST', 'PATCH']) {
      const told = await ledger.send(method, path, method === 'GET' ? undefined : {})
      expect([told.status, told.headers.get('allow')]).toEqual([405, 'PUT, DELETE'])
    }
  })
})

test('a store that repeats the token to everybody is not believed', async () => {
  const server = await storeServer((response, { headers }) => {
    response
      .writeHead(401)
      .end(JSON.stringify([{ message: `No: ${String(headers['x-auth-token'])}` }]))
  })
  const { instance: loud } = (await ledger.admin.must('register-instance', {
    ...{ platform: 'bigcommerce', address: server.address, name: 'Loud' },
  })) as { instance: string }
  const to = `/instances/${loud}/credentials`
  const refused = await ledger.send('PUT', to, { accessToken: TOKEN })
  expect([refused.status, refused.body.detail]).toEqual([422, expect.stringContaining('[hidden]')])
  await ledger.send('PUT', `${to}?check=false`, { accessToken: TOKEN })
  const lastError = async () =>
    (await ledger.send('GET', `/instances/${loud}/connection`)).body.pull.lastError as string | null
  await until(async () => (await lastError()) !== null)
  expect(await lastError()).toMatch(/does not take the token \(401\).*\[hidden\]/)
  await until(() => said.some((line) => line.includes(loud)))
  expect(said.join('\n')).not.toContain('canary-9b3f')
  await server.close()
})

test('what was saved is in no answer, no table and no event', async () => {
  await put({ accessToken: TOKEN, clientSecret: CLIENT_SECRET })
  const { body: description } = await ledger.send('GET', '/openapi.json')
  const paths = Object.keys((description as { paths: object }).paths)
    .filter((one) => !one.startsWith('/commands/'))
    .map((one) => one.replace('{id}', instance))
  for (const one of [...paths, `/instances/${instance}`, `/instances/${instance}/connection`]) {
    expect((await ledger.send('GET', one)).text).not.toContain('canary-9b3f')
  }
  const client = new pg.Client({ connectionString: ledger.served.connectionString })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema')`,
  )
  expect(rows.length).toBeGreaterThan(30)
  for (const { name } of rows) {
    const found = await client.query(
      `select from ${name} t where t::text like '%canary-9b3f%' limit 1`,
    )
    expect([name, found.rowCount]).toEqual([name, 0])
  }
  await client.end()
})
