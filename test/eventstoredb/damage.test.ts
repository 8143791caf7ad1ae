/**
 * What EventStoreDB lets others do to a stream: delete it, cut it off, write into it. Whatever it is, the stream is named,
 * nothing is decided on it, and nothing is passed over in silence.
 */
import { randomUUID } from 'node:crypto'
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CorruptEvent } from '../../src/event-store/codec.js'
import { type EventStore, StreamDamaged } from '../../src/event-store/event-store.js'
import { openEventStoreDb } from '../../src/event-store/eventstoredb.js'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import type { LedgerLog } from '../../src/event-store/log.js'
import { aStream, anEvent, someEvents } from '../contracts/opened-event-store.js'
import { testSubjectKeys } from '../support/subject-keys.js'
import { type EventStoreDbServer, startServer } from './server.js'

let server: EventStoreDbServer
let store: EventStore
let log: LedgerLog
/** Somebody else's. */
let client: EventStoreDBClient

beforeAll(async () => {
  server = await startServer()
  store = await openEventStoreDb({ connectionString: server.connectionString })
  log = createLedgerLog(store, testSubjectKeys())
  client = EventStoreDBClient.connectionString(server.connectionString)
})

afterAll(async () => {
  await client.dispose()
  await store.close()
  await server.remove()
})

async function aStreamOf(count: number): Promise<string> {
  const stream = aStream()
  expect((await store.append(stream, 'no_stream', someEvents(count))).outcome).toBe('appended')
  return stream
}

test('a stream that was deleted for good is refused by name, to readers and appenders', async () => {
  const stream = await aStreamOf(3)
  await client.tombstoneStream(stream)
  await expect(store.readStream(stream, { limit: 10 })).rejects.toThrow(StreamDamaged)
  await expect(log.read(stream, 0)).rejects.toThrow(stream)
  await expect(store.append(stream, 2, [anEvent()])).rejects.toThrow(StreamDamaged)
  await expect(store.append(stream, 'no_stream', [anEvent()])).rejects.toThrow(stream)
  // A follower is given the tombstone as an event, which no reader of the ledger knows.
  const all = await store.readAll({ after: null, limit: 1_000 })
  expect(all.filter((event) => event.stream === stream).at(-1)?.type).toBe('$streamDeleted')
})

test('an append that begins a stream which was deleted before is refused by name', async () => {
  const stream = await aStreamOf(3)
  await client.deleteStream(stream)
  // The server says that there is no such stream, and goes on counting where it was.
  expect(await store.readStream(stream, { limit: 10 })).toStrictEqual([])
  await expect(store.append(stream, 'no_stream', [anEvent()])).rejects.toThrow(
    new StreamDamaged(
      stream,
      'went on at revision 3 where 0 was to be: it was deleted or truncated before',
    ),
  )
  await expect(log.read(stream, 0)).rejects.toThrow(`Event 0 of ${stream} is missing`)
})

test('a stream that was cut off at its beginning is refused by name, read from either end', async () => {
  const stream = await aStreamOf(4)
  await client.setStreamMetadata(stream, { truncateBefore: 2 })
  await expect(log.read(stream, 0)).rejects.toThrow(`Event 0 of ${stream} is missing`)
  await expect(log.readBack(stream, { limit: 10 })).rejects.toThrow(
    `Event 1 of ${stream} is missing`,
  )
})

test('an event that somebody else wrote into a stream is refused by name, and seen by followers', async () => {
  const stream = `folio-${randomUUID()}`
  await client.appendToStream(stream, jsonEvent({ type: 'InvoicePosted', data: { hello: 'you' } }))
  const refused = await log.read(stream, 0).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(CorruptEvent)
  expect(String(refused)).toContain(`Event 0 of ${stream}`)
  const all = await store.readAll({ after: null, limit: 1_000 })
  const [foreign] = all.filter((event) => event.stream === stream)
  if (foreign === undefined) throw new Error('The foreign event was passed over.')
  await expect(log.open([foreign])).rejects.toThrow(CorruptEvent)
})

test('a position that is of another log has all of this one before it, and nobody follows from it', async () => {
  const [first] = await store.readAll({ after: null, limit: 1 })
  const between = (first?.position ?? 0n) + 1n
  const all = await store.readAll({ after: null, limit: 1_000 })
  expect(await store.lag(between, new Date())).toMatchObject({ events: all.length })
  await expect(store.readAll({ after: between, limit: 1 })).rejects.toThrow('InvalidPosition')
  const { signal } = new AbortController()
  const pages = store.subscribeToAll({ after: between, pageSizeMax: 1, signal })
  await expect(pages[Symbol.asyncIterator]().next()).rejects.toThrow('InvalidPosition')
})

test('where thousands of events of the server follow the last of the ledger, a question is still a few calls', async () => {
  const stream = `$noise-${randomUUID()}`
  const noise = Array.from({ length: 3_000 }, () => jsonEvent({ type: 'Noise', data: {} }))
  const credentials = { username: 'admin', password: 'changeit' }
  await client.appendToStream(stream, noise, { credentials })
  const all = await store.readAll({ after: null, limit: 10_000 })
  const head = await store.head()
  expect(head).toBe(all.at(-1)?.position)
  expect(await store.readAll({ after: head, limit: 1 })).toEqual([])
  const appended = await store.append(aStream(), 'no_stream', [anEvent()])
  expect(appended.outcome).toBe('appended')
  expect(await store.readAll({ after: head, limit: 1 })).toHaveLength(1)
})

test("the server's own events, and the log's name, are given to nobody", async () => {
  await client.setStreamMetadata(await aStreamOf(1), { maxCount: 10 })
  const all = await store.readAll({ after: null, limit: 1_000 })
  expect(all.filter(({ stream }) => stream.startsWith('$') || stream === 'log-identity')).toEqual(
    [],
  )
  expect(all.length).toBeGreaterThan(0)
})

test('what could lose events is found by the doctor: metadata of streams, by name', async () => {
  const stream = await aStreamOf(3)
  await client.setStreamMetadata(stream, { maxAge: 60 })
  expect(await store.threats()).toContainEqual(expect.stringContaining(stream))
})
