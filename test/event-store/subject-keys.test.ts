import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import {
  MasterKeyDiffers,
  openPostgresSubjectKeys,
} from '../../src/event-store/postgres-subject-keys.js'
import { KEY_BYTES, SealBroken } from '../../src/event-store/seal.js'
import { FORGOTTEN } from '../../src/events/personal.js'
import { createOracle } from '../oracle/oracle.js'
import { corpusContext, CORPUS_SUBJECT } from '../fixtures/corpus.js'
import { PERSONAL_TEXTS, SAMPLE_FACTS } from '../fixtures/sample-facts.js'
import { testDatabase, type TestDatabase } from '../support/postgres.js'

const MASTER_KEY = Buffer.alloc(KEY_BYTES, 42)

let database: TestDatabase
let pool: pg.Pool

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database.drop()
})
beforeEach(() => {
  pool = new pg.Pool({ connectionString: database.connectionString, max: 4 })
})
afterEach(async () => {
  await pool.query('delete from subject_keys.keys')
  await pool.end()
})

/** As another process would open them, with nothing in memory. */
const opened = () => openPostgresSubjectKeys(pool, MASTER_KEY)

test('a key is made once, and found again by whoever opens them next', async () => {
  const key = await (await opened()).obtain('ada')
  expect(key).toHaveLength(KEY_BYTES)
  const later = await opened()
  expect(await later.find(['ada', 'nobody'])).toEqual(new Map([['ada', key]]))
  expect(await later.obtain('ada')).toEqual(key)
})

test('makers at once, in one process and in several, get the same key for each subject', async () => {
  const processes = await Promise.all(Array.from({ length: 4 }, opened))
  const subjects = Array.from({ length: 50 }, (_, index) => `subject-${index}`)
  const made = await Promise.all(
    [...processes, ...processes].map((keys) =>
      Promise.all(subjects.map((subject) => keys.obtain(subject))),
    ),
  )
  for (const keys of made) expect(keys).toEqual(made[0])
  expect(new Set(made[0]?.map((key) => key.toString('hex'))).size).toBe(subjects.length)
})

test('more subjects than one statement takes get their keys too', async () => {
  const keys = await opened()
  const subjects = Array.from({ length: 2300 }, (_, index) => `subject-${index}`)
  const made = await Promise.all(subjects.map((subject) => keys.obtain(subject)))
  expect((await (await opened()).find(subjects)).size).toBe(subjects.length)
  expect(new Set(made.map((key) => key.toString('hex'))).size).toBe(subjects.length)
})

test('two that open an empty database at once do not disturb each other', async () => {
  const empty = await testDatabase()
  const one = new pg.Pool({ connectionString: empty.connectionString, max: 2 })
  const other = new pg.Pool({ connectionString: empty.connectionString, max: 2 })
  const [first, second] = await Promise.all([
    openPostgresSubjectKeys(one, MASTER_KEY),
    openPostgresSubjectKeys(other, MASTER_KEY),
  ])
  expect(await first.obtain('ada')).toEqual(await second.obtain('ada'))
  await Promise.all([one.end(), other.end()])
  await empty.drop()
})

test('another master key is refused at the door', async () => {
  await opened()
  const other = Buffer.alloc(KEY_BYTES, 43)
  await expect(openPostgresSubjectKeys(pool, other)).rejects.toThrow(MasterKeyDiffers)
})

test('a wrapped key that was moved to another row does not open', async () => {
  const keys = await opened()
  await keys.obtain('ada')
  await keys.obtain('bob')
  await pool.query(
    `update subject_keys.keys set wrapped_key = (select wrapped_key from subject_keys.keys where subject = 'ada')
     where subject = 'bob'`,
  )
  await expect((await opened()).find(['bob'])).rejects.toThrow(SealBroken)
  expect((await (await opened()).find(['ada'])).size).toBe(1)
})

test('keys are not stored in clear', async () => {
  const key = await (await opened()).obtain('ada')
  const { rows } = await pool.query<{ wrapped_key: string }>(
    'select wrapped_key from subject_keys.keys',
  )
  const bytes = Buffer.from(rows[0]?.wrapped_key ?? '', 'base64')
  expect(bytes.includes(key)).toBe(false)
  expect(bytes.includes(key.toString('base64'))).toBe(false)
})

test('a subject whose key was dropped reads as forgotten, and the chain stays whole', async () => {
  const store = createMemoryEventStore()
  const { stream, origin } = corpusContext(CORPUS_SUBJECT)
  const facts = [SAMPLE_FACTS.OrderPlaced, SAMPLE_FACTS.InvoiceDrafted, SAMPLE_FACTS.OrderCancelled]
  const log = createLedgerLog(store, await opened())
  const { outcome } = await log.append(stream, 'no_stream', facts, origin)
  expect(outcome).toBe('appended')
  const stored = await store.readAll({ after: null, limit: 10 })
  const before = await createLedgerLog(store, await opened()).open(stored)
  expect(before[0]?.data).toMatchObject({ billTo: PERSONAL_TEXTS })

  await pool.query('delete from subject_keys.keys')

  const after = await createLedgerLog(store, await opened()).open(stored)
  expect(after[0]?.data).toMatchObject({ billTo: { name: FORGOTTEN }, shipTo: { name: FORGOTTEN } })
  expect(JSON.stringify(after[0]?.data)).not.toContain('Canary')
  const oracle = createOracle()
  after.forEach((event, index) => {
    oracle.feed(event, stored[index])
  })
  expect(oracle.violations.filter((violation) => /hash|revision|event_id/.test(violation))).toEqual(
    [],
  )
})
