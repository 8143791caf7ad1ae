/** Reads what a client sent, and says what of it is not as the contract has it. */
import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import type { ContractRoute } from '../contract.js'
import { type Answer, errorIn, v2Error } from './answers.js'

const BODY_BYTES_MAX = 1_048_576

/** `null`: more than it may be. Rejects when the client goes away before it has said all. */
export async function readBody(
  request: IncomingMessage,
  bytesMax: number | null = BODY_BYTES_MAX,
): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // It is heard to its end: to leave off would break the connection, and the refusal with it.
    if (bytesMax === null || bytes <= bytesMax) chunks.push(chunk)
  }
  if (bytesMax !== null && bytes > bytesMax) return null
  return Buffer.concat(chunks).toString('utf8')
}

type Parsed = Readonly<{ body: unknown; query: Readonly<Record<string, string>> }>

export type Place = Readonly<{
  isV2: boolean
  of: ContractRoute['class']
  order: number | null
}>

/** What a route is given; an answer where it is refused. */
export function parseRequest(
  { route, headers }: Readonly<{ route: ContractRoute; headers: IncomingMessage['headers'] }>,
  text: string | null,
  search: URLSearchParams,
  place: Place,
): Parsed | Readonly<{ answer: Answer }> {
  const refuse = (status: number, title: string, fields?: Readonly<Record<string, string>>) => ({
    answer: errorIn(place, status, title, fields),
  })
  const { accept } = headers
  if (accept !== undefined && !/\*\/\*|application\/(?:json|\*)/.test(accept)) {
    return refuse(406, 'The answer can only be JSON.')
  }
  const query = route.query.safeParse(Object.fromEntries(search))
  if (!query.success) {
    return refuse(place.isV2 ? 400 : 422, 'The query is invalid.', fieldsOf(query.error))
  }
  const asked = query.data as Parsed['query']
  if (text === null) return refuse(413, 'The request is too large.')
  if (route.request === null) {
    return text === '' ? { body: null, query: asked } : refuse(422, 'There may be no body.')
  }
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) {
    return refuse(415, 'The content type must be application/json.')
  }
  const json = parseJson(text)
  if (json === undefined) return refuse(400, 'Input is invalid.')
  if (isWrittenOnce(json, place)) {
    return { answer: v2Error(400, "The field 'external_merchant_id' cannot be written to.") }
  }
  const body = route.request.safeParse(json)
  return body.success
    ? { body: body.data, query: asked }
    : refuse(422, 'JSON data is missing or invalid', fieldsOf(body.error))
}

function isWrittenOnce(json: unknown, { isV2 }: Place): boolean {
  return isV2 && typeof json === 'object' && json !== null && 'external_merchant_id' in json
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** By path. Of a choice the variant that was missed by the least is told about. */
function fieldsOf({ issues }: z.ZodError): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const issue of issues.flatMap((one) => leavesOf(one as Issue, []))) {
    fields[issue.path.map(String).join('.') || 'body'] = issue.message
  }
  return fields
}

type Issue = Readonly<{
  path: readonly PropertyKey[]
  message: string
  errors?: readonly (readonly Issue[])[]
}>

function leavesOf({ path, message, errors }: Issue, above: readonly PropertyKey[]): Issue[] {
  const here = [...above, ...path]
  const nearest = errors?.toSorted((a, b) => a.length - b.length)[0]
  if (nearest === undefined || nearest.length === 0) return [{ path: here, message }]
  return nearest.flatMap((issue) => leavesOf(issue, here))
}
