import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import ts from 'typescript'
import type { KeyRequest } from '../../commands/ports.js'

const REPOSITORY = join(import.meta.dirname, '..', '..')
const KEY_CLAIMS = 'src/key-claims'
const SHARED = ['backoff', 'postgres-connections'].map((name) => `src/event-store/${name}.ts`)

/** Claims what it is given, says what it was answered, and lives until it is killed. */
const SCRIPT = `
import { openPostgresKeyClaims } from './${KEY_CLAIMS}/postgres-key-claims.js'
const [connectionString, request] = process.argv.slice(2)
const claims = await openPostgresKeyClaims({ connectionString })
const { claim } = await claims.claim(JSON.parse(request))
process.stdout.write(claim + '\\n')
process.stdin.resume()
`

export type ClaimingProcess = Readonly<{
  /** What it was answered. */
  answer: string
  /** Kills it alone, without a chance to close, and waits for its end. */
  kill(): Promise<void>
}>

/** Another process, which claims a key and keeps it. */
export async function startClaimingProcess(
  connectionString: string,
  request: KeyRequest,
): Promise<ClaimingProcess> {
  const folder = await copySources()
  const child = spawn(
    process.execPath,
    [join(folder, 'claim.js'), connectionString, JSON.stringify(request)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
    await rm(folder, { recursive: true, force: true })
  }
  const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  if (line.done !== true) return { answer: line.value, kill }
  await kill()
  throw new Error('The process ended without an answer.')
}

async function copySources(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'folio-claims-'))
  const names = (await readdir(join(REPOSITORY, KEY_CLAIMS))).map((name) => join(KEY_CLAIMS, name))
  for (const name of [...names, ...SHARED]) {
    const text = await readFile(join(REPOSITORY, name), 'utf8')
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
    })
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name.replace(/\.ts$/, '.js')), outputText)
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'claim.js'), SCRIPT)
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'dir')
  return folder
}
