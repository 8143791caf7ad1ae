/** Starts {@link file://./ledger-process.ts} beside the built project, and starts it again where it was killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import ts from 'typescript'
import { PROJECT } from '../cli/folio.js'

export type KillableLedger = Readonly<{
  address: string
  key: string
  pid: number
  child: ChildProcess
  /** What it said on standard error until now. */
  said: () => string
  kill: (signal: NodeJS.Signals) => Promise<void>
}>

export type LedgerSettings = Readonly<{
  connectionString: string
  masterKey: Buffer
  /** Beside the usual ones. */
  environment?: Readonly<Record<string, string>>
  /** `point:n:signal` */
  point?: string
}>

const START_TIMEOUT_MS = 60_000

/** Fulfilled once it serves; rejected where it ended before. */
export async function startLedger({
  connectionString,
  masterKey,
  environment = {},
  point = '',
}: LedgerSettings): Promise<KillableLedger> {
  const script = await built()
  const child = spawn(process.execPath, [script], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: connectionString,
      FOLIO_MASTER_KEY: masterKey.toString('base64'),
      FOLIO_PORT: '0',
      FOLIO_STORE_NETWORKS: '127.0.0.0/8',
      SYNC_POINT: point,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    text = `${text}${more}`.slice(-20_000)
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const line = await firstLine(child, () => text)
  const { address, key } = JSON.parse(line) as { address: string; key: string }
  return {
    address,
    key,
    pid: child.pid ?? 0,
    child,
    said: () => text,
    kill: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await exited
    },
  }
}

async function firstLine(child: ChildProcess, said: () => string): Promise<string> {
  const { stdout } = child
  if (stdout === null) throw new Error('The process has no output.')
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
  try {
    for await (const line of createInterface({ input: stdout })) return line
  } finally {
    clearTimeout(timer)
  }
  throw new Error(`The ledger ended before it served: ${said()}`)
}

let script: Promise<string> | null = null

/** Where it finds the built project by the same relative paths as here. */
function built(): Promise<string> {
  script ??= (async () => {
    const text = await readFile(new URL('./ledger-process.ts', import.meta.url), 'utf8')
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
    })
    const target = join(PROJECT, 'dist', 'test', 'sync', 'ledger-process.js')
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, outputText)
    return target
  })()
  return script
}
