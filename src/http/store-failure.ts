/** What went wrong with a store, as a problem. */
import type { Response } from 'express'
import type { Failure } from '../platforms/platform.js'
import { type ProblemCode, sendProblem } from './problem.js'

export function sendStoreFailure(
  response: Response,
  { reason, detail, retryAfterMs }: Failure,
): void {
  if (retryAfterMs !== null) response.set('Retry-After', `${Math.ceil(retryAfterMs / 1000)}`)
  sendProblem(response, PROBLEM_OF[reason], detail === '' ? {} : { detail })
}

const PROBLEM_OF = {
  not_authorised: 'store_credentials_refused',
  not_found: 'store_refused',
  refused: 'store_refused',
  limited: 'store_not_answering',
  address_not_allowed: 'store_network_not_allowed',
  unavailable: 'store_not_answering',
  not_understood: 'store_not_understood',
} as const satisfies Record<Failure['reason'], ProblemCode>
