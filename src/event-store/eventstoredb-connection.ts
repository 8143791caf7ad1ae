/**
 * The connection to EventStoreDB: one client per process, credentials with every call, and a deadline of our own around
 * each, for the client's does not end a call on a connection that has fallen silent (architecture 4).
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type Credentials, ErrorType, EventStoreDBClient } from '@eventstore/db-client'
import { backoffMs } from './backoff.js'
import { MalformedConnectionString, parseAddress } from './eventstoredb-address.js'
import { EventStoreUnavailable, StreamDamaged } from './event-store.js'

export type CallOptions = Readonly<{ credentials: Credentials; requiresLeader: true }>

export type Connection = Readonly<{
  client: EventStoreDBClient
  /**
   * For every call. With credentials of its own an append goes as a call of its own: on the client's shared stream of
   * appends one lost connection fails everybody's, and none has a deadline. And only the leader knows what is so now.
   */
  call: CallOptions
  /** The servers, for people: never user and password. */
  place: string
  user: string | null
}>

/** A server that ignores credentials gets some all the same, so that the call path is the one described above. */
const NOBODY: Credentials = { username: 'folio', password: 'folio' }

/** Throws {@link MalformedConnectionString}. */
export function openConnection(given: string): Connection {
  const { connectionString, credentials, place } = parseAddress(given)
  let client: EventStoreDBClient
  try {
    client = EventStoreDBClient.connectionString(connectionString)
  } catch (error) {
    throw new MalformedConnectionString(
      /certificate/i.test(String(error))
        ? 'names a certificate file that is not there'
        : 'has an option whose value is not understood',
    )
  }
  holdLooseRejections(client)
  return {
    client,
    call: { credentials: credentials ?? NOBODY, requiresLeader: true },
    place,
    user: credentials?.username ?? null,
  }
}

type ErrorHandler = (...failed: readonly unknown[]) => Promise<void>

/**
 * The client looks after a lost connection beside the call that met it, in a promise that nobody waits for: where a new
 * leader is not found in time, that promise rejects and would end the process. The call says itself what became of it.
 */
function holdLooseRejections(client: EventStoreDBClient): void {
  const inner = client as unknown as { handleError: ErrorHandler }
  const handleError = inner.handleError.bind(client)
  inner.handleError = async (...failed) => {
    await handleError(...failed).catch(() => undefined)
  }
}

/**
 * The server's answer, asked for again after a lost connection until the deadline. For questions, which may be repeated.
 * Throws {@link EventStoreUnavailable}; what the server says itself is passed on.
 */
export async function askWithin<Value>(
  connection: Connection,
  deadlineMs: number,
  ask: (watch: Watch) => Promise<Value>,
): Promise<Value> {
  const end = performance.now() + deadlineMs
  const reason = new Reason()
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await settledWithin(end - performance.now(), ask)
    } catch (error) {
      if (!isConnectionLoss(error)) throw deniedOr(error, connection)
      reason.add(error)
      const pauseMs = backoffMs(attempt)
      if (performance.now() + pauseMs >= end)
        throw unavailable(connection.place, deadlineMs, reason)
      await delay(pauseMs)
    }
  }
}

/** Of all that went wrong until a deadline, what to tell: the last thing that was said, rather than that nothing was. */
export class Reason {
  last: unknown = null

  add(error: unknown): void {
    if (this.last === null || !(error instanceof NoAnswer)) this.last = error
  }
}

/** `alive` gives the work its whole time again, for something came; `whenLate` is told how to call it off. */
export type Watch = Readonly<{ alive: () => void; whenLate: (callOff: () => void) => void }>

/** Rejects with {@link NoAnswer} when nothing has come for so long, and calls the work off. */
export function settledWithin<Value>(
  timeoutMs: number,
  work: (watch: Watch) => Promise<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    let callOff = (): void => undefined
    // Of a page there come thousands: a timer set anew for each would cost more than the clock.
    let aliveAt = performance.now()
    const look = (): void => {
      const leftMs = aliveAt + timeoutMs - performance.now()
      if (leftMs > 0) {
        timer = setTimeout(look, leftMs)
        return
      }
      reject(new NoAnswer())
      callOff()
    }
    let timer = setTimeout(look, timeoutMs)
    const watch: Watch = {
      alive: () => {
        aliveAt = performance.now()
      },
      whenLate: (how) => {
        callOff = how
      },
    }
    const settled = (): void => {
      clearTimeout(timer)
    }
    work(watch).then(resolve, reject).finally(settled)
  })
}

