/** `/openapi.json`, and `/docs`: a page to read it and try it (H1), all of it served from here. */
import { type RequestHandler, Router } from 'express'
import { serveFiles, setup } from 'swagger-ui-express'
import { openApiDocument } from './openapi/document.js'

/** The page is all script; it may talk to nobody but us. The policy of all else stays as tight as it is. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Of what the package brings, the page itself needs no more. */
const FILES: ReadonlySet<string> = new Set([
  '/',
  '/swagger-ui.css',
  '/swagger-ui-bundle.js',
  '/swagger-ui-standalone-preset.js',
  '/swagger-ui-init.js',
  '/favicon-16x16.png',
  '/favicon-32x32.png',
])

const OPTIONS = {
  customSiteTitle: 'API – Folio',
  customCss: '.swagger-ui .topbar { display: none }',
  swaggerUrl: '/openapi.json',
  swaggerOptions: {
    // It would be asked over the network.
    validatorUrl: null,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    tryItOutEnabled: true,
  },
}

export function apiPage(): Router {
  // Made when it is first asked for: a tenth of a second that no start needs to wait for.
  let description: string | null = null
  const router = Router()
  router.get('/openapi.json', (_request, response) => {
    response.type('json').send((description ??= JSON.stringify(openApiDocument())))
  })
  router.use('/docs', ownFile, serveFiles(undefined, OPTIONS), setup(undefined, OPTIONS))
  return router
}

const ownFile: RequestHandler = (request, response, next) => {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (!isRead || !FILES.has(request.path)) {
    next('router')
    return
  }
  response.set({ 'Content-Security-Policy': CONTENT_SECURITY_POLICY, 'Cache-Control': 'no-cache' })
  // The page names its files beside itself.
  if (request.originalUrl.startsWith('/docs/')) next()
  else response.redirect('/docs/')
}
