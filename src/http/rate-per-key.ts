/** How many requests a key may make a minute; it says in every answer how many are left (O6). */
import type { RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import { principalOf } from './principal.js'
import { sendProblem } from './problem.js'

const WINDOW_MS = 60_000

/** Counted in this process: behind several processes a key may make as many times more. */
export function ratePerKey(): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: (_request, response) => principalOf(response).ratePerMinuteMax,
    keyGenerator: (_request, response) => principalOf(response).principal,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'per-key',
    handler: (_request, response) => {
      sendProblem(response, 'rate_limited', {
        ratePerMinuteMax: principalOf(response).ratePerMinuteMax,
      })
    },
  })
}
