/**
 * One life of a process in the table of keys: a connection that holds the advisory lock of a random number. While it is
 * held, the claims under that number stand; the server lets go of it when the process or the connection dies.
 */
import { randomBytes } from 'node:crypto'
import type { KeyRequest } from '../../commands/ports.js'
import {
  type Connection,
  isConnectionLoss,
  openConnection,
  queryWithin,
} from '../event-store/postgres-connections.js'
import type { KeyState } from './judge-claim.js'
import { PREPARE_CLAIMS } from './postgres-schema.js'

/** A claim outlives no command by long: commands have a deadline of half of it. */
const CLAIM_LIFETIME = '60 seconds'
const KEPT_DAYS = 30
const SWEEP_ROWS_MAX = 500
/** The server gives up before we do, and then the connection goes on. */
const STATEMENT_TIMEOUT_MS = 1_000
const ANSWER_TIMEOUT_MS = 2_000

export type Settlement = Readonly<{
  request: KeyRequest
  holder: string
  ticket: number
  outcome: 'used' | 'free'
}>

export type Batch = Readonly<{
  settlements: readonly Settlement[]
  /** Each key once. */
  claims: readonly Readonly<{ request: KeyRequest; ticket: number }>[]
}>

export type Holder = Readonly<{
  id: string
  /** Settles, then claims. Of the claims, those that were not granted, by their place, with what stands in their way. */
  settleAndClaim(batch: Batch): Promise<ReadonlyMap<number, KeyState>>
  /** Deletes a portion of the keys that are too old; says whether there may be more. */
  sweep(): Promise<boolean>
  cut(): void
  close(): Promise<void>
}>

const SETTLE_AND_CLAIM = {
  name: 'settle_and_claim',
  text: `call key_claims.settle_and_claim($1, $2, $3, $4, $5, $6, '${CLAIM_LIFETIME}', $7, $8, $9, $10, $11,
    null, null, null, null)`,
  query_timeout: ANSWER_TIMEOUT_MS,
}

const SWEEP = {
  name: 'sweep_claims',
  text: `delete from key_claims.claims where (principal, key) in (
    select principal, key from key_claims.claims where claimed_at < now() - interval '${KEPT_DAYS} days'
    order by claimed_at limit ${SWEEP_ROWS_MAX} for update skip locked)`,
  query_timeout: ANSWER_TIMEOUT_MS,
}

const UNDEFINED_SCHEMA = '3F000'
const UNDEFINED_TABLE = '42P01'

const SETTINGS = [
  // A claim that a crash of the server loses is one early answer less.
  'set synchronous_commit to off',
  // Plans are kept, also while the table grows: rows are looked up one by one, in the order they are asked for.
  'set enable_hashjoin to off',
  'set enable_mergejoin to off',
  'set plan_cache_mode to force_generic_plan',
]

/** Under a number of its own each time. */
export async function openHolder(
  connectionString: string,
  onLost: (id: string) => void,
): Promise<Holder> {
  const id = (randomBytes(8).readBigUInt64BE() >> 1n).toString()
  const connection = await openConnection({
    config: { connectionString, application_name: 'folio key claims' },
    role: null,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    onLost: () => {
      onLost(id)
    },
  })
  try {
    await queryWithin(connection, PREPARE_CLAIMS, ANSWER_TIMEOUT_MS)
    const settings = [...SETTINGS, `select pg_advisory_lock(${id})`]
    await queryWithin(connection, settings.join(';'), ANSWER_TIMEOUT_MS)
  } catch (reason) {
    connection.cut()
    throw reason
  }
  return {
    id,
    settleAndClaim: (batch) => settleAndClaim(connection, id, batch),
    sweep: async () => ((await connection.query(SWEEP)).rowCount ?? 0) >= SWEEP_ROWS_MAX,
    cut: () => connection.cut(),
    close: () => connection.close(),
  }
}

/** The connection is gone, or the table: another holder makes it anew. */
export function isHolderUseless(reason: unknown): boolean {
  if (isConnectionLoss(reason)) return true
  return (
    reason instanceof Error &&
    'code' in reason &&
    (reason.code === UNDEFINED_SCHEMA || reason.code === UNDEFINED_TABLE)
  )
}

type Denied = Readonly<{
  nths: number[] | null
  held_commands: string[]
  held_fingerprints: string[]
  held_used: boolean[]
}>

async function settleAndClaim(
  connection: Connection,
  id: string,
  { settlements, claims }: Batch,
): Promise<ReadonlyMap<number, KeyState>> {
  const { rows } = await connection.query<Denied>({
    ...SETTLE_AND_CLAIM,
    values: [
      settlements.map(({ request }) => request.principal),
      settlements.map(({ request }) => request.key),
      settlements.map(({ holder }) => holder),
      settlements.map(({ ticket }) => ticket),
      settlements.map(({ outcome }) => outcome === 'used'),
      id,
      claims.map(({ request }) => request.principal),
      claims.map(({ request }) => request.key),
      claims.map(({ request }) => request.command),
      claims.map(({ request }) => request.fingerprint),
      claims.map(({ ticket }) => ticket),
    ],
  })
  const [denied] = rows
  return new Map(
    denied?.nths?.map((nth, index) => [
      nth,
      {
        command: denied.held_commands[index] ?? '',
        fingerprint: denied.held_fingerprints[index] ?? '',
        state: denied.held_used[index] === true ? 'used' : 'running',
      },
    ]),
  )
}
