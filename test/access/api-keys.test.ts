import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ApiKeys, openApiKeys } from '../../src/access/api-keys.js'
import { hashOf, isKeyText } from '../../src/access/key-text.js'
import { keyNameSchema } from '../../src/access/schema.js'
import { until } from '../embedded-postgres/folders.js'
import { testDatabase, type TestDatabase } from '../support/postgres.js'

let database: TestDatabase
let pool: pg.Pool
let keys: ApiKeys

beforeAll(async () => {
  database = await testDatabase()
  pool = new pg.Pool({ connectionString: database.connectionString, max: 2 })
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})
beforeEach(async () => {
  keys = await openApiKeys(database)
})
afterEach(async () => {
  await keys.close()
  await pool.query('delete from access.api_keys')
})

async function created(name: string): Promise<string> {
  const made = await keys.create({ name, role: 'operator' })
  if (made.outcome !== 'created') throw new Error(`${name} was not created: ${made.outcome}`)
  return made.key
}

async function holderOf(key: string) {
  return (await keys.find([hashOf(key)])).get(hashOf(key)) ?? null
}

/** All rows of all tables as text, whatever the column. */
async function everythingStored(): Promise<string> {
  const { rows } = await pool.query<{ row: string }>(
    'select row_to_json(k)::text as row from access.api_keys k',
  )
  const tables = await pool.query(
    "select from information_schema.tables where table_schema = 'access'",
  )
  expect(tables.rows).toHaveLength(1)
  return rows.map(({ row }) => row).join('\n')
}

test('a key is 256 random bits, and names its holder, role and rate', async () => {
  const made = await keys.create({ name: 'web-shop', role: 'accountant', ratePerMinuteMax: 120 })
  const key = made.outcome === 'created' ? made.key : ''
  expect(key).toMatch(/^folio_[A-Za-z0-9_-]{43}$/)
  expect(Buffer.from(key.slice('folio_'.length), 'base64url')).toHaveLength(32)
  expect(await holderOf(key)).toEqual({
    principal: 'key:web-shop',
    role: 'accountant',
    ratePerMinuteMax: 120,
  })
  expect((await holderOf(await created('another')))?.ratePerMinuteMax).toBe(60_000)
})

test.each(['', 'Web', 'a b', '-a', 'a-', 'a--b', 'é', 'a\n', 'a'.repeat(61)])(
  '%j is no name of a key',
  (name) => {
    expect(keyNameSchema.safeParse(name).success).toBe(false)
  },
)

test.each(['a', '0', 'web-shop-2', 'a'.repeat(60)])('%j is the name of a key', async (name) => {
  expect(keyNameSchema.parse(name)).toBe(name)
  expect((await holderOf(await created(name)))?.principal).toBe(`key:${name}`)
})

test('only the hash of a key is stored', async () => {
  const key = await created('web-shop')
  const stored = await everythingStored()
  expect(stored).toContain(createHash('sha256').update(key).digest('hex'))
  expect(stored).not.toContain(key.slice('folio_'.length))
  const secret = Buffer.from(key.slice('folio_'.length), 'base64url')
  for (const encoding of ['hex', 'base64'] as const)
    expect(stored).not.toContain(secret.toString(encoding))
})

test('a key that was never made has no holder, and is not taken for one of a like beginning', async () => {
  const key = await created('web-shop')
  const last = key.endsWith('A') ? 'Q' : 'A'
  expect(await holderOf(`${key.slice(0, -1)}${last}`)).toBeNull()
  expect(await keys.find([hashOf(key), hashOf('x')])).toHaveProperty('size', 1)
})

test('a name with a key that holds is refused; once revoked, it is the same principal with another key', async () => {
  const first = await created('web-shop')
  expect(await keys.create({ name: 'web-shop', role: 'viewer' })).toEqual({
    outcome: 'name_in_use',
  })
  expect((await holderOf(first))?.role).toBe('operator')

  expect(await keys.revoke('web-shop')).toBe('revoked')
  expect(await holderOf(first)).toBeNull()
  expect(await keys.revoke('web-shop')).toBe('no_such_key')
  expect(await keys.revoke('nobody')).toBe('no_such_key')

  const second = await created('web-shop')
  expect(second).not.toBe(first)
  expect((await holderOf(second))?.principal).toBe('key:web-shop')
  expect(await holderOf(first)).toBeNull()
})

