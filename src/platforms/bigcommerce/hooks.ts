/**
 * The hook by which BigCommerce announces changes of orders. It is switched off after two days of failures, or ninety of
 * silence, and with the account that made it; so it is looked after again and again.
 */
import { z } from 'zod'
import { numberText } from '../exact-json.js'
import type { CallOptions, Read } from '../platform.js'
import { type Api, dataOf, getData } from './api.js'
import { wireFlag, wireId } from './wire.js'

export type HookOrder = Readonly<{
  /** `https`, on port 443. */
  destination: string
  /** With a secret of ours among them, which comes back with each announcement. */
  headers: Readonly<Record<string, string>>
}>

export type HooksSet = Readonly<{ done: 'created' | 'armed_again' | 'nothing' }>

/** All events of orders: their refunds and transactions too. */
const SCOPE = 'store/order/*'

export async function ensureHooks(
  api: Api,
  { destination, headers }: HookOrder,
  options: CallOptions,
): Promise<Read<HooksSet>> {
  const hooks = await getData(api, '/v3/hooks', wireHook, options)
  if (hooks.outcome === 'failed') return hooks
  const ours = hooks.value.filter(
    (hook) => hook.scope === SCOPE && hook.destination === destination,
  )
  if (ours.some((hook) => hook.is_active && hasHeaders(hook, headers))) return done('nothing')
  const [known] = ours
  const body = { scope: SCOPE, destination, is_active: true, headers }
  const reading = dataOf(wireHook)
  const set = await api.ask(
    known === undefined
      ? { method: 'POST', path: '/v3/hooks', body, reading }
      : { method: 'PUT', path: `/v3/hooks/${numberText(known.id).number}`, body, reading },
    options,
  )
  if (set.outcome === 'failed') return set
  return done(known === undefined ? 'created' : 'armed_again')
}

const wireHook = z.object({
  id: wireId,
  scope: z.string(),
  destination: z.string(),
  is_active: wireFlag,
  headers: z.record(z.string(), z.string()).nullish().catch(null),
})

function hasHeaders({ headers }: z.infer<typeof wireHook>, wanted: HookOrder['headers']): boolean {
  const known = new Map(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return Object.entries(wanted).every(([name, value]) => known.get(name.toLowerCase()) === value)
}

function done(what: HooksSet['done']): Read<HooksSet> {
  return { outcome: 'read', value: { done: what } }
}
