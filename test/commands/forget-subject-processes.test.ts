/** A person is forgotten (A6) while other processes still remember them, over the keys in PostgreSQL. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { openPostgresSubjectKeys } from '../../src/event-store/postgres-subject-keys.js'
import { KEY_BYTES } from '../../src/event-store/seal.js'
import { FORGOTTEN } from '../../src/events/personal.js'
import { createTestLedger } from '../support/ledger.js'
import { testDatabase, type TestDatabase } from '../support/postgres.js'
import { expectWholeChain, forget, invoiceOf, namesIn, PARTY } from './forgetting-scenes.js'

describe('several processes', () => {
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
})
