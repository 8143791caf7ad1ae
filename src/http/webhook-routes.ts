/**
 * `POST /webhooks/bigcommerce/{instance}`: no API key; the store is known by its signature and by a secret of ours. What
 * it sends is kept before it is answered, and worked on later: whoever is answered late, or with an error, sends again,
 * and at last no more.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { type RequestHandler, Router } from 'express'
import { rateLimit } from 'express-rate-limit'
import { uuidSchema } from '../events/text.js'
import { sendProblem } from './problem.js'
import { readBytes } from './read-bytes.js'

export type ReceiveWebhook = (
  instance: string,
  request: Readonly<{ headers: IncomingHttpHeaders; rawBody: Buffer }>,
) => Promise<'kept' | 'unknown_instance' | 'not_recognised' | 'not_understood'>

export const WEBHOOK_BYTES_MAX = 65_536
/** A store sends a hundred a second at most, and each may come five times. */
const PER_MINUTE_MAX = 60_000
const WINDOW_MS = 60_000

const WEBHOOK = '/webhooks/bigcommerce/:instance'

export function webhookRoutes(receive: ReceiveWebhook): Router {
  const router = Router()
  router.post(WEBHOOK, rate(), async (request, response) => {
    const rawBody = await readBytes(request, WEBHOOK_BYTES_MAX)
    if (rawBody === 'aborted') return
    if (rawBody === 'too_large') {
      sendProblem(response, 'body_too_large', { bytesMax: WEBHOOK_BYTES_MAX })
      return
    }
    const instance = uuidSchema.safeParse(request.params['instance']).data
    const { headers } = request
    const received =
      instance === undefined ? 'unknown_instance' : await receive(instance, { headers, rawBody })
    switch (received) {
      case 'kept':
        response.json({})
        return
      case 'unknown_instance':
        sendProblem(response, 'not_found')
        return
      case 'not_recognised':
        response.set('WWW-Authenticate', 'Signature')
        sendProblem(response, 'webhook_not_recognised')
        return
      case 'not_understood':
        sendProblem(response, 'webhook_not_understood')
    }
  })
  router.all(WEBHOOK, (_request, response) => {
    response.set('Allow', 'POST')
    sendProblem(response, 'method_not_allowed')
  })
  return router
}

/** By where it comes from: behind a proxy that is all of them together. */
function rate(): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: PER_MINUTE_MAX,
    keyGenerator: ({ socket }) => socket.remoteAddress ?? 'gone',
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'webhooks',
    handler: (_request, response) => {
      sendProblem(response, 'rate_limited', { ratePerMinuteMax: PER_MINUTE_MAX })
    },
  })
}
