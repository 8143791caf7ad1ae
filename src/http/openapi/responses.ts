/** Answers as they are described: the headers they come with, and the problems. */
import type { JsonSchema } from './components.js'
import { schemaReference } from './components.js'
import { type Audience, problemCodes } from './problem-schema.js'

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'The request is malformed.',
  401: 'No API key was sent, or none that is known.',
  403: 'The role of the API key does not allow this.',
  404: 'There is nothing at this address.',
  409: 'Refused: sound, but what has happened in the ledger stands against it.',
  412: 'Refused: If-Match named a revision, and the documents have changed since.',
  413: 'The body is too large.',
  415: 'The body must be JSON in UTF-8, uncompressed.',
  421: 'The host name is not served here.',
  422: 'Refused: what the request says is wrong, whatever else stands in the ledger.',
  429: 'The API key makes too many requests.',
  500: 'Something went wrong; the log has it under the request id.',
  502: 'The store answered something that is not understood.',
  503: 'Not now: try again.',
}

const AUDIENCES: readonly Audience[] = [
  ...(['command', 'list', 'document', 'status', 'public'] as const),
  ...(['credentials', 'connection', 'quote', 'webhook'] as const),
]

const header = (description: string, schema: JsonSchema) => ({ description, schema })

export const HEADERS = {
  XRequestId: header("The caller's X-Request-Id, or one of ours: the log has it too.", {
    type: 'string',
    pattern: '^[\\w.-]{1,100}$',
  }),
  ETag: header('The revision of the stream, for If-Match.', {
    type: 'string',
    pattern: '^"(?:0|[1-9]\\d{0,9})"$',
  }),
  FolioPosition: header('The position in the log that the answer holds, for minPosition.', {
    type: 'string',
    pattern: '^\\d+$',
  }),
  IdempotentReplayed: header(
    'The same request was accepted before, and nothing was appended now.',
    { type: 'string', const: 'true' },
  ),
  RateLimit: header('What the API key has left of its requests; with every answer to it.', {
    type: 'string',
  }),
  RateLimitPolicy: header('How many requests the API key may make, in how many seconds.', {
    type: 'string',
  }),
  RetryAfter: header('In so many seconds.', { type: 'string', pattern: '^\\d+$' }),
  WwwAuthenticate: header('How to say who asks.', { type: 'string' }),
} as const

const headerReference = (name: keyof typeof HEADERS) => ({ $ref: `#/components/headers/${name}` })

export const REQUEST_ID_HEADER = { 'X-Request-Id': headerReference('XRequestId') }
export const REVISION_HEADERS = {
  ETag: headerReference('ETag'),
  'Folio-Position': headerReference('FolioPosition'),
}
export const POSITION_HEADER = { 'Folio-Position': headerReference('FolioPosition') }
export const REPLAY_HEADER = { 'Idempotent-Replayed': headerReference('IdempotentReplayed') }

const RATE_HEADERS = {
  RateLimit: headerReference('RateLimit'),
  'RateLimit-Policy': headerReference('RateLimitPolicy'),
}

/** Every problem of every kind of address, by name. */
export function problemResponses(): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    AUDIENCES.flatMap((audience) =>
      [...problemCodes(audience)].map(([status, codes]) => [
        responseName(audience, status),
        problemResponse(status, codes),
      ]),
    ),
  )
}

/** References to the problems that an address can answer with, by status. */
export function problemReferences(audience: Audience): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...problemCodes(audience).keys()].map((status) => [
      `${status}`,
      { $ref: `#/components/responses/${responseName(audience, status)}` },
    ]),
  )
}

function problemResponse(status: number, codes: readonly string[]) {
  const own = { properties: { status: { const: status }, code: { enum: codes } } }
  const schema = { allOf: [schemaReference('Problem'), own] }
  return {
    description: STATUS_NAMES[status] ?? 'A problem.',
    headers: {
      ...REQUEST_ID_HEADER,
      ...([409, 429, 503].includes(status) ? { 'Retry-After': headerReference('RetryAfter') } : {}),
      ...(status === 429 ? RATE_HEADERS : {}),
      ...(status === 404 ? POSITION_HEADER : {}),
      ...(status === 401 ? { 'WWW-Authenticate': headerReference('WwwAuthenticate') } : {}),
    },
    content: { 'application/problem+json': { schema } },
  }
}

function responseName(audience: Audience, status: number): string {
  return `${audience}-${status}`
}
