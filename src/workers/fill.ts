/** Brings builds forward to a position, a page at a time; the next page is read and opened while one is written. */
import type { Kysely } from 'kysely'
import type { EventStore, Position } from '../event-store/event-store.js'
import type { LedgerLog } from '../event-store/log.js'
import type { ReadModelTables } from '../read-model/schema.js'
import { damageText, openPage, type OpenedPage } from './open-page.js'
import { earliest, type Follower, stepPage } from './step.js'

export type FillOptions = Readonly<{
  db: Kysely<ReadModelTables>
  store: EventStore
  log: Pick<LedgerLog, 'open'>
  pageSizeMax: number
  signal: AbortSignal
}>

export type FillTarget = Readonly<{
  /** The last position to take, which need not be in the log; `null` takes nothing. */
  to: Position | null
  onPage?: (events: number) => void
}>

/** An event that cannot be opened or folded ends a rebuild: half a read model must not become the live one. */
export class RebuildStopped extends Error {
  constructor(what: string) {
    super(`The rebuild stopped at ${what}`)
    this.name = 'RebuildStopped'
  }
}

/** Gives the followers back as they stand at the end. */
export async function fill(
  options: FillOptions,
  followers: readonly Follower[],
  { to, onPage }: FillTarget,
): Promise<readonly Follower[]> {
  if (followers.length === 0 || to === null) return followers
  let filled = followers
  let upcoming = readPage(options, earliest(filled), to)
  for (;;) {
    options.signal.throwIfAborted()
    const { events, damage } = await upcoming
    const last = events.at(-1)
    if (last === undefined && damage === null) return filled
    if (last !== undefined && damage === null) {
      upcoming = readPage(options, last.position, to)
      // Awaited in the next turn, or not at all where this page fails.
      upcoming.catch(() => undefined)
    }
    const outcomes = await stepPage(options.db, filled, events)
    for (const { follower, failure } of outcomes) {
      if (failure === null) continue
      const { event, error } = failure
      throw new RebuildStopped(
        `${event.type}, position ${event.position}, in ${follower.projection.name}: ${error.message}`,
      )
    }
    if (damage !== null) throw new RebuildStopped(damageText(damage))
    filled = outcomes.map(({ follower }) => follower)
    onPage?.(events.length)
  }
}

async function readPage(
  { store, log, pageSizeMax }: FillOptions,
  after: Position | null,
  to: Position,
): Promise<OpenedPage> {
  if (after !== null && after >= to) return { events: [], damage: null }
  const page = await store.readAll({ after, limit: pageSizeMax })
  return openPage(
    log,
    page.filter(({ position }) => position <= to),
  )
}
