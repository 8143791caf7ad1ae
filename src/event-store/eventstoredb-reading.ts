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
import {
  type Connection,
  type Watch,
  askWithin,
  errorType,
  isInvalidPosition,
  letGo,
} from './eventstoredb-connection.js'
import { fromWire, ledgerEvent, positionOf, wirePosition } from './eventstoredb-wire.js'
import { StreamDamaged, checkRead } from './event-store.js'
import type { Position, ReadAllOptions, ReadStreamOptions, StoredEvent } from './event-store.js'

/** Where events stand that are not the ledger's, each further page is twice as long. */
const PAGE_SIZE_FIRST = 16
const PAGE_SIZE_MAX = 2_048
const POSITION_MAX = 2n ** 63n - 1n

export type Reader = ReturnType<typeof createReader>

export function createReader(connection: Connection, deadlineMs: number) {
  const { client, call } = connection

  /** In log order, without what is not the ledger's; each made into what is wanted of it as soon as it comes. */
  async function readLedger<Wanted>(
    { after, limit }: ReadAllOptions,
    make: (event: RecordedEvent) => Wanted,
  ): Promise<Wanted[]> {
    checkRead({ limit })
    const events: Wanted[] = []
    let seen = after
    for (let pages = 0; ; pages += 1) {
      // The server begins with the position asked for, which has been seen. Where others stand, what is missing is asked for.
      const maxCount = Math.max(limit - events.length + 1, grown(pages))
      const before = seen
      let last = seen
      const page = await readPage(
        { fromPosition: seen === null ? START : wirePosition(seen), maxCount },
        (resolved) => {
          last = resolved.event === undefined ? last : positionOf(resolved.event)
          const event = ledgerEvent(resolved)
          return event === null || last === before ? null : make(event)
        },
      )
      for (const event of page) if (event !== null) events.push(event)
      if (events.length >= limit) return events.slice(0, limit)
      if (page.length < maxCount) return events
      seen = last
    }
  }

  const readAll = (options: ReadAllOptions): Promise<StoredEvent[]> => readLedger(options, fromWire)

  async function eventAt(position: Position): Promise<StoredEvent | null> {
    if (position < 0n || position > POSITION_MAX) return null
    try {
      const options = { fromPosition: wirePosition(position), maxCount: 1 }
      const [event = null] = await readPage(options, ledgerEvent)
      return event !== null && positionOf(event) === position ? fromWire(event) : null
    } catch (error) {
      // Between two events, or beyond them: there is none.
      if (isInvalidPosition(error)) return null
      throw error
    }
  }

  async function head(): Promise<Position | null> {
    let fromPosition: PageStart = END
    for (let pages = 0; ; pages += 1) {
      const maxCount = grown(pages)
      const page = await readPage(
        { fromPosition, direction: BACKWARDS, maxCount },
        (resolved) => resolved,
      )
      const last = page.map(ledgerEvent).find((event) => event !== null)
      if (last !== undefined) return positionOf(last)
      const first = page.at(-1)?.event
      if (page.length < maxCount || first === undefined) return null
      // Backwards the server begins before the position asked for.
      fromPosition = wirePosition(positionOf(first))
    }
  }

  function readPage<Taken>(
    options: PageOptions,
    take: (resolved: AllStreamResolvedEvent) => Taken,
  ): Promise<Taken[]> {
    return askWithin(connection, deadlineMs, (watch) =>
      whole(client.readAll({ ...call, ...options }), watch, take),
    )
  }

  const readStream = (stream: string, options: ReadStreamOptions) =>
    readOneStream(connection, deadlineMs, stream, options)
  return { readStream, readLedger, readAll, eventAt, head }
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
  const found = await askWithin(connection, deadlineMs, (watch) =>
    whole(
      client.readStream(stream, {
        ...call,
        direction: backwards ? BACKWARDS : FORWARDS,
        fromRevision: from ?? (backwards ? END : START),
        maxCount: options.limit,
      }),
      watch,
      ({ event }) => (event === undefined ? null : fromWire(event)),
    ).catch((error: unknown) => {
      if (errorType(error) === ErrorType.STREAM_NOT_FOUND) return []
      if (errorType(error) === ErrorType.STREAM_DELETED) throw new StreamDamaged(stream, DELETED)
      throw error
    }),
  )
  return found.flatMap((event) => (event === null ? [] : [event]))
}

export const DELETED = 'was deleted, and its events with it'

function grown(pages: number): number {
  return Math.min(PAGE_SIZE_FIRST * 2 ** pages, PAGE_SIZE_MAX)
}

type PageStart = typeof START | typeof END | ReturnType<typeof wirePosition>
type PageOptions = Readonly<{
  fromPosition: PageStart
  direction?: typeof BACKWARDS
  maxCount: number
}>

/** All that a reading gives that `take` does not leave out; it is cancelled where nobody waits any more. */
function whole<Resolved, Taken>(
  reading: StreamingRead<Resolved>,
  { alive, whenLate }: Watch,
  take: (resolved: Resolved) => Taken,
): Promise<Taken[]> {
  return new Promise((resolve, reject) => {
    const taken: Taken[] = []
    whenLate(() => {
      letGo(reading, reading.cancel())
    })
    reading.on('data', (resolved: Resolved) => {
      alive()
      taken.push(take(resolved))
    })
    reading.on('end', () => {
      resolve(taken)
    })
    // It stays listening: an error without a listener would end the process, and one may come after the end.
    reading.on('error', reject)
  })
}
