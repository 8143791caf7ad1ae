import { createHash, randomBytes, randomUUID } from 'node:crypto'
import {
  access,
  constants,
  mkdir,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import {
  EmbeddedPostgresUnavailable,
  errorCode,
  unavailableBecause,
  unusable,
} from './unavailable.js'

/** Where everything of one embedded server lies. */
export type DataFolder = Readonly<{
  /** The folder itself, absolute, links resolved. */
  path: string
  /** The PostgreSQL cluster; it appears by one rename once it is complete. */
  cluster: string
  /** The password of the only role, mode 0600. */
  passwordFile: string
  /** The port the server had last, so that it stays the same over restarts. */
  portFile: string
  logFile: string
  /** Held while a server is looked for, made, started or stopped. */
  lockFile: string
}>

/** Makes the folder (mode 0700) where it is missing, and names what lies in it. */
export async function prepareDataFolder(dataDirectory: string): Promise<DataFolder> {
  const wanted = resolve(dataDirectory)
  try {
    await mkdir(wanted, { recursive: true, mode: 0o700 })
    const path = await realpath(wanted)
    await refuseForeign(path)
    return {
      path,
      cluster: join(path, 'postgres'),
      passwordFile: join(path, 'postgres.password'),
      portFile: join(path, 'postgres.port'),
      logFile: join(path, 'postgres.log'),
      lockFile: join(path, 'postgres.lock'),
    }
  } catch (error) {
    throw unavailableBecause(error, wanted) ?? error
  }
}

async function refuseForeign(path: string): Promise<void> {
  const found = await stat(path)
  if (!found.isDirectory()) throw unusable(path, 'is no folder; choose another one')
  const own = process.geteuid?.()
  if (own === undefined || own === 0 || own === found.uid) return
  try {
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new EmbeddedPostgresUnavailable(
      'data_folder_of_another_user',
      `The data folder ${path} belongs to ${found.uid === 0 ? 'root' : `user id ${String(found.uid)}`} and is closed to this user (id ${String(own)}). Start as the user who set it up, or choose another data folder.`,
      { cause },
    )
  }
}

/** A new random password, on the disk before anything is made that needs it. */
export async function makePassword(folder: DataFolder): Promise<string> {
  const password = randomBytes(24).toString('base64url')
  await writeDurably(folder.passwordFile, password)
  return password
}

export async function readPassword(folder: DataFolder): Promise<string> {
  const text = (await readOptional(folder.passwordFile))?.trim()
  if (text === undefined || !/^[\w-]{16,}$/.test(text)) {
    throw unusable(
      folder.path,
      `holds a database but not its password: restore the file ${basename(folder.passwordFile)} from a backup`,
    )
  }
  return text
}

export async function readPort(folder: DataFolder): Promise<number | undefined> {
  const text = (await readOptional(folder.portFile))?.trim() ?? ''
  if (!/^\d{1,5}$/.test(text)) return undefined
  const port = Number.parseInt(text, 10)
  return port > 0 && port < 65_536 ? port : undefined
}

export async function rememberPort(folder: DataFolder, port: number): Promise<void> {
  if ((await readPort(folder)) !== port) await writeDurably(folder.portFile, `${String(port)}\n`)
}

/** The major version of the cluster, or undefined where there is none yet. */
export async function clusterVersion(folder: DataFolder): Promise<string | undefined> {
  return (await readOptional(join(folder.cluster, 'PG_VERSION')))?.trim()
}

/**
 * A name for the cluster that its processes carry in their command lines. It is made of the
 * directory's place on the disk, so that a copied data folder is another cluster.
 */
export async function clusterName(folder: DataFolder): Promise<string> {
  const { dev, ino } = await stat(folder.cluster, { bigint: true })
  const place = createHash('sha256')
    .update(`${String(dev)}:${String(ino)}:${process.platform === 'linux' ? '' : folder.cluster}`)
    .digest('hex')
  return `folio-${place.slice(0, 24)}`
}

/** Text of a file, or undefined where there is none. */
export async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Writes a file of mode 0600 so that after a crash there is the old one or the new one. */
async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes the names in a folder durable; Windows knows no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
