/** Who asks: known by an API key, allowed by its role (O6). */
import type { Request, RequestHandler, Response } from 'express'
import type { Authenticate } from '../access/authenticate.js'
import type { Principal, Role } from '../access/role.js'
import { doubledHeader } from './request-headers.js'
import { sendProblem } from './problem.js'
import { wantsPage } from './problem-page.js'

/** A key is far shorter; what is longer is not even looked up. */
const CREDENTIALS_LENGTH_MAX = 500

/**
 * `Authorization: Bearer <key>`. To read in a browser, which asks for a name and a password, the key may also be either
 * of these (Basic): only to read, for a browser sends them along on its own, whoever made the page that asks.
 */
export function authenticated(authenticate: Authenticate): RequestHandler {
  return async (request, response, next) => {
    const doubled = doubledHeader(request)
    if (doubled !== null) {
      sendProblem(response, 'header_doubled', { header: doubled })
      return
    }
    const apiKey = apiKeyOf(request)
    const principal = apiKey === null ? null : await authenticate(apiKey)
    if (principal === null) {
      const isBrowser = isRead(request) && wantsPage(request)
      response.set(
        'WWW-Authenticate',
        isBrowser ? 'Basic realm="Folio", charset="UTF-8"' : 'Bearer',
      )
      sendProblem(response, 'unauthenticated')
      return
    }
    response.locals['principal'] = principal
    next()
  }
}

export function principalOf(response: Response): Principal {
  return response.locals['principal'] as Principal
}

export function allowed(roles: readonly Role[]): RequestHandler {
  return (_request, response, next) => {
    const { role } = principalOf(response)
    if (roles.includes(role)) next()
    else sendProblem(response, 'role_not_allowed', { role, allowed: roles })
  }
}

function apiKeyOf(request: Request): string | null {
  const { authorization = '' } = request.headers
  if (authorization.length > CREDENTIALS_LENGTH_MAX) return null
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S+) *$/.exec(authorization) ?? []
  if (scheme.toLowerCase() === 'bearer') return credentials
  if (scheme.toLowerCase() !== 'basic' || !isRead(request)) return null
  const [name = '', ...password] = Buffer.from(credentials, 'base64').toString('utf8').split(':')
  return password.join(':') === '' ? name : password.join(':')
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD'
}
