/** Connections to the log: each works as the application role, each question has a deadline, each loss is recovered. */
import { Socket } from 'node:net'
import pg from 'pg'

export type ConnectionOptions = Readonly<{
  config: pg.PoolConfig
  /** What to work as; `null` for the server's user itself. */
  role: string | null
}>

export const CONNECT_TIMEOUT_MS = 5_000
const CLOSE_TIMEOUT_MS = 1_000
const READERS_MAX = 8

const SETTINGS = [
  // Plans are kept while the log grows: one made over an empty table must not read the full one from end to end.
  'set enable_seqscan to off',
  'set enable_bitmapscan to off',
  'set jit to off',
]

/** A client whose socket can be cut: the driver's own ending waits for the other side, which may be silent. */
export class Connection extends pg.Client {
  readonly #socket: Socket

  constructor(config: pg.ClientConfig = {}) {
    const socket = new Socket()
    super({
      ...config,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      stream: () => socket,
    })
    this.#socket = socket
    // An event without a listener would end the process; whoever asked is told by the query's own answer.
    this.on('error', () => undefined)
  }

  cut(): void {
    this.#socket.destroy()
  }

  /** Says goodbye, but not for longer than a second. */
  async close(): Promise<void> {
    const timer = setTimeout(() => {
      this.cut()
    }, CLOSE_TIMEOUT_MS)
    await this.end()
    clearTimeout(timer)
  }
}

export function openReaders(
  options: ConnectionOptions & Readonly<{ readDeadlineMs: number }>,
): pg.Pool {
  const pool = new pg.Pool({
    max: READERS_MAX,
    ...options.config,
    Client: Connection,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- The pool waits for it; its types do not say so.
    onConnect: (client) => prepare(client, options.role, options.readDeadlineMs),
  })
  // The pool drops a connection that broke while nobody used it.
  pool.on('error', () => undefined)
  return pool
}

/** One connection outside the pool, ready to work. */
export async function openConnection(
  options: ConnectionOptions &
    Readonly<{ statementTimeoutMs: number; onLost: (client: Connection) => void }>,
): Promise<Connection> {
  const client = new Connection(options.config)
  const onLost = (): void => {
    options.onLost(client)
  }
  client.on('error', onLost)
  client.on('end', onLost)
  try {
    await client.connect()
  } catch (error) {
    client.cut()
    throw error
  }
  await prepare(client, options.role, options.statementTimeoutMs)
  return client
}

async function prepare(
  client: pg.ClientBase,
  role: string | null,
  statementTimeoutMs: number,
): Promise<void> {
  const settings = [...SETTINGS, `set statement_timeout to ${Math.ceil(statementTimeoutMs)}`]
  if (role !== null) settings.push(`set role ${role}`)
  try {
    await queryWithin(client, settings.join(';'), CONNECT_TIMEOUT_MS)
  } catch (error) {
    if (client instanceof Connection) client.cut()
    throw error
  }
}

/** For connections that are cut when this rejects. */
export async function queryWithin(
  client: pg.ClientBase,
  text: string,
  timeoutMs: number,
): Promise<void> {
  const query = { text, query_timeout: timeoutMs }
  await client.query(query)
}

/** Nothing came back, or nobody was there. */
export class ConnectionLost extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'ConnectionLost'
  }
}

/**
 * True unless the server itself said in so many words that it refused: then nothing was done. What a server says
 * while it ends a connection (classes 08, 57P, 53300) leaves open what became of the work.
 */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return true
  return /^(?:08|57P|53300)/.test(error.code)
}