/** Ends a stream that nobody listens to any more. A call that was never made cannot be cancelled, and need not be. */
export function letGo(stream: Readonly<{ destroy(): unknown }>, cancelled: Promise<void>): void {
  cancelled.catch(() => undefined)
  stream.destroy()
}

export class NoAnswer extends Error {
  constructor() {
    super('nothing came back')
    this.name = 'NoAnswer'
  }
}

/** What the server says after it has looked at what it was asked. */
const VERDICTS: readonly unknown[] = [
  ErrorType.WRONG_EXPECTED_VERSION,
  ErrorType.STREAM_NOT_FOUND,
  ErrorType.STREAM_DELETED,
  ErrorType.ACCESS_DENIED,
  ErrorType.INVALID_ARGUMENT,
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
]
/** What we say ourselves. */
const OURS = [StreamDamaged, EventStoreUnavailable, TypeError, RangeError]

/**
 * Nothing came back, or nobody was there, or it was not the one to ask: another try may find somebody. A server that
 * stops says so in many ways, some of them by chance; so whatever is no verdict is a loss.
 */
export function isConnectionLoss(error: unknown): boolean {
  return (
    !OURS.some((kind) => error instanceof kind) &&
    !VERDICTS.includes(errorType(error)) &&
    !isInvalidPosition(error)
  )
}

/** Between two events of the log, or in another log altogether. */
export function isInvalidPosition(error: unknown): boolean {
  return error instanceof Error && error.message.includes('InvalidPosition')
}

/** No connection was there to send anything over. */
const NOT_SENT = /No connection established|Failed to discover|Name resolution failed/

/** Certainly nothing reached a server that could act on it. */
export function isNotSent(error: unknown): boolean {
  return (
    error instanceof Error &&
    (errorType(error) === ErrorType.NOT_LEADER || NOT_SENT.test(error.message))
  )
}

export function errorType(error: unknown): unknown {
  return error instanceof Error && 'type' in error ? error.type : undefined
}

/** A sentence about the server for whoever runs this: what it is, and what to do about it. */
export function unavailable(
  place: string,
  deadlineMs: number,
  { last }: Reason,
): EventStoreUnavailable {
  return new EventStoreUnavailable(
    `EventStoreDB at ${place} did not answer within ${deadlineMs} ms: ${reasonOf(last)}`,
    { cause: last },
  )
}

const UNAUTHENTICATED = 16

/** The error itself, unless the server refused the user: then a sentence about that. */
export function deniedOr(error: unknown, { place, user }: Connection): unknown {
  if (errorType(error) !== ErrorType.ACCESS_DENIED) return error
  const who = user === null ? 'a caller without user and password' : `the user ${user}`
  const why =
    (error as { code?: unknown }).code === UNAUTHENTICATED
      ? 'it does not know them, or the password is another'
      : 'the right to read or append is missing; docs/operating.md says which are needed'
  return new EventStoreUnavailable(`EventStoreDB at ${place} refuses ${who}: ${why}`, {
    cause: error,
  })
}

/** What the client said, with what it usually means. */
export function reasonOf(error: unknown): string {
  const said = (error instanceof Error ? error.message : String(error))
    .replaceAll(/\s+/g, ' ')
    .replace(/\.? Resolution note: ?$/, '')
  for (const [pattern, meaning] of MEANINGS) if (pattern.test(said)) return `${meaning} (${said})`
  if (errorType(error) === ErrorType.NOT_LEADER) {
    return 'this node is a follower, and the leader that it names cannot be reached from here'
  }
  return said === '' ? String(errorType(error) ?? error) : said
}

const MEANINGS: readonly [pattern: RegExp, meaning: string][] = [
  [/ECONNREFUSED/, 'nobody listens there'],
  [/ENOTFOUND|EAI_AGAIN|Name resolution failed/, 'there is no such host'],
  [
    /wrong version number|packet length too long/i,
    'it does not speak TLS; add tls=false if that is meant',
  ],
  [
    /self.signed|unable to (?:get|verify)/i,
    'its certificate is of an authority not known here; name it with tlsCAFile',
  ],
  [/certificate|altname/i, 'its certificate is not accepted'],
  [
    /Failed to connect|ECONNRESET|Connection dropped/,
    'it ends the connection at once; with tls=false that is what a server does that wants TLS',
  ],
  [/Failed to discover/, 'none of the nodes named answered with a leader'],
]
