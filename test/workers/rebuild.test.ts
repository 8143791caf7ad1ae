import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { invoiceList } from '../../projections/invoice-list.js'
import { PROJECTIONS } from '../../projections/index.js'
import { orderList } from '../../projections/order-list.js'
import type { LedgerEventType } from '../../src/events/ledger-event.js'
import { liveBuilds } from '../../src/workers/builds.js'
import {
  rebuildProjections,
  type RebuildOptions,
  RebuildUnderWay,
} from '../../src/workers/rebuild.js'
import type { RunningProjections } from '../../src/workers/run-projections.js'
import {
  BOOKS_STREAM,
  booksOpened,
  folioStream,
  invoicePosted,
  orderPlaced,
  paymentRegistered,
  storyLog,
  type StoryLog,
} from '../support/ledger-story.js'
import { sampleStory, storyOf, storySteps } from '../support/random-story.js'
import {
  caughtUp,
  follow,
  hashes,
  type ReadSide,
  readSide,
  rowsOf,
  tell,
} from '../support/read-side.js'

let side: ReadSide
const running: RunningProjections[] = []

beforeEach(async () => {
  side = await readSide()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.stop()))
  await side.drop()
})

const someStory = (seed: number) => sampleStory({ folios: 10, length: 200, seed })

const rebuild = (
  db: ReadSide['db'],
  { store, log }: StoryLog,
  options: Partial<RebuildOptions> = {},
) => rebuildProjections({ db, store, log, projections: PROJECTIONS, holder: 'rebuild', ...options })

async function grow(story: StoryLog): Promise<RunningProjections> {
  const worker = follow(side.db, story)
  running.push(worker)
  await caughtUp(side.db, story)
  return worker
}

/** Many read models over many logs, on machines that do other work too. */
const PROPERTY_TIMEOUT_MS = 180_000

test(
  'whatever happened, the rebuilt read models are byte for byte the grown ones',
  async () => {
    await fc.assert(
      fc.asyncProperty(storySteps(5, 60), async (steps) => {
        const fresh = await readSide()
        const story = storyLog()
        const worker = follow(fresh.db, story, { pageSizeMax: 2 })
        await tell(story, storyOf(steps))
        await caughtUp(fresh.db, story)
        const grown = await hashes(fresh.db)
        const results = await rebuild(fresh.db, story, { pageSizeMax: 7 })
        expect(results.map(({ identical }) => identical)).toEqual(PROJECTIONS.map(() => true))
        expect(await hashes(fresh.db)).toEqual(grown)
        await worker.stop()
        await fresh.drop()
      }),
      { numRuns: 10 },
    )
  },
  PROPERTY_TIMEOUT_MS,
)

test('the story tells every event that moves a read model of documents or accounts', () => {
  const told = new Set(
    sampleStory({ folios: 40, length: 2_000, seed: 1 }).flatMap(({ facts }) =>
      facts.map(({ type }) => type),
    ),
  )
  const moving = PROJECTIONS.filter(({ name }) => name !== 'instance_list').flatMap(({ on }) =>
    Object.entries(on).flatMap(([type, folding]) => (folding === 'ignored' ? [] : [type])),
  )
  expect([...new Set(moving)].filter((type) => !told.has(type as LedgerEventType))).toEqual([])
})

test('goes on while events come in, and misses none of them', async () => {
  const story = storyLog()
  await tell(story, someStory(1))
  const worker = await grow(story)
  const rebuilding = rebuild(side.db, story, { pageSizeMax: 5 })
  for (let folio = 100; folio < 160; folio += 1) {
    await story.append(
      folioStream(folio),
      orderPlaced({ folio }),
      invoicePosted({ folio, order: 'placed' }),
    )
  }
  const results = await rebuilding
  expect(results.map(({ identical }) => identical)).toEqual(PROJECTIONS.map(() => true))
  await caughtUp(side.db, story)
  await worker.stop()
  const live = await hashes(side.db)
  const again = await rebuild(side.db, story)
  expect(Object.fromEntries(again.map(({ name, hash }) => [name, hash]))).toEqual(live)
})

test('tells what it did, and how far it is', async () => {
  const story = storyLog()
  await tell(story, someStory(2))
  await grow(story)
  const progress: number[] = []
  const of = Number(await story.store.head())
  const results = await rebuild(side.db, story, {
    pageSizeMax: 50,
    onProgress: ({ events, of: total }) => {
      expect(total).toBe(of)
      progress.push(events)
    },
  })
  expect(progress.at(-1)).toBe(of)
  expect(progress).toEqual([...progress].sort((a, b) => a - b))
  expect(results.map(({ name }) => name)).toEqual(PROJECTIONS.map(({ name }) => name))
  expect(results.find(({ name }) => name === 'trial_balance')).toMatchObject({
    events: of,
    rows: 16,
    identical: true,
  })
})

