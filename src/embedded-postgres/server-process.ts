import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { ServerAccount } from './account.js'
import type { Binaries } from './binaries.js'
import { clusterName, type DataFolder } from './data-folder.js'
import { readPostmaster } from './postmaster.js'
import { errorCode, failureOf } from './unavailable.js'

/** How a start ended: ready, on its way still when time was up, or given up with these words. */
export type StartOutcome =
  | Readonly<{ outcome: 'ready'; pid: number }>
  | Readonly<{ outcome: 'still_starting' }>
  | Readonly<{ outcome: 'gave_up'; output: string; failure: Error }>

const pollMs = 5
const logBytesMax = 10 * 1024 * 1024
const outputBytesMax = 16_384

/**
 * Starts the server in a session of its own, so that neither Ctrl-C in the terminal nor our end
 * stops it unasked; it writes to a file, for a pipe would die with us.
 */
export async function startServer(
  folder: DataFolder,
  account: ServerAccount,
  binaries: Binaries,
  port: number,
  /** The process that `postmaster.pid` names without being the server of this cluster. */
  overlookedPid: number | undefined,
  deadline: number,
): Promise<StartOutcome> {
  const logStart = await prepareLog(folder)
  const logFd = openSync(folder.logFile, 'a', 0o600)
  let ended = false
  let spawnError: Error | undefined
  let pid: number | undefined
  try {
    const child = spawn(
      binaries.postgres,
      [
        '-D',
        clusterArgument(folder.cluster, account),
        ...settings(port, await clusterName(folder)),
      ],
      {
        ...(account.kind === 'unprivileged' ? account.server : {}),
        cwd: folder.cluster,
        env: {
          ...programEnvironment(),
          // As pg_ctl does: the server then overlooks this one process, and no other safeguard:
          // what still holds the shared memory of this cluster keeps it from starting.
          ...(overlookedPid === undefined ? {} : { PG_GRANDPARENT_PID: String(overlookedPid) }),
        },
        detached: true,
        windowsHide: true,
        stdio: ['ignore', logFd, logFd],
      },
    )
    child.once('error', (error) => {
      spawnError = error
      ended = true
    })
    child.once('exit', () => {
      ended = true
    })
    child.unref()
    pid = child.pid
  } finally {
    closeSync(logFd)
  }
  // `ended` is set by events, which the type checker cannot see.
  while (!(ended as boolean)) {
    const postmaster = await readPostmaster(folder)
    if (postmaster?.status === 'ready' && postmaster.pid === pid) return { outcome: 'ready', pid }
    if (Date.now() > deadline) return { outcome: 'still_starting' }
    await pause(pollMs)
  }
  const output = spawnError === undefined ? await logSince(folder, logStart) : String(spawnError)
  const failure = await failureOf('The database server', output, folder.path)
  return { outcome: 'gave_up', output, failure }
}

/**
 * The cluster as the server is to name it. Its own account may not pass the folders above (a
 * project below /root); but it is born inside the cluster, and Linux lets a process reach its
 * working directory under this name without a look at the way there.
 */
export function clusterArgument(cluster: string, account: ServerAccount): string {
  const closed = account.kind === 'unprivileged' && process.platform === 'linux'
  return closed ? '/proc/self/cwd' : cluster
}

/** Nothing of the caller's environment but what programs cannot do without. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const fixed = { LC_ALL: 'C', TZ: 'UTC' }
  if (process.platform !== 'win32') return { ...fixed, PATH: '/usr/bin:/bin' }
  const kept = Object.entries(process.env).filter(([name]) => !/^PG/i.test(name))
  return { ...Object.fromEntries(kept), ...fixed }
}

/**
 * Given on every start, so that an older folder follows a newer release. What initdb measured
 * (128 MB of buffers, 100 connections, less on a very small machine) and PostgreSQL's own
 * durable defaults (fsync, full_page_writes, synchronous_commit) stay as they are.
 */
function settings(port: number, name: string): string[] {
  const wanted = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    cluster_name: name,
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    max_wal_size: '1GB',
    jit: 'off',
    // Details of an error repeat the values of rows, which may be personal.
    log_error_verbosity: 'terse',
    log_line_prefix: '%m [%p] ',
  }
  return Object.entries(wanted).flatMap(([key, value]) => ['-c', `${key}=${value}`])
}

/** Where in the log this start begins (bytes). A log that has grown large is put aside. */
async function prepareLog(folder: DataFolder): Promise<number> {
  try {
    const { size } = await stat(folder.logFile)
    if (size < logBytesMax) return size
    await rename(folder.logFile, `${folder.logFile}.1`)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  return 0
}

async function logSince(folder: DataFolder, start: number): Promise<string> {
  const log = await open(folder.logFile, 'r')
  try {
    const { size } = await log.stat()
    const from = Math.max(start, size - outputBytesMax)
    const buffer = Buffer.alloc(Math.max(0, size - from))
    await log.read(buffer, 0, buffer.length, from)
    return buffer.toString('utf8')
  } finally {
    await log.close()
  }
}
