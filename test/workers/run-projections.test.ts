import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { invoiceList } from '../../projections/invoice-list.js'
import { orderList } from '../../projections/order-list.js'
import { paymentList } from '../../projections/payment-list.js'
import { PROJECTIONS } from '../../projections/index.js'
import { openPostgresEventStore } from '../../src/event-store/postgres.js'
import { liveBuilds } from '../../src/workers/builds.js'
import { projectionStatus } from '../../src/workers/projection-status.js'
import { rebuildProjections } from '../../src/workers/rebuild.js'
import type { RunningProjections } from '../../src/workers/run-projections.js'
import {
  BOOKS_STREAM,
  booksOpened,
  folioStream,
  invoicePosted,
  orderPlaced,
  paymentRegistered,
  storyLog,
} from '../support/ledger-story.js'
import { project } from '../support/project.js'
import { sampleStory, storyOf, storySteps } from '../support/random-story.js'
import { caughtUp, follow, type ReadSide, readSide, rowsOf, tell } from '../support/read-side.js'

let side: ReadSide
const running: RunningProjections[] = []
const started = (worker: RunningProjections): RunningProjections => {
  running.push(worker)
  return worker
}

beforeEach(async () => {
  side = await readSide()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.stop()))
  await side.drop()
})

const error = async (name: string) => (await liveBuilds(side.db)).get(name)?.error ?? null

/** Many read models over many logs, on machines that do other work too. */
const PROPERTY_TIMEOUT_MS = 180_000

test(
  'the tables hold exactly what the folds give, whatever happened, in pages of any size',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        storySteps(4, 40),
        fc.integer({ min: 1, max: 20 }),
        async (steps, pageSizeMax) => {
          const fresh = await readSide()
          const story = storyLog()
          const appends = storyOf(steps)
          await tell(story, appends)
          const worker = follow(fresh.db, story, { pageSizeMax })
          await caughtUp(fresh.db, story)
          await worker.stop()
          const facts = appends.flatMap((append) => append.facts)
          for (const projection of PROJECTIONS) {
            const expected = [...project(projection, facts)].sort((a, b) =>
              String(a['sortKey']) < String(b['sortKey']) ? -1 : 1,
            )
            expect(await rowsOf(fresh.db, projection)).toEqual(expected)
          }
          await fresh.drop()
        },
      ),
      { numRuns: 15 },
    )
  },
  PROPERTY_TIMEOUT_MS,
)

test('follows what is appended after it started', async () => {
  const story = storyLog()
  started(follow(side.db, story))
  await story.append(BOOKS_STREAM, ...booksOpened())
  await caughtUp(side.db, story)
  await story.append(folioStream(1), invoicePosted({ folio: 1 }))
  await caughtUp(side.db, story)
  await story.append(folioStream(1), paymentRegistered({ folio: 1, account: 'cash' }))
  await caughtUp(side.db, story)
  expect(await rowsOf(side.db, invoiceList)).toMatchObject([{ status: 'Paid' }])
})

test('follows the log in PostgreSQL as it does the one in memory', async () => {
  const store = await openPostgresEventStore({ connectionString: side.connectionString })
  const story = storyLog(store)
  const worker = follow(side.db, story)
  await tell(story, sampleStory({ folios: 5, length: 60, seed: 3 }))
  await caughtUp(side.db, story)
  const results = await rebuildProjections({
    db: side.db,
    ...story,
    projections: PROJECTIONS,
    holder: 'rebuild',
  })
  expect(results.map(({ identical }) => identical)).toEqual(PROJECTIONS.map(() => true))
  await worker.stop()
  await store.close()
})

test('started again it goes on where it stood, and counts nothing twice', async () => {
  const story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened())
  await story.append(
    folioStream(1),
    orderPlaced({ folio: 1 }),
    invoicePosted({ folio: 1, order: 'placed' }),
  )
  const first = follow(side.db, story)
  await caughtUp(side.db, story)
  await first.stop()
  await story.append(folioStream(1), paymentRegistered({ folio: 1, amount: '20.00' }))
  started(follow(side.db, story))
  await caughtUp(side.db, story)
  expect(await rowsOf(side.db, orderList)).toMatchObject([{ invoiced: '120.00' }])
  expect(await rowsOf(side.db, invoiceList)).toMatchObject([{ due: '100.00' }])
  expect((await liveBuilds(side.db)).get('order_list')?.events).toBe('17')
})

test('two workers at once count nothing twice, and one of them leads', async () => {
  const story = storyLog()
  const first = started(follow(side.db, story, { holder: 'first', pageSizeMax: 3 }))
  const second = started(follow(side.db, story, { holder: 'second', pageSizeMax: 3 }))
  const appends = sampleStory({ folios: 10, length: 150, seed: 7 })
  await tell(story, appends)
  await caughtUp(side.db, story)
  const facts = appends.flatMap((append) => append.facts)
  expect((await liveBuilds(side.db)).get('trial_balance')?.events).toBe(`${facts.length}`)
  expect(new Set([...first.leading(), ...second.leading()]).size).toBe(PROJECTIONS.length)
  expect(first.leading().filter((name) => second.leading().includes(name))).toEqual([])
})

test('after a clean stop another takes over long before the lease ends', async () => {
  const story = storyLog()
  const first = follow(side.db, story, { holder: 'first', leaseMs: 60_000 })
  await vi.waitFor(() => expect(first.leading()).toHaveLength(PROJECTIONS.length), 5_000)
  const second = started(follow(side.db, story, { holder: 'second', leaseMs: 60_000 }))
  await first.stop()
  await story.append(BOOKS_STREAM, ...booksOpened())
  await caughtUp(side.db, story)
  expect(second.leading()).toHaveLength(PROJECTIONS.length)
})

