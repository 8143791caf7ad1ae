/**
 * What EventStoreDB lets an operator do to a stream and an event log must not suffer: a limit on its age or length, a cut
 * at its beginning, its deletion.
 */
import { type AllStreamResolvedEvent, START, eventTypeFilter } from '@eventstore/db-client'
import { askWithin, type Connection, letGo, type Watch } from './eventstoredb-connection.js'
import { positionOf } from './eventstoredb-wire.js'
import type { Position } from './event-store.js'

const LOOK_TIMEOUT_MS = 60_000
/** The server looks for them through the whole log. */
const SEARCHED_AT_ONCE = 10_000
const METADATA_OR_TOMBSTONE = String.raw`^\$(metadata|streamDeleted)$`

/** As the server writes them into a stream's metadata. */
const LIMITS: ReadonlyMap<string, string> = new Map([
  ['$maxAge', 'loses its events with age'],
  ['$maxCount', 'keeps only its newest events'],
  ['$tb', 'was cut off at its beginning, or deleted'],
])

/** A sentence for each of the ledger's streams that is in danger. Throws {@link EventStoreUnavailable}. */
export async function threatsOf(
  connection: Connection,
  head: Position | null,
): Promise<readonly string[]> {
  if (head === null) return []
  const threats = new Map<string, string | null>()
  await askWithin(connection, LOOK_TIMEOUT_MS, (watch) =>
    eachOf(connection, head, watch, (stream, type, data) => {
      if (type === '$streamDeleted') threats.set(stream, `${stream} was deleted for good.`)
      else threats.set(stream, threatIn(stream, data))
    }),
  )
  return [...threats.values()].filter((threat) => threat !== null)
}

function threatIn(stream: string, metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null) return null
  for (const [name, meaning] of LIMITS) {
    if (Object.hasOwn(metadata, name)) return `${stream} ${meaning} (metadata ${name}).`
  }
  return null
}

/** The latest metadata of a stream stand last. */
async function eachOf(
  { client, call }: Connection,
  head: Position,
  { alive, whenLate }: Watch,
  found: (stream: string, type: string, data: unknown) => void,
): Promise<void> {
  const subscription = client.subscribeToAll({
    ...call,
    fromPosition: START,
    filter: eventTypeFilter({
      regex: METADATA_OR_TOMBSTONE,
      maxSearchWindow: SEARCHED_AT_ONCE,
    }),
  })
  try {
    await new Promise<void>((resolve, reject) => {
      whenLate(() => {
        reject(new Error('nobody waits any more'))
      })
      subscription.on('error', reject)
      subscription.on('caughtUp', resolve)
      subscription.on('data', (resolved: AllStreamResolvedEvent) => {
        alive()
        const { event } = resolved
        if (event === undefined) return
        const stream =
          event.type === '$metadata' ? event.streamId.slice('$$'.length) : event.streamId
        if (!stream.startsWith('$')) found(stream, event.type, event.data)
        if (positionOf(event) > head) resolve()
      })
    })
  } finally {
    letGo(subscription, subscription.unsubscribe())
  }
}
