import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { openEmbeddedPostgres } from '../../src/embedded-postgres/open.js'
import { isAlive } from '../../src/embedded-postgres/processes.js'

const run = promisify(execFile)
const waitMaxMs = 20_000

/** Root is where the hard part is; some questions are only asked there. */
export const isRoot = process.geteuid?.() === 0

/** A folder for one test file (remove it afterwards), with blanks and letters beyond ASCII in its name. */
export async function workFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'folio tést ордер-'))
  await chmod(folder, 0o755)
  return folder
}

/** For after all tests of a file: the folder goes, and servers that a failed test left in it. */
export async function removeWorkFolder(folder: string): Promise<void> {
  for (const pid of await serversBelow(folder)) process.kill(pid, 'SIGKILL')
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

/** A maker of data folders that hold a stopped database: setting one up each time takes long. */
export async function pristineFolders(work: string): Promise<() => Promise<string>> {
  const pristine = join(work, 'pristine')
  await (await openEmbeddedPostgres({ dataDirectory: pristine })).close()
  await rm(join(pristine, 'postgres.port'))
  return async () => {
    const folder = join(work, `data ${randomUUID()}`)
    await run('cp', ['-a', pristine, folder])
    return folder
  }
}

export async function query(connectionString: string, text: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<unknown[]>({ text, rowMode: 'array' })).rows
  } finally {
    await client.end()
  }
}

export async function postmasterPid(dataDirectory: string): Promise<number> {
  const text = await readFile(join(dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')
  return Number.parseInt(text.split('\n')[0] ?? '', 10)
}

/** Whether a server of the folder runs, from its own file and the list of processes. */
export async function serverRuns(dataDirectory: string): Promise<boolean> {
  const pid = await postmasterPid(dataDirectory).catch(() => 0)
  return pid > 0 && isAlive(pid)
}

/** Kills the first process of a server and all others of it at once, as the kernel might. */
export async function killServer(dataDirectory: string): Promise<void> {
  const pid = await postmasterPid(dataDirectory)
  process.kill(-pid, 'SIGKILL')
  await until(async () => !(await isAlive(pid)))
}

/** Waits for a condition, and fails when it does not come. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + waitMaxMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('What was waited for did not come.')
    await pause(5)
  }
}

async function serversBelow(folder: string): Promise<number[]> {
  const { stdout } = await run('find', [folder, '-name', 'postmaster.pid', '-print0'])
  const found: number[] = []
  for (const file of stdout.split('\0').filter((name) => name !== '')) {
    const pid = Number.parseInt(await readFile(file, 'utf8'), 10)
    const line = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => '')
    if (line.includes('cluster_name=folio-')) found.push(pid)
  }
  return found
}
