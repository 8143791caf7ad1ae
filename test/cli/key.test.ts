import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openApiKeys } from '../../src/access/api-keys.js'
import { hashOf } from '../../src/access/key-text.js'
import { ask } from './books.js'
import { type Ended, endAllFolio, type Running, startFolio } from './folio.js'
import { type UserLedger, userLedger } from './user-database.js'

let ledger: UserLedger
beforeEach(async () => {
  ledger = await userLedger()
})
afterEach(async () => {
  await endAllFolio()
  await ledger.remove()
})

const KEY = /folio_[A-Za-z0-9_-]{43}/g

const start = (...args: string[]): Running =>
  startFolio(['start', '--port', '0', ...args], { environment: ledger.environment })

const create = (name: string, ...args: string[]): Promise<Ended> =>
  ledger.run('key', 'create', '--role', 'accountant', '--name', name, ...args)

async function holderOf(key: string) {
  const keys = await openApiKeys(ledger)
  const found = await keys.find([hashOf(key)])
  await keys.close()
  return found.get(hashOf(key)) ?? null
}

/** Where in the whole database a text stands, whatever the table. */
async function placesOf(text: string): Promise<string[]> {
  const tables = await ask(
    ledger.connectionString,
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  )
  const names = tables.map(({ name }) => String(name))
  expect(names).toContain('access.api_keys')
  const found: string[] = []
  for (const name of names) {
    const rows = await ask(
      ledger.connectionString,
      `select from ${name} t where position($1 in t::text) > 0`,
      [text],
    )
    if (rows.length > 0) found.push(name)
  }
  return found
}

describe('folio key create', () => {
  test('prints the key and nothing else on standard output, and says that it is not shown again', async () => {
    const { code, stdout, stderr } = await create('web-shop')
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^folio_[A-Za-z0-9_-]{43}\n$/)
    expect(stderr).toContain('not shown again')
    expect(stderr).not.toMatch(KEY)
    expect(await holderOf(stdout.trim())).toEqual({
      principal: 'key:web-shop',
      role: 'accountant',
      ratePerMinuteMax: 60_000,
    })
    const text = stdout.trim()
    expect(await placesOf(text.slice('folio_'.length))).toEqual([])
    expect(await placesOf(hashOf(text))).toEqual(['access.api_keys'])
  })

  test('prints one object with --json, with the rate that was asked for', async () => {
    const ended = await create('web-shop', '--rate', '120', '--json')
    expect(ended.json()).toEqual({
      name: 'web-shop',
      role: 'accountant',
      ratePerMinuteMax: 120,
      key: expect.stringMatching(/^folio_/) as string,
    })
    expect(ended.stdout.match(KEY)).toHaveLength(1)
    expect((await holderOf(String(ended.json()['key'])))?.ratePerMinuteMax).toBe(120)
  })

  test('refuses a name in use and says what to do, which works', async () => {
    const first = await create('web-shop')
    const refused = await create('web-shop', '--json')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('There is a key named web-shop already.')
    expect(refused.stderr).toContain('folio key revoke web-shop')
    expect(refused.json()).toEqual({ error: expect.any(String) as string, exitCode: 2 })

    const revoked = await ledger.run('key', 'revoke', 'web-shop')
    expect(revoked.code, revoked.stderr).toBe(0)
    expect(revoked.stderr).toContain('Servers refuse it within 5 seconds.')
    expect(await holderOf(first.stdout.trim())).toBeNull()
    const second = await create('web-shop')
    expect((await holderOf(second.stdout.trim()))?.principal).toBe('key:web-shop')
  })
})

test('folio key list is a table of all keys, with no text of any', async () => {
  const keys = [await create('web-shop'), await create('till')].map(({ stdout }) => stdout.trim())
  await ledger.run('key', 'revoke', 'web-shop')
  const { stdout, stderr } = await ledger.run('key', 'list')
  expect(stdout).toMatch(/Name.*Role.*Requests a minute.*Created.*Revoked/)
  expect(stdout).toMatch(/till .*accountant.* 60,000 .*│ {2,}│/)
  expect(stdout).toMatch(/web-shop .*accountant.* 60,000 .*Z │ \d{4}-.*Z │/)
  const listed = await ledger.run('key', 'list', '--json')
  expect(listed.json()['keys']).toMatchObject([
    { name: 'till', role: 'accountant', revokedAt: null },
    { name: 'web-shop', ratePerMinuteMax: 60_000, revokedAt: expect.any(String) as string },
  ])
  for (const key of keys) expect(stdout + stderr + listed.stdout).not.toContain(key)
})

test('folio key revoke refuses a name that no key has', async () => {
  const { code, stderr } = await ledger.run('key', 'revoke', 'nobody')
  expect(stderr).toContain('There is no key named nobody, or it is revoked already.')
  expect(code).toBe(2)
})

describe('the first start', () => {
  test('prints an administrator key once, and the second none', async () => {
    const server = start()
    await server.said(/Folio serves (\S+)/)
    const { stdout, stderr } = await server.kill('SIGTERM')
    const [key = ''] = /^Administrator key: (folio_\S{43})$/m.exec(stdout)?.slice(1) ?? []
    expect(stdout.match(KEY)).toEqual([key])
    expect(stderr).not.toMatch(KEY)
    expect(stderr).toContain('not shown again')
    expect(await holderOf(key)).toMatchObject({
      principal: 'key:administrator',
      role: 'administrator',
    })
    expect(await placesOf(key.slice('folio_'.length))).toEqual([])

    const again = start()
    await again.said(/Folio serves (\S+)/)
    const second = await again.kill('SIGTERM')
    expect(second.stdout + second.stderr).not.toMatch(KEY)
    expect(second.stderr).not.toContain('not shown again')
    expect(await holderOf(key)).not.toBeNull()
  })

  test('gives the key in its object with --json, and keys are made and revoked beside it', async () => {
    const server = start('--json')
    const first = JSON.parse(await server.said(/^\{.*\}$/m)) as Record<string, unknown>
    expect(await holderOf(String(first['administratorKey']))).not.toBeNull()
    const made = await create('web-shop')
    expect((await holderOf(made.stdout.trim()))?.role).toBe('accountant')
    expect((await ledger.run('key', 'revoke', 'administrator')).code).toBe(0)
    expect(await holderOf(String(first['administratorKey']))).toBeNull()
    await server.kill('SIGTERM')

    const again = start('--json')
    const second = JSON.parse(await again.said(/^\{.*\}$/m)) as Record<string, unknown>
    expect(second).not.toHaveProperty('administratorKey')
  })

  test('of two servers that start at once, one prints it', async () => {
    const servers = [start(), start()]
    await Promise.all(servers.map((server) => server.said(/Folio serves (\S+)/)))
    const printed = servers.flatMap((server) => server.sofar().stdout.match(KEY) ?? [])
    expect(printed).toHaveLength(1)
  })

  test('makes none where its port is taken: nobody would have read it', async () => {
    const server = start()
    const port = await server.said(/Folio serves http:\/\/127\.0\.0\.1:(\d+)/)
    await ask(ledger.connectionString, 'delete from access.api_keys')
    const { code, stdout } = await ledger.run('start', '--port', port)
    expect([code, stdout]).toEqual([1, ''])
    expect(await ask(ledger.connectionString, 'select from access.api_keys')).toEqual([])
  })
})
