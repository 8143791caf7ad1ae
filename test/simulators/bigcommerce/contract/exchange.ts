/** Finds the route of a request, and says what of an exchange is not as the contract has it. */
import type { z } from 'zod'
import { CONTRACT, type ContractRoute, type RouteName } from '../contract.js'
import { v2ErrorSchema, v3AnyErrorSchema } from './errors.js'

export type Route = Readonly<{
  name: RouteName
  route: ContractRoute
  parameters: Readonly<Record<string, number>>
}>

/** A path below `/stores/{hash}`. `null`: there is no such path; `wrong_method`: there is, for another method. */
export function routeOf(method: string, path: string): Route | null | 'wrong_method' {
  const segments = path.split('/')
  let known = false
  for (const candidate of CANDIDATES) {
    const parameters = match(candidate.segments, segments)
    if (parameters === null) continue
    if (candidate.route.method === method) {
      return { name: candidate.name, route: candidate.route, parameters }
    }
    known = true
  }
  return known ? 'wrong_method' : null
}

export type Exchange = Readonly<{
  method: string
  /** With or without `/stores/{hash}` and origin before it, and with its query. */
  url: string
  requestBody?: string | undefined
  status: number
  answerBody: string
}>

/** What of a request and its answer the contract does not know; none: all is as it should be. */
export function exchangeProblems(exchange: Exchange): string[] {
  const { method, url, requestBody, status, answerBody } = exchange
  const { pathname, searchParams } = new URL(url, 'http://simulator')
  const path = pathname.replace(/^\/stores\/[^/]+/, '')
  const found = routeOf(method, path)
  if (found === null || found === 'wrong_method') return [`${method} ${path} is no route.`]
  const { route } = found
  const problems = problemsOf('query', route.query, Object.fromEntries(searchParams))
  if (route.request === null) {
    if (requestBody !== undefined && requestBody !== '') problems.push('request: takes no body')
  } else {
    problems.push(...problemsOf('request', route.request, parsed(requestBody ?? '')))
  }
  return [...problems, ...answerProblems(path, route, status, answerBody)]
}

function answerProblems(
  path: string,
  route: ContractRoute,
  status: number,
  answerBody: string,
): string[] {
  if (status >= 400) {
    const schema = path.startsWith('/v2/') ? v2ErrorSchema : v3AnyErrorSchema
    return problemsOf(`answer ${status}`, schema, parsed(answerBody))
  }
  const schema = route.answers[status]
  if (schema === undefined) return [`answer: ${status} is none of ${route.path}`]
  if (schema === null) return answerBody === '' ? [] : [`answer ${status}: has a body`]
  return problemsOf(`answer ${status}`, schema, parsed(answerBody))
}

function problemsOf(what: string, schema: z.ZodType, value: unknown): string[] {
  const outcome = schema.safeParse(value)
  if (outcome.success) return []
  return outcome.error.issues.map(
    ({ path, message }) => `${what} ${path.map(String).join('.')}: ${message}`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const CANDIDATES = Object.entries(CONTRACT).map(([name, route]) => ({
  name: name as RouteName,
  route,
  segments: route.path.split('/'),
}))

function match(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, number> | null {
  if (pattern.length !== segments.length) return null
  const parameters: Record<string, number> = {}
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? ''
    if (!expected.startsWith(':')) {
      if (expected !== actual) return null
    } else {
      if (!/^[1-9]\d{0,14}$/.test(actual)) return null
      parameters[expected.slice(1)] = Number(actual)
    }
  }
  return parameters
}
