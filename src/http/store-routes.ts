/** `/instances/{id}/credentials` and `/instances/{id}/connection`: what opens a store, written and never read (S4). */
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { parseInput } from '../../commands/parse-input.js'
import { uuidSchema } from '../events/text.js'
import { credentialsSchema } from './credentials-schema.js'
import { jsonBody, jsonOf } from './json-body.js'
import { rolesAllowed, STORE_PERMISSIONS } from './permissions.js'
import { allowed } from './principal.js'
import { type Issue, sendProblem } from './problem.js'
import type { GivenCredentials, Saved, StoreAccess } from './store-access.js'
import { sendStoreFailure } from './store-failure.js'

export const credentialsQuerySchema = z.strictObject({
  check: z
    .enum(['true', 'false'])
    .describe('`false`: saved without asking the store whether it takes them.')
    .optional(),
})

const CREDENTIALS = '/instances/:id/credentials'
const CONNECTION = '/instances/:id/connection'

export function storeRoutes(stores: StoreAccess): Router {
  const router = Router()
  router.put(CREDENTIALS, permission('PUT /instances/{id}/credentials'), jsonBody, save(stores))
  router.delete(CREDENTIALS, permission('DELETE /instances/{id}/credentials'), remove(stores))
  router.all(CREDENTIALS, (_request, response) => {
    response.set('Allow', 'PUT, DELETE')
    sendProblem(response, 'method_not_allowed')
  })
  router.get(CONNECTION, permission('GET /instances/{id}/connection'), connection(stores))
  return router
}

function permission(route: string): RequestHandler {
  return allowed(rolesAllowed(STORE_PERMISSIONS, route))
}

function save(stores: StoreAccess): RequestHandler {
  return async (request, response) => {
    const instance = instanceIn(request)
    const query = parseInput(credentialsQuerySchema, request.query)
    const given = parseInput(credentialsSchema, jsonOf(response))
    if (instance === null) sendNoInstance(response)
    else if ('issues' in query) {
      const errors = query.issues.map(({ path, message }) => ({ pointer: path, detail: message }))
      sendProblem(response, 'malformed_query', { errors })
    } else if ('issues' in given) {
      sendProblem(response, 'malformed_request', { errors: withoutSecrets(given.issues) })
    } else {
      const { accessToken, clientSecret = null } = given.value
      const credentials: GivenCredentials = { accessToken, clientSecret }
      const check = query.value.check !== 'false'
      sendSaved(response, await stores.save(instance, credentials, { check }))
    }
  }
}

/** Somebody may have put a token where a name belongs. */
function withoutSecrets(issues: readonly Readonly<{ path: string; message: string }>[]): Issue[] {
  const names = Object.keys(credentialsSchema.shape)
  return issues.map(({ path, message }) => ({
    pointer: names.includes(path.slice(1)) ? path : '',
    detail: message,
  }))
}

function sendSaved(response: Response, saved: Saved): void {
  switch (saved.outcome) {
    case 'saved':
      response.status(204).end()
      return
    case 'unknown_instance':
      sendNoInstance(response)
      return
    case 'platform_not_offered':
      sendProblem(response, 'store_platform_not_offered', { platform: saved.platform })
      return
    case 'refused':
      sendStoreFailure(response, saved.failure)
  }
}

function remove(stores: StoreAccess): RequestHandler {
  return async (request, response) => {
    const instance = instanceIn(request)
    const removed = instance === null ? 'unknown_instance' : await stores.remove(instance)
    if (removed === 'removed') response.status(204).end()
    else sendNoInstance(response)
  }
}

function connection(stores: StoreAccess): RequestHandler {
  return async (request, response) => {
    const instance = instanceIn(request)
    const found = instance === null ? null : await stores.connection(instance)
    if (found === null) sendNoInstance(response)
    else response.json(found)
  }
}

function instanceIn(request: Request): string | null {
  return uuidSchema.safeParse(request.params['id']).data ?? null
}

function sendNoInstance(response: Response): void {
  sendProblem(response, 'not_found', { detail: 'There is no instance of this id.' })
}
