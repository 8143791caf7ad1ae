/** `folio` as a user runs it: a process of its own, built from the sources as they are. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { profilingOf } from './profiling.js'

export type FolioStart = Readonly<{
  /** Where it serves: `http://127.0.0.1:4180`. */
  address: string
  /** Fulfilled when the process has ended, and its database with it. */
  stop(): Promise<void>
}>

type Environment = Readonly<Record<string, string>>

const MAIN = join(import.meta.dirname, '..', 'src', 'cli', 'main.js')
const RUN_TIMEOUT_MS = 60_000

/** `folio start`, on any free port, once it serves. */
export async function startFolio(
  args: readonly string[],
  environment: Environment,
  signal: AbortSignal,
): Promise<FolioStart> {
  const child = spawnFolio(['start', ...args, '--port', '0', '--json'], environment)
  const stop = () => ended(child)
  signal.addEventListener('abort', () => void stop(), { once: true })
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_TIMEOUT_MS)
  try {
    const { address } = await lastObject(child, 'address')
    return { address, stop }
  } catch (reason) {
    await stop()
    throw reason
  } finally {
    clearTimeout(timer)
  }
}

/** Runs a command of `folio` to its end, and gives one text of the object it printed. */
export async function folioText(
  args: readonly string[],
  environment: Environment,
  name: string,
): Promise<string> {
  const child = spawnFolio([...args, '--json'], environment)
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_TIMEOUT_MS)
  try {
    return (await lastObject(child, name))[name] ?? ''
  } finally {
    clearTimeout(timer)
    await ended(child)
  }
}

function spawnFolio(args: readonly string[], environment: Environment) {
  return spawn(process.execPath, [...profilingOf(`folio-${args[0] ?? ''}`), MAIN, ...args], {
    // Nothing else of the environment decides what is measured.
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

/** The first object printed that has a text of this name. */
async function lastObject<Name extends string>(
  child: ReturnType<typeof spawnFolio>,
  name: Name,
): Promise<Record<Name, string>> {
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const printed = JSON.parse(line) as Record<string, unknown>
    if (typeof printed[name] === 'string') return printed as Record<Name, string>
    throw new Error(`folio answered ${line}`)
  }
  throw new Error('folio ended before it said what was waited for.')
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_TIMEOUT_MS)
  await exit
  clearTimeout(timer)
}
