/** What HTTP answers when it does not answer: problem documents (RFC 9457). Only this file knows status numbers. */
import type { Response } from 'express'

type Problem = Readonly<{ status: number; title: string }>

export const PROBLEMS = {
  malformed_query: { status: 400, title: 'The query string does not fit what this address takes' },
  malformed_path: { status: 400, title: 'The address is not well-formed' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  method_not_allowed: { status: 405, title: 'This address can only be read' },
  misdirected_host: { status: 421, title: 'This host name is not served here' },
  read_model_behind: { status: 503, title: 'The read model has not reached the position yet' },
  read_model_missing: { status: 503, title: 'The read model has not been built yet' },
  internal: { status: 500, title: 'Something went wrong' },
} as const satisfies Record<string, Problem>

export type ProblemCode = keyof typeof PROBLEMS

/** Where in what was sent something is wrong, as a JSON pointer, and what. */
export type Issue = Readonly<{ pointer: string; detail: string }>

export type ProblemDetails = Readonly<{
  detail?: string
  errors?: readonly Issue[]
  [member: string]: unknown
}>

export function sendProblem(
  response: Response,
  code: ProblemCode,
  details: ProblemDetails = {},
): void {
  const { status, title } = PROBLEMS[code]
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: `/problems/${code}`, code, title, status, ...details }))
}
