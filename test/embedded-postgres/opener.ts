import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export type Opened = { started: string; connectionString: string; port: number }
export type Refused = { name: string; code: string; message: string }

/** Another process that opens a data folder. */
export type Opener = Readonly<{
  child: ChildProcess
  pid: number
  /** What it said first: that the server is open, or why not. */
  answer: Promise<Opened & Refused>
  /** Its further words. */
  next(): Promise<unknown>
  exited: Promise<void>
  /** Closes in order and waits for the end of the process. */
  close(): Promise<void>
  /** Kills the process alone, without a chance to close. */
  kill(): Promise<void>
}>

export type OpenerOptions = Readonly<{
  project: string
  dataDirectory: string
  port?: number
  uid?: number
  environment?: NodeJS.ProcessEnv
}>

const running = new Set<Opener>()

export function startOpener(options: OpenerOptions): Opener {
  const { project, dataDirectory, port = 0, uid } = options
  const script = join(project, 'opener.mjs')
  const child = spawn(process.execPath, [script, dataDirectory, String(port)], {
    cwd: project,
    env: { ...process.env, ...options.environment },
    stdio: ['pipe', 'pipe', 'inherit'],
    // A group of its own stands for the terminal that a Ctrl-C goes to.
    detached: true,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  const exited = new Promise<void>((settle) => {
    child.once('exit', () => {
      running.delete(opener)
      settle()
    })
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => {
    const line = await lines.next()
    if (line.done === true) throw new Error('The opener ended without a word.')
    return JSON.parse(line.value)
  }
  const opener: Opener = {
    child,
    pid: child.pid ?? 0,
    answer: next() as Promise<Opened & Refused>,
    next,
    exited,
    close: async () => {
      child.stdin.end('close\n')
      await exited
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
  // A test that kills its opener early does not ask for the answer.
  opener.answer.catch(() => undefined)
  running.add(opener)
  return opener
}

/** For after each test: nothing of a failed one is left. */
export async function killOpeners(): Promise<void> {
  for (const opener of running) await opener.kill()
}
