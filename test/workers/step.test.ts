import { afterEach, beforeEach, expect, test } from 'vitest'
import { orderList } from '../../projections/order-list.js'
import type { Projection } from '../../projections/projection.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { ensureBuilds, liveBuilds } from '../../src/workers/builds.js'
import { fill } from '../../src/workers/fill.js'
import { acquireLeases, releaseLeases, renewLeases } from '../../src/workers/leases.js'
import { CheckpointMoved, type Follower, stepPage } from '../../src/workers/step.js'
import {
  folioStream,
  invoicePosted,
  orderPlaced,
  storyLog,
  type StoryLog,
} from '../support/ledger-story.js'
import { type ReadSide, readSide, rowsOf } from '../support/read-side.js'

let side: ReadSide
let story: StoryLog

beforeEach(async () => {
  side = await readSide()
  story = storyLog()
  await story.append(
    folioStream(1),
    orderPlaced({ folio: 1 }),
    invoicePosted({ folio: 1, order: 'placed' }),
  )
  await ensureBuilds(side.db, [orderList], await story.store.identity())
})
afterEach(async () => {
  await side.drop()
})

const LEASE_MS = 60_000

async function follower(projection: Projection = orderList): Promise<Follower> {
  const held = await acquireLeases(side.db, [orderList.name], { holder: 'me', leaseMs: LEASE_MS })
  const build = (await liveBuilds(side.db)).get(orderList.name)
  const token = held.get(orderList.name)
  if (build === undefined || token === undefined) throw new Error('The projection is not free')
  const position = build.position === null ? null : BigInt(build.position)
  return {
    projection,
    build: build.build,
    tableName: build.tableName,
    state: build.state,
    lease: { name: orderList.name, token },
    position,
  }
}

const page = async (): Promise<readonly LedgerEvent[]> =>
  story.log.open(await story.store.readAll({ after: null, limit: 100 }))

const checkpoint = async () => (await liveBuilds(side.db)).get(orderList.name)

test('rows and checkpoint move together', async () => {
  const [outcome] = await stepPage(side.db, [await follower()], await page())
  expect(outcome).toMatchObject({ events: 2, failure: null, follower: { position: 2n } })
  expect(await rowsOf(side.db, orderList)).toMatchObject([{ invoiced: '120.00' }])
  const [, last] = await page()
  expect(await checkpoint()).toMatchObject({ position: '2', eventId: last?.id, events: '2' })
})

test('a page delivered again changes nothing', async () => {
  const [first] = await stepPage(side.db, [await follower()], await page())
  const [second] = await stepPage(side.db, [first?.follower ?? (await follower())], await page())
  expect(second).toMatchObject({ events: 0 })
  expect(await rowsOf(side.db, orderList)).toMatchObject([{ invoiced: '120.00' }])
  expect(await checkpoint()).toMatchObject({ events: '2' })
})

test('a page taken from where this worker no longer stands is refused whole', async () => {
  const before = await follower()
  await stepPage(side.db, [before], await page())
  await expect(stepPage(side.db, [before], await page())).rejects.toThrow(CheckpointMoved)
  expect(await rowsOf(side.db, orderList)).toMatchObject([{ invoiced: '120.00' }])
})

test('of two workers at the same place one is refused', async () => {
  const same = await follower()
  const events = await page()
  const outcomes = await Promise.allSettled([
    stepPage(side.db, [same], events),
    stepPage(side.db, [same], events),
  ])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await rowsOf(side.db, orderList)).toMatchObject([{ invoiced: '120.00' }])
})

test('one whose lease was taken over writes nothing more, though the checkpoint stands where it left it', async () => {
  const asleep = await follower()
  await releaseLeases(side.db, new Map([[orderList.name, asleep.lease.token]]))
  const awake = await follower()
  await expect(stepPage(side.db, [asleep], await page())).rejects.toThrow(CheckpointMoved)
  expect(await rowsOf(side.db, orderList)).toEqual([])
  await stepPage(side.db, [awake], await page())
  expect(await rowsOf(side.db, orderList)).toHaveLength(1)
})

test('killed after the rows and before the checkpoint, neither is there, and the page is taken again', async () => {
  const one = await follower()
  // The second projection dies while the rows of the first are written already, in the same transaction.
  const dying: Projection = {
    ...orderList,
    table: { ...orderList.table, columns: { nowhere: 'text' } },
  }
  await expect(
    stepPage(side.db, [one, { ...one, projection: dying }], await page()),
  ).rejects.toThrow()
  expect(await rowsOf(side.db, orderList)).toEqual([])
  expect(await checkpoint()).toMatchObject({ position: null, events: '0' })
  await stepPage(side.db, [one], await page())
  expect(await rowsOf(side.db, orderList)).toMatchObject([{ invoiced: '120.00' }])
})

test('a fill takes nothing beyond the position it is to reach', async () => {
  const options = { db: side.db, ...story, pageSizeMax: 100, signal: new AbortController().signal }
  const [filled] = await fill(options, [await follower()], { to: 1n })
  expect(filled?.position).toBe(1n)
  expect(await rowsOf(side.db, orderList)).toMatchObject([{ invoiced: '0.00' }])
})

test('a build that queries no longer read is not advanced', async () => {
  const one = await follower()
  await side.db
    .updateTable('read_model.projection_builds')
    .set({ state: 'kept' })
    .where('name', '=', orderList.name)
    .execute()
  await expect(stepPage(side.db, [one], await page())).rejects.toThrow(CheckpointMoved)
})

test('a lease that is held is not taken, and one that ran out is', async () => {
  const held = await acquireLeases(side.db, ['a', 'b'], { holder: 'me', leaseMs: LEASE_MS })
  expect([...held]).toEqual([
    ['a', '1'],
    ['b', '1'],
  ])
  expect(
    (await acquireLeases(side.db, ['a', 'b'], { holder: 'you', leaseMs: LEASE_MS })).size,
  ).toBe(0)
  await renewLeases(side.db, new Map([['a', '1']]), 0)
  const taken = await acquireLeases(side.db, ['a', 'b'], { holder: 'you', leaseMs: LEASE_MS })
  expect([...taken]).toEqual([['a', '2']])
  expect([...(await renewLeases(side.db, held, LEASE_MS)).keys()]).toEqual(['b'])
})
