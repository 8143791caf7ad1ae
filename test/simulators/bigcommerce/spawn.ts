/**
 * The simulator as a child process: it survives a ledger that is killed, and can be killed itself and started again on
 * what it had recorded.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { SimulatorControl } from './control/control.js'
import { controlAt } from './control/over-http.js'
import type { SimulatorOptions } from './options.js'

export type SpawnedSimulator = Readonly<{
  address: string
  port: number
  control: SimulatorControl
  /** Of the process that runs now. */
  pid(): number
  /** At once, as a power cut would; what it was told is not lost. */
  kill(): Promise<void>
  /** Again, in the same place and with what it had recorded. */
  restart(): Promise<void>
  close(): Promise<void>
}>

/** The folder is where its journal stands. */
export async function spawnSimulator(
  options: SimulatorOptions & { folder: string },
): Promise<SpawnedSimulator> {
  const script = await builtScript()
  const { port: wanted = 0, folder, ...rest } = options
  let child = await start(script, { port: wanted, folder, rest })
  const { address, port } = child
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const { process } = child
    if (process.exitCode !== null || process.signalCode !== null) return
    const exited = new Promise((resolve) => process.once('exit', resolve))
    process.kill(signal)
    await exited
  }
  return {
    address,
    port,
    control: controlAt(address),
    pid: () => child.process.pid ?? 0,
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGKILL')
      child = await start(script, { port, folder, rest })
    },
    close: () => end('SIGTERM'),
  }
}

type Place = Readonly<{ port: number; folder: string; rest: object }>
type Started = Readonly<{ process: ChildProcess; address: string; port: number }>

async function start(script: string, { port, folder, rest }: Place): Promise<Started> {
  const asked = ['--port', `${port}`, '--folder', folder, '--options', JSON.stringify(rest)]
  const child = spawn(process.execPath, [script, ...asked, '--attached'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    return { process: child, ...(JSON.parse(line) as Omit<Started, 'process'>) }
  }
  throw new Error('The simulator ended before it listened.')
}

let built: Promise<string> | null = null

/** Beside this file where it was built; where it runs from its sources, as under vitest, they are built aside. */
function builtScript(): Promise<string> {
  const here = import.meta.dirname
  if (import.meta.filename.endsWith('.js')) return Promise.resolve(join(here, 'main.js'))
  built ??= buildAside(here)
  return built
}

const REPOSITORY = join(import.meta.dirname, '..', '..', '..')

async function buildAside(sources: string): Promise<string> {
  const { default: ts } = await import('typescript')
  const folder = await mkdtemp(join(tmpdir(), 'folio-simulator-'))
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  const names = await readdir(sources, { recursive: true })
  for (const name of names.filter((file) => /(?<!\.test)\.ts$/.test(file))) {
    const text = await readFile(join(sources, name), 'utf8')
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
    })
    const target = join(folder, name.replace(/\.ts$/, '.js'))
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, outputText)
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'dir')
  return join(folder, 'main.js')
}
