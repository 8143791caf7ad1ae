/** What no route ever sees: requests that are no HTTP, or never end, are answered here, and their connections end. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ProblemCode, problemDocument, type ProblemDetails } from './problem.js'

export type HeaderLimits = Readonly<{ headerBytesMax: number; headersMax: number }>

export type LastWord = Readonly<{
  /** Whoever still sends is given so long to read the answer: what comes for a closed socket resets the connection. */
  lingerMs: number
}>

type Broken = Readonly<{ problem: ProblemCode; details: ProblemDetails }>

/** Node has read the headers, and yet they cannot be taken. `null`: they can. */
export function brokenHeaders(
  { headers, rawHeaders, httpVersion }: IncomingMessage,
  { headersMax }: Pick<HeaderLimits, 'headersMax'>,
): Broken | null {
  if (rawHeaders.length > 2 * headersMax) {
    return { problem: 'headers_too_large', details: { headersMax } }
  }
  if (headers.host === undefined && httpVersion === '1.1') {
    return { problem: 'malformed_http', details: { detail: 'The Host header is missing.' } }
  }
  return null
}

/** What Node could not read. Its reasons are fixed texts, without anything of what was sent. */
export function brokenBy(error: Error, { headerBytesMax }: HeaderLimits): Broken {
  const { code, reason } = error as Error & { code?: unknown; reason?: unknown }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { problem: 'request_too_slow', details: {} }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { problem: 'headers_too_large', details: { bytesMax: headerBytesMax } }
  }
  const details = typeof reason === 'string' ? { detail: `${reason}.` } : {}
  return { problem: 'malformed_http', details }
}

export function answerBroken(response: ServerResponse, broken: Broken): void {
  const { status, headers, body } = document(broken)
  response.writeHead(status, headers).end(body)
}

/** Where Node has made no response. Ends the connection. */
export function answerOnSocket(socket: Duplex, broken: Broken, { lingerMs }: LastWord): void {
  const { status, headers, body } = document(broken)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', ''].join('\r\n')
  const linger = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => {
    clearTimeout(linger)
  })
  socket.end(head + body)
}

function document({ problem, details }: Broken) {
  const answer = problemDocument(problem, details)
  const body = JSON.stringify(answer)
  const headers = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': `${Buffer.byteLength(body)}`,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  }
  return { status: answer.status, headers, body }
}
