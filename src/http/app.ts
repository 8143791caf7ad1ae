/** The read side over HTTP: lists, documents, reports, the state of the projections, health. It only reads. */
import { randomUUID } from 'node:crypto'
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
} from 'express'
import type { ReadDatabase } from '../queries/list-page.js'
import { healthRoutes } from './health.js'
import { listRoutes, type WaitFor } from './list-routes.js'
import { LISTS } from './lists.js'
import { messagePage, type NavigationItem } from './page.js'
import { PROBLEMS, type ProblemCode, sendProblem } from './problem.js'
import { projectionRoutes, type StatusOfProjections } from './projection-routes.js'

export type AppOptions = Readonly<{
  db: ReadDatabase
  /** Waits until live read models have reached a position (H5). */
  waitFor: WaitFor
  projections: StatusOfProjections
  /** What was thrown and not expected, with the id that the caller was given. */
  onError?: (error: unknown, requestId: string) => void
  /**
   * The host names that requests may name; others could be a foreign site that points its own name here to read the
   * ledger through somebody's browser. Left out: the loopback's names. `null`: any.
   */
  hostNames?: readonly string[] | null
}>

export const NAVIGATION: readonly NavigationItem[] = [
  ...LISTS.map(({ path, title }) => ({ path, title })),
  { path: '/projections', title: 'Projections' },
]

export const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

export function createApp(options: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(securityHeaders)
  app.use(knownHosts(options.hostNames === undefined ? LOOPBACK_NAMES : options.hostNames))
  app.use(readsOnly)
  app.get('/', (_request, response) => response.redirect('/invoices'))
  app.use(healthRoutes(options.projections))
  app.use(projectionRoutes(options.projections, NAVIGATION))
  for (const list of LISTS) app.use(listRoutes(list, options, NAVIGATION))
  app.use((request, response) => {
    answerProblem(
      request,
      response,
      'not_found',
      `${request.path} is not an address of this server.`,
    )
  })
  app.use(unexpected(options.onError ?? (() => undefined)))
  return app
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    Vary: 'Accept',
  })
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

function unexpected(onError: (error: unknown, requestId: string) => void): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    if (error instanceof URIError) {
      sendProblem(response, 'malformed_path')
      return
    }
    const requestId = randomUUID()
    onError(error, requestId)
    response.set('Folio-Request-Id', requestId)
    // Nothing of the error itself leaves the house.
    answerProblem(request, response, 'internal', `The log has it under ${requestId}.`)
  }
}

function answerProblem(
  request: Request,
  response: express.Response,
  code: ProblemCode,
  detail: string,
): void {
  if (request.accepts(['json', 'html']) === 'html') {
    const { status, title } = PROBLEMS[code]
    response
      .status(status)
      .type('html')
      .send(messagePage(title, detail, NAVIGATION))
    return
  }
  sendProblem(response, code, { detail })
}
