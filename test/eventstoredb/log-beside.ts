/**
 * The same tests over the other log: `npm run test:eventstoredb` sets FOLIO_TEST_LOG, and every database of a test then
 * has an EventStoreDB of its own beside it, until the tests of the file have ended.
 */
import { afterAll } from 'vitest'
import { type EventStoreDbServer, startServer } from './server.js'

const servers = new Map<string, EventStoreDbServer>()

/** The connection string of the EventStoreDB that goes with the database; `null` where PostgreSQL keeps the log. */
export async function eventLogBeside(databaseUrl: string): Promise<string | null> {
  if (process.env['FOLIO_TEST_LOG'] !== 'eventstoredb') return null
  const server = servers.get(databaseUrl) ?? (await startServer())
  servers.set(databaseUrl, server)
  return server.connectionString
}

afterAll(async () => {
  for (const server of servers.values()) await server.remove()
})
