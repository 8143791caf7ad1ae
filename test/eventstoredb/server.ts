/**
 * The EventStoreDB that these tests are held against. EVENTSTORE_START is a command that starts an insecure node: it is
 * given a port of the loopback and a folder (what is in the folder is gone on with), and prints the node's process id on
 * its last line as soon as the node answers. Every file of tests starts one of its own, for they stop it, kill it and
 * need a log that is empty.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const START_TIMEOUT_MS = 120_000
const LOOK_MS = 10

export type EventStoreDbServer = Readonly<{
  connectionString: string
  port: number
  /** Ends the process without asking it. */
  kill(): Promise<void>
  /** Asks the process to end, as every upgrade does. */
  stop(): Promise<void>
  /** In the same folder and at the same port. */
  startAgain(): Promise<void>
  /** Kills it and removes its folder. */
  remove(): Promise<void>
}>

export async function startServer(): Promise<EventStoreDbServer> {
  const command = startCommand()
  const folder = await mkdtemp(join(tmpdir(), 'folio-eventstoredb-'))
  const port = await freePort()
  let pid: number | null = await start(command, port, folder)
  const end = async (signal: NodeJS.Signals) => {
    if (pid === null) return
    const ending = pid
    pid = null
    process.kill(ending, signal)
    await ended(ending)
  }
  const kill = () => end('SIGKILL')
  return {
    connectionString: `esdb://127.0.0.1:${port}?tls=false`,
    port,
    kill,
    stop: () => end('SIGTERM'),
    startAgain: async () => {
      pid = await start(command, port, folder)
    },
    remove: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function startCommand(): string {
  const command = process.env['EVENTSTORE_START']
  if (command === undefined || command === '') {
    throw new Error(
      'No EventStoreDB can be reached: EVENTSTORE_START is not set. It is the path of a command that is given a port ' +
        'and a folder, starts an insecure EventStoreDB there and prints its process id; see README.md.',
    )
  }
  return command
}

async function start(command: string, port: number, folder: string): Promise<number> {
  const { stdout } = await promisify(execFile)(command, [`${port}`, folder], {
    timeout: START_TIMEOUT_MS,
  })
  const pid = Number.parseInt(stdout.trim().split('\n').at(-1) ?? '', 10)
  if (!Number.isSafeInteger(pid)) throw new Error(`${command} printed no process id: ${stdout}`)
  return pid
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await pause(LOOK_MS)
  }
}
