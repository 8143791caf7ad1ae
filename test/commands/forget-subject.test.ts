/** A person is forgotten (A6): the event first, then the keys; everything but the names stays as it was. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { forgetSubject } from '../../commands/party/forget-subject.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { openPostgresSubjectKeys } from '../../src/event-store/postgres-subject-keys.js'
import { KEY_BYTES } from '../../src/event-store/seal.js'
import type { SubjectKeys } from '../../src/event-store/subject-keys.js'
import { FORGOTTEN } from '../../src/events/personal.js'
import { createOracle } from '../oracle/oracle.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { testDatabase, type TestDatabase } from '../support/postgres.js'
import { testSubjectKeys } from '../support/subject-keys.js'
import { item } from './scenes.js'

const PARTY = '00000000-0000-4000-8000-0000000000ab'
const OTHER = '00000000-0000-4000-8000-0000000000cd'
const REASON = 'Ticket 4711'

const invoiceOf = (ledger: TestLedger, name: string, party: string | null = PARTY) =>
  ledger
    .must(draftInvoice, {
      lines: [item('100')],
      party,
      billTo: { name, email: 'ada@example.com', country: 'GB' },
    })
    .then(({ invoiceId }) => invoiceId)

const forget = async (ledger: TestLedger, input: object, key?: string) => {
  const outcome = await ledger.handler.subject(
    forgetSubject,
    { reason: REASON, ...input },
    { principal: 'tester', key: key ?? `forget-${Math.random()}`, correlation: 'test' },
  )
  if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
  return outcome
}

const namesIn = async (ledger: TestLedger) =>
  (await ledger.events()).flatMap(({ data }) => {
    const { billTo } = data as { billTo?: { name?: string } }
    return billTo?.name === undefined ? [] : [billTo.name]
  })

async function expectWholeChain(ledger: TestLedger, store: EventStore): Promise<void> {
  const stored = await store.readAll({ after: null, limit: 10_000 })
  const events = await ledger.log.open(stored)
  const oracle = createOracle()
  events.forEach((event, index) => {
    oracle.feed(event, stored[index])
  })
  expect(oracle.violations.filter((text) => /hash|revision|event_id/.test(text))).toEqual([])
}

test('all documents of a party name nobody any more; those of others stay', async () => {
  const store = createMemoryEventStore()
  const ledger = await createTestLedger(store)
  const first = await invoiceOf(ledger, 'Ada')
  const second = await invoiceOf(ledger, 'Ada Byron')
  await ledger.must(postInvoice, { invoiceId: second })
  await invoiceOf(ledger, 'Bob', OTHER)
  const { answer, appended } = await forget(ledger, { party: PARTY })
  expect({ answer, appended }).toMatchObject({
    answer: { subject: PARTY, documents: 2 },
    appended: 1,
  })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, FORGOTTEN, FORGOTTEN, 'Bob'])
  const [event] = (await ledger.events()).filter(({ type }) => type === 'SubjectForgotten')
  expect(event).toMatchObject({
    stream: `subject-${PARTY}`,
    data: { subject: PARTY, documents: expect.arrayContaining([first, second]), reason: REASON },
  })
  await expectWholeChain(ledger, store)
})

test('what comes later is sealed anew; the same request again leaves it, another forgets it too', async () => {
  const ledger = await createTestLedger()
  await invoiceOf(ledger, 'Ada')
  const once = await forget(ledger, { party: PARTY }, 'once')
  await invoiceOf(ledger, 'Ada again')
  const repeat = await forget(ledger, { party: PARTY }, 'once')
  expect(repeat).toMatchObject({ answer: once.answer, replayed: true, appended: 0 })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, 'Ada again'])
  const twice = await forget(ledger, { party: PARTY }, 'twice')
  expect(twice).toMatchObject({ answer: { documents: 1 }, replayed: false })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, FORGOTTEN])
  expect(await forget(ledger, { party: PARTY }, 'thrice')).toMatchObject({
    answer: { keys: 0, documents: 0 },
    appended: 0,
  })
})

test('a draft of before is posted, and names nobody', async () => {
  const ledger = await createTestLedger()
  const invoiceId = await invoiceOf(ledger, 'Ada')
  await forget(ledger, { party: PARTY })
  await ledger.must(postInvoice, { invoiceId })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, FORGOTTEN])
})

test('a crash between event and drop is completed by asking again, and by the doctor', async () => {
  for (const complete of [
    (ledger: TestLedger) => forget(ledger, { party: PARTY }, 'once'),
    (ledger: TestLedger) => forget(ledger, { party: PARTY }, 'other'),
    async (ledger: TestLedger) => {
      expect(await ledger.handler.finishForgetting(PARTY)).toBe(1)
      expect(await ledger.handler.finishForgetting(PARTY)).toBe(0)
    },
  ]) {
    const keys = testSubjectKeys()
    const store = createMemoryEventStore()
    const crashing: SubjectKeys = { ...keys, drop: () => Promise.reject(new Error('crash')) }
    const victim = await createTestLedger(store, {}, undefined, {
      ...crashing,
      // Nothing is to be dropped before the event.
      drop: (named) => (named.length === 0 ? Promise.resolve([]) : crashing.drop(named)),
    })
    await invoiceOf(victim, 'Ada')
    await expect(forget(victim, { party: PARTY }, 'once')).rejects.toThrow('crash')
    const ledger = await createTestLedger(store, {}, undefined, keys)
    expect(await namesIn(ledger)).toEqual(['Ada'])
    await complete(ledger)
    expect(await namesIn(ledger)).toEqual([FORGOTTEN])
    const events = await ledger.events()
    expect(events.filter(({ type }) => type === 'SubjectForgotten')).toHaveLength(1)
  }
})

test('the guest of a sale without a party is named by any document of it', async () => {
  const ledger = await createTestLedger()
  const invoiceId = await invoiceOf(ledger, 'Guest', null)
  const ofParty = await invoiceOf(ledger, 'Ada')
  const ask = (input: object) =>
    ledger.handler.subject(
      forgetSubject,
      { reason: REASON, ...input },
      { principal: 'tester', key: JSON.stringify(input), correlation: 'test' },
    )
  expect(await ask({ document: ofParty })).toEqual({
    outcome: 'refused',
    refusal: { code: 'document_names_party', document: ofParty, party: PARTY },
  })
  const unknown = `${OTHER}-i1`
  expect(await ask({ document: unknown })).toEqual({
    outcome: 'refused',
    refusal: { code: 'document_not_found', document: unknown },
  })
  for (const input of [{}, { party: PARTY, document: invoiceId }]) {
    expect(await ask(input)).toMatchObject({ outcome: 'malformed' })
  }
  expect(await ask({ document: invoiceId })).toMatchObject({
    answer: { subject: invoiceId.slice(0, 36), documents: 1 },
  })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, 'Ada'])
})

test('a document that was appended while we looked is found and listed too', async () => {
  const keys = testSubjectKeys()
  const store = createMemoryEventStore()
  const other = await createTestLedger(store, {}, undefined, keys)
  let late = ''
  const ledger = await createTestLedger(store, {}, undefined, {
    ...keys,
    drop: async (named) => {
      if (named.length > 0 && late === '') late = await invoiceOf(other, 'Ada late')
      return keys.drop(named)
    },
  })
  await invoiceOf(ledger, 'Ada')
  const { answer } = await forget(ledger, { party: PARTY })
  expect(answer).toMatchObject({ documents: 2 })
  const listed = (await ledger.events()).flatMap((event) =>
    event.type === 'SubjectForgotten' ? event.data.documents : [],
  )
  expect(listed).toContain(late)
})

test('who is forgotten between a decision and its append is decided on anew', async () => {
  const keys = testSubjectKeys()
  let isForgotten = false
  const ledger = await createTestLedger(createMemoryEventStore(), {}, undefined, {
    ...keys,
    obtain: async (subject) => {
      if (isForgotten) await keys.drop(await keys.named([subject]))
      isForgotten = false
      return keys.obtain(subject)
    },
  })
  const invoiceId = await invoiceOf(ledger, 'Ada')
  isForgotten = true
  await ledger.must(postInvoice, { invoiceId })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, FORGOTTEN])
})

describe('several processes', severalProcesses)

function severalProcesses(): void {
  let database: TestDatabase
  let pool: pg.Pool
  beforeAll(async () => {
    database = await testDatabase()
    pool = new pg.Pool({ connectionString: database.connectionString, max: 4 })
  })
  afterAll(async () => {
    await pool.end()
    await database.drop()
  })
  const process = async (store: EventStore) => {
    const keys = await openPostgresSubjectKeys(pool, Buffer.alloc(KEY_BYTES, 42))
    return { keys, ledger: await createTestLedger(store, {}, undefined, keys) }
  }

  test('another process that remembers the folio and the key writes no name down again', async () => {
    const store = createMemoryEventStore()
    const [mine, theirs] = [await process(store), await process(store)]
    const soon = await invoiceOf(theirs.ledger, 'Ada')
    const late = await invoiceOf(theirs.ledger, 'Ada')
    await forget(mine.ledger, { party: PARTY })
    // At once: what they remember may still say the name, and is sealed with the key that is gone.
    await theirs.ledger.must(postInvoice, { invoiceId: soon })
    expect(await namesIn(mine.ledger)).toEqual([FORGOTTEN, FORGOTTEN, FORGOTTEN])
    // Within two seconds they know.
    await vi.waitFor(async () => {
      expect((await theirs.keys.find([PARTY])).size).toBe(0)
    }, 2_000)
    await theirs.ledger.must(postInvoice, { invoiceId: late })
    const posted = (await mine.ledger.events()).filter(({ type }) => type === 'InvoicePosted')
    expect(posted.map(({ data }) => (data as { billTo: object }).billTo)).toEqual([
      { name: FORGOTTEN, country: 'GB' },
      { name: FORGOTTEN, country: 'GB' },
    ])
    await expectWholeChain(mine.ledger, store)
  })

  test('a key that was made since is neither dropped nor opens what was sealed before', async () => {
    const { keys } = await process(createMemoryEventStore())
    await keys.obtain('ada')
    const first = await keys.named(['ada', 'nobody'])
    expect(first).toHaveLength(1)
    expect(await keys.drop(first)).toEqual(first)
    expect(await keys.drop(first)).toEqual([])
    const second = await keys.obtain('ada')
    expect(await keys.drop(first)).toEqual([])
    expect((await keys.find(['ada'])).get('ada')).toEqual(second)
  })

  test('who reads that somebody is forgotten opens nothing with their key, dropped or not', async () => {
    const { keys } = await process(createMemoryEventStore())
    await keys.obtain('bob')
    const before = keys.generation()
    keys.revoke(await keys.named(['bob']))
    expect((await keys.find(['bob'])).size).toBe(0)
    expect(keys.generation()).toBeGreaterThan(before)
  })
}
