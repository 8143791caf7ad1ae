import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { DataFolder } from './data-folder.js'
import { superuser } from './initialise.js'
import { isAlive, startMark } from './processes.js'

/** A connection that is held as long as its process uses the server, so that others can see it. */
export type Guard = Readonly<{
  client: pg.Client
  /** Fulfilled when the connection has ended, by whichever side. */
  ended: Promise<void>
}>

const namePrefix = 'folio-guard/'
const connectTimeoutMs = 5_000
const queryTimeoutMs = 10_000

export function connectionString(port: number, password: string, applicationName?: string): string {
  const url = new URL('postgresql://127.0.0.1/postgres')
  url.port = String(port)
  url.username = superuser
  url.password = password
  if (applicationName !== undefined) url.searchParams.set('application_name', applicationName)
  return url.href
}

/** Connects as this process. Throws what the connection throws. */
export async function connectGuard(port: number, password: string): Promise<Guard> {
  const client = new pg.Client({
    connectionString: connectionString(port, password),
    application_name: `${namePrefix}${String(process.pid)}/${await startMark(process.pid)}`,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
  })
  // A lost connection also raises 'end', which is listened to; unheard, this one would end us.
  client.on('error', () => undefined)
  const ended = new Promise<void>((settle) => {
    client.once('end', () => {
      settle()
    })
  })
  try {
    await client.connect()
    return { client, ended }
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
}

/**
 * Whether the server behind the connection works on this very cluster: only then does it see a
 * file of a random name that is put there. Port, password and process id may all be those of a
 * folder that this one was copied from.
 */
export async function serves(guard: Guard, folder: DataFolder): Promise<boolean> {
  const name = `folio-proof-${randomUUID()}`
  const proof = join(folder.cluster, name)
  try {
    await writeFile(proof, '', { flag: 'wx', mode: 0o644 })
    const { rows } = await guard.client.query<{ seen: boolean }>(
      'select (pg_stat_file($1, true)).size is not null as seen',
      [name],
    )
    return rows[0]?.seen === true
  } finally {
    await rm(proof, { force: true })
  }
}

/** Whether another living process holds a guard, or this process holds a second one. */
export async function othersUse(guard: Guard): Promise<boolean> {
  const { rows } = await guard.client.query<{ name: string }>(
    `select application_name as name from pg_stat_activity
     where application_name like $1 and pid <> pg_backend_pid()`,
    [`${namePrefix}%`],
  )
  for (const { name } of rows) {
    // The connection of a process just killed is still listed for a moment.
    const [, pid = '', started] = /^folio-guard\/(\d{1,10})\/(.*)$/.exec(name) ?? []
    if (pid === '') continue
    const other = Number.parseInt(pid, 10)
    if ((await isAlive(other)) && (await startMark(other)) === started) return true
  }
  return false
}
