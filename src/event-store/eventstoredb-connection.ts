/**
 * The connection to EventStoreDB: one client per process, credentials with every call, and a deadline of our own around
 * each, for the client's does not end a call on a connection that has fallen silent (architecture 4).
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type Credentials, ErrorType, EventStoreDBClient } from '@eventstore/db-client'
import { backoffMs } from './backoff.js'
import { EventStoreUnavailable } from './event-store.js'

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

/** `esdb://user:password@host:port,…?option=value`, or `esdb+discover://…` for a cluster behind one name. */
const CONNECTION_STRING =
  /^esdb(?:\+discover)?:\/\/(?:([^:@/?]+):([^@/?]+)@)?([^@/?,\s]+(?:,[^@/?,\s]+)*)\/?(?:\?.*)?$/

/** A server that ignores credentials gets some all the same, so that the call path is the one described above. */
const NOBODY: Credentials = { username: 'folio', password: 'folio' }

/** How soon a connection that has fallen silent is given up; the client's own default is twice that. */
const KEEP_ALIVE_TIMEOUT_MS = 5_000

/** Throws {@link MalformedConnectionString}. */
export function openConnection(connectionString: string): Connection {
  const [, user, password, place] = CONNECTION_STRING.exec(connectionString) ?? []
  if (place === undefined) throw new MalformedConnectionString('is not of that form')
  let client: EventStoreDBClient
  try {
    client = EventStoreDBClient.connectionString(withKeepAlive(connectionString))
  } catch (error) {
    // What the client says of a mistake quotes the string, and with it the password.
    const why = String(error)
    throw new MalformedConnectionString(
      /certificate/.test(why)
        ? 'names a certificate file that is not there'
        : 'has an option or a port that is not understood',
    )
  }
  const credentials =
    user === undefined || password === undefined
      ? NOBODY
      : { username: decodeURIComponent(user), password: decodeURIComponent(password) }
  return { client, call: { credentials, requiresLeader: true }, place, user: user ?? null }
}

function withKeepAlive(connectionString: string): string {
  if (/[?&]keepAliveTimeout=/i.test(connectionString)) return connectionString
  const begin = connectionString.includes('?') ? '&' : '?'
  return `${connectionString.replace(/\/$/, '')}${begin}keepAliveTimeout=${KEEP_ALIVE_TIMEOUT_MS}`
}

/** `EVENTSTORE_URL` cannot be read; the message does not quote it. */
export class MalformedConnectionString extends Error {
  constructor(why: string) {
    super(
      `The connection string ${why}. It is esdb://user:password@host:2113?option=value, with several hosts by ` +
        'commas, or esdb+discover://… for a cluster; see docs/operating.md.',
    )
    this.name = 'MalformedConnectionString'
  }
}

/**
 * The server's answer, asked for again after a lost connection until the deadline. For questions, which may be repeated.
 * Throws {@link EventStoreUnavailable}; what the server says itself is passed on.
 */
export async function askWithin<Value>(
  connection: Connection,
  deadlineMs: number,
  ask: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const end = performance.now() + deadlineMs
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await settledWithin(end - performance.now(), ask)
    } catch (error) {
      if (!isConnectionLoss(error)) throw deniedOr(error, connection)
      const pauseMs = backoffMs(attempt)
      if (performance.now() + pauseMs >= end) {
        throw unavailable(connection.place, deadlineMs, error)
      }
      await delay(pauseMs)
    }
  }
}

/** Rejects with {@link NoAnswer} when the time is up; the signal tells the work that nobody waits for it any more. */
export async function settledWithin<Value>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const ending = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new NoAnswer(timeoutMs))
      ending.abort()
    }, timeoutMs)
  })
  try {
    return await Promise.race([work(ending.signal), late])
  } finally {
    clearTimeout(timer)
  }
}

export class NoAnswer extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${Math.round(timeoutMs)} ms`)
    this.name = 'NoAnswer'
  }
}

const LOSSES: readonly unknown[] = [
  ErrorType.UNAVAILABLE,
  ErrorType.CANCELLED,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.TIMEOUT,
  // The client turns to the leader that the error names, if it is told one.
  ErrorType.NOT_LEADER,
]

/** Nothing came back, nobody was there, or it was not the one to ask: another try may find somebody. */
export function isConnectionLoss(error: unknown): boolean {
  return error instanceof NoAnswer || LOSSES.includes(errorType(error)) || isNotSent(error)
}

/** No connection was there to send anything over. */
const NOT_SENT =
  /No connection established|Failed to discover|Name resolution failed|The event store is closed/

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
  cause: unknown,
): EventStoreUnavailable {
  return new EventStoreUnavailable(
    `EventStoreDB at ${place} did not answer within ${Math.round(deadlineMs)} ms: ${reasonOf(cause)}`,
    { cause },
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
