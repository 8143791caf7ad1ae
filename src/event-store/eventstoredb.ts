/** The event log in EventStoreDB: the adapter for production (architecture 4). */
import { randomUUID } from 'node:crypto'
import {
  type EventStore,
  EventStoreUnavailable,
  IDENTITY_STREAM,
  type StoredEvent,
  appendBytes,
  checkAppend,
} from './event-store.js'
import { Appender } from './eventstoredb-appending.js'
import { openConnection, settledWithin } from './eventstoredb-connection.js'
import { createLagMeter, placeOf } from './eventstoredb-lag.js'
import { type Reader, createReader } from './eventstoredb-reading.js'
import { Subscriptions } from './eventstoredb-subscription.js'
import { threatsOf } from './eventstoredb-threats.js'

const APPEND_DEADLINE_MS = 10_000
const READ_DEADLINE_MS = 10_000
const SILENCE_MS = 10_000
const DISPOSE_TIMEOUT_MS = 2_000

export type EventStoreDbOptions = Readonly<{
  /** `esdb://…`, with credentials and TLS options as the official client reads them. */
  connectionString: string
  /** Warnings for whoever runs this, a sentence each. */
  log?: (message: string) => void
  /** After this long an append that was sent is `unknown`, and one that was not throws `EventStoreUnavailable`. */
  appendDeadlineMs?: number
  /** After this long a read throws `EventStoreUnavailable`. */
  readDeadlineMs?: number
  /** After this long without an event a subscription asks whether it has fallen silent. */
  silenceMs?: number
}>

/**
 * Gives the log an identity where it has none yet. Throws {@link MalformedConnectionString}, or
 * {@link EventStoreUnavailable} where the server cannot be used, which says why.
 */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStore> {
  const connection = openConnection(options.connectionString)
  const reader = createReader(connection, options.readDeadlineMs ?? READ_DEADLINE_MS)
  const appender = new Appender(connection, reader, options.appendDeadlineMs ?? APPEND_DEADLINE_MS)
  const subscriptions = new Subscriptions({
    connection,
    readAll: reader.readAll,
    silenceMs: options.silenceMs ?? SILENCE_MS,
    log: options.log ?? (() => undefined),
  })
  let closing: Promise<void> | null = null
  const close = async (): Promise<void> => {
    subscriptions.close()
    await appender.close()
    // What is still open is cancelled; a server that has fallen silent is not waited for.
    await settledWithin(DISPOSE_TIMEOUT_MS, () => connection.client.dispose()).catch(
      () => undefined,
    )
  }
  const unlessClosed = <Value>(ask: () => Promise<Value>): Promise<Value> =>
    closing === null
      ? ask()
      : Promise.reject(new EventStoreUnavailable('The event store is closed.'))
  const store = {
    append: async (stream, expected, events) => {
      const bytes = checkAppend(stream, expected, events)
      return appender.append({ stream, expected, events }, bytes)
    },
    readStream: (stream, read) => unlessClosed(() => reader.readStream(stream, read)),
    readAll: (read) => unlessClosed(() => reader.readAll(read)),
    subscribeToAll: (subscribe) => subscriptions.subscribeToAll(subscribe),
    eventAt: (position) => unlessClosed(() => reader.eventAt(position)),
    head: () => unlessClosed(() => reader.head()),
    threats: () => unlessClosed(async () => threatsOf(connection, await reader.head())),
    lag: createLagMeter((read) => unlessClosed(() => reader.readLedger(read, placeOf))),
    close: () => (closing ??= close()),
  } satisfies Omit<EventStore, 'identity'>
  try {
    const identity = await identityOf(reader, appender)
    return { ...store, identity: () => unlessClosed(() => Promise.resolve(identity)) }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** The log's name is the first event that was ever written for it, in a stream of its own that no reader is given. */
async function identityOf(reader: Reader, appender: Appender): Promise<string> {
  const [named] = await reader.readStream(IDENTITY_STREAM, { limit: 1 })
  if (named !== undefined) return identityIn(named)
  const data = JSON.stringify({ identity: randomUUID() })
  const events = [{ id: randomUUID(), type: 'LogNamed', data, metadata: '{}' }]
  const { outcome } = await appender.append(
    { stream: IDENTITY_STREAM, expected: 'no_stream', events },
    appendBytes(events),
  )
  // Whoever was first named it.
  const [first] = await reader.readStream(IDENTITY_STREAM, { limit: 1 })
  if (first === undefined) {
    throw new EventStoreUnavailable(`The event log could not be named: the append was ${outcome}`)
  }
  return identityIn(first)
}

function identityIn({ data, stream }: StoredEvent): string {
  const { identity } = JSON.parse(data) as Readonly<{ identity?: unknown }>
  if (typeof identity !== 'string') throw new Error(`${stream} holds no identity of a log.`)
  return identity
}
