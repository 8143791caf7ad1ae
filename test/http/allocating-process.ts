import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import ts from 'typescript'

const REPOSITORY = join(import.meta.dirname, '..', '..')
const SOURCES = ['commands', 'projections', 'src']

/** Says that it is ready, waits for a line, allocates, and kills itself at the append that it was told. */
const SCRIPT = `
import pg from 'pg'
import { createHandler } from './commands/handle.js'
import { allocateCredit } from './commands/credit/allocate-credit.js'
import { createFingerprint, fingerprintKey } from './src/event-store/fingerprint.js'
import { createLedgerLog } from './src/event-store/ledger-log.js'
import { openPostgresEventStore } from './src/event-store/postgres.js'
import { openPostgresSubjectKeys } from './src/event-store/postgres-subject-keys.js'
import { systemClock } from './src/system-clock.js'
const { connectionString, masterKey, input, caller, dies } = JSON.parse(process.argv[2])
const key = Buffer.from(masterKey, 'base64')
const store = await openPostgresEventStore({ connectionString })
const pool = new pg.Pool({ connectionString, max: 2 })
const keys = await openPostgresSubjectKeys(pool, key)
let appends = 0
const die = () => {
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => undefined)
}
const append = async (...asked) => {
  appends += 1
  const here = dies !== null && appends === dies.at
  if (here && dies.when === 'before') await die()
  const outcome = await store.append(...asked)
  if (here) await die()
  return outcome
}
const log = createLedgerLog({ ...store, append }, keys)
const fingerprint = createFingerprint(fingerprintKey(key), keys)
const handler = createHandler({ log, clock: systemClock(), fingerprint })
process.stdout.write('ready\\n')
await new Promise((resolve) => process.stdin.once('data', resolve))
const { outcome, answer, refusal } = await handler.folio(allocateCredit, input, caller)
process.stdout.write(JSON.stringify({ outcome, answer, refusal }) + '\\n')
process.exit(0)
`

export type Dying = Readonly<{ at: number; when: 'before' | 'after' }>

export type AllocatingProcess = Readonly<{
  /** Lets it begin. */
  begin(): void
  ended: Promise<
    Readonly<{
      killed: boolean
      /** What it was answered; `null`: it did not live to hear it. */
      answer: null | Readonly<{ outcome: string; answer?: unknown; refusal?: unknown }>
    }>
  >
}>

export type AllocatingProcesses = Readonly<{
  /** Resolves when it is ready to begin. */
  start(
    task: Readonly<{ input: unknown; caller: unknown; dies: Dying | null }>,
  ): Promise<AllocatingProcess>
  close(): Promise<void>
}>

export async function allocatingProcesses(
  connectionString: string,
  masterKey: Buffer,
): Promise<AllocatingProcesses> {
  const folder = await copySources()
  return {
    start: async (task) => {
      const given = { ...task, connectionString, masterKey: masterKey.toString('base64') }
      const child = spawn(process.execPath, [join(folder, 'allocate.js'), JSON.stringify(given)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const exited = new Promise<NodeJS.Signals | null>((resolve) =>
        child.once('exit', (_code, signal) => {
          resolve(signal)
        }),
      )
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const ready = await lines.next()
      if (ready.value !== 'ready') throw new Error('The process ended before it was ready.')
      const ended = (async () => {
        const line = await lines.next()
        const signal = await exited
        const answer = line.done === true ? null : (JSON.parse(line.value) as { outcome: string })
        return { killed: signal === 'SIGKILL', answer }
      })()
      return { begin: () => void child.stdin.end('begin\n'), ended }
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

async function copySources(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'folio-allocating-'))
  for (const source of SOURCES) {
    const names = await readdir(join(REPOSITORY, source), { recursive: true })
    for (const name of names.filter((file) => file.endsWith('.ts'))) {
      const text = await readFile(join(REPOSITORY, source, name), 'utf8')
      const { outputText } = ts.transpileModule(text, {
        compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
      })
      const target = join(folder, source, name.replace(/\.ts$/, '.js'))
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, outputText)
    }
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'allocate.js'), SCRIPT)
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'dir')
  return folder
}
