/** The environment and the command line's options, read once at the start into a typed value. */
import { z } from 'zod'
import { MalformedNetwork, networksOf } from './platforms/networks.js'

export type Config = Readonly<{
  /** Where the embedded PostgreSQL, keys and import reports live. */
  dataDirectory: string
  host: string
  /** 0: any free one. */
  port: number
  /** A PostgreSQL of the user's own; `null`: the embedded one. */
  databaseUrl: string | null
  /** The EventStoreDB that keeps the event log; `null`: PostgreSQL keeps it. */
  eventStoreUrl: string | null
  /** 32 bytes that wrap the keys of personal fields; `null`: the one in the data folder, made on first start. */
  masterKey: Buffer | null
  stores: Readonly<{
    /** CIDR texts: private networks that stores may be in, beside the public net. */
    networks: readonly string[]
    /** Under which stores reach this server; `null`: they announce nothing, and are asked again and again. */
    publicUrl: string | null
    /** How often each store is asked what has changed. */
    pullMs: number
  }>
  /** How long what is told to a store may take (architecture 7). */
  sync: Readonly<{
    /** From its first byte to the end of the answer. */
    deadlineMs: number
    /** Until whatever became of it can be seen at the store. */
    settleMs: number
    /** From its acceptance to its first byte. */
    leaveMs: number
  }>
}>

/** Where nothing is set. */
export const STORES_DEFAULTS = {
  stores: { networks: [], publicUrl: null, pullMs: 60_000 },
  sync: { deadlineMs: 30_000, settleMs: 120_000, leaveMs: 2_000 },
} as const satisfies Pick<Config, 'stores' | 'sync'>

/** What was given cannot be used: says which variable or option, and what it takes. */
export class ConfigInvalid extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigInvalid'
  }
}

const DEFAULT_DATA_DIRECTORY = './.folio'
const DEFAULT_PORT = '4180'
const DEFAULT_HOST = '127.0.0.1'
export const MASTER_KEY_BYTES = 32
const PUBLIC_URL_LENGTH_MAX = 150

/** What each of them takes. A request leaves within two seconds or not at all (architecture 7). */
const BOUNDS = {
  pullSeconds: [5, 86_400],
  syncDeadlineMs: [1_000, 300_000],
  syncSettleMs: [1_000, 3_600_000],
  syncLeaveMs: [100, 2_000],
} as const

const schema = z.object({
  data: z.string().min(1, 'names no folder'),
  host: z.string().min(1, 'names no host'),
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'is no port number')
    .transform((text) => Number.parseInt(text, 10))
    .refine((port) => port <= 65_535, 'is beyond 65535'),
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'does not begin with postgresql://')
    .nullable(),
  eventStoreUrl: z
    .string()
    .regex(/^esdb(\+discover)?:\/\//, 'does not begin with esdb:// or esdb+discover://')
    .nullable(),
  masterKey: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, `is not ${MASTER_KEY_BYTES} bytes in base64`)
    .transform((text) => Buffer.from(text, 'base64'))
    .nullable(),
  storeNetworks: z.string().transform((text, context) => {
    const networks = text.split(',').map((network) => network.trim())
    const named = networks.filter((network) => network !== '')
    try {
      networksOf(named)
      return named
    } catch (reason) {
      if (!(reason instanceof MalformedNetwork)) throw reason
      context.addIssue({ code: 'custom', message: `is no list of networks: ${reason.message}` })
      return z.NEVER
    }
  }),
  publicUrl: z
    .string()
    .refine(isPublicUrl, 'is no https URL on port 443 without user, query and fragment')
    .transform((text) => text.replace(/\/+$/, ''))
    .nullable(),
  pullSeconds: within(BOUNDS.pullSeconds),
  syncDeadlineMs: within(BOUNDS.syncDeadlineMs),
  syncSettleMs: within(BOUNDS.syncSettleMs),
  syncLeaveMs: within(BOUNDS.syncLeaveMs),
})

function within([min, max]: readonly [number, number]) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'is no whole number')
    .transform((text) => Number.parseInt(text, 10))
    .refine((value) => value >= min && value <= max, `is not between ${min} and ${max}`)
}