test('of many that ask for one name at once, one gets it', async () => {
  const other = await openApiKeys(database)
  const made = await Promise.all(
    [keys, other, keys, other].map((one) => one.create({ name: 'till', role: 'viewer' })),
  )
  await other.close()
  expect(made.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
})

test('the list tells of each key, those that hold first, and never its text or hash', async () => {
  const keyTexts = [await created('b'), await created('a'), await created('c')]
  await keys.revoke('a')
  const listed = await keys.list()
  expect(listed.map(({ name, revokedAt }) => [name, revokedAt === null])).toEqual([
    ['b', true],
    ['c', true],
    ['a', false],
  ])
  expect(listed[0]).toEqual({
    name: 'b',
    role: 'operator',
    ratePerMinuteMax: 60_000,
    createdAt: expect.any(Date) as Date,
    revokedAt: null,
  })
  for (const key of keyTexts) {
    expect(JSON.stringify(listed)).not.toContain(key)
    expect(JSON.stringify(listed)).not.toContain(hashOf(key))
  }
})

test('replacing revokes the key of the name and makes the next', async () => {
  const [first, second] = [
    await keys.replace({ name: 'demo', role: 'administrator' }),
    await keys.replace({ name: 'demo', role: 'administrator' }),
  ]
  expect(await holderOf(first)).toBeNull()
  expect(await holderOf(second)).toMatchObject({ principal: 'key:demo', role: 'administrator' })

  const other = await openApiKeys(database)
  const raced = await Promise.all(
    [keys, other, keys, other].map((one) => one.replace({ name: 'demo', role: 'administrator' })),
  )
  await other.close()
  const holders = await Promise.all(raced.map(holderOf))
  expect(holders.filter((holder) => holder !== null)).toHaveLength(1)
})

test('of processes that start at once on an empty database, one makes the first key', async () => {
  for (let round = 0; round < 5; round += 1) {
    const empty = await testDatabase()
    const opened = await Promise.all(Array.from({ length: 4 }, () => openApiKeys(empty)))
    const made = await Promise.all([...opened, ...opened].map((one) => one.createFirst()))
    const printed = made.filter((key) => key !== null)
    expect(printed).toHaveLength(1)
    expect(isKeyText(printed[0] ?? '')).toBe(true)
    expect((await opened[0]?.list())?.map(({ name, role }) => [name, role])).toEqual([
      ['administrator', 'administrator'],
    ])
    await Promise.all(opened.map((one) => one.close()))
    await empty.drop()
  }
})

test('the first key waits for one that another connection is making, and holds up no look-up', async () => {
  const client = await pool.connect()
  await client.query('begin')
  await client.query(
    "insert into access.api_keys (name, role, hash, rate_per_minute_max) values ('ops', 'viewer', repeat('a', 64), 1)",
  )
  const first = keys.createFirst()
  await until(async () => {
    const waiting = `select from pg_locks join pg_database on pg_database.oid = database
      where not granted and datname = current_database()`
    return (await pool.query(waiting)).rows.length > 0
  })
  expect((await keys.find(['a'.repeat(64)])).size).toBe(0)
  await client.query('commit')
  client.release()
  expect(await first).toBeNull()
  expect((await keys.find(['a'.repeat(64)])).get('a'.repeat(64))?.principal).toBe('key:ops')
})

test('there is no first key again after the last was revoked', async () => {
  expect(await keys.createFirst()).not.toBeNull()
  await keys.revoke('administrator')
  expect(await keys.createFirst()).toBeNull()
})

test('a look-up that the database does not answer is given up', async () => {
  const key = await created('web-shop')
  const client = await pool.connect()
  await client.query('begin')
  await client.query('lock table access.api_keys in access exclusive mode')
  await expect(holderOf(key)).rejects.toThrow(/timeout/)
  await client.query('rollback')
  client.release()
  expect(await holderOf(key)).not.toBeNull()
})

test('a row that holds no known role is damage, not a holder', async () => {
  const key = await created('web-shop')
  await pool.query("update access.api_keys set role = 'owner'")
  await expect(holderOf(key)).rejects.toThrow(/role/)
})
