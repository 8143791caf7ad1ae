/** Problem documents (RFC 9457) as they are described, and which of them an address can answer with. */
import { z } from 'zod'
import { type ProblemCode, PROBLEMS, REFUSAL_STATUS } from '../problem.js'

/** Where in what was sent something is wrong, and what. */
const issueSchema = z.looseObject({
  pointer: z.string().describe('A JSON pointer into the body, or the name of a query parameter.'),
  detail: z.string(),
})

export const problemSchema = z.looseObject({
  type: z.string().describe('Leads to a page that explains the problem.'),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: z.string().describe('Names the broken rule; the last part of `type`.'),
  retryable: z.boolean().describe('The very same request may be accepted later.'),
  detail: z.string().optional(),
  errors: z.array(issueSchema).optional(),
})

/** What an address is for: it decides which problems can come. */
export type Audience =
  | 'command'
  | 'list'
  | 'document'
  | 'status'
  | 'public'
  | 'credentials'
  | 'connection'
  | 'quote'
  | 'webhook'

const KEY_HOLDERS: readonly Audience[] = [
  ...(['command', 'list', 'document', 'status'] as const),
  ...(['credentials', 'connection', 'quote'] as const),
]
const EVERYBODY: readonly Audience[] = [...KEY_HOLDERS, 'public', 'webhook']
const READERS: readonly Audience[] = ['list', 'document']
const BODIES: readonly Audience[] = ['command', 'credentials']
/** What asks a store. */
const ASKING: readonly Audience[] = ['credentials', 'quote']

/** Of the connection, or of methods that no address takes: described for all addresses together. */
const OF_NO_ADDRESS: readonly Audience[] = []

/** Where each problem that is no refusal can come. */
const AUDIENCES = {
  malformed_request: BODIES,
  malformed_json: BODIES,
  json_too_deep: BODIES,
  json_key_doubled: BODIES,
  json_too_many_members: BODIES,
  json_too_many_values: BODIES,
  text_not_utf8: BODIES,
  malformed_query: [...READERS, ...ASKING],
  malformed_path: ['document', 'credentials', 'connection', 'quote', 'webhook'],
  malformed_http: OF_NO_ADDRESS,
  header_doubled: KEY_HOLDERS,
  idempotency_key_missing: ['command'],
  idempotency_key_malformed: ['command'],
  if_match_malformed: ['command'],
  unauthenticated: KEY_HOLDERS,
  role_not_allowed: KEY_HOLDERS,
  not_found: ['document', 'credentials', 'connection', 'quote', 'webhook'],
  method_not_allowed: OF_NO_ADDRESS,
  request_too_slow: OF_NO_ADDRESS,
  body_too_large: [...BODIES, 'webhook'],
  unsupported_media_type: BODIES,
  unsupported_content_encoding: BODIES,
  expectation_not_met: OF_NO_ADDRESS,
  misdirected_host: EVERYBODY,
  rate_limited: [...KEY_HOLDERS, 'webhook'],
  headers_too_large: OF_NO_ADDRESS,
  internal: EVERYBODY,
  read_model_behind: READERS,
  read_model_missing: READERS,
  too_many_commands: ['command'],
  storage_unavailable: [...KEY_HOLDERS, 'webhook'],
  outcome_unknown: ['command'],
  webhook_not_understood: ['webhook'],
  webhook_not_recognised: ['webhook'],
  store_without_credentials: ['quote'],
  store_refused: ASKING,
  store_credentials_refused: ASKING,
  store_network_not_allowed: ASKING,
  store_platform_not_offered: ['credentials'],
  store_not_understood: ASKING,
  store_not_answering: ASKING,
} as const satisfies Record<ProblemCode, readonly Audience[]>

/** By status, the codes that an address can answer with; a command's refusals are among them, also of what looks ahead. */
export function problemCodes(audience: Audience): ReadonlyMap<number, readonly string[]> {
  const own = Object.entries(PROBLEMS).flatMap(([code, { status }]) =>
    AUDIENCES[code as ProblemCode].some((other) => other === audience) ? [{ code, status }] : [],
  )
  const refused = Object.entries(REFUSAL_STATUS).map(([code, status]) => ({ code, status }))
  const byStatus = new Map<number, string[]>()
  const isRefused = audience === 'command' || audience === 'quote'
  for (const { code, status } of [...own, ...(isRefused ? refused : [])]) {
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return new Map([...byStatus].sort(([left], [right]) => left - right))
}
