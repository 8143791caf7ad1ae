/** Listening, within limits, on the loopback unless told otherwise. Slow and hostile clients are cut, others do not notice. */
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, Server as NetServer } from 'node:net'
import { AddressUnavailable } from './address-unavailable.js'
import {
  answerBroken,
  answerOnSocket,
  brokenBy,
  brokenHeaders,
  type HeaderLimits,
  type LastWord,
} from './broken-requests.js'
import { type ConnectionLimits, type Connections, trackConnections } from './connections.js'

export type Serving = Readonly<{
  /** `http://127.0.0.1:4180` */
  address: string
  port: number
  /** Takes nothing new, answers what is under way, and ends when the last connection has. */
  close(): Promise<void>
}>

export type ServeOptions = Readonly<{
  app: RequestListener
  /** Left out: 127.0.0.1. */
  host?: string
  /** 0: any free one. */
  port: number
  limits?: Partial<ServeLimits>
}>

export type ServeLimits = ConnectionLimits &
  HeaderLimits &
  LastWord &
  Readonly<{
    /** From the first byte of a request, or the connection's opening, to the end of its headers. */
    headersTimeoutMs: number
    /** From the same to the end of its body. */
    requestTimeoutMs: number
    /** How often both are looked at. */
    checkIntervalMs: number
    /** Between an answer and the next request. */
    keepAliveTimeoutMs: number
    /** Without a byte in either direction, whatever is under way; longer than any handler takes. */
    silenceTimeoutMs: number
    connectionsMax: number
    /** For all that is under way when the server closes; longer than any handler takes. */
    closeTimeoutMs: number
  }>

export const SERVE_LIMITS: ServeLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  checkIntervalMs: 1_000,
  keepAliveTimeoutMs: 5_000,
  silenceTimeoutMs: 60_000,
  answerTimeoutMs: 30_000,
  unreadBodyTimeoutMs: 2_000,
  connectionsMax: 2_000,
  headerBytesMax: 16_384,
  headersMax: 100,
  lingerMs: 1_000,
  closeGraceMs: 2_000,
  closeTimeoutMs: 35_000,
}

export async function serve({
  app,
  host = '127.0.0.1',
  port,
  ...rest
}: ServeOptions): Promise<Serving> {
  const limits = { ...SERVE_LIMITS, ...rest.limits }
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.headerBytesMax,
    // Its absence is answered by ourselves, with a problem document.
    requireHostHeader: false,
  })
  server.timeout = limits.silenceTimeoutMs
  server.maxConnections = limits.connectionsMax
  const connections = trackConnections(server, limits)
  answerRequests(server, { app, connections, limits })
  await listen(server, host, port)
  const bound = server.address() as AddressInfo
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return {
    address: `http://${name}:${bound.port}`,
    port: bound.port,
    close: () => close(server, connections, limits),
  }
}

type Wiring = Readonly<{ app: RequestListener; connections: Connections; limits: ServeLimits }>

function answerRequests(server: Server, { app, connections, limits }: Wiring): void {
  server.on('request', (request, response) => {
    if (!connections.begin(request, response)) return
    const broken = brokenHeaders(request, limits)
    if (broken === null) app(request, response)
    else answerBroken(response, broken)
  })
  server.on('checkExpectation', (request, response) => {
    if (!connections.begin(request, response)) return
    answerBroken(response, { problem: 'expectation_not_met', details: {} })
  })
  server.on('clientError', (error, socket) => {
    const left = connections.breakOff(socket)
    if (left === 'nothing') socket.destroy()
    else if (left !== 'answers_under_way') {
      // Whoever waits for the rest of a body must not get it once its sender was told no.
      const lingerMs = left.bodyAwaited ? 0 : limits.lingerMs
      answerOnSocket(socket, brokenBy(error, limits), { lingerMs })
    }
  })
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new AddressUnavailable(host, port, error.code ?? error.message)),
    )
    server.listen({ host, port }, resolve)
  })
}

async function close(
  server: Server,
  connections: Connections,
  { closeTimeoutMs }: ServeLimits,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    // Not http's own: it destroys connections whose answer is written and not yet sent, and no longer times requests.
    NetServer.prototype.close.call(server, () => resolve())
  })
  connections.close()
  const deadline = setTimeout(() => {
    connections.destroyAll()
  }, closeTimeoutMs)
  await closed
  clearTimeout(deadline)
  // Only ends what http does beside listening.
  server.close()
}