test('after a holder is gone without a word another takes over when the lease ends', async () => {
  const story = storyLog()
  const gone = follow(side.db, story, { holder: 'gone' })
  await vi.waitFor(() => expect(gone.leading()).toHaveLength(PROJECTIONS.length), 5_000)
  await gone.stop()
  // As kill -9 leaves it: held, and running out by itself.
  await sql`update read_model.projection_leases
    set expires_at = clock_timestamp() + interval '400 milliseconds', token = token + 1`.execute(
    side.db,
  )
  await story.append(BOOKS_STREAM, ...booksOpened())
  const startedAt = performance.now()
  started(follow(side.db, story, { holder: 'next' }))
  await caughtUp(side.db, story)
  expect(performance.now() - startedAt).toBeGreaterThan(350)
})

test('an event that does not fold stops the projection that it concerns, with its name, and no other', async () => {
  const story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened())
  // A payment of an invoice that was never posted: the lists of invoices and open items have a gap.
  await story.append(folioStream(1), orderPlaced({ folio: 1 }), paymentRegistered({ folio: 1 }))
  const warnings: string[] = []
  started(follow(side.db, story, { onWarning: (message) => warnings.push(message) }))
  await caughtUp(side.db, story, [paymentList, orderList])
  await vi.waitFor(async () => expect(await error('invoice_list')).not.toBeNull(), 5_000)
  expect(await error('invoice_list')).toContain('PaymentRegistered at position 16: MissingRow')
  expect(await error('open_items')).toContain('PaymentRegistered at position 16: MissingRow')
  expect(await error('order_list')).toBeNull()
  expect((await liveBuilds(side.db)).get('invoice_list')?.position).toBe('15')
  expect(warnings.join('\n')).toContain(
    'invoice_list stands still at PaymentRegistered, position 16',
  )
  await story.append(folioStream(2), orderPlaced({ folio: 2 }))
  await caughtUp(side.db, story, [orderList])
  expect(await rowsOf(side.db, orderList)).toHaveLength(2)
})

test('a damaged event stops every projection there, after what came before it', async () => {
  const story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened())
  const damaged: StoryLogWithDamage = { ...story, log: damagedAt(story.log, 15n) }
  await story.append(folioStream(1), orderPlaced({ folio: 1 }))
  started(follow(side.db, damaged))
  await vi.waitFor(async () => expect(await error('order_list')).not.toBeNull(), 5_000)
  expect(await error('order_list')).toBe('OrderPlaced at position 15: SyntaxError: damaged')
  expect((await liveBuilds(side.db)).get('order_list')?.position).toBe('14')
})

test('a log that is another one than the checkpoints were made over stops them, saying what to do', async () => {
  const story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened())
  const first = follow(side.db, story)
  await caughtUp(side.db, story)
  await first.stop()
  const foreign = storyLog()
  await foreign.append(BOOKS_STREAM, ...booksOpened())
  started(follow(side.db, foreign))
  await vi.waitFor(async () => expect(await error('invoice_list')).not.toBeNull(), 5_000)
  expect(await error('invoice_list')).toContain('was built from the log')
  expect(await error('invoice_list')).toContain('run folio rebuild')
})

test('a log restored from before the checkpoint stops them, saying what to do', async () => {
  const story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened())
  const first = follow(side.db, story)
  await caughtUp(side.db, story)
  await first.stop()
  const restored = storyLog()
  await restored.append('books-other', ...booksOpened().slice(0, 3))
  const identity = await story.store.identity()
  started(
    follow(side.db, {
      ...restored,
      store: { ...restored.store, identity: () => Promise.resolve(identity) },
    }),
  )
  await vi.waitFor(async () => expect(await error('invoice_list')).not.toBeNull(), 5_000)
  expect(await error('invoice_list')).toContain(
    'has events up to position 14, where this log has none',
  )
})

test('a build of another version than the code is left alone, saying what to do', async () => {
  const story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened())
  const first = follow(side.db, story)
  await caughtUp(side.db, story)
  await first.stop()
  const { version } = invoiceList
  const newer = PROJECTIONS.map((projection) =>
    projection === invoiceList ? { ...invoiceList, version: version + 1 } : projection,
  )
  started(follow(side.db, story, { projections: newer }))
  await vi.waitFor(async () => expect(await error('invoice_list')).not.toBeNull(), 5_000)
  expect(await error('invoice_list')).toBe(
    `invoice_list was built as version ${version}, and the code has version ${version + 1}: run folio rebuild.`,
  )
})

test('tells how far each projection is, and who advances it', async () => {
  const story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened())
  const worker = follow(side.db, story, { holder: 'me' })
  await caughtUp(side.db, story)
  expect((await projectionStatus(side.db, story.store, PROJECTIONS))[1]).toEqual({
    name: 'invoice_list',
    version: invoiceList.version,
    codeVersion: invoiceList.version,
    build: 1,
    position: '14',
    events: '14',
    lag: { events: 0, seconds: 0 },
    holder: 'me',
    error: null,
  })
  await worker.stop()
  await story.append(folioStream(1), orderPlaced({ folio: 1 }))
  expect((await projectionStatus(side.db, story.store, PROJECTIONS))[1]).toMatchObject({
    lag: { events: 1 },
    holder: null,
  })
})

type StoryLogWithDamage = ReturnType<typeof storyLog>

function damagedAt(log: StoryLogWithDamage['log'], position: bigint): StoryLogWithDamage['log'] {
  return {
    ...log,
    open: (page) =>
      page.some((stored) => stored.position === position)
        ? Promise.reject(new SyntaxError('damaged'))
        : log.open(page),
  }
}
