import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ApiKeys, openApiKeys } from '../../src/access/api-keys.js'
import {
  type Authenticate,
  createAuthenticate,
  REVOCATION_DELAY_MS_MAX,
  TooManyKeys,
} from '../../src/access/authenticate.js'
import { newKeyText } from '../../src/access/key-text.js'
import type { Principal } from '../../src/access/role.js'
import { testDatabase, type TestDatabase } from '../support/postgres.js'

let database: TestDatabase
let keys: ApiKeys
let authenticate: Authenticate
/** The hashes of each query that reached the database. */
let queries: (readonly string[])[]
let nowMs: number
let key: string

beforeAll(async () => {
  database = await testDatabase()
  keys = await openApiKeys(database)
})
afterAll(async () => {
  await keys.close()
  await database.drop()
})
beforeEach(async () => {
  queries = []
  nowMs = 1_000
  key = await keys.replace({ name: 'web-shop', role: 'operator' })
  authenticate = createAuthenticate({
    find: (hashes) => {
      queries.push(hashes)
      return keys.find(hashes)
    },
    nowMs: () => nowMs,
  })
})

const HOLDER: Principal = { principal: 'key:web-shop', role: 'operator', ratePerMinuteMax: 60_000 }

test('a revoked key is refused once the limit has passed, and not asked for in the database before', async () => {
  expect(await authenticate(key)).toEqual(HOLDER)
  await keys.revoke('web-shop')
  nowMs += REVOCATION_DELAY_MS_MAX - 1
  expect(await authenticate(key)).toEqual(HOLDER)
  expect(queries).toHaveLength(1)
  nowMs += 1
  expect(await authenticate(key)).toBeNull()
  expect(queries).toHaveLength(2)
})

test('the limit counts from the asking, not from an answer that came late', async () => {
  const slow = gate()
  const late = createAuthenticate({
    find: async (hashes) => {
      const found = await keys.find(hashes)
      await slow.opened
      return found
    },
    nowMs: () => nowMs,
  })
  const first = late(key)
  await settled()
  nowMs += REVOCATION_DELAY_MS_MAX
  await keys.revoke('web-shop')
  // It may not share the question of so long ago.
  const second = late(key)
  slow.open()
  expect(await first).toEqual(HOLDER)
  expect(await second).toBeNull()
  expect(await late(key)).toBeNull()
})

test('a late answer holds for so much less', async () => {
  const slow = createAuthenticate({
    find: async (hashes) => {
      const found = await keys.find(hashes)
      nowMs += REVOCATION_DELAY_MS_MAX - 1
      return found
    },
    nowMs: () => nowMs,
  })
  expect(await slow(key)).toEqual(HOLDER)
  await keys.revoke('web-shop')
  expect(await slow(key)).toEqual(HOLDER)
  nowMs += 1
  expect(await slow(key)).toBeNull()
})

test('who asks for one key at once shares one query, also while it runs', async () => {
  const asked = Array.from({ length: 50 }, () => authenticate(key))
  await settled()
  expect(queries).toHaveLength(1)
  asked.push(authenticate(key))
  expect(await Promise.all(asked)).toEqual(Array(51).fill(HOLDER))
  expect(queries).toHaveLength(1)
})

test('text that can be no key never reaches the database', async () => {
  const body = key.slice('folio_'.length)
  const wrong = ['', 'folio_', body, `folio_${body}A`, `folio_${body.slice(1)}`, `Folio_${body}`]
  const hostile = [`${key}\n`, ` ${key}`, `folio_${body.slice(1)}\u0000`, `folio_${body.slice(1)}=`]
  for (const text of [...wrong, ...hostile]) expect(await authenticate(text)).toBeNull()
  expect(queries).toEqual([])
})

test('neither the text of a key nor part of it goes to the database', async () => {
  await authenticate(key)
  expect(JSON.stringify(queries)).not.toContain(key.slice('folio_'.length, -20))
})

