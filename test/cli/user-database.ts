/** A ledger in a database of the user's own, on the server of this test run: quick to make and to look into. */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Handler } from '../../commands/handle.js'
import { STORES_DEFAULTS } from '../../src/config.js'
import { openLedger } from '../../src/open-ledger.js'
import { testDatabase } from '../support/postgres.js'
import { type Books, readBooks } from './books.js'
import { type Ended, folio, type RunOptions } from './folio.js'

export type UserLedger = Readonly<{
  connectionString: string
  /** For reports and input files of the test. */
  folder: string
  environment: NodeJS.ProcessEnv
  run(...args: readonly string[]): Promise<Ended>
  import(file: string, ...args: readonly string[]): Promise<Ended>
  books(): Promise<Books>
  /** The commands of the ledger, in the process of the test. */
  withHandler(work: (handler: Handler) => Promise<void>): Promise<void>
  remove(): Promise<void>
}>

export async function userLedger(): Promise<UserLedger> {
  const database = await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'folio tést '))
  await mkdir(join(folder, 'data'))
  const masterKey = randomBytes(32)
  const environment = {
    DATABASE_URL: database.connectionString,
    FOLIO_MASTER_KEY: masterKey.toString('base64'),
    FOLIO_DATA: join(folder, 'data'),
  }
  const run = (args: readonly string[], options: RunOptions = {}) =>
    folio(args, { environment, ...options })
  return {
    connectionString: database.connectionString,
    folder,
    environment,
    run: (...args) => run(args),
    import: (file, ...args) =>
      run(['import', '--format', 'online-retail', file, '--json', ...args]),
    books: () => readBooks(database.connectionString, masterKey),
    withHandler: async (work) => {
      const config = {
        dataDirectory: join(folder, 'data'),
        host: '127.0.0.1',
        port: 0,
        databaseUrl: database.connectionString,
        eventStoreUrl: null,
        masterKey,
        ...STORES_DEFAULTS,
      }
      const opened = await openLedger(config, { say: () => undefined, projections: false })
      try {
        await work(opened.handler)
      } finally {
        await opened.close()
      }
    },
    remove: async () => {
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
