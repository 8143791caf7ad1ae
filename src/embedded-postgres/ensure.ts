import { lstat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { serverAccount, type ServerAccount } from './account.js'
import { type Binaries, usableBinaries } from './binaries.js'
import {
  clusterName,
  clusterVersion,
  type DataFolder,
  readPassword,
  readPort,
  rememberPort,
} from './data-folder.js'
import { connectGuard, type Guard, serves } from './guard.js'
import { initialiseCluster, removeDrafts } from './initialise.js'
import { anyFreePort, isPortFree, portInUse } from './port.js'
import { clusterOwner, type Postmaster, postmasterState, stopPostmaster } from './postmaster.js'
import { processesWith } from './processes.js'
import { startServer } from './server-process.js'
import {
  EmbeddedPostgresUnavailable,
  errorCode,
  unavailableBecause,
  unusable,
} from './unavailable.js'

/** A server of the folder that runs, and the connection that holds it. */
export type Held = Readonly<{
  guard: Guard
  port: number
  /** The first process of the server, and the name its command line carries. */
  pid: number
  name: string
  started: 'initialised' | 'started' | 'adopted'
}>

export const startTimeoutMs = 120_000
const attemptsMax = 8
const attemptPauseMs = 250
const leftoverPatienceAttempts = 3
const adoptionPollMs = 15
const silentServerTimeoutMs = 30_000

export type Wanted = Readonly<{
  port: number | undefined
  /** False for a folder that was open already: an empty database must not take its place. */
  mayInitialise: boolean
}>

/**
 * Finds the running server of the folder or starts it. To be called under the folder's lock.
 * Throws EmbeddedPostgresUnavailable.
 */
export async function ensureServer(
  folder: DataFolder,
  wanted: Wanted,
  log: (line: string) => void,
): Promise<Held> {
  try {
    return await attemptServer(folder, wanted, log)
  } catch (error) {
    throw unavailableBecause(error, folder.path) ?? error
  }
}

async function attemptServer(
  folder: DataFolder,
  wanted: Wanted,
  log: (line: string) => void,
): Promise<Held> {
  const deadline = Date.now() + startTimeoutMs
  const account = await serverAccount()
  const binaries = await usableBinaries(account)
  const version = await clusterVersionOfOurs(folder, account)
  if (version === undefined) {
    if (!wanted.mayInitialise) throw unusable(folder.path, 'has lost its database')
    log(`Setting up a database in ${folder.path}.`)
    await initialiseCluster(folder, account, binaries)
  } else if (version !== binaries.majorVersion) {
    throw new EmbeddedPostgresUnavailable(
      'data_folder_of_another_version',
      `The data folder ${folder.path} was written by PostgreSQL ${version}, and version ${binaries.majorVersion} is installed. Use the release that wrote it, or another folder.`,
    )
  }
  // An initdb whose parent was killed may have written on after the next attempt had tidied up.
  await removeDrafts(folder)
  const password = await readPassword(folder)
  const name = await clusterName(folder)
  let failure: Error | undefined
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const adopted = await adoptServer(folder, name, password, deadline, log)
    if (adopted !== undefined) return adopted
    const outcome = await startOnce(folder, account, binaries, wanted.port, deadline)
    if ('port' in outcome) {
      const { port, pid } = outcome
      const guard = await holdStarted(folder, port, pid, name, password)
      log(`The database listens on 127.0.0.1:${String(port)}.`)
      const started = version === undefined ? 'initialised' : 'started'
      return { guard, port, pid, name, started }
    }
    failure = outcome.failure
    if (!(await worthAnotherTry(folder, outcome.output, failure, attempt, log))) break
    log(`The database did not start (${failure.message}); trying again.`)
    await pause(attemptPauseMs)
  }
  throw failure ?? timedOut(folder)
}

