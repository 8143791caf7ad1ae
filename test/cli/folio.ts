/** `folio` as a user runs it: a process of its own, with an environment in which nothing of ours is set. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export type Ended = Readonly<{
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** What `--json` printed on the last line; fails where that is no JSON. */
  json(): Record<string, unknown>
}>

export type Running = Readonly<{
  child: ChildProcess
  pid: number
  ended: Promise<Ended>
  /** Fulfilled when what the process said so far, on either stream, matches. */
  said(pattern: RegExp): Promise<string>
  /** What it said until now. */
  sofar(): Readonly<{ stdout: string; stderr: string }>
  kill(signal: NodeJS.Signals): Promise<Ended>
}>

export type RunOptions = Readonly<{
  environment?: NodeJS.ProcessEnv
  directory?: string
  uid?: number
  /** The folder that holds `dist`. */
  project?: string
}>

/** The built project: this one, unless a copy of it is named. */
export const PROJECT = process.env['FOLIO_TEST_PROJECT'] ?? join(import.meta.dirname, '..', '..')

const SAID_TIMEOUT_MS = 30_000
const running = new Set<Running>()

export async function folio(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return startFolio(args, options).ended
}

export function startFolio(args: readonly string[], options: RunOptions = {}): Running {
  const { environment = {}, directory, uid, project = PROJECT } = options
  const child = spawn(process.execPath, [join(project, 'dist/src/cli/main.js'), ...args], {
    ...(directory === undefined ? {} : { cwd: directory }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const listeners = new Set<() => void>()
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
      for (const listener of listeners) listener()
    })
  }
  const ended = new Promise<Ended>((settle, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => {
      running.delete(process_)
      settle({ code, signal, ...texts, json: () => lastLine(texts.stdout) })
    })
  })
  const process_: Running = {
    child,
    pid: child.pid ?? 0,
    ended,
    said: (pattern) =>
      new Promise((settle, fail) => {
        const timer = setTimeout(() => {
          fail(new Error(`It did not say ${String(pattern)}:\n${texts.stderr}\n${texts.stdout}`))
        }, SAID_TIMEOUT_MS)
        const look = (): void => {
          const found = pattern.exec(texts.stdout) ?? pattern.exec(texts.stderr)
          if (found === null) return
          clearTimeout(timer)
          listeners.delete(look)
          settle(found[1] ?? found[0])
        }
        listeners.add(look)
        look()
        void ended.then(() => {
          clearTimeout(timer)
          fail(new Error(`It ended before it said ${String(pattern)}:\n${texts.stderr}`))
        })
      }),
    sofar: () => texts,
    kill: (signal) => {
      child.kill(signal)
      return ended
    },
  }
  running.add(process_)
  return process_
}

/** For after each test: nothing of a failed one is left running. */
export async function endAllFolio(): Promise<void> {
  for (const one of running) await one.kill('SIGKILL')
}

function lastLine(text: string): Record<string, unknown> {
  const line = text.trimEnd().split('\n').at(-1) ?? ''
  return JSON.parse(line) as Record<string, unknown>
}
