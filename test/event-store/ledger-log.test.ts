/** A stream is read whole or refused: whatever is missing is named, from whichever end it is read. */
import { expect, test } from 'vitest'
import { CorruptEvent } from '../../src/event-store/codec.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { aStream, someEvents } from '../contracts/opened-event-store.js'
import { testSubjectKeys } from '../support/subject-keys.js'

const EVENTS = 5

/** Only the revisions named are still there. */
async function readingWithout(...gone: readonly number[]) {
  const store = createMemoryEventStore()
  const stream = aStream()
  expect((await store.append(stream, 'no_stream', someEvents(EVENTS))).outcome).toBe('appended')
  const readStream: EventStore['readStream'] = async (name, { limit, ...options }) => {
    const all = await store.readStream(name, { ...options, limit: EVENTS })
    return all.filter(({ revision }) => !gone.includes(revision)).slice(0, limit)
  }
  const log = createLedgerLog({ ...store, readStream }, testSubjectKeys())
  // What is missing is found before the first of the others is opened, which are no events of the ledger.
  return { log, stream, missing: (revision: number) => `Event ${revision} of ${stream} is missing` }
}

test.each<[what: string, gone: readonly number[], first: number]>([
  ['cut off at its beginning', [0, 1], 0],
  ['with a hole', [2], 2],
])('a stream %s is refused from its beginning on', async (_what, gone, first) => {
  const { log, stream, missing } = await readingWithout(...gone)
  await expect(log.read(stream, 0)).rejects.toThrow(
    new CorruptEvent({ stream, revision: first }, 'is missing'),
  )
  await expect(log.read(stream, 0)).rejects.toThrow(missing(first))
})

test.each<[what: string, gone: readonly number[], limit: number, first: number]>([
  ['cut off at its beginning', [0, 1], 10, 1],
  ['with a hole', [2], 10, 2],
  ['with a hole within the page', [3], 3, 3],
])('a stream %s is refused from its end backwards', async (_what, gone, limit, first) => {
  const { log, stream, missing } = await readingWithout(...gone)
  await expect(log.readBack(stream, { limit })).rejects.toThrow(missing(first))
})

test('a page that ends before the beginning is whole, and so is a stream that is not there', async () => {
  const { log, stream } = await readingWithout(0)
  // The events are none of the ledger's: that they were opened at all says that nothing was missing.
  await expect(log.readBack(stream, { limit: 3 })).rejects.toThrow('has the unknown type')
  expect(await log.readBack(aStream(), { limit: 3 })).toStrictEqual([])
})
