/** What the write side remembers of streams: never more than it may, and never of somebody who was forgotten. */
import { expect, test } from 'vitest'
import { createAggregateCache } from '../../commands/aggregate-cache.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { createTestLedger } from '../support/ledger.js'
import { item } from './scenes.js'

/** The cache of a ledger with one event in `stream`; `folded` counts how often it was folded. */
async function counting() {
  const ledger = await createTestLedger()
  const { invoiceId } = await ledger.must(draftInvoice, { lines: [item('1')] })
  const seen = { folded: 0, generation: 0 }
  const log = { ...ledger.log, generation: () => seen.generation }
  const fold = (count: number) => {
    seen.folded += 1
    return count + 1
  }
  const cache = createAggregateCache<number>(log, { initial: 0, evolve: fold }, () => 0)
  return { cache, seen, stream: `folio-${invoiceId.slice(0, 36)}` }
}

test('a stream that was read is only read on', async () => {
  const { cache, seen, stream } = await counting()
  const first = await cache.load(stream, 0)
  expect(first).toMatchObject({ state: 1, end: { revision: 0 } })
  expect(await cache.load(stream, 0)).toMatchObject({ state: 1, end: { revision: 0 } })
  expect(seen.folded).toBe(1)
})

test('500 streams are remembered, and the one not asked for longest is read anew after that', async () => {
  const { cache, seen, stream } = await counting()
  await cache.load(stream, 0)
  for (let other = 1; other <= 499; other += 1) await cache.load(`folio-other-${other}`, 0)
  await cache.load(stream, 0)
  expect(seen.folded).toBe(1)
  for (let other = 500; other <= 998; other += 1) await cache.load(`folio-other-${other}`, 0)
  await cache.load(stream, 0)
  expect(seen.folded).toBe(1)
  for (let other = 999; other <= 1_498; other += 1) await cache.load(`folio-other-${other}`, 0)
  expect(await cache.load(stream, 0)).toMatchObject({ state: 1 })
  expect(seen.folded).toBe(2)
})

test('once somebody was forgotten nothing of before is remembered', async () => {
  const { cache, seen, stream } = await counting()
  await cache.load(stream, 0)
  seen.generation = 1
  expect(await cache.load(stream, 0)).toMatchObject({ state: 1, generation: 1 })
  expect(seen.folded).toBe(2)
  await cache.load(stream, 0)
  expect(seen.folded).toBe(2)
})

test('a folio named from a request is presumed new, unless it is remembered', async () => {
  const { cache, stream } = await counting()
  expect(cache.presumedNew(stream)).toMatchObject({ state: 0, end: 'no_stream', position: null })
  await cache.load(stream, 0)
  expect(cache.presumedNew(stream)).toMatchObject({ state: 1, end: { revision: 0 } })
})
