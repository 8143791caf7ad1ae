/**
 * How far a reader is behind. EventStoreDB has no count of events, and its positions are byte offsets; so they are
 * counted, once each and only where somebody asks from far behind.
 */
import type { RecordedEvent } from '@eventstore/db-client'
import { isInvalidPosition } from './eventstoredb-connection.js'
import { positionOf } from './eventstoredb-wire.js'
import type { Lag, Position, ReadAllOptions } from './event-store.js'

const PAGE_SIZE = 1_000

/** Where an event stands, and when it was recorded. */
export type Place = Readonly<{ position: Position; recordedAtMs: number }>

export function placeOf(event: RecordedEvent): Place {
  return { position: positionOf(event), recordedAtMs: event.created.getTime() }
}

/** So many events stand up to and at the position. */
type Mark = Readonly<{ position: Position; count: number }>

export function createLagMeter(readPlaces: (options: ReadAllOptions) => Promise<readonly Place[]>) {
  /** One for each page, from the beginning of the log on. */
  const marks: Mark[] = []
  let counting: Promise<unknown> = Promise.resolve()

  /** A position that is not of this log has all of it before it. */
  async function lag(after: Position | null, now: Date): Promise<Lag> {
    try {
      return await lagBehind(after, now)
    } catch (error) {
      if (after === null || !isInvalidPosition(error)) throw error
      return lagBehind(null, now)
    }
  }

  async function lagBehind(after: Position | null, now: Date): Promise<Lag> {
    const next = await readPlaces({ after, limit: PAGE_SIZE })
    const [first] = next
    if (first === undefined) return { events: 0, seconds: 0 }
    const seconds = Math.max(now.getTime() - first.recordedAtMs, 0) / 1000
    if (next.length < PAGE_SIZE) return { events: next.length, seconds }
    const counted = counting.then(() => countAfter(after))
    counting = counted.catch(() => undefined)
    return { events: await counted, seconds }
  }

  async function countAfter(after: Position | null): Promise<number> {
    const total = await countToEnd()
    return after === null ? total : total - (await countUpTo(after))
  }

  /** Pages that were full when they were counted never change, and are not read again. */
  async function countToEnd(): Promise<number> {
    for (;;) {
      const { position = null, count = 0 } = marks.at(-1) ?? {}
      const page = await readPlaces({ after: position, limit: PAGE_SIZE })
      const last = page.at(-1)
      if (page.length < PAGE_SIZE || last === undefined) return count + page.length
      marks.push({ position: last.position, count: count + page.length })
    }
  }

  async function countUpTo(position: Position): Promise<number> {
    const mark = marks.findLast((it) => it.position <= position)
    const page = await readPlaces({ after: mark?.position ?? null, limit: PAGE_SIZE })
    const nearer = page.filter((it) => it.position <= position).length
    return (mark?.count ?? 0) + nearer
  }

  return lag
}
