import { statfs } from 'node:fs/promises'

/** Why the embedded PostgreSQL could not be opened or closed. */
export type UnavailableCode =
  | 'binaries_unusable'
  | 'data_folder_of_another_user'
  | 'data_folder_of_another_version'
  | 'data_folder_unusable'
  | 'disk_full'
  | 'no_unprivileged_user'
  | 'password_refused'
  | 'port_in_use'
  | 'start_failed'
  | 'start_timed_out'
  | 'stop_timed_out'
  | 'user_without_name'

/** The embedded server cannot be used: `code` is the reason, the message says where and what to do. */
export class EmbeddedPostgresUnavailable extends Error {
  readonly code: UnavailableCode

  constructor(code: UnavailableCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedPostgresUnavailable'
    this.code = code
  }
}

/** Below this a failure that gives no reason of its own is put down to the full disk (bytes). */
const freeBytesMin = 8 * 1024 * 1024

/**
 * What an error of the file system or of a query (SQLSTATE 53100) says about the data folder,
 * or undefined where it says nothing of the kind. Also for errors met while the server runs.
 */
export function unavailableBecause(
  error: unknown,
  dataDirectory: string,
): EmbeddedPostgresUnavailable | undefined {
  if (error instanceof EmbeddedPostgresUnavailable) return error
  const code = errorCode(error)
  const cause = { cause: error }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === '53100') {
    return diskFull(dataDirectory, cause)
  }
  if (code === 'EROFS') {
    return unusable(dataDirectory, 'is on a read-only file system; choose another folder', cause)
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return unusable(
      dataDirectory,
      `cannot be read and written by this user${ownUserId()}; correct its owner and mode, or choose another folder`,
      cause,
    )
  }
  if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENAMETOOLONG' || code === 'ELOOP') {
    return unusable(dataDirectory, 'is no folder; choose another one', cause)
  }
  return undefined
}

export function diskFull(
  dataDirectory: string,
  options?: ErrorOptions,
): EmbeddedPostgresUnavailable {
  return new EmbeddedPostgresUnavailable(
    'disk_full',
    `The disk that holds the data folder ${dataDirectory} is full. Nothing accepted is lost; make room and start again.`,
    options,
  )
}

/** initdb insists on a user that has a name, and this one can borrow none. */
export function userWithoutName(cause: unknown): EmbeddedPostgresUnavailable {
  return new EmbeddedPostgresUnavailable(
    'user_without_name',
    `The user this runs as${ownUserId()} has no name in the system, which setting up a database takes, and may not ` +
      'make a user namespace to borrow one. Add the user to /etc/passwd, run as another one, or set DATABASE_URL.',
    { cause },
  )
}

export function unusable(
  dataDirectory: string,
  why: string,
  options?: ErrorOptions,
): EmbeddedPostgresUnavailable {
  return new EmbeddedPostgresUnavailable(
    'data_folder_unusable',
    `The data folder ${dataDirectory} ${why}.`,
    options,
  )
}

/**
 * The reason in what initdb or the server wrote before it gave up. On a full disk the log cannot
 * be written either, so where the words give no reason the room that is left is looked at.
 */
export async function failureOf(
  program: string,
  output: string,
  dataDirectory: string,
): Promise<EmbeddedPostgresUnavailable> {
  if (/No space left on device|Disk quota exceeded/.test(output)) return diskFull(dataDirectory)
  if (/Read-only file system/.test(output)) {
    return unusable(dataDirectory, 'is on a read-only file system; choose another folder')
  }
  if (/database files are incompatible with server/.test(output)) {
    return new EmbeddedPostgresUnavailable(
      'data_folder_of_another_version',
      `The data folder ${dataDirectory} was written by another PostgreSQL version than the one installed here.`,
    )
  }
  if (/Permission denied/.test(output)) {
    return unusable(
      dataDirectory,
      `cannot be read and written by the database server; correct its owner and mode, or choose another folder (${lastLines(output)})`,
    )
  }
  if ((await freeBytes(dataDirectory)) < freeBytesMin) return diskFull(dataDirectory)
  return new EmbeddedPostgresUnavailable(
    'start_failed',
    `${program} of the data folder ${dataDirectory} gave up: ${lastLines(output)}`,
  )
}

export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

function ownUserId(): string {
  const uid = process.getuid?.()
  return uid === undefined ? '' : ` (user id ${String(uid)})`
}

async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

function lastLines(output: string): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== '')
  return lines.length === 0 ? 'it left no message' : lines.slice(-4).join(' | ')
}
