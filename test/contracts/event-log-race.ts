import { setTimeout as delay } from 'node:timers/promises'
import type { EventStore, Position, StoredEvent } from '../../src/event-store/event-store.js'
import { aStream, anEvent } from './opened-event-store.js'

const WRITERS = 16
const APPENDS_EACH = 60
const ROLL_BACKS = 40
const JITTER_MS_MAX = 3

export type RaceParticipants = Readonly<{
  /** The writers are spread over them. */
  writers: readonly Pick<EventStore, 'append'>[]
  reader: Pick<EventStore, 'append' | 'head' | 'readAll' | 'subscribeToAll'>
  rollBack?: () => Promise<void>
}>

/** What a reader got, held against what the writers were told. */
export type ReaderReport = Readonly<{
  seen: number
  lost: number
  repeated: number
  /** Events that came after one with a higher position, or out of their stream's order. */
  outOfOrder: number
}>

export type RaceReport = Readonly<{
  committed: number
  conflicts: number
  following: ReaderReport
  paging: ReaderReport
}>

/**
 * Sixteen writers append with conflicts, roll-backs and jitter, while two readers who remember nothing but the last
 * position follow: one by subscription, one by paging. Numbers given out before the commit lose events here.
 */
export async function raceReadersAgainstWriters(race: RaceParticipants): Promise<RaceReport> {
  const after = await race.reader.head()
  const last = anEvent({ type: 'RaceEnded' })
  const following = follow(race.reader, after, last.id)
  const paging = page(race.reader, after, last.id)
  const contested = aStream('contested')
  const written = await Promise.all([
    ...Array.from({ length: WRITERS }, (_, nth) => {
      const writer = race.writers[nth % race.writers.length] ?? race.reader
      return write(writer, aStream('race'), contested)
    }),
    rollBack(race.rollBack),
  ])
  const committed = written.flatMap(({ ids }) => ids)
  const ended = await race.reader.append(aStream('race'), 'no_stream', [last])
  if (ended.outcome !== 'appended') throw new Error(`The race could not be ended: ${ended.outcome}`)
  committed.push(last.id)
  return {
    committed: committed.length,
    conflicts: written.reduce((sum, { conflicts }) => sum + conflicts, 0),
    following: report(await following, committed),
    paging: report(await paging, committed),
  }
}

type Written = { ids: string[]; conflicts: number }

async function write(
  store: Pick<EventStore, 'append'>,
  stream: string,
  contested: string,
): Promise<Written> {
  const written: Written = { ids: [], conflicts: 0 }
  let revision: number | 'no_stream' = 'no_stream'
  let believed: number | 'no_stream' = 'no_stream'
  for (let nth = 0; nth < APPENDS_EACH; nth += 1) {
    const events = Array.from({ length: 1 + (nth % 3) }, () => anEvent())
    const ids = events.map(({ id }) => id)
    const forOwn = nth % 3 !== 0
    const answer = await store.append(
      forOwn ? stream : contested,
      forOwn ? revision : believed,
      events,
    )
    if (answer.outcome === 'unknown') throw new Error(`An append is unknown: ${answer.reason}`)
    if (answer.outcome === 'appended') written.ids.push(...ids)
    else written.conflicts += 1
    const now: number | 'no_stream' =
      answer.outcome === 'appended' ? answer.revision : answer.actual
    if (forOwn) revision = now
    else believed = now
    await delay(Math.random() * JITTER_MS_MAX)
  }
  return written
}

async function rollBack(once: RaceParticipants['rollBack']): Promise<Written> {
  for (let nth = 0; once !== undefined && nth < ROLL_BACKS; nth += 1) {
    await once()
    await delay(Math.random() * JITTER_MS_MAX)
  }
  return { ids: [], conflicts: 0 }
}

async function follow(
  store: Pick<EventStore, 'subscribeToAll'>,
  after: Position | null,
  lastId: string,
): Promise<StoredEvent[]> {
  const seen: StoredEvent[] = []
  const { signal } = new AbortController()
  for await (const events of store.subscribeToAll({ after, pageSizeMax: 50, signal })) {
    seen.push(...events)
    if (events.some(({ id }) => id === lastId)) break
  }
  return seen
}

async function page(
  store: Pick<EventStore, 'readAll'>,
  start: Position | null,
  lastId: string,
): Promise<StoredEvent[]> {
  const seen: StoredEvent[] = []
  for (let after = start; ; after = seen.at(-1)?.position ?? start) {
    const events = await store.readAll({ after, limit: 50 })
    seen.push(...events)
    if (events.some(({ id }) => id === lastId)) return seen
    await delay(0)
  }
}

function report(seen: readonly StoredEvent[], committed: readonly string[]): ReaderReport {
  const ids = new Set(seen.map(({ id }) => id))
  const revisions = new Map<string, number>()
  let position = -1n
  let outOfOrder = 0
  for (const event of seen) {
    const expected = (revisions.get(event.stream) ?? -1) + 1
    if (event.position <= position || event.revision !== expected) outOfOrder += 1
    position = event.position
    revisions.set(event.stream, event.revision)
  }
  return {
    seen: seen.length,
    lost: committed.filter((id) => !ids.has(id)).length,
    repeated: seen.length - ids.size,
    outOfOrder,
  }
}