test('works where no process follows the log, and brings the read models to its end', async () => {
  const story = storyLog()
  await tell(story, someStory(3))
  const results = await rebuild(side.db, story)
  expect(results.every(({ identical }) => identical)).toBe(true)
  await caughtUp(side.db, story)
})

test('broken off, it goes on where it stood', async () => {
  const story = storyLog()
  await tell(story, someStory(4))
  await grow(story)
  const head = Number(await story.store.head())
  const breaking = new AbortController()
  await expect(
    rebuild(side.db, story, {
      pageSizeMax: 10,
      signal: breaking.signal,
      onProgress: ({ events }) => {
        if (events >= 40) breaking.abort()
      },
    }),
  ).rejects.toThrow()
  const read: number[] = []
  const results = await rebuild(side.db, story, {
    pageSizeMax: 1_000,
    onProgress: ({ events }) => read.push(events),
  })
  expect(read.at(-1)).toBe(head - 40)
  expect(results.map(({ identical }) => identical)).toEqual(PROJECTIONS.map(() => true))
})

test('a read model that was changed by hand is told apart, and made right', async () => {
  const story = storyLog()
  await tell(story, someStory(5))
  await story.append(folioStream(500), invoicePosted({ folio: 500 }))
  await grow(story)
  const before = await hashes(side.db)
  const { tableName } = (await liveBuilds(side.db)).get('invoice_list') ?? { tableName: '' }
  await sql`update ${sql.id('read_model', tableName)} set due = due + 1`.execute(side.db)
  const results = await rebuild(side.db, story)
  expect(results.filter(({ identical }) => !identical).map(({ name }) => name)).toEqual([
    'invoice_list',
  ])
  expect(await hashes(side.db)).toEqual(before)
})

test('a new version is built beside the old one, which is kept, and of these only the last', async () => {
  const story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened())
  await story.append(folioStream(1), orderPlaced({ folio: 1 }))
  const worker = await grow(story)
  await worker.stop()
  const version = orderList.version + 1
  const newer = { ...orderList, version }
  for (const round of [1, 2]) {
    const [result] = await rebuild(side.db, story, { projections: [newer] })
    expect(result).toMatchObject({ identical: round === 1 ? null : true, rows: 1 })
  }
  const builds = await side.db
    .selectFrom('read_model.projection_builds')
    .where('name', '=', 'order_list')
    .select(['build', 'version', 'state'])
    .orderBy('build')
    .execute()
  expect(builds).toEqual([
    { build: 2, version, state: 'kept' },
    { build: 3, version, state: 'live' },
  ])
  const { rows } =
    await sql`select 1 from pg_tables where schemaname = 'read_model' and tablename = 'order_list_1'`.execute(
      side.db,
    )
  expect(rows).toEqual([])
})

test('a worker that follows the old build goes over to the new one', async () => {
  const story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened())
  await grow(story)
  await rebuild(side.db, story)
  await story.append(folioStream(1), invoicePosted({ folio: 1 }), paymentRegistered({ folio: 1 }))
  await caughtUp(side.db, story)
  expect((await liveBuilds(side.db)).get('invoice_list')?.build).toBe(2)
  expect(await rowsOf(side.db, invoiceList)).toMatchObject([{ status: 'In Payment' }])
})

test('makes read models of another log fit for this one', async () => {
  const other = storyLog()
  await other.append(BOOKS_STREAM, ...booksOpened())
  await (await grow(other)).stop()
  const story = storyLog()
  await tell(story, someStory(6))
  const worker = follow(side.db, story)
  running.push(worker)
  await vi.waitFor(
    async () =>
      expect((await liveBuilds(side.db)).get('order_list')?.error).toContain('folio rebuild'),
    5_000,
  )
  const results = await rebuild(side.db, story)
  expect(results.map(({ identical }) => identical)).toEqual(PROJECTIONS.map(() => null))
  await story.append(folioStream(900), orderPlaced({ folio: 900 }))
  await caughtUp(side.db, story)
  expect((await liveBuilds(side.db)).get('order_list')?.error).toBeNull()
})

test('two rebuilds of the same read models at once are one too many', async () => {
  const story = storyLog()
  await tell(story, someStory(7))
  const outcomes = await Promise.allSettled([rebuild(side.db, story), rebuild(side.db, story)])
  const refused = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  )
  expect(refused).toHaveLength(1)
  expect(refused[0]).toBeInstanceOf(RebuildUnderWay)
})

test('an event that does not fold ends the rebuild, and the live read model stays', async () => {
  const story = storyLog()
  await story.append(folioStream(1), paymentRegistered({ folio: 1 }))
  await expect(rebuild(side.db, story, { projections: [invoiceList] })).rejects.toThrow(
    'The rebuild stopped at PaymentRegistered, position 1, in invoice_list',
  )
  expect((await liveBuilds(side.db)).get('invoice_list')?.build).toBe(1)
})
