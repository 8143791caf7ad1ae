import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { clusterName, type DataFolder, readOptional } from './data-folder.js'
import { commandLine, isAlive } from './processes.js'
import { EmbeddedPostgresUnavailable, errorCode } from './unavailable.js'

/** The first process of a server, from the file it keeps in its cluster. */
export type Postmaster = Readonly<{ pid: number; port: number; status: string }>

/**
 * What `postmaster.pid` is worth. `stale`: its process is gone, or has ended and is not collected
 * yet, or the id belongs to another program by now. `unproven`: a process of that id runs, and the
 * system does not show which.
 */
export type PostmasterState =
  | Readonly<{ state: 'none' }>
  | Readonly<{ state: 'stale'; pid: number }>
  | Readonly<{ state: 'running' | 'unproven'; postmaster: Postmaster }>

const pollMs = 10
const fastStopTimeoutMs = 60_000
const immediateStopTimeoutMs = 10_000

export async function postmasterState(folder: DataFolder): Promise<PostmasterState> {
  const postmaster = await readPostmaster(folder)
  if (postmaster === undefined) return { state: 'none' }
  const { pid } = postmaster
  if (!(await isAlive(pid))) return { state: 'stale', pid }
  const line = await commandLine(pid)
  if (line?.includes(await clusterName(folder)) === true) return { state: 'running', postmaster }
  // A server that was started by other means (pg_ctl, say) does not carry our name.
  if (line === undefined || line === '' || /postgres/i.test(line)) {
    return { state: 'unproven', postmaster }
  }
  return { state: 'stale', pid }
}

/** `port` is 0 and `status` empty while the server has not come that far. */
export async function readPostmaster(folder: DataFolder): Promise<Postmaster | undefined> {
  const text = await readOptional(join(folder.cluster, 'postmaster.pid'))
  const lines = text?.split('\n').map((line) => line.trim()) ?? []
  const pid = wholeNumber(lines[0])
  if (pid === 0) return undefined
  return { pid, port: wholeNumber(lines[3]), status: lines[7] ?? '' }
}

/**
 * Stops the server as an administrator would: at once but in order, and only when that takes too
 * long, without order (the next start then recovers). Its data is safe either way. Does nothing
 * when the process has ended since and its id is another program's.
 */
export async function stopPostmaster(folder: DataFolder, pid: number, name: string): Promise<void> {
  if (!(await isPostmaster(folder, pid, name))) return
  if (await endsAfter('SIGINT', pid, fastStopTimeoutMs)) return
  if (await endsAfter('SIGQUIT', pid, immediateStopTimeoutMs)) return
  throw new EmbeddedPostgresUnavailable(
    'stop_timed_out',
    `The database server of ${folder.path} (process ${String(pid)}) does not stop. See ${folder.logFile}; the data is safe.`,
  )
}

async function isPostmaster(folder: DataFolder, pid: number, name: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false
  const line = await commandLine(pid)
  if (line?.includes(name) === true) return true
  if (line !== undefined && line !== '' && !/postgres/i.test(line)) return false
  return (await readPostmaster(folder))?.pid === pid
}

async function endsAfter(
  signal: 'SIGINT' | 'SIGQUIT',
  pid: number,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
  while (await isAlive(pid)) {
    if (Date.now() > deadline) return false
    await pause(pollMs)
  }
  return true
}

/** The user id that owns the cluster. */
export async function clusterOwner(folder: DataFolder): Promise<number> {
  return (await stat(folder.cluster)).uid
}

function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number.parseInt(text, 10) : 0
}