/** The version of the cluster, once it is clear that it is this user's. */
async function clusterVersionOfOurs(
  folder: DataFolder,
  account: ServerAccount,
): Promise<string | undefined> {
  let owner: number
  try {
    owner = await clusterOwner(folder)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
  const expected = account.kind === 'unprivileged' ? account.server.uid : process.geteuid?.()
  if (expected !== undefined && owner !== expected) {
    const { uid } = await lstat(folder.path)
    throw new EmbeddedPostgresUnavailable(
      'data_folder_of_another_user',
      account.kind === 'unprivileged'
        ? `The database in ${folder.path} was set up by user id ${String(owner)}, and this is root. Start as that user, or choose another data folder.`
        : `The database in ${folder.path} was set up by ${uid === 0 ? 'root' : `user id ${String(uid)}`} (its files belong to user id ${String(owner)}), and this is user id ${String(expected)}. Start as the user who set it up, or choose another data folder.`,
    )
  }
  return clusterVersion(folder)
}

/** Undefined when no server of this folder runs, or none that answers and so it was stopped. */
async function adoptServer(
  folder: DataFolder,
  name: string,
  password: string,
  deadline: number,
  log: (line: string) => void,
): Promise<Held | undefined> {
  let silentSince: number | undefined
  for (;;) {
    const found = await postmasterState(folder)
    if (found.state !== 'running' && found.state !== 'unproven') return undefined
    const { pid, port, status } = found.postmaster
    if (status === 'ready' || found.state === 'unproven') {
      const guard = await tryToAdopt(folder, found.postmaster, password)
      if (guard !== undefined) {
        log(`Using the database that already listens on 127.0.0.1:${String(port)}.`)
        return { guard, port, pid, name, started: 'adopted' }
      }
      // A process that cannot be shown to be this folder's server must not be touched; if it is
      // one all the same, PostgreSQL itself refuses to start beside it.
      if (found.state === 'unproven') return undefined
      silentSince ??= Date.now()
      if (Date.now() - silentSince > silentServerTimeoutMs) {
        log('The database that runs does not answer; stopping it.')
        await stopPostmaster(folder, pid, name)
        return undefined
      }
    }
    if (Date.now() > deadline) throw timedOut(folder)
    await pause(adoptionPollMs)
  }
}

async function tryToAdopt(
  folder: DataFolder,
  postmaster: Postmaster,
  password: string,
): Promise<Guard | undefined> {
  if (postmaster.port === 0) return undefined
  let guard: Guard
  try {
    guard = await connectGuard(postmaster.port, password)
  } catch (error) {
    const ours = (await postmasterState(folder)).state === 'running'
    if (ours && errorCode(error) === '28P01') throw passwordRefused(folder, error)
    return undefined
  }
  if (await serves(guard, folder)) return guard
  await guard.client.end()
  return undefined
}

/** The hold on a server that was just started; one that cannot be held is not left behind. */
async function holdStarted(
  folder: DataFolder,
  port: number,
  pid: number,
  name: string,
  password: string,
): Promise<Guard> {
  let guard: Guard | undefined
  try {
    guard = await connectGuard(port, password)
    await rememberPort(folder, port)
    return guard
  } catch (error) {
    await guard?.client.end()
    await stopPostmaster(folder, pid, name)
    throw errorCode(error) === '28P01' ? passwordRefused(folder, error) : error
  }
}

/** The port and process of the started server, or what it said when it gave up. */
async function startOnce(
  folder: DataFolder,
  account: ServerAccount,
  binaries: Binaries,
  wantedPort: number | undefined,
  deadline: number,
): Promise<{ port: number; pid: number } | { failure: Error; output: string }> {
  const port = await choosePort(folder, wantedPort)
  const found = await postmasterState(folder)
  const overlooked =
    found.state === 'stale'
      ? found.pid
      : found.state === 'unproven'
        ? found.postmaster.pid
        : undefined
  const result = await startServer(folder, account, binaries, port, overlooked, deadline)
  if (result.outcome === 'ready') return { port, pid: result.pid }
  if (result.outcome === 'still_starting') throw timedOut(folder)
  const portTaken = /could not bind|could not create any TCP\/IP sockets/.test(result.output)
  if (portTaken && wantedPort !== undefined) throw await portInUse(wantedPort)
  return result
}

/** A wanted port, or the one this folder had last, or any free one. */
async function choosePort(folder: DataFolder, wantedPort: number | undefined): Promise<number> {
  if (wantedPort !== undefined) {
    if (!(await isPortFree(wantedPort))) throw await portInUse(wantedPort)
    return wantedPort
  }
  const last = await readPort(folder)
  return last !== undefined && (await isPortFree(last)) ? last : anyFreePort()
}

/**
 * After a kill, the last processes of the old server may need a moment to notice, and they hold
 * its shared memory until then. Those that never notice are ended: their server is gone.
 */
async function worthAnotherTry(
  folder: DataFolder,
  output: string,
  failure: Error,
  attempt: number,
  log: (line: string) => void,
): Promise<boolean> {
  if (/pre-existing shared memory block/.test(output)) {
    if (attempt >= leftoverPatienceAttempts) await endLeftovers(folder, log)
    return true
  }
  if (/could not bind|lock file .* already exists/.test(output)) return true
  const given = failure instanceof EmbeddedPostgresUnavailable ? failure.code : 'start_failed'
  return given === 'start_failed' && attempt < leftoverPatienceAttempts
}

async function endLeftovers(folder: DataFolder, log: (line: string) => void): Promise<void> {
  const { state } = await postmasterState(folder)
  if (state === 'running') return
  for (const pid of await processesWith(`postgres: ${await clusterName(folder)}`)) {
    log(`Ending process ${String(pid)}, left over from a database server that was killed.`)
    process.kill(pid, 'SIGKILL')
  }
}

function passwordRefused(folder: DataFolder, cause: unknown): EmbeddedPostgresUnavailable {
  return new EmbeddedPostgresUnavailable(
    'password_refused',
    `The database in ${folder.path} refuses the password in ${folder.passwordFile}. Restore that file from a backup.`,
    { cause },
  )
}

function timedOut(folder: DataFolder): EmbeddedPostgresUnavailable {
  return new EmbeddedPostgresUnavailable(
    'start_timed_out',
    `The database in ${folder.path} is not ready after ${String(startTimeoutMs / 1000)} s. It may still be recovering and goes on with that: see ${folder.logFile}, and start again later.`,
  )
}