/** BigCommerce delivers to such, and to no other. */
function isPublicUrl(text: string): boolean {
  if (text.length > PUBLIC_URL_LENGTH_MAX || !URL.canParse(text)) return false
  const { protocol, port, username, password, search, hash } = new URL(text)
  return protocol === 'https:' && port + username + password + search + hash === ''
}

/** What each value is called where it is set. */
const NAMES = {
  data: '--data (FOLIO_DATA)',
  host: 'FOLIO_HOST',
  port: '--port (FOLIO_PORT)',
  databaseUrl: 'DATABASE_URL',
  eventStoreUrl: 'EVENTSTORE_URL',
  masterKey: 'FOLIO_MASTER_KEY',
  storeNetworks: 'FOLIO_STORE_NETWORKS',
  publicUrl: 'FOLIO_PUBLIC_URL',
  pullSeconds: 'FOLIO_PULL_SECONDS',
  syncDeadlineMs: 'FOLIO_SYNC_DEADLINE_MS',
  syncSettleMs: 'FOLIO_SYNC_SETTLE_MS',
  syncLeaveMs: 'FOLIO_SYNC_LEAVE_MS',
} as const

export type Given = Readonly<{ data?: string | undefined; port?: string | undefined }>

/** Options win over the environment, the environment over the defaults. */
export function readConfig(given: Given, environment: NodeJS.ProcessEnv): Config {
  const { stores, sync } = STORES_DEFAULTS
  const parsed = schema.safeParse({
    data: given.data ?? set(environment['FOLIO_DATA']) ?? DEFAULT_DATA_DIRECTORY,
    host: set(environment['FOLIO_HOST']) ?? DEFAULT_HOST,
    port: given.port ?? set(environment['FOLIO_PORT']) ?? DEFAULT_PORT,
    databaseUrl: set(environment['DATABASE_URL']) ?? null,
    eventStoreUrl: set(environment['EVENTSTORE_URL']) ?? null,
    masterKey: set(environment['FOLIO_MASTER_KEY']) ?? null,
    storeNetworks: environment['FOLIO_STORE_NETWORKS'] ?? '',
    publicUrl: set(environment['FOLIO_PUBLIC_URL']) ?? null,
    pullSeconds: set(environment['FOLIO_PULL_SECONDS']) ?? `${stores.pullMs / 1000}`,
    syncDeadlineMs: set(environment['FOLIO_SYNC_DEADLINE_MS']) ?? `${sync.deadlineMs}`,
    syncSettleMs: set(environment['FOLIO_SYNC_SETTLE_MS']) ?? `${sync.settleMs}`,
    syncLeaveMs: set(environment['FOLIO_SYNC_LEAVE_MS']) ?? `${sync.leaveMs}`,
  })
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(
      ({ path, message }) => `${NAMES[path[0] as keyof typeof NAMES]} ${message}`,
    )
    throw new ConfigInvalid(`${wrong.join('; ')}.`)
  }
  const { data, host, port, databaseUrl, eventStoreUrl, masterKey } = parsed.data
  if (databaseUrl !== null && masterKey === null) {
    throw new ConfigInvalid(
      'FOLIO_MASTER_KEY is required with DATABASE_URL: 32 random bytes in base64, kept apart from the database. ' +
        'It seals the personal fields of all events; without it they cannot be read again.',
    )
  }
  return {
    ...{ dataDirectory: data, host, port, databaseUrl, eventStoreUrl, masterKey },
    ...storesOf(parsed.data),
  }
}

function storesOf(given: z.output<typeof schema>): Pick<Config, 'stores' | 'sync'> {
  const { storeNetworks: networks, publicUrl, pullSeconds } = given
  return {
    stores: { networks, publicUrl, pullMs: pullSeconds * 1000 },
    sync: {
      deadlineMs: given.syncDeadlineMs,
      settleMs: given.syncSettleMs,
      leaveMs: given.syncLeaveMs,
    },
  }
}

/** An empty variable is one that is not set. */
function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
