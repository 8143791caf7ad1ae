/**
 * EventStoreDB is killed or stopped, in turn, and started again (`FOLIO_KILLS` times) under a server that clients ask without end: nothing
 * acknowledged is lost, nothing is there twice, the read models end complete, and nobody lends a hand.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBooks } from '../cli/books.js'
import { endAllFolio, folio, startFolio } from '../cli/folio.js'
import { answered, expectOnceInLog, momentsOf, startClients } from '../cli/retrying-clients.js'
import { createRandom } from '../properties/random.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { type EventStoreDbServer, startServer } from './server.js'

const KILLS = Number.parseInt(process.env['FOLIO_KILLS'] ?? '10', 10)
const COMMANDS = KILLS * 100
const SEED = Number.parseInt(process.env['FOLIO_SEED'] ?? '20261123', 10)
const TIMEOUT_MS = 120_000 + KILLS * 60_000

const masterKey = randomBytes(32)
let server: EventStoreDbServer
let database: TestDatabase
let folder: string
let environment: NodeJS.ProcessEnv

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folio-restarts-'))
  server = await startServer()
  database = await testDatabase()
  environment = {
    EVENTSTORE_URL: server.connectionString,
    DATABASE_URL: database.connectionString,
    FOLIO_MASTER_KEY: masterKey.toString('base64'),
    FOLIO_DATA: folder,
  }
})

afterAll(async () => {
  await endAllFolio()
  await server.remove()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

test(
  `${COMMANDS} commands while EventStoreDB is killed or stopped ${KILLS} times: lost 0, doubled 0 (seed ${SEED})`,
  async () => {
    const random = createRandom(SEED)
    const created = await folio(
      ['key', 'create', '--role', 'accountant', '--name', 'clients', '--json'],
      { environment },
    )
    const { key: apiKey } = created.json() as { key: string }
    const serving = startFolio(['start', '--port', '0'], { environment })
    const address = await serving.said(/serves (http\S+)/)
    const clients = startClients({ apiKey, address, random, commands: COMMANDS })
    for (const [nth, moment] of momentsOf(random, KILLS, COMMANDS).entries()) {
      await answered(clients, moment)
      await pause(random.whole(0, 40))
      // A server that stops in order refuses in other words than one that is gone.
      await (nth % 2 === 0 ? server.kill() : server.stop())
      await server.startAgain()
    }
    await clients.working
    // The server went through it all in one life, and stops in order.
    const ended = await serving.kill('SIGTERM')
    expect(ended.code, ended.stderr).toBe(0)
    const released = await folio(['doctor', '--release-numbers'], { environment })
    expect(released.code, released.stdout).toBe(0)

    const books = await readBooks(database.connectionString, masterKey, server.connectionString)
    expect(books.violations).toEqual([])
    expect(books.unexplainedNumbers).toEqual([])
    expect(clients.finals.length).toBeGreaterThanOrEqual(COMMANDS)
    expectOnceInLog(clients.finals, books)
    const retried = clients.finals.filter(({ tries }) => tries > 1)
    console.log(
      `${clients.finals.length} commands, ` +
        `${clients.finals.filter(({ status }) => status === 200).length} accepted, ` +
        `${retried.length} of them asked more than once`,
    )
    // The read models that stood all of it are those that the log gives.
    const rebuilt = await folio(['rebuild', '--json'], { environment })
    expect(rebuilt.code, rebuilt.stderr + rebuilt.stdout).toBe(0)
    const { projections } = rebuilt.json() as { projections: { identical: boolean | null }[] }
    expect(new Set(projections.map(({ identical }) => identical))).toEqual(new Set([true]))
  },
  TIMEOUT_MS,
)
