/** V3: webhooks are registered, listed, changed and removed. */
import type { z } from 'zod'
import type { hookChangeSchema, hookRequestSchema } from '../contract/hooks.js'
import { type Answer, v3Data, v3Error, v3Page } from '../http/answers.js'
import { isLoopback } from '../hooks/loopback.js'
import type { Hook } from '../state/hook.js'
import type { Store } from '../state/world.js'
import { type Call, type Handler, notFound } from './call.js'

export const hooks: Handler = ({ store, query }) => {
  const found = [...store.hooks.values()].filter(
    ({ isActive, scope, destination }) =>
      fits(query['is_active'], `${isActive}`) &&
      fits(query['scope'], scope) &&
      fits(query['destination'], destination),
  )
  return v3Page(
    found.map((one) => hookView(one, store)),
    query,
  )
}

export const hook: Handler = ofHook((call, one) => v3Data(hookView(one, call.store)))

export const createHook: Handler = async ({ engine, store, body, nowMs }) => {
  const asked = body as z.infer<typeof hookRequestSchema>
  const made: Hook = {
    id: store.next.hook,
    scope: asked.scope,
    destination: asked.destination,
    headers: asked.headers ?? null,
    isActive: asked.is_active ?? true,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    isDeactivated: false,
  }
  const refusal = refusalOf(made, store)
  if (refusal !== null) return v3Error(422, 'The webhook is refused.', { destination: refusal })
  await engine.commit([{ type: 'hook_set', store: store.settings.hash, hook: made }])
  return v3Data(hookView(made, store))
}

export const changeHook: Handler = ofHook(async ({ engine, store, body, nowMs }, before) => {
  const asked = body as z.infer<typeof hookChangeSchema>
  const changed: Hook = {
    ...before,
    scope: asked.scope ?? before.scope,
    destination: asked.destination ?? before.destination,
    headers: asked.headers === undefined ? before.headers : asked.headers,
    isActive: asked.is_active ?? before.isActive,
    updatedAtMs: nowMs,
    isDeactivated: asked.is_active === true ? false : before.isDeactivated,
  }
  const refusal = refusalOf(changed, store)
  if (refusal !== null) return v3Error(422, 'The webhook is refused.', { destination: refusal })
  await engine.commit([{ type: 'hook_set', store: store.settings.hash, hook: changed }])
  return v3Data(hookView(changed, store))
})

export const deleteHook: Handler = ofHook(async ({ engine, store }, one) => {
  await engine.commit([{ type: 'hook_deleted', store: store.settings.hash, hook: one.id }])
  return v3Data(hookView(one, store))
})

export const hooksAdmin: Handler = ({ store, query }) => {
  const list = [...store.hooks.values()]
    .filter(({ isActive }) => fits(query['is_active'], `${isActive}`))
    .map((one) => ({ ...hookView(one, store), status: statusOf(one) }))
  const blocked = store.settings.blockedDomains.map((destination) => ({
    destination,
    time_left: 180,
    reasons: [{ failure_description: 'Too many failures', count: 100, timestamp: 1_700_000_000 }],
  }))
  const { meta } = v3Page(list, {}).body as { meta: unknown }
  const data = { emails: [], hooks_list: list, blocked_domains: blocked }
  return { status: 200, body: { data, meta } }
}

/** Documented limits: so many hooks for a scope, one for a scope and destination, HTTPS on its own port. */
const HOOKS_OF_SCOPE_MAX = 10

function refusalOf(
  { id, scope, destination }: Hook,
  { settings, hooks: known }: Store,
): string | null {
  if (!URL.canParse(destination)) return 'is no address'
  const url = new URL(destination)
  const isPublic = url.protocol === 'https:' && (url.port === '' || url.port === '443')
  const isAllowed = settings.hookDestinations === 'loopback_http' && isLoopback(url)
  if (!isPublic && !isAllowed) return 'must be served with HTTPS on port 443'
  const others = [...known.values()].filter((one) => one.id !== id && one.scope === scope)
  if (others.some((one) => one.destination === destination)) return 'is registered already'
  return others.length >= HOOKS_OF_SCOPE_MAX ? 'is one too many for its scope' : null
}

function ofHook(handle: (call: Call, hook: Hook) => Answer | Promise<Answer>): Handler {
  return (call) => {
    const found = call.store.hooks.get(call.parameters['hook'] ?? 0)
    return found === undefined ? notFound(call) : handle(call, found)
  }
}

function hookView(one: Hook, { settings }: Store) {
  return {
    id: one.id,
    client_id: settings.clientId,
    store_hash: settings.hash,
    scope: one.scope,
    destination: one.destination,
    headers: one.headers,
    is_active: one.isActive,
    created_at: Math.floor(one.createdAtMs / 1_000),
    updated_at: Math.floor(one.updatedAtMs / 1_000),
  }
}

function statusOf({ isActive, isDeactivated }: Hook): string {
  if (isActive) return 'active'
  return isDeactivated ? 'deactivated' : 'inactive'
}

function fits(asked: string | undefined, actual: string): boolean {
  return asked === undefined || asked === actual
}
