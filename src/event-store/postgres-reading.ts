/** The questions that the PostgreSQL adapter asks of its tables. */
import { checkRead } from './event-store.js'
import type {
  Lag,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  StoredEvent,
} from './event-store.js'

/** Runs a named, prepared question and gives its rows. */
export type Read = <Row extends unknown[]>(
  name: string,
  text: string,
  values: readonly (string | number | null)[],
) => Promise<Row[]>

type EventRow = [string, string, number, string, string, string, string]

const EVENT_COLUMNS = 'position, stream, revision, event_id, type, data, metadata'
const BIGINT_MAX = 9_223_372_036_854_775_807n

function storedEvent(row: EventRow): StoredEvent {
  const [position, stream, revision, id, type, data, metadata] = row
  return { position: BigInt(position), stream, revision, id, type, data, metadata }
}

export async function readLog(
  read: Read,
  { after, limit }: ReadAllOptions,
): Promise<StoredEvent[]> {
  checkRead({ limit })
  const rows = await read<EventRow>(
    'read_all',
    `select ${EVENT_COLUMNS} from event_log.events where position > $1::bigint order by position limit $2::int`,
    [`${after ?? 0n}`, limit],
  )
  return rows.map(storedEvent)
}

export async function readOneStream(
  read: Read,
  stream: string,
  options: ReadStreamOptions,
): Promise<StoredEvent[]> {
  checkRead(options)
  const { limit, from } = options
  const select = `select ${EVENT_COLUMNS} from event_log.events where stream_id = (
    select id from event_log.streams where name = $1 collate "C")`
  const rows =
    options.direction === 'backwards'
      ? await read<EventRow>(
          'read_stream_backwards',
          `${select} and revision <= $2::int order by revision desc limit $3::int`,
          [stream, from ?? 2_147_483_647, limit],
        )
      : await read<EventRow>(
          'read_stream_forwards',
          `${select} and revision >= $2::int order by revision limit $3::int`,
          [stream, from ?? 0, limit],
        )
  return rows.map(storedEvent)
}

export async function readEventAt(read: Read, position: Position): Promise<StoredEvent | null> {
  // A position of another log may be any number at all.
  if (position < 0n || position > BIGINT_MAX) return null
  const rows = await read<EventRow>(
    'event_at',
    `select ${EVENT_COLUMNS} from event_log.events where position = $1::bigint`,
    [`${position}`],
  )
  const [row] = rows
  return row === undefined ? null : storedEvent(row)
}

export async function readHead(read: Read): Promise<Position | null> {
  const [row] = await read<[string]>('head', 'select position from event_log.log_head', [])
  if (row === undefined) throw new Error('The event log has lost its head.')
  const position = BigInt(row[0])
  return position === 0n ? null : position
}

export async function readIdentity(read: Read): Promise<string> {
  const [row] = await read<[string]>('identity', 'select identity from event_log.log_identity', [])
  if (row === undefined) throw new Error('The event log has lost its identity.')
  return row[0]
}

export async function readLag(read: Read, after: Position | null, now: Date): Promise<Lag> {
  const [row] = await read<[string, Date | null]>(
    'lag',
    `select greatest(log_head.position - $1::bigint, 0), (
       select recorded_at from event_log.events where position > $1::bigint order by position limit 1
     ) from event_log.log_head`,
    [`${after ?? 0n}`],
  )
  if (row === undefined) throw new Error('The event log has lost its head.')
  const [events, recordedAt] = row
  const seconds = recordedAt === null ? 0 : (now.getTime() - recordedAt.getTime()) / 1000
  return { events: Number(events), seconds: Math.max(seconds, 0) }
}
