/** Writes answers, whole or broken. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { randomBytes } from 'node:crypto'
import type { AfterKind } from '../options.js'
import type { Answer } from './answers.js'
import type { HitBy } from './draw.js'

type Headers = Readonly<Record<string, string>>

export function send(response: ServerResponse, answer: Answer, headers: Headers): void {
  if (response.destroyed) return
  if (answer.body === undefined) {
    response.writeHead(answer.status, { ...headers, ...answer.headers })
    response.end()
    return
  }
  const text = JSON.stringify(answer.body)
  response.writeHead(answer.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
    ...answer.headers,
  })
  response.end(text)
}

/** The effect is there; what the client gets is something else. */
export async function sendBroken(
  request: IncomingMessage,
  response: ServerResponse,
  {
    fault,
    answer,
    headers,
  }: Readonly<{ fault: HitBy<AfterKind>; answer: Answer; headers: Headers }>,
): Promise<void> {
  switch (fault.kind) {
    case 'answer_lost':
      reset(request)
      return
    case 'hang_after':
      return
    case 'half_body':
      sendHalf(request, response, answer, headers)
      return
    case 'html':
      response.writeHead(answer.status, { ...headers, 'Content-Type': 'text/html' })
      response.end('<!doctype html><title>Bad gateway</title><h1>Something went wrong</h1>')
      return
    case 'garbage':
      response.writeHead(answer.status, {
        ...headers,
        'Content-Type': 'application/json',
        'Content-Encoding': 'gzip',
      })
      response.end(randomBytes(4_096))
      return
    case 'huge':
      await sendHuge(response, answer.status, headers, fault.bytes ?? HUGE_BYTES)
      return
    case 'extra_fields':
      send(response, { ...answer, body: withExtraFields(answer.body) }, headers)
      return
    case 'error_after':
      send(response, answer, headers)
  }
}

/** Ends the connection with a reset: nothing more arrives. */
export function reset(request: IncomingMessage): void {
  request.socket.resetAndDestroy()
}

function sendHalf(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  headers: Headers,
): void {
  const text = Buffer.from(JSON.stringify(answer.body ?? { data: [], meta: {} }))
  response.writeHead(answer.status, {
    'Content-Type': 'application/json',
    'Content-Length': text.length,
    ...headers,
  })
  response.write(text.subarray(0, text.length / 2), () => {
    request.socket.destroy()
  })
}

const HUGE_BYTES = 64 * 1_024 * 1_024
const CHUNK = Buffer.from('"padding",'.repeat(6_400))

async function sendHuge(
  response: ServerResponse,
  status: number,
  headers: Headers,
  bytes: number,
): Promise<void> {
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json' })
  response.write('{"data":[')
  for (let sent = 0; sent < bytes && !response.destroyed; sent += CHUNK.length) {
    if (response.write(CHUNK)) continue
    await drained(response)
  }
  response.end('""],"meta":{}}')
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
}

/** What a later version of the platform may add at any time. */
function withExtraFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withExtraFields)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([name, field]) => [name, withExtraFields(field)])
  return { ...Object.fromEntries(fields), x_added_later: { since: '2031' } }
}
