/** The questions that the EventStoreDB adapter asks of its server. */
import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  ErrorType,
  FORWARDS,
  type RecordedEvent,
  START,
  type StreamingRead,
} from '@eventstore/db-client'
import { type Connection, askWithin, errorType } from './eventstoredb-connection.js'
import { fromWire, ledgerEvent, positionOf, wirePosition } from './eventstoredb-wire.js'
import { StreamDamaged, checkRead } from './event-store.js'
import type { Position, ReadAllOptions, ReadStreamOptions, StoredEvent } from './event-store.js'

/** At the end of the log there may be events that are not the ledger's. */
const END_PAGE_SIZE = 16
const POSITION_MAX = 2n ** 63n - 1n

export type Reader = ReturnType<typeof createReader>

export function createReader(connection: Connection, deadlineMs: number) {
  const { client, call } = connection

  /** As recorded, so with the time; in log order, without what is not the ledger's. */
  async function readRecorded({ after, limit }: ReadAllOptions): Promise<RecordedEvent[]> {
    checkRead({ limit })
    const events: RecordedEvent[] = []
    for (let from = after; events.length < limit;) {
      const seen = from
      // The server begins with the position asked for, which has been seen.
      const maxCount = limit - events.length + (seen === null ? 0 : 1)
      const page = await readPage({
        fromPosition: seen === null ? START : wirePosition(seen),
        maxCount,
      })
      for (const resolved of page) {
        const event = ledgerEvent(resolved)
        if (event !== null && (seen === null || positionOf(event) > seen)) events.push(event)
      }
      const last = page.at(-1)?.event
      if (page.length < maxCount || last === undefined) return events
      from = positionOf(last)
    }
    return events
  }

  async function readAll(options: ReadAllOptions): Promise<StoredEvent[]> {
    return (await readRecorded(options)).map(fromWire)
  }

  async function eventAt(position: Position): Promise<StoredEvent | null> {
    if (position < 0n || position > POSITION_MAX) return null
    try {
      const [resolved] = await readPage({ fromPosition: wirePosition(position), maxCount: 1 })
      const event = resolved === undefined ? null : ledgerEvent(resolved)
      return event !== null && positionOf(event) === position ? fromWire(event) : null
    } catch (error) {
      // Between two events, or beyond them: there is none.
      if (error instanceof Error && error.message.includes('InvalidPosition')) return null
      throw error
    }
  }

  async function head(): Promise<Position | null> {
    for (let fromPosition: PageStart = END; ;) {
      const page = await readPage({
        fromPosition,
        direction: BACKWARDS,
        maxCount: END_PAGE_SIZE,
      })
      const last = page.map(ledgerEvent).find((event) => event !== null)
      if (last !== undefined) return positionOf(last)
      const first = page.at(-1)?.event
      if (page.length < END_PAGE_SIZE || first === undefined) return null
      // Backwards the server begins before the position asked for.
      fromPosition = wirePosition(positionOf(first))
    }
  }

  function readPage(options: PageOptions): Promise<AllStreamResolvedEvent[]> {
    return askWithin(connection, deadlineMs, (signal) =>
      whole(client.readAll({ ...call, ...options }), signal),
    )
  }

  const readStream = (stream: string, options: ReadStreamOptions) =>
    readOneStream(connection, deadlineMs, stream, options)
  return { readStream, readRecorded, readAll, eventAt, head }
}

/** Empty where there is no such stream; one that was deleted for good throws {@link StreamDamaged}. */
async function readOneStream(
  connection: Connection,
  deadlineMs: number,
  stream: string,
  options: ReadStreamOptions,
): Promise<StoredEvent[]> {
  const { client, call } = connection
  checkRead(options)
  const backwards = options.direction === 'backwards'
  const from = options.from === undefined ? undefined : BigInt(options.from)
  const found = await askWithin(connection, deadlineMs, (signal) =>
    whole(
      client.readStream(stream, {
        ...call,
        direction: backwards ? BACKWARDS : FORWARDS,
        fromRevision: from ?? (backwards ? END : START),
        maxCount: options.limit,
      }),
      signal,
    ).catch((error: unknown) => {
      if (errorType(error) === ErrorType.STREAM_NOT_FOUND) return []
      if (errorType(error) === ErrorType.STREAM_DELETED) throw new StreamDamaged(stream, DELETED)
      throw error
    }),
  )
  return found.flatMap(({ event }) => (event === undefined ? [] : [fromWire(event)]))
}

export const DELETED = 'was deleted, and its events with it'

type PageStart = typeof START | typeof END | ReturnType<typeof wirePosition>
type PageOptions = Readonly<{
  fromPosition: PageStart
  direction?: typeof BACKWARDS
  maxCount: number
}>

/** All that a reading gives; it is cancelled where nobody waits any more. */
function whole<Resolved>(
  reading: StreamingRead<Resolved>,
  signal: AbortSignal,
): Promise<Resolved[]> {
  return new Promise((resolve, reject) => {
    const found: Resolved[] = []
    const cancel = (): void => {
      // A call that was never made cannot be cancelled, and need not be.
      reading.cancel().catch(() => undefined)
      reading.destroy()
    }
    signal.addEventListener('abort', cancel, { once: true })
    const end = (): void => {
      signal.removeEventListener('abort', cancel)
    }
    reading.on('data', (resolved: Resolved) => found.push(resolved))
    reading.on('end', () => {
      end()
      resolve(found)
    })
    // It stays listening: an error without a listener would end the process, and one may come after the end.
    reading.on('error', (error: unknown) => {
      end()
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- It is what the client said.
      reject(error)
    })
  })
}
