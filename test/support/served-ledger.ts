/** The whole ledger behind HTTP, wired as a process wires it, over a database of its own; and a client to ask it. */
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { ROLES, type Role } from '../../src/access/role.js'
import { serveLedger } from '../../src/cli/serve-ledger.js'
import { type Config, STORES_DEFAULTS } from '../../src/config.js'
import { type Ledger, openLedger, type OpenLedgerOptions } from '../../src/open-ledger.js'
import { eventLogBeside } from '../eventstoredb/log-beside.js'
import { type TestDatabase, testDatabase } from './postgres.js'

export type ServedLedger = Readonly<{
  address: string
  ledger: Ledger
  /** An API key a role. */
  keys: Readonly<Record<Role, string>>
  connectionString: string
  masterKey: Buffer
  /** Stops serving and closes the ledger; the database stays, for an oracle to look at. */
  stop(): Promise<void>
  /** Drops the database too. */
  close(): Promise<void>
}>

type Given = Partial<Pick<Config, 'stores' | 'sync'> & Pick<OpenLedgerOptions, 'say' | 'reached'>>

const RATE_PER_MINUTE_MAX = 1_000_000
const CATCH_UP_TIMEOUT_MS = 30_000

export async function servedLedger(
  database?: TestDatabase,
  masterKey: Buffer = randomBytes(32),
  { reached, say = () => undefined, ...given }: Given = {},
): Promise<ServedLedger> {
  const own = database ?? (await testDatabase())
  const config = {
    dataDirectory: tmpdir(),
    host: '127.0.0.1',
    port: 0,
    databaseUrl: own.connectionString,
    eventStoreUrl: await eventLogBeside(own.connectionString),
    masterKey,
    ...STORES_DEFAULTS,
    ...given,
  }
  const ledger = await openLedger(config, {
    say,
    projections: true,
    ...(reached === undefined ? {} : { reached }),
  })
  const head = await ledger.store.head()
  if (head !== null) await ledger.waitFor(head, { timeoutMs: CATCH_UP_TIMEOUT_MS })
  const serving = await serveLedger(ledger, config)
  const keys: Partial<Record<Role, string>> = {}
  for (const role of ROLES) {
    keys[role] = await ledger.apiKeys.replace({
      name: role,
      role,
      ratePerMinuteMax: RATE_PER_MINUTE_MAX,
    })
  }
  let stopping: Promise<void> | null = null
  const stop = async () => {
    await serving.close()
    await ledger.close()
  }
  return {
    address: serving.address,
    ledger,
    keys: keys as Record<Role, string>,
    connectionString: own.connectionString,
    masterKey,
    stop: () => (stopping ??= stop()),
    close: async () => {
      await (stopping ??= stop())
      if (database === undefined) await own.drop()
    },
  }
}

/** What a test reads of an answer is judged by its expectations. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any

export type Answered = Readonly<{ status: number; headers: Headers; text: string; body: Json }>

export type AskOptions = Readonly<{
  /** The Idempotency-Key; a new one unless given. `null`: none. */
  key?: string | null
  /** The API key; the accountant's unless given. */
  apiKey?: string
  headers?: Readonly<Record<string, string>>
}>

export type Client = Readonly<{
  command(name: string, body: unknown, options?: AskOptions): Promise<Answered>
  get(path: string, options?: AskOptions): Promise<Answered>
  /** A command that must be accepted; gives its answer. */
  must(name: string, body: unknown, options?: AskOptions): Promise<Json>
}>

let asked = 0

export function clientOf({ address, keys }: Pick<ServedLedger, 'address' | 'keys'>): Client {
  const authorization = ({ apiKey }: AskOptions) => ({
    authorization: `Bearer ${apiKey ?? keys.accountant}`,
  })
  const command = async (name: string, body: unknown, options: AskOptions = {}) => {
    const key = options.key === undefined ? `key-${(asked += 1)}` : options.key
    return answered(
      await fetch(`${address}/commands/${name}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          ...authorization(options),
          ...(key === null ? {} : { 'idempotency-key': key }),
          ...options.headers,
        },
      }),
    )
  }
  return {
    command,
    get: async (path, options = {}) =>
      answered(
        await fetch(`${address}${path}`, {
          headers: { ...authorization(options), ...options.headers },
        }),
      ),
    must: async (name, body, options) => {
      const { status, text, body: answer } = await command(name, body, options)
      if (status !== 200) throw new Error(`${name}: ${status} ${text}`)
      return (answer as { answer: Json }).answer
    },
  }
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  const { status, headers } = response
  return { status, headers, text, body: isJson ? JSON.parse(text) : null }
}
