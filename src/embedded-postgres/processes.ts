import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { errorCode } from './unavailable.js'

const run = promisify(execFile)
const listingTimeoutMs = 5_000

/** Whether a process runs. One that has ended but was not yet reaped (a zombie) does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
  if (process.platform !== 'linux') return true
  const state = (await linuxStat(pid))?.[0]
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/**
 * When a process was started, in a form only good for comparing: process ids are used again,
 * an id together with its start is not. Empty where the system does not tell.
 */
export async function startMark(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
    // Field 22 of /proc/<pid>/stat is the start in clock ticks since boot; ours begin at field 3.
    return `${bootId.slice(0, 8)}-${(await linuxStat(pid))?.[19] ?? ''}`
  }
  if (process.platform === 'win32') return ''
  const started = await output('ps', ['-o', 'lstart=', '-p', String(pid)])
  return (started ?? '').trim().replaceAll(/\W+/g, '-')
}

/** The command line of a process; undefined where it is gone or the system does not tell. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => undefined)
    return text?.replaceAll('\0', ' ').trim()
  }
  if (process.platform === 'win32') {
    return output('tasklist', ['/FI', `PID eq ${String(pid)}`, '/FO', 'CSV', '/NH'])
  }
  return output('ps', ['-o', 'command=', '-p', String(pid)])
}

/** Ids of all processes whose command line holds the text (Linux; elsewhere none). */
export async function processesWith(text: string): Promise<number[]> {
  if (process.platform !== 'linux') return []
  const found: number[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const pid = Number.parseInt(entry, 10)
    if ((await commandLine(pid))?.includes(text) === true && pid !== process.pid) found.push(pid)
  }
  return found
}

/** The fields of /proc/<pid>/stat after the name, which may itself hold blanks and brackets. */
async function linuxStat(pid: number): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => undefined)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

async function output(program: string, args: string[]): Promise<string | undefined> {
  try {
    return (await run(program, args, { timeout: listingTimeoutMs })).stdout
  } catch {
    return undefined
  }
}
