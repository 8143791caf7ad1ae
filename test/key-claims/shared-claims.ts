import pg from 'pg'
import type { KeyClaims } from '../../commands/ports.js'
import { openPostgresKeyClaims } from '../../src/key-claims/postgres-key-claims.js'
import { testDatabase } from '../support/postgres.js'
import { aRequest } from './requests.js'

type ClosingKeyClaims = KeyClaims & { close(): Promise<void> }

/** A database of its own, for as many as want to share its keys, and a superuser's connection beside them. */
export type SharedClaims = Readonly<{
  connectionString: string
  admin: pg.Client
  /** What those opened here had to say. */
  warnings: string[]
  another(connectionString?: string): Promise<ClosingKeyClaims>
  close(): Promise<void>
}>

export async function openSharedClaims(): Promise<SharedClaims> {
  const { connectionString, drop } = await testDatabase()
  const admin = new pg.Client({ connectionString })
  await admin.connect()
  const warnings: string[] = []
  const opened: ClosingKeyClaims[] = []
  return {
    connectionString,
    admin,
    warnings,
    another: async (place = connectionString) => {
      const claims = await openPostgresKeyClaims({
        connectionString: place,
        warn: (line) => warnings.push(line),
      })
      opened.push(claims)
      return claims
    },
    close: async () => {
      for (const claims of opened) await claims.close()
      await admin.end()
      await drop()
    },
  }
}

/** Resolves when all that was settled before stands in the table: no claim overtakes a settlement. */
export async function settled(...sharers: readonly KeyClaims[]): Promise<void> {
  await Promise.all(
    sharers.map(async (claims) => {
      const claim = await claims.claim(aRequest({ principal: 'barrier' }))
      if (claim.claim === 'granted') claim.settle('free')
    }),
  )
}

/** Ends the server's side of every connection that holds claims. */
export async function terminateHolders(admin: pg.Client): Promise<void> {
  await admin.query(
    `select pg_terminate_backend(pid, 10000) from pg_stat_activity
     where datname = current_database() and application_name = 'folio key claims'`,
  )
}
