/** Tells "the storage is away" from "something is broken": the one is answered with a 503, the other with a bare 500. */
import { ReadModelsBehind } from '../../commands/handle-subject.js'
import { SeriesBusy } from '../../commands/series-lane.js'
import { FollowUpPending } from '../../commands/run-follow-ups.js'
import { TooManyKeys } from '../access/authenticate.js'
import { EventStoreBusy, EventStoreUnavailable } from '../event-store/event-store.js'

/**
 * SQLSTATE: connections (08), no room (53), the server goes down or ends a connection (57P), timed out (57014), became a
 * read-only one (25006), or would rather have the same once more (40001, 40P01, 55P03).
 */
const UNAVAILABLE_STATES = /^(?:08|53|57P|57014|25006|40001|40P01|55P03)/
/** What the driver and the system say of a connection that is not there. */
const UNAVAILABLE_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]
const UNAVAILABLE_MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/

const AWAY_OR_BUSY = [
  EventStoreUnavailable,
  EventStoreBusy,
  SeriesBusy,
  FollowUpPending,
  ReadModelsBehind,
  TooManyKeys,
]

export function isUnavailable(reason: unknown): boolean {
  if (!(reason instanceof Error)) return false
  if (AWAY_OR_BUSY.some((kind) => reason instanceof kind)) return true
  const { code } = reason as NodeJS.ErrnoException
  return (
    (code !== undefined && (UNAVAILABLE_CODES.includes(code) || UNAVAILABLE_STATES.test(code))) ||
    UNAVAILABLE_MESSAGES.test(reason.message) ||
    (reason.cause !== undefined && isUnavailable(reason.cause))
  )
}
