/** The body of a POST: JSON in UTF-8, within its limits, or a problem that says what else it is. */
import type { IncomingMessage } from 'node:http'
import type { RequestHandler, Response } from 'express'
import { parseJson } from './json-text.js'
import type { Parsed } from './parsed.js'
import { sendProblem } from './problem.js'
import { readBytes } from './read-bytes.js'

export const BODY_BYTES_MAX = 1_048_576

/** Reads the body for {@link jsonOf}, or answers what is wrong with it. Whoever goes away meanwhile gets no answer. */
export const jsonBody: RequestHandler = async (request, response, next) => {
  const body = await readJson(request)
  if (body === 'aborted') return
  if ('problem' in body) {
    // What the caller may send instead (RFC 9110, 15.5.16).
    if (body.problem === 'unsupported_content_encoding') response.set('Accept-Encoding', 'identity')
    if (body.problem === 'unsupported_media_type') response.set('Accept', JSON_TYPE)
    sendProblem(response, body.problem, body.details)
    return
  }
  response.locals['json'] = body.value
  next()
}

/** What {@link jsonBody} has read: JSON, and not believed to be anything more. */
export function jsonOf(response: Response): unknown {
  return response.locals['json']
}

const JSON_TYPE = 'application/json'
const JSON_IN_UTF8 = /^application\/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i

async function readJson(request: IncomingMessage): Promise<Parsed<unknown> | 'aborted'> {
  const { headers } = request
  if (!JSON_IN_UTF8.test(headers['content-type'] ?? '')) {
    const detail = `Send ${JSON_TYPE}, with charset=utf-8 or without a charset.`
    return { problem: 'unsupported_media_type', details: { detail } }
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    return { problem: 'unsupported_content_encoding', details: {} }
  }
  const bytes = await readBytes(request, BODY_BYTES_MAX)
  if (bytes === 'aborted') return bytes
  if (bytes === 'too_large') {
    return { problem: 'body_too_large', details: { bytesMax: BODY_BYTES_MAX } }
  }
  const text = decoded(bytes)
  return text === null ? { problem: 'text_not_utf8', details: {} } : parseJson(text)
}

function decoded(bytes: Buffer): string | null {
  try {
    // A byte order mark is kept, and is no JSON.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
