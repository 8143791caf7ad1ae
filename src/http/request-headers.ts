/** The headers that are acted on, each parsed before it is believed. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Parsed } from './parsed.js'

type Headers = Pick<IncomingMessage, 'headers'>

/** Of these two could mean two things, and a proxy before us may have read the other one. */
const SINGLE_HEADERS = [
  'authorization',
  'idempotency-key',
  'if-match',
  'content-type',
  'content-length',
  'content-encoding',
  'host',
]

/**
 * The header that came twice and must not, or `null`. Node joins some doubles and drops others without a word, so the
 * raw lines are asked.
 */
export function doubledHeader({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): string | null {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  const doubled = SINGLE_HEADERS.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  return doubled ?? null
}

const IDEMPOTENCY_KEY_LENGTH_MAX = 255
/** No blanks: two lines that a proxy has joined come as `a, b`. */
const PRINTABLE = /^[\x21-\x7e]+$/

/** It is kept as it was sent: quotation marks around it are part of it. */
export function parseIdempotencyKey({ headers }: Headers): Parsed<string> {
  const key = single(headers['idempotency-key'])
  if (key === undefined) return { problem: 'idempotency_key_missing', details: {} }
  if (key.length <= IDEMPOTENCY_KEY_LENGTH_MAX && PRINTABLE.test(key)) return { value: key }
  return {
    problem: 'idempotency_key_malformed',
    details: { lengthMax: IDEMPOTENCY_KEY_LENGTH_MAX },
  }
}

const STRONG_REVISION = /^"(0|[1-9]\d{0,9})"$/

/** The revision of an `ETag` of ours; `undefined` where none is named, and any will do. */
export function parseIfMatch({ headers }: Headers): Parsed<number | undefined> {
  const tag = headers['if-match']
  if (tag === undefined) return { value: undefined }
  const revision = STRONG_REVISION.exec(tag)?.[1]
  if (revision !== undefined) return { value: Number(revision) }
  return {
    problem: 'if_match_malformed',
    details: { detail: 'Send one ETag as an answer gave it, such as "12".' },
  }
}

const REQUEST_ID = /^[\w.-]{1,100}$/

/** The caller's `X-Request-Id`; where none can be used, one of ours, which the request keeps. */
export function requestId({ headers }: Headers): string {
  const sent = single(headers['x-request-id'])
  if (sent !== undefined && REQUEST_ID.test(sent)) return sent
  const id = randomUUID()
  headers['x-request-id'] = id
  return id
}

/** W3C Trace Context: a version, a trace, a span, flags. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}$/

/** What ties the events of a request to what else was done for it: the caller's trace, or the request's id. */
export function correlation(request: Headers): string {
  const trace = TRACEPARENT.exec(single(request.headers['traceparent']) ?? '')?.[1]
  return trace ?? requestId(request)
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}
