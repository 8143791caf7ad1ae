/** A ledger that may talk to simulated stores, and one of these connected to it. */
import type { SeedOrder } from '../simulators/bigcommerce/seed/seed-input.js'
import type { OrderTruth } from '../simulators/bigcommerce/control/control.js'
import type { StoreInput } from '../simulators/bigcommerce/options.js'
import { type Simulator, startSimulator } from '../simulators/bigcommerce/simulator.js'
import type { Config } from '../../src/config.js'
import type { TestDatabase } from './postgres.js'
import {
  type Answered,
  type Client,
  clientOf,
  type Json,
  servedLedger,
  type ServedLedger,
} from './served-ledger.js'

export const TOKEN = 'canary-9b3f-access-token'
export const CLIENT_SECRET = 'canary-9b3f-client-secret'
export const HASH = 'abc'
/** No round over a store begins by itself after the first. */
const NEVER_MS = 86_400_000
const STORES = { networks: ['127.0.0.0/8'], publicUrl: null, pullMs: NEVER_MS }

export function simulatedStore(settings: Partial<StoreInput> = {}): Promise<Simulator> {
  const store = { hash: HASH, token: TOKEN, clientSecret: CLIENT_SECRET, quota: null, ...settings }
  return startSimulator({ stores: [store] })
}

export type Connected = Readonly<{
  served: ServedLedger
  client: Client
  /** The administrator's. */
  admin: Client
  /** With the body as it is given; the administrator's key unless another is given. */
  send(method: string, path: string, body?: unknown, apiKey?: string): Promise<Answered>
  seed(...orders: readonly SeedOrder[]): Promise<readonly OrderTruth[]>
}>

type Given = Readonly<{
  stores?: Partial<Config['stores']>
  database?: TestDatabase
  say?: (line: string) => void
}>

export async function ledgerForStores(
  simulator: Simulator,
  { stores, database, say = () => undefined }: Given = {},
): Promise<Connected> {
  const given = { stores: { ...STORES, ...stores }, say }
  const served = await servedLedger(database, undefined, given)
  const { administrator } = served.keys
  const client = clientOf(served)
  const admin = clientOf({ ...served, keys: { ...served.keys, accountant: administrator } })
  return {
    served,
    client,
    admin,
    send: (method, path, body, apiKey = administrator) =>
      sent(`${served.address}${path}`, { method, body, apiKey }),
    seed: (...orders) => simulator.control.seedOrders({ store: HASH, orders }),
  }
}

/** The store as an instance, with credentials; its settings as given. */
export async function connected(
  { address }: Simulator,
  { admin, send }: Connected,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { instance } = await registered(address, admin, settings)
  const credentials = { accessToken: TOKEN, clientSecret: CLIENT_SECRET }
  const saved = await send('PUT', `/instances/${instance}/credentials`, credentials)
  if (saved.status !== 204) throw new Error(`${saved.status} ${saved.text}`)
  return instance
}

export function registered(
  address: string,
  admin: Client,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Json> {
  return admin.must('register-instance', {
    platform: 'bigcommerce',
    address: `${address}/stores/${HASH}`,
    name: 'Shop',
    ...settings,
  })
}

async function sent(
  url: string,
  { method, body, apiKey }: Readonly<{ method: string; body: unknown; apiKey: string }>,
): Promise<Answered> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  const { status, headers } = response
  return { status, headers, text, body: isJson ? JSON.parse(text) : null }
}
