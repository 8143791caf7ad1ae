import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The folders that hold our TypeScript. One that does not exist yet is left out. */
export const SOURCE_FOLDERS = ['bench', 'commands', 'projections', 'scripts', 'src', 'test'].filter(
  (folder) => statSync(join(ROOT, folder), { throwIfNoEntry: false })?.isDirectory(),
)

const IGNORED = ['.git/', ...readFileSync(join(ROOT, '.gitignore'), 'utf8').split('\n')]
const IGNORED_FOLDERS = IGNORED.filter((line) => line.endsWith('/')).map((line) =>
  line.slice(0, -1),
)
const IGNORED_ENDINGS = IGNORED.filter((line) => line.startsWith('*.')).map((line) => line.slice(1))

/**
 * Every file below a folder of the project that .gitignore does not name, with forward slashes from
 * the root, sorted. Git itself is not asked: a clone owned by another user, or an unpacked archive,
 * must test as well.
 */
export function filesBelow(folder = '.'): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(ROOT, folder, entry.name)
      if (entry.isDirectory()) {
        return IGNORED_FOLDERS.includes(entry.name) ? [] : filesBelow(relative(ROOT, path))
      }
      if (!entry.isFile() || IGNORED_ENDINGS.some((ending) => entry.name.endsWith(ending)))
        return []
      return [relative(ROOT, path).split(sep).join('/')]
    })
    .sort()
}

/** The modules on disk, as the dependency rule and the lint rules must see them. */
export function sourceFiles(): string[] {
  return SOURCE_FOLDERS.flatMap((folder) => filesBelow(folder))
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
    .sort()
}

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}
