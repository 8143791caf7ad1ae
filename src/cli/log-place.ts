/** An event log that somebody names on the command line, opened for the length of one piece of work. */
import type { Config } from '../config.js'
import { openEmbeddedPostgres } from '../embedded-postgres/open.js'
import type { EventStore } from '../event-store/event-store.js'
import { MalformedConnectionString } from '../event-store/eventstoredb-address.js'
import { openEventStore } from '../open-storage.js'
import { BadInput } from './failure.js'
import { say } from './output.js'

/** Stands for the log in the PostgreSQL of the data folder, whose port and password nobody knows. */
export const EMBEDDED = 'embedded'

/** `label` names it for people: the connection string may hold a password. */
export type LogPlace = Readonly<{ label: string; log: string }>

/** The server of a log that was named cannot be used; never tells its password. */
export class LogUnavailable extends Error {
  // The reason itself is left out: its code would be taken for one of the data folder.
  constructor({ label }: LogPlace, reason: unknown) {
    super(`${label} cannot be used: ${sentenceOf(reason)}.`)
    this.name = 'LogUnavailable'
  }
}

const LOG = /^(?:esdb(?:\+discover)?|postgres(?:ql)?):\/\//

/** Throws {@link BadInput}, which does not quote what was given. */
export function placeOfOption(option: string, log: string): LogPlace {
  if (log === EMBEDDED || LOG.test(log)) return { label: `The log of ${option}`, log }
  throw new BadInput(
    `${option} begins with esdb://, esdb+discover:// or postgresql://, or it is the word ${EMBEDDED}.`,
  )
}

/** The log that Folio works with. */
export function placeOfConfig({ eventStoreUrl, databaseUrl, dataDirectory }: Config): LogPlace {
  if (eventStoreUrl !== null) return { label: 'The log of EVENTSTORE_URL', log: eventStoreUrl }
  if (databaseUrl !== null) return { label: 'The log of DATABASE_URL', log: databaseUrl }
  return { label: `The embedded log in ${dataDirectory}`, log: EMBEDDED }
}

/** Closed in order whatever came of the work. Throws {@link LogUnavailable} where it cannot be opened. */
export async function withLog<Value>(
  place: LogPlace,
  { dataDirectory }: Config,
  work: (store: EventStore) => Promise<Value>,
): Promise<Value> {
  if (place.log !== EMBEDDED) return closing(await open(place, place.log), work)
  const embedded = await openEmbeddedPostgres({ dataDirectory, log: say })
  return closing(embedded, async ({ connectionString }) =>
    closing(await open(place, connectionString), work),
  )
}

function open(place: LogPlace, connectionString: string): Promise<EventStore> {
  return openEventStore(connectionString, say).catch((reason: unknown) => {
    if (reason instanceof MalformedConnectionString) {
      throw new BadInput(`${place.label}: ${reason.message}`)
    }
    if ((reason as { code?: unknown } | null)?.code === 'ERR_INVALID_URL') {
      throw new BadInput(
        `${place.label}: the connection string is not of the form postgresql://user:password@host:5432/database.`,
      )
    }
    throw new LogUnavailable(place, reason)
  })
}

async function closing<Opened extends Readonly<{ close(): Promise<void> }>, Value>(
  opened: Opened,
  work: (opened: Opened) => Promise<Value>,
): Promise<Value> {
  let value: Value
  try {
    value = await work(opened)
  } catch (reason) {
    // What went wrong first is what matters; closing often fails of the same.
    await opened.close().catch(() => undefined)
    throw reason
  }
  await opened.close()
  return value
}

/** Without its full stop. Several addresses that all refuse come as one error without words of its own. */
function sentenceOf(reason: unknown): string {
  const first: unknown = reason instanceof AggregateError ? reason.errors[0] : reason
  const said = first instanceof Error && first.message !== '' ? first.message : String(first)
  return said.replace(/\.$/, '')
}
