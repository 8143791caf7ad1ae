import { randomUUID } from 'node:crypto'
import { link, rm, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { readOptional } from './data-folder.js'
import { isAlive, startMark } from './processes.js'
import { EmbeddedPostgresUnavailable, errorCode } from './unavailable.js'

const Holder = z.strictObject({ token: z.uuid(), pid: z.int().positive(), started: z.string() })
type Holder = z.infer<typeof Holder>

const pollMs = 15

/**
 * Runs the work while no other process does work under the same lock file. The lock of a process
 * that was killed is broken. Waits at most `timeoutMs`, then throws `start_timed_out`.
 */
export async function withFolderLock<Result>(
  lockFile: string,
  timeoutMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const deadline = Date.now() + timeoutMs
  const self: Holder = {
    token: randomUUID(),
    pid: process.pid,
    started: await startMark(process.pid),
  }
  await acquire(lockFile, self, deadline)
  try {
    return await work()
  } finally {
    await rm(lockFile, { force: true })
  }
}

async function acquire(lockFile: string, self: Holder, deadline: number): Promise<void> {
  for (;;) {
    if (await claim(lockFile, self)) return
    const holder = await readHolder(lockFile)
    if (holder === undefined) continue
    if (!(await stillRuns(holder))) {
      await breakLock(lockFile, holder, self, deadline)
      continue
    }
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresUnavailable(
        'start_timed_out',
        `Another process (id ${String(holder.pid)}) has been starting or stopping the database for too long: it holds ${lockFile}. End that process, or wait and start again.`,
      )
    }
    await pause(pollMs)
  }
}

/**
 * The file appears with its content by one link, so nobody ever reads half a lock, and a full
 * disk leaves none.
 */
async function claim(lockFile: string, self: Holder): Promise<boolean> {
  const draft = `${lockFile}.${randomUUID()}`
  try {
    await writeFile(draft, JSON.stringify(self), { flag: 'wx', mode: 0o600 })
    await link(draft, lockFile)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Removes the lock of a dead process. Two may find it dead at once, and the slower one must not
 * remove the lock the faster one has taken since: so breaking a lock needs a lock of its own,
 * named after the dead holder, and whoever has it looks again before removing.
 */
async function breakLock(
  lockFile: string,
  dead: Holder,
  self: Holder,
  deadline: number,
): Promise<void> {
  const breakerFile = `${lockFile}.${dead.token}.breaker`
  await acquire(breakerFile, self, deadline)
  try {
    if ((await readHolder(lockFile))?.token === dead.token) await rm(lockFile, { force: true })
  } finally {
    await rm(breakerFile, { force: true })
  }
}

async function readHolder(lockFile: string): Promise<Holder | undefined> {
  const text = await readOptional(lockFile)
  if (text === undefined) return undefined
  const parsed = Holder.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new EmbeddedPostgresUnavailable(
    'data_folder_unusable',
    `The lock file ${lockFile} is damaged. Make sure that no other folio process uses the folder, then remove that file.`,
  )
}

async function stillRuns(holder: Holder): Promise<boolean> {
  if (!(await isAlive(holder.pid))) return false
  return (await startMark(holder.pid)) === holder.started
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
