/** The built project where another user reaches it, or one place only root does. */
import { cp, chmod, chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROJECT } from './folio.js'

export const isRoot = process.geteuid?.() === 0
/** `nobody`: an account that every system has and that owns nothing. */
export const UNPRIVILEGED_USER = 65_534

export type ProjectCopy = Readonly<{
  project: string
  /** A folder of the unprivileged user's. */
  home: string
  remove(): Promise<void>
}>

/** Development tools that a shipped project does not have, and that take long to copy. */
const LEFT_OUT =
  /^(?:typescript|@typescript-eslint|eslint|@eslint|vitest|@vitest|vite|rolldown|@rolldown|prettier|dependency-cruiser|fast-check|lightningcss.*|@types)$/

export async function copyProject(): Promise<ProjectCopy> {
  const root = await mkdtemp(join(tmpdir(), 'folio-copy-'))
  await chmod(root, 0o755)
  const project = join(root, 'project')
  const home = join(root, 'home')
  await mkdir(join(project, 'node_modules'), { recursive: true })
  await mkdir(home)
  await chown(home, UNPRIVILEGED_USER, UNPRIVILEGED_USER)
  const copy = (name: string) =>
    cp(join(PROJECT, name), join(project, name), {
      recursive: true,
      verbatimSymlinks: true,
      dereference: false,
    })
  await Promise.all(['package.json', 'dist', 'scripts'].map(copy))
  for (const name of await readdir(join(PROJECT, 'node_modules'))) {
    if (!LEFT_OUT.test(name) && !name.startsWith('.')) await copy(join('node_modules', name))
  }
  return { project, home, remove: () => rm(root, { recursive: true, force: true }) }
}
