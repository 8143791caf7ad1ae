/** The ledger over HTTP: commands, lists, documents, reports, the state of the projections, health (H1). */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import type { Handler } from '../../commands/handle.js'
import type { Authenticate } from '../access/authenticate.js'
import { apiPage } from './api-page.js'
import { commandRoutes } from './command-routes.js'
import { healthRoutes, type ReadinessOfProjections } from './health.js'
import { documentRoutes } from './document-routes.js'
import { listRoutes } from './list-routes.js'
import { LISTS } from './lists.js'
import type { NavigationItem } from './page.js'
import { READ_PERMISSIONS, rolesAllowed } from './permissions.js'
import { allowed, authenticated } from './principal.js'
import { sendProblem } from './problem.js'
import { answerProblem } from './problem-page.js'
import { problemRoutes } from './problem-routes.js'
import { projectionRoutes, type StatusOfProjections } from './projection-routes.js'
import { ratePerKey } from './rate-per-key.js'
import type { ReadSources } from './read-request.js'
import { type QuoteRefund, refundQuoteRoutes } from './refund-quote-routes.js'
import { requestId } from './request-headers.js'
import type { StoreAccess } from './store-access.js'
import { storeRoutes } from './store-routes.js'
import { isUnavailable } from './unavailable.js'
import { type ReceiveWebhook, webhookRoutes } from './webhook-routes.js'

export type AppOptions = ReadSources &
  Readonly<{
    handler: Handler
    /** Who holds an API key (O6). */
    authenticate: Authenticate
    projections: StatusOfProjections
    readiness: ReadinessOfProjections
    stores: StoreAccess
    receiveWebhook: ReceiveWebhook
    quoteRefund: QuoteRefund
    /** What was thrown and not expected, with the id that the caller was given. */
    onError?: (error: unknown, requestId: string) => void
    /**
     * The host names that requests may name; others could be a foreign site that points its own name here to read the
     * ledger through somebody's browser. Left out: the loopback's names. `null`: any.
     */
    hostNames?: readonly string[] | null
    /** Commands worked on at once, and how long one is waited for. Left out: as the routes have it. */
    commandsMax?: number
    commandDeadlineMs?: number
  }>

export const NAVIGATION: readonly NavigationItem[] = [
  ...LISTS.map(({ path, title }) => ({ path, title })),
  { path: '/projections', title: 'Projections' },
  { path: '/docs', title: 'API' },
]

export const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/**
 * Public are the health of the process, how it is asked, and what its problems mean; stores are known by what they sign;
 * all else takes an API key.
 */
export function createApp(options: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(identified, securityHeaders(), neverCached)
  app.use(knownHosts(options.hostNames === undefined ? LOOPBACK_NAMES : options.hostNames))
  app.use(healthRoutes(options.readiness))
  app.use(problemRoutes(NAVIGATION))
  app.use(apiPage())
  app.use(webhookRoutes(options.receiveWebhook))
  app.use(authenticated(options.authenticate), ratePerKey())
  app.use(commandRoutes(options))
  app.use(storeRoutes(options.stores), refundQuoteRoutes(options.quoteRefund))
  app.use(readsOnly)
  app.get('/', (_request, response) => response.redirect('/invoices'))
  app.use(projectionRoutes(options.projections, NAVIGATION))
  for (const list of LISTS) {
    app.use(list.path, allowed(rolesAllowed(READ_PERMISSIONS, list.path)))
    app.use(listRoutes(list, options, NAVIGATION), documentRoutes(list, options, NAVIGATION))
  }
  app.use((request, response) => {
    const detail = `${request.path} is not an address of this server.`
    answerProblem(request, response, { code: 'not_found', detail }, NAVIGATION)
  })
  app.use(failed(options.onError ?? (() => undefined)))
  return app
}

/** A name for what happens now, in the answer, the events and the log of errors. */
const identified: RequestHandler = (request, response, next) => {
  response.set('X-Request-Id', requestId(request))
  next()
}

function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'unsafe-inline'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  })
}

const neverCached: RequestHandler = (request, response, next) => {
  // An ETag names the revision of a folio, to act on with If-Match; what is shown depends on more, such as the role.
  delete request.headers['if-none-match']
  response.set({ 'Cache-Control': 'no-store', Vary: 'Accept' })
  next()
}

function knownHosts(names: readonly string[] | null): RequestHandler {
  return (request, response, next) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
    if (names === null || names.includes(host)) next()
    else sendProblem(response, 'misdirected_host')
  }
}

const readsOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') {
    next()
    return
  }
  response.set('Allow', 'GET, HEAD')
  sendProblem(response, 'method_not_allowed')
}

function failed(onError: (error: unknown, requestId: string) => void): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    if (error instanceof URIError) {
      sendProblem(response, 'malformed_path')
      return
    }
    if (isUnavailable(error)) {
      sendProblem(response, 'storage_unavailable')
      return
    }
    const id = requestId(request)
    onError(error, id)
    // Nothing of the error itself leaves the house.
    const detail = `The log has it under ${id}.`
    answerProblem(request, response, { code: 'internal', detail }, NAVIGATION)
  }
}
