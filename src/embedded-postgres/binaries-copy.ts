import { createHash, randomUUID } from 'node:crypto'
import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { errorCode } from './unavailable.js'

/** The platform package as npm unpacked it; `root` holds `native/` and `package.json`. */
export type PostgresPackage = Readonly<{ root: string; version: string }>

/** A file of the copy: its path below the package, its size in bytes, and whether it is a program. */
type Entry = Readonly<{ path: string; size: number; executable: boolean }>

/**
 * Copies the programs, once for each version and content, to a folder that every user can enter
 * and only we can write. A copy that is damaged (a cleaner of the temporary folder took a part) is
 * made again. `trial` says why a copy cannot be run; then the next place is tried.
 */
export async function publishCopy(
  installed: PostgresPackage,
  trial: (root: string) => Promise<string | undefined>,
): Promise<{ root: string } | { reasons: readonly string[] }> {
  const entries = await entriesOf(installed.root)
  const reasons: string[] = []
  for (const base of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    const root = join(base, copyName(installed.version, entries))
    try {
      const refused = (await refusalOfBase(base)) ?? (await provide(installed.root, root, entries))
      const reason = refused ?? (await trial(root))
      if (reason === undefined) return { root }
      reasons.push(reason)
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error))
    }
  }
  return { reasons }
}

/** Published versions never change, so version, paths and sizes tell one content from another. */
function copyName(version: string, entries: readonly Entry[]): string {
  const identity = createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 12)
  return `folio-postgres-${version}-${identity}-${String(process.geteuid?.() ?? 0)}`
}

/** A folder that all may write must be sticky, or another user could put his own in our place. */
async function refusalOfBase(base: string): Promise<string | undefined> {
  const found = await lstat(base)
  if (!found.isDirectory()) return `${base} is no folder`
  if (!isOurs(found.uid) && found.uid !== 0) return `${base} belongs to another user`
  const open = (found.mode & 0o022) !== 0 && (found.mode & 0o1000) === 0
  return open ? `${base} can be changed by other users` : undefined
}

/** Undefined when a whole copy that we own stands at `root`, else why there is none. */
async function provide(
  source: string,
  root: string,
  entries: readonly Entry[],
): Promise<string | undefined> {
  const found = await stateOf(root, entries)
  if (found === 'whole') return undefined
  if (found === 'foreign') return `${root} was put there by another user`
  const draft = await mkdtemp(`${root}.draft-`)
  try {
    await copyAll(source, draft, entries)
    if (found === 'damaged') {
      const aside = `${root}.draft-${randomUUID()}`
      await rename(root, aside)
      await rm(aside, { recursive: true, force: true })
    }
    await rename(draft, root)
    return undefined
  } catch (error) {
    // Another process of ours may have published the same copy a moment before.
    if ((await stateOf(root, entries)) === 'whole') return undefined
    throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function stateOf(
  root: string,
  entries: readonly Entry[],
): Promise<'absent' | 'foreign' | 'damaged' | 'whole'> {
  try {
    const top = await lstat(root)
    if (!top.isDirectory() || !isOurs(top.uid) || (top.mode & 0o022) !== 0) return 'foreign'
    if ((top.mode & 0o777) !== 0o755) return 'damaged'
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'absent'
    throw error
  }
  for (const { path, size } of entries) {
    const file = await lstat(join(root, path)).catch(() => undefined)
    const sound = file?.isFile() === true && file.size === size && isOurs(file.uid)
    if (!sound || (file.mode & 0o022) !== 0) return 'damaged'
  }
  return 'whole'
}

/** The mode is set on each file, since a strict umask would close the copy to the server again. */
async function copyAll(source: string, draft: string, entries: readonly Entry[]): Promise<void> {
  await chmod(draft, 0o755)
  const made = new Set<string>([draft])
  for (const { path, executable } of entries) {
    const target = join(draft, path)
    await makeFolders(draft, dirname(target), made)
    await copyFile(join(source, path), target)
    await chmod(target, executable ? 0o755 : 0o644)
  }
}

async function makeFolders(draft: string, folder: string, made: Set<string>): Promise<void> {
  if (made.has(folder)) return
  await makeFolders(draft, dirname(folder), made)
  await mkdir(folder)
  await chmod(folder, 0o755)
  made.add(folder)
}

/** What the server needs of the package: not the libraries for building other programs. */
async function entriesOf(root: string): Promise<readonly Entry[]> {
  const found: Entry[] = []
  const names = await readdir(join(root, 'native'), { recursive: true, withFileTypes: true })
  for (const name of names) {
    const full = join(name.parentPath, name.name)
    const path = relative(root, full)
    if (!name.isFile() || /\.a$|[/\\](?:pgxs|pkgconfig|include)[/\\]/.test(path)) continue
    const { size, mode } = await lstat(full)
    found.push({ path, size, executable: (mode & 0o111) !== 0 })
  }
  return found.toSorted((one, other) => (one.path < other.path ? -1 : 1))
}

function isOurs(uid: number): boolean {
  return uid === (process.geteuid?.() ?? uid)
}
