/** Listening, within limits, on the loopback unless told otherwise. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Serving = Readonly<{
  /** `http://127.0.0.1:4180` */
  address: string
  port: number
  /** Answers what is under way, and takes nothing new. */
  close(): Promise<void>
}>

export type ServeOptions = Readonly<{
  app: RequestListener
  /** Left out: 127.0.0.1. */
  host?: string
  /** 0: any free one. */
  port: number
}>

/** The address cannot be listened on; the message says what to do. */
export class AddressUnavailable extends Error {
  readonly code: string
  constructor(host: string, port: number, code: string) {
    super(messageFor(host, port, code))
    this.name = 'AddressUnavailable'
    this.code = code
  }
}

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const KEEP_ALIVE_TIMEOUT_MS = 5_000
const CONNECTIONS_MAX = 500
const HEADER_BYTES_MAX = 16_384
const CLOSE_TIMEOUT_MS = 5_000

export async function serve({ app, host = '127.0.0.1', port }: ServeOptions): Promise<Serving> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
    },
    app,
  )
  server.maxConnections = CONNECTIONS_MAX
  await listen(server, host, port)
  const bound = server.address() as AddressInfo
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return { address: `http://${name}:${bound.port}`, port: bound.port, close: () => close(server) }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new AddressUnavailable(host, port, error.code ?? error.message)),
    )
    server.listen({ host, port }, resolve)
  })
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS)
  await closed
  clearTimeout(deadline)
}

function messageFor(host: string, port: number, code: string): string {
  const where = `${host}:${port}`
  if (code === 'EADDRINUSE') {
    return `Another program listens on ${where}. Stop it, or give another port with --port (0 takes any free one).`
  }
  if (code === 'EACCES') {
    return `This user may not listen on ${where}. Give a port above 1023 with --port.`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine. Give another with FOLIO_HOST, or leave it out for 127.0.0.1.`
  }
  return `Listening on ${where} failed with ${code}.`
}
