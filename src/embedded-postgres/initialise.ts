import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, lchownSync, openSync, readdirSync } from 'node:fs'
import { chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerAccount, UserIds } from './account.js'
import type { Binaries } from './binaries.js'
import { type DataFolder, makePassword, syncFolder } from './data-folder.js'
import { clusterArgument, programEnvironment } from './server-process.js'
import { failureOf, unavailableBecause, userWithoutName } from './unavailable.js'

/** The only role of the cluster; it owns everything in it. */
export const superuser = 'folio'

const draftMark = 'postgres.initialising-'
const initdbTimeoutMs = 120_000
const outputCharactersMax = 16_384

/** Only with the password, only over the loopback address; there are no sockets in the file system. */
const hostBasedAuthentication = [
  '# Written by folio.',
  'host all all 127.0.0.1/32 scram-sha-256',
  'local all all scram-sha-256',
  '',
].join('\n')

/**
 * Makes the cluster beside its place and moves it there when it is complete and on the disk, so a
 * cluster in its place is always whole. What a killed attempt left is removed.
 */
export async function initialiseCluster(
  folder: DataFolder,
  account: ServerAccount,
  binaries: Binaries,
): Promise<void> {
  try {
    await removeDrafts(folder)
    const password = await makePassword(folder)
    const draft = join(folder.path, `${draftMark}${randomUUID()}`)
    await mkdir(draft, { mode: 0o700 })
    try {
      await runInitdb(folder, draft, password, account, binaries)
      await writeFile(join(draft, 'pg_hba.conf'), hostBasedAuthentication, { flush: true })
      if (account.kind === 'unprivileged') giveTo(draft, account.server)
      await rename(draft, folder.cluster)
    } catch (error) {
      await rm(draft, { recursive: true, force: true })
      throw error
    }
    await syncFolder(folder.path)
  } catch (error) {
    throw unavailableBecause(error, folder.path) ?? error
  }
}

/** What attempts left that were killed, or that ended beside this one. */
export async function removeDrafts(folder: DataFolder): Promise<void> {
  for (const name of await readdir(folder.path)) {
    // An initdb whose parent was killed may still write; what it leaves goes with the next attempt.
    if (!name.startsWith(draftMark)) continue
    await rm(join(folder.path, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

async function runInitdb(
  folder: DataFolder,
  draft: string,
  password: string,
  account: ServerAccount,
  binaries: Binaries,
): Promise<void> {
  const ids = account.kind === 'unprivileged' ? account.initdb : undefined
  const passwordCopy = `${draft}.password`
  try {
    await writeFile(passwordCopy, password, { flag: 'wx', mode: 0o600 })
    if (ids !== undefined) {
      await chown(draft, ids.uid, ids.gid)
      await chown(passwordCopy, ids.uid, ids.gid)
    }
    const { code, output } = await initdb(draft, passwordCopy, account, binaries).catch(
      (error: unknown) => {
        throw account.kind === 'nameless' ? userWithoutName(error) : error
      },
    )
    if (code !== 0 && account.kind === 'nameless' && output.includes('unshare')) {
      throw userWithoutName(output)
    }
    if (code !== 0) throw await failureOf('Setting up the database', output, folder.path)
  } finally {
    await rm(passwordCopy, { force: true })
  }
}

/**
 * The password comes from a file that is handed over open: below a closed folder the borrowed user
 * could not reach it by name.
 */
async function initdb(
  draft: string,
  passwordCopy: string,
  account: ServerAccount,
  binaries: Binaries,
): Promise<{ code: number | undefined; output: string }> {
  const handedOver = account.kind === 'unprivileged' && process.platform === 'linux'
  const passwordFd = openSync(passwordCopy, 'r')
  try {
    const [program, ...borrowed] = asNamedUser(binaries.initdb, account)
    const child = spawn(
      program,
      [
        ...borrowed,
        ...['-D', clusterArgument(draft, account), '-U', superuser],
        `--pwfile=${handedOver ? '/proc/self/fd/3' : passwordCopy}`,
        ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'],
        // What is half done stays for a moment: were it gone, so would be the sight of a full disk.
        ...['--data-checksums', '--no-instructions', '--no-clean'],
      ],
      {
        ...(account.kind === 'unprivileged' ? account.initdb : {}),
        cwd: draft,
        env: programEnvironment(),
        // Apart from the terminal's group: Ctrl-C is for the caller to answer.
        detached: true,
        windowsHide: true,
        timeout: initdbTimeoutMs,
        stdio: ['ignore', 'ignore', 'pipe', passwordFd],
      },
    )
    return await outcomeOf(child)
  } finally {
    closeSync(passwordFd)
  }
}

/** `initdb` insists on a user with a name. In a namespace of its own a nameless one goes by another's. */
function asNamedUser(initdb: string, account: ServerAccount): readonly [string, ...string[]] {
  if (account.kind !== 'nameless') return [initdb]
  const { uid, gid } = account.initdb
  return ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--', initdb]
}

function outcomeOf(child: ChildProcess): Promise<{ code: number | undefined; output: string }> {
  return new Promise((settle, fail) => {
    let output = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-outputCharactersMax)
    })
    child.once('error', fail)
    child.once('close', (code) => {
      settle({ code: code ?? undefined, output })
    })
  })
}

/** initdb ran as a user with a name; from now on the cluster is the server's own. */
function giveTo(folder: string, { uid, gid }: UserIds): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(folder, name), uid, gid)
  }
  lchownSync(folder, uid, gid)
}
