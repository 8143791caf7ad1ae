/** The connections of a server, and what is under way on each: so that none is cut while we work for it, and the others are. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

export type ConnectionLimits = Readonly<{
  /** A client may take so long to read an answer that stands ready. */
  answerTimeoutMs: number
  /** A body that nobody reads any more, for its answer is given, is let past for so long. */
  unreadBodyTimeoutMs: number
  /** The same for both, and for what is half sent, once the server closes. */
  closeGraceMs: number
}>

export type Connections = Readonly<{
  /** `false`: the connection is about to end, and the request must not be worked on: no answer would reach anybody. */
  begin(request: IncomingMessage, response: ServerResponse): boolean
  /** No further request of the connection can be read. What may still be said on it. */
  breakOff(socket: Duplex): 'nothing' | 'answers_under_way' | Readonly<{ bodyAwaited: boolean }>
  /** Ends every connection: now where nothing is under way, else after the last answer, but waits only shortly for clients. */
  close(): void
  destroyAll(): void
}>

type Exchange = Readonly<{ request: IncomingMessage; response: ServerResponse }>

type Connection = {
  readonly socket: Duplex
  readonly underWay: Set<Exchange>
  /** Answered, and its body was still coming then. */
  answeredEarly: IncomingMessage | null
  /** Ends with its last answer. */
  retired: boolean
  brokenOff: boolean
}

export function trackConnections(server: Server, limits: ConnectionLimits): Connections {
  const connections = new Map<Duplex, Connection>()
  let closing = false
  server.on('connection', (socket) => {
    const connection: Connection = {
      socket,
      underWay: new Set(),
      answeredEarly: null,
      retired: false,
      brokenOff: false,
    }
    connections.set(socket, connection)
    socket.once('close', () => connections.delete(socket))
  })
  const begin = (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(request.socket)
    if (connection === undefined || connection.retired || connection.brokenOff) return false
    const exchange = { request, response }
    connection.underWay.add(exchange)
    response.once('prefinish', () => {
      destroyAfter(connection, closing ? limits.closeGraceMs : limits.answerTimeoutMs, response)
    })
    response.once('close', () => {
      end(connection, exchange, limits)
    })
    return true
  }
  const close = () => {
    closing = true
    for (const connection of connections.values()) retire(connection)
    const grace = setTimeout(() => {
      for (const connection of connections.values()) {
        if (waitsForClient(connection)) connection.socket.destroy()
      }
    }, limits.closeGraceMs)
    grace.unref()
  }
  return {
    begin,
    breakOff: (socket) => {
      const connection = connections.get(socket)
      return connection === undefined ? 'nothing' : breakOff(connection)
    },
    close,
    destroyAll: () => {
      for (const { socket } of connections.values()) socket.destroy()
    },
  }
}

function end(connection: Connection, exchange: Exchange, limits: ConnectionLimits): void {
  const { socket, underWay } = connection
  const { request } = exchange
  underWay.delete(exchange)
  if (connection.retired && underWay.size === 0) {
    socket.end(() => socket.destroy())
    return
  }
  if (request.complete || socket.destroyed) return
  connection.answeredEarly = request
  destroyAfter(connection, limits.unreadBodyTimeoutMs, request)
}

/** Unless what is waited for has been done with before. */
function destroyAfter({ socket }: Connection, timeoutMs: number, awaited: Duplex | Closing): void {
  const timer = setTimeout(() => socket.destroy(), timeoutMs)
  awaited.once('close', () => {
    clearTimeout(timer)
  })
}

type Closing = Readonly<{ once(event: 'close', listener: () => void): unknown }>

/** The last answer says that no further one comes; the ones before it still do. */
function retire(connection: Connection): void {
  if (connection.retired) return
  connection.retired = true
  const last = [...connection.underWay].at(-1)?.response
  if (last === undefined) connection.socket.destroy()
  else if (!last.headersSent) last.setHeader('Connection', 'close')
}

function breakOff(connection: Connection): ReturnType<Connections['breakOff']> {
  const { socket, underWay, answeredEarly } = connection
  if (connection.brokenOff) return 'answers_under_way'
  connection.brokenOff = true
  const abandoned = [...underWay].filter(({ request }) => !request.complete)
  for (const exchange of abandoned) underWay.delete(exchange)
  const begun = abandoned.some(({ response }) => response.headersSent)
  if (!socket.writable || begun || answeredEarly?.complete === false) return 'nothing'
  if (underWay.size === 0) return { bodyAwaited: abandoned.length > 0 }
  retire(connection)
  return 'answers_under_way'
}

/** We have done our part of all that is under way. */
function waitsForClient({ underWay }: Connection): boolean {
  return [...underWay].every(({ request, response }) => !request.complete || response.writableEnded)
}
