import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openEmbeddedPostgres } from '../../src/embedded-postgres/open.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The one server of a test run; take databases from it with `testDatabase`. */
    postgresConnectionString: string
  }
}

/** Starts one PostgreSQL server for the whole run, in a folder that goes with it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'folio-test-'))
  const removeFolder = () => rm(dataDirectory, { recursive: true, force: true })
  const server = await openEmbeddedPostgres({ dataDirectory }).catch(async (error: unknown) => {
    await removeFolder()
    throw error
  })
  await giveUpDurability(server.connectionString)
  if (process.env['EVENTSTORE_START'] === undefined) {
    console.warn(
      'NOT RUN: EventStoreDB. npm run test:eventstoredb takes a server to start; see README.md.',
    )
  }
  project.provide('postgresConnectionString', server.connectionString)
  return async () => {
    await server.close()
    await removeFolder()
  }
}

/** Nothing here has to outlive a power cut, and databases are made and dropped faster so. */
async function giveUpDurability(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    await client.query(`alter system set ${setting} = off`)
  }
  await client.query('select pg_reload_conf()')
  await client.end()
}
