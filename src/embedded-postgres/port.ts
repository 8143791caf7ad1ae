import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { commandLine } from './processes.js'
import { EmbeddedPostgresUnavailable, errorCode } from './unavailable.js'

const loopback = '127.0.0.1'
const listingTimeoutMs = 5_000

/** Any free port of the loopback address. Another program may take it before it is used. */
export async function anyFreePort(): Promise<number> {
  return listenOnce(0)
}

/** Only "in use" counts: why else a port cannot be had is for the server to say. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port)
    return true
  } catch (error) {
    return errorCode(error) !== 'EADDRINUSE'
  }
}

/** The refusal for a port that another program has, naming it where the system shows it. */
export async function portInUse(port: number): Promise<EmbeddedPostgresUnavailable> {
  return new EmbeddedPostgresUnavailable(
    'port_in_use',
    `Port ${String(port)} on ${loopback}, wanted for the database, is in use by ${await holderOf(port)}. End that process or choose another port.`,
  )
}

function listenOnce(port: number): Promise<number> {
  return new Promise((settle, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen({ port, host: loopback, exclusive: true }, () => {
      const address = server.address()
      const listening = typeof address === 'object' && address !== null ? address.port : port
      server.close(() => {
        settle(listening)
      })
    })
  })
}

/** Who listens on a port, in words: "process 123 (name)" at best. */
export async function holderOf(port: number): Promise<string> {
  if (process.platform === 'linux') return linuxHolderOf(port)
  if (process.platform === 'darwin') {
    const list = ['-nP', `-iTCP:${String(port)}`, '-sTCP:LISTEN', '-Fp']
    const listing = await promisify(execFile)('lsof', list, { timeout: listingTimeoutMs }).catch(
      () => undefined,
    )
    const pid = /^p(\d+)$/m.exec(listing?.stdout ?? '')?.[1]
    if (pid !== undefined) return describe(Number.parseInt(pid, 10))
  }
  return 'another program'
}

async function linuxHolderOf(port: number): Promise<string> {
  const sockets = [
    ...(await listenersIn('/proc/net/tcp', port)),
    ...(await listenersIn('/proc/net/tcp6', port)),
  ]
  for (const { inode } of sockets) {
    const pid = await ownerOfSocket(inode)
    if (pid !== undefined) return describe(pid)
  }
  const uid = sockets[0]?.uid
  return uid === undefined
    ? 'another program'
    : `a process of user id ${uid} (the system does not show its process id to this user)`
}

async function listenersIn(
  table: string,
  port: number,
): Promise<readonly { inode: string; uid: string }[]> {
  const text = await readFile(table, 'utf8').catch(() => '')
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((field) => field[1]?.endsWith(`:${wanted}`) === true && field[3] === '0A')
    .map((field) => ({ inode: field[9] ?? '', uid: field[7] ?? '' }))
}

async function ownerOfSocket(inode: string): Promise<number | undefined> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
      if (target === `socket:[${inode}]`) return Number.parseInt(pid, 10)
    }
  }
  return undefined
}

async function describe(pid: number): Promise<string> {
  const line = (await commandLine(pid)) ?? ''
  return `process ${String(pid)} (${line.slice(0, 120) || 'name unknown'})`
}
