/**
 * Clients ask a server that is killed again and again (`FOLIO_KILLS`), and ask the same with the same key until they get
 * a final answer. What was accepted stands in the log once, and nothing else does; the judge reads the log alone.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pristineFolders, removeWorkFolder, workFolder } from '../embedded-postgres/folders.js'
import { createRandom } from '../properties/random.js'
import { folderBooks } from './books.js'
import { endAllFolio, folio, type Running, startFolio } from './folio.js'
import { answered, expectOnceInLog, momentsOf, startClients } from './retrying-clients.js'

const KILLS = Number.parseInt(process.env['FOLIO_KILLS'] ?? '3', 10)
const COMMANDS = KILLS * 100
const SEED = Number.parseInt(process.env['FOLIO_SEED'] ?? '20261122', 10)
const TIMEOUT_MS = 120_000 + KILLS * 20_000

let folder: string
let data: string

beforeAll(async () => {
  folder = await workFolder()
  data = await (await pristineFolders(folder))()
}, TIMEOUT_MS)
afterAll(async () => {
  await endAllFolio()
  await removeWorkFolder(folder)
})

test(
  `${COMMANDS} commands through a server that is killed ${KILLS} times: lost 0, doubled 0 (seed ${SEED})`,
  async () => {
    const random = createRandom(SEED)
    const { key: apiKey } = (
      await folio([
        'key',
        'create',
        '--role',
        'accountant',
        '--name',
        'clients',
        '--data',
        data,
        '--json',
      ])
    ).json() as { key: string }
    const port = 20_000 + random.branch(process.pid).whole(0, 20_000)
    let server = await startServer(port)
    const address = `http://127.0.0.1:${port}`
    const clients = startClients({ apiKey, address, random, commands: COMMANDS })
    for (const moment of momentsOf(random, KILLS, COMMANDS)) {
      await answered(clients, moment)
      await pause(random.whole(0, 40))
      await server.kill('SIGKILL')
      server = await startServer(port)
    }
    await clients.working
    const { finals } = clients
    expect((await server.kill('SIGTERM')).code).toBe(0)
    const released = await folio(['doctor', '--release-numbers', '--data', data])
    expect(released.code, released.stdout).toBe(0)

    const books = await folderBooks(data)
    expect(books.violations).toEqual([])
    expect(books.unexplainedNumbers).toEqual([])
    expect(finals.length).toBeGreaterThanOrEqual(COMMANDS)
    expectOnceInLog(finals, books)
    const retried = finals.filter(({ tries }) => tries > 1)
    if (KILLS > 3) {
      console.log(
        `${finals.length} commands, ${finals.filter(({ status }) => status === 200).length} accepted, ` +
          `${retried.length} of them asked more than once`,
      )
    }
    expect(retried.length).toBeGreaterThan(0)
  },
  TIMEOUT_MS,
)

async function startServer(port: number): Promise<Running> {
  const server = startFolio(['start', '--port', String(port), '--data', data])
  await server.said(/serves (http\S+)/)
  return server
}