test('a wrong key tried again and again is asked for once a second', async () => {
  const wrong = newKeyText()
  for (let tries = 0; tries < 100; tries += 1) expect(await authenticate(wrong)).toBeNull()
  expect(queries).toHaveLength(1)
  nowMs += 1_000
  expect(await authenticate(wrong)).toBeNull()
  expect(queries).toHaveLength(2)
})

test('a flood of wrong keys costs one query at a time, and who holds a key waits for no more than two', async () => {
  const asked: number[] = []
  const slow = gate()
  const flooded = createAuthenticate({
    find: async (hashes) => {
      asked.push(hashes.length)
      await slow.opened
      return keys.find(hashes)
    },
    nowMs: () => nowMs,
  })
  const first = flooded(newKeyText())
  await settled()
  const flood = Array.from({ length: 5_000 }, () => flooded(newKeyText()))
  const holder = flooded(key)
  await settled()
  expect(asked).toEqual([1])
  slow.open()
  expect(await holder).toEqual(HOLDER)
  expect(await Promise.all([first, ...flood])).toEqual(Array(5_001).fill(null))
  expect(asked).toEqual([1, 5_001])
})

test('wrong keys do not drive out those that hold', async () => {
  await authenticate(key)
  for (let batch = 0; batch < 3; batch += 1) {
    await Promise.all(Array.from({ length: 9_000 }, () => authenticate(newKeyText())))
  }
  const asked = queries.length
  expect(await authenticate(key)).toEqual(HOLDER)
  expect(queries).toHaveLength(asked)
})

test('beyond what one query takes, the next is turned away at once and the others are answered', async () => {
  const flood = Array.from({ length: 10_000 }, () => authenticate(newKeyText()))
  await expect(authenticate(key)).rejects.toThrow(TooManyKeys)
  expect(await Promise.all(flood)).toEqual(Array(10_000).fill(null))
  expect(await authenticate(key)).toEqual(HOLDER)
})

test('a key made just now holds at once', async () => {
  await Promise.all(Array.from({ length: 3 }, () => authenticate(newKeyText())))
  const made = await keys.replace({ name: 'till', role: 'viewer' })
  expect((await authenticate(made))?.principal).toBe('key:till')
})

test('a query that fails is told to all who waited for it, and forgotten', async () => {
  let failing = true
  const shaky = createAuthenticate({
    find: (hashes) => (failing ? Promise.reject(new Error('away')) : keys.find(hashes)),
    nowMs: () => nowMs,
  })
  const tried = await Promise.allSettled([shaky(key), shaky(key), shaky(newKeyText())])
  expect(tried.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  failing = false
  expect(await shaky(key)).toEqual(HOLDER)
})

test('a query that fails is not the failure of who waits for the next', async () => {
  const broken = gate()
  let asked = 0
  const shaky = createAuthenticate({
    find: async (hashes) => {
      asked += 1
      if (asked > 1) return keys.find(hashes)
      await broken.opened
      throw new Error('away')
    },
    nowMs: () => nowMs,
  })
  const first = shaky(newKeyText())
  await settled()
  const second = shaky(key)
  broken.open()
  await expect(first).rejects.toThrow('away')
  expect(await second).toEqual(HOLDER)
})

test.each([
  ['held', HOLDER],
  ['wrong', undefined],
])('no more than so many keys are remembered that are %s', async (_kind, holder) => {
  let asked = 0
  const asking = createAuthenticate({
    find: (hashes) => {
      asked += 1
      const found = holder === undefined ? [] : hashes.map((hash) => [hash, holder] as const)
      return Promise.resolve(new Map(found as [string, Principal][]))
    },
    nowMs: () => nowMs,
  })
  await asking(key)
  await Promise.all(Array.from({ length: 9_999 }, () => asking(newKeyText())))
  await asking(key)
  expect(asked).toBe(2)
  await asking(newKeyText())
  await asking(key)
  expect(asked).toBe(4)
})

function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** All that can go on without the database has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
