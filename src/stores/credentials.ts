/** What opens each store (S4). It is read by what connects to the store, and by nobody else: no answer, log or event has it. */
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { z } from 'zod'
import { transaction } from '../access/transaction.js'
import {
  credentialsKey,
  openCredentials,
  sealCredentials,
  type SealedCredentials,
} from './sealed-credentials.js'

export type StoreCredentials = Omit<SealedCredentials, 'clientSecretSince'>

export type SavedCredentials = Readonly<{
  credentials: StoreCredentials
  /** Another text each time that they are saved. */
  version: string
}>

export type GivenCredentials = Pick<SealedCredentials, 'accessToken' | 'clientSecret'>

export type CredentialsTable = Readonly<{
  /** In place of those there were. A secret that changes is taken for {@link PREVIOUS_SECRET_VALID_MS} more. */
  save: (instance: string, given: GivenCredentials) => Promise<void>
  remove: (instance: string) => Promise<void>
  find: (instance: string) => Promise<SavedCredentials | null>
  savedAt: (instance: string) => Promise<Date | null>
  /** The instances that have some; at most {@link INSTANCES_MAX}. */
  instances: () => Promise<readonly string[]>
}>

/** A store tries a webhook again for two days. */
export const PREVIOUS_SECRET_VALID_MS = 3 * 24 * 60 * 60 * 1000
const WEBHOOK_HEADER_BYTES = 32
const INSTANCES_MAX = 1_000

export function credentialsTable(pool: pg.Pool, masterKey: Buffer): CredentialsTable {
  const key = credentialsKey(masterKey)
  return {
    save: (instance, given) =>
      transaction(pool, async (client) => {
        await client.query('lock table stores.credentials in share row exclusive mode')
        const box = await boxOf(client, instance)
        const before = box === null ? null : openCredentials(key, instance, box)
        await client.query(
          `insert into stores.credentials (instance, box) values ($1, $2)
           on conflict (instance) do update set box = excluded.box, saved_at = now()`,
          [instance, sealCredentials(key, instance, credentialsAfter(before, given, new Date()))],
        )
      }),
    remove: async (instance) => {
      await pool.query('delete from stores.credentials where instance = $1', [instance])
    },
    find: async (instance) => {
      const box = await boxOf(pool, instance)
      if (box === null) return null
      const sealed = openCredentials(key, instance, box)
      return { credentials: credentialsAt(sealed, new Date()), version: box }
    },
    savedAt: async (instance) => {
      const { rows } = await pool.query<Record<string, unknown>>(
        'select saved_at from stores.credentials where instance = $1',
        [instance],
      )
      const [row] = rows
      return row === undefined ? null : z.object({ saved_at: z.date() }).parse(row).saved_at
    },
    instances: async () => {
      const { rows } = await pool.query<Record<string, unknown>>(
        'select instance from stores.credentials order by instance limit $1',
        [INSTANCES_MAX],
      )
      return rows.map((row) => z.object({ instance: z.string() }).parse(row).instance)
    },
  }
}

/** The header stays, so that the store's hook need not be set anew. */
function credentialsAfter(
  before: SealedCredentials | null,
  { accessToken, clientSecret }: GivenCredentials,
  now: Date,
): SealedCredentials {
  if (before === null) {
    return {
      accessToken,
      clientSecret,
      previousClientSecret: null,
      clientSecretSince: now.toISOString(),
      webhookHeader: randomBytes(WEBHOOK_HEADER_BYTES).toString('base64url'),
    }
  }
  if (before.clientSecret === clientSecret) return { ...before, accessToken }
  return {
    ...before,
    accessToken,
    clientSecret,
    previousClientSecret: before.clientSecret,
    clientSecretSince: now.toISOString(),
  }
}

function credentialsAt(
  { clientSecretSince, previousClientSecret: previous, ...rest }: SealedCredentials,
  now: Date,
): StoreCredentials {
  const ageMs = now.getTime() - Date.parse(clientSecretSince)
  return { ...rest, previousClientSecret: ageMs < PREVIOUS_SECRET_VALID_MS ? previous : null }
}

async function boxOf(on: Pick<pg.Pool, 'query'>, instance: string): Promise<string | null> {
  const { rows } = await on.query<Record<string, unknown>>(
    'select box from stores.credentials where instance = $1',
    [instance],
  )
  const [row] = rows
  return row === undefined ? null : z.object({ box: z.string() }).parse(row).box
}
