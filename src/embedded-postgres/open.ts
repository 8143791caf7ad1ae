import { setTimeout as pause } from 'node:timers/promises'
import { type DataFolder, prepareDataFolder, readPassword } from './data-folder.js'
import { ensureServer, type Held, startTimeoutMs } from './ensure.js'
import { withFolderLock } from './folder-lock.js'
import { connectionString, othersUse } from './guard.js'
import { stopPostmaster } from './postmaster.js'
import { type EmbeddedPostgresUnavailable, unavailableBecause } from './unavailable.js'

/** A PostgreSQL server of a data folder, on 127.0.0.1, held open by this process. */
export interface EmbeddedPostgres {
  /** Holds the password: not to be printed. */
  readonly connectionString: string
  readonly port: number
  /** Whether this call made the database, started its server, or found the server running. */
  readonly started: 'initialised' | 'started' | 'adopted'
  /** Why a server that was lost is not back yet, as of the last try; undefined while all is well. */
  absence(): EmbeddedPostgresUnavailable | undefined
  /** Lets go of the server; the last process to do so stops it. May be called again. */
  close(): Promise<void>
}

export type OpenOptions = Readonly<{
  /** Made where it is missing. */
  dataDirectory: string
  /** The port of the server; 0 or none for the last one used, or any free one. */
  port?: number
  /** Told in sentences what happens, for people. */
  log?: (line: string) => void
  /** The name by which connections made with `connectionString` show in the database. */
  applicationName?: string
}>

const lockTimeoutMs = startTimeoutMs + 15_000
const returnPauseMsMax = 5_000
const returnPauseMsFirst = 50

/**
 * Opens (creating on first use) the server of a data folder; several processes may open the same
 * folder at once. As long as it is open, a server that was killed is started again on its port.
 * Throws EmbeddedPostgresUnavailable (`port_in_use`, `disk_full`, …).
 */
export async function openEmbeddedPostgres(options: OpenOptions): Promise<EmbeddedPostgres> {
  const { log = () => undefined } = options
  const wantedPort = options.port === 0 ? undefined : options.port
  const folder = await prepareDataFolder(options.dataDirectory)
  const held = await locked(folder, () =>
    ensureServer(folder, { port: wantedPort, mayInitialise: true }, log),
  )
  if (wantedPort !== undefined && held.port !== wantedPort) {
    log(`Port ${String(wantedPort)} was asked for, but the running database has another one.`)
  }
  const password = await readPassword(folder)
  const opened = new OpenedServer(folder, held, log)
  return {
    connectionString: connectionString(held.port, password, options.applicationName),
    port: held.port,
    started: held.started,
    absence: () => opened.absence(),
    close: () => opened.close(),
  }
}

/** The hold of this process on the server, renewed when the server was killed under it. */
class OpenedServer {
  readonly #folder: DataFolder
  readonly #log: (line: string) => void
  readonly #port: number
  #held: Held
  #returning: Promise<void> = Promise.resolve()
  #closing: Promise<void> | undefined
  readonly #stopping = new AbortController()
  #absence: EmbeddedPostgresUnavailable | undefined

  constructor(folder: DataFolder, held: Held, log: (line: string) => void) {
    this.#folder = folder
    this.#held = held
    this.#port = held.port
    this.#log = log
    this.#watch()
  }

  absence(): EmbeddedPostgresUnavailable | undefined {
    return this.#absence
  }

  close(): Promise<void> {
    this.#stopping.abort()
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.#returning
    const letGo = () => this.#letGo()
    try {
      await locked(this.#folder, letGo)
    } catch (error) {
      // A lock cannot be written to a full disk or into a folder that is gone. Without it, one who
      // opens at this very moment may lose the server, and then starts it again.
      const refusal = unavailableBecause(error, this.#folder.path)
      if (refusal?.code !== 'disk_full' && refusal?.code !== 'data_folder_unusable') throw error
      await letGo()
    }
  }

  async #letGo(): Promise<void> {
    const { guard, pid, name } = this.#held
    // A server that does not answer may still serve others; it is left for the next start.
    const used = await othersUse(guard).catch(() => true)
    await guard.client.end().catch(() => undefined)
    if (!used) await stopPostmaster(this.#folder, pid, name)
  }

  #watch(): void {
    void this.#held.guard.ended.then(() => {
      if (this.#closing === undefined) this.#returning = this.#return()
    })
  }

  async #return(): Promise<void> {
    this.#log('The connection to the database was lost.')
    let pauseMs = returnPauseMsFirst
    while (this.#closing === undefined) {
      try {
        this.#held = await locked(this.#folder, () =>
          ensureServer(this.#folder, { port: this.#port, mayInitialise: false }, this.#log),
        )
        this.#absence = undefined
        this.#watch()
        return
      } catch (error) {
        this.#absence = unavailableBecause(error, this.#folder.path)
        this.#log(`The database is not back yet: ${messageOf(error)}`)
      }
      // Closing ends the pause: waited for while nothing else goes on, it would end the process instead.
      const { signal } = this.#stopping
      await pause(pauseMs, undefined, { ref: false, signal }).catch(() => undefined)
      pauseMs = Math.min(pauseMs * 2, returnPauseMsMax)
    }
  }
}

async function locked<Result>(folder: DataFolder, work: () => Promise<Result>): Promise<Result> {
  try {
    return await withFolderLock(folder.lockFile, lockTimeoutMs, work)
  } catch (error) {
    throw unavailableBecause(error, folder.path) ?? error
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
