/** The environment and the command line's options, read once at the start into a typed value. */
import { z } from 'zod'

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
}>

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
})

/** What each value is called where it is set. */
const NAMES = {
  data: '--data (FOLIO_DATA)',
  host: 'FOLIO_HOST',
  port: '--port (FOLIO_PORT)',
  databaseUrl: 'DATABASE_URL',
  eventStoreUrl: 'EVENTSTORE_URL',
  masterKey: 'FOLIO_MASTER_KEY',
} as const

export type Given = Readonly<{ data?: string | undefined; port?: string | undefined }>

/** Options win over the environment, the environment over the defaults. */
export function readConfig(given: Given, environment: NodeJS.ProcessEnv): Config {
  const parsed = schema.safeParse({
    data: given.data ?? set(environment['FOLIO_DATA']) ?? DEFAULT_DATA_DIRECTORY,
    host: set(environment['FOLIO_HOST']) ?? DEFAULT_HOST,
    port: given.port ?? set(environment['FOLIO_PORT']) ?? DEFAULT_PORT,
    databaseUrl: set(environment['DATABASE_URL']) ?? null,
    eventStoreUrl: set(environment['EVENTSTORE_URL']) ?? null,
    masterKey: set(environment['FOLIO_MASTER_KEY']) ?? null,
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
  return { dataDirectory: data, host, port, databaseUrl, eventStoreUrl, masterKey }
}

/** An empty variable is one that is not set. */
function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
