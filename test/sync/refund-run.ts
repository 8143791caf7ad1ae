/**
 * Many refunds at once, of stores that lose their answers and show their lists late, by a ledger that is killed again and
 * again; and then the figures (the tests beside this file say how many of what).
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FaultInput } from '../simulators/bigcommerce/options.js'
import { spawnSimulator } from '../simulators/bigcommerce/spawn.js'
import { testDatabase } from '../support/postgres.js'
import { connectStores, creditPieces, type Note, TOKEN } from './connected-stores.js'
import { type KillableLedger, startLedger } from './killable-ledger.js'
import { type Findings, findings, readEvents } from './oracle.js'
import { inParallel, type RetryingClient, retryingClient } from './store-client.js'

export type RunSpec = Readonly<{
  stores: readonly Readonly<{ hash: string; orders: number }>[]
  pieces: number
  /** Times, staleness and settling are so many times shorter than in production. */
  scale: number
  faults: readonly FaultInput[]
  killsAtRandom: number
  /** `point:n`: a process each, killed there. */
  killsAtPoints: readonly string[]
  /** After the requests: until everything is at an end or before a person. */
  timeoutMs: number
  /** The simulator's quota in 30 s; `null`: none. */
  quota: number | null
  say?: (line: string) => void
}>

export type RunResult = Findings &
  Readonly<{
    notes: number
    kills: number
    pointsReached: readonly string[]
    readyMs: readonly number[]
    seconds: number
  }>

const CALLERS = 16
const LEAVE_MS = 2_000
const MS_BETWEEN_KILLS_MIN = 300
const MS_BETWEEN_KILLS_MAX = 2_500
const LOOK_MS = 500

export async function refundRun(spec: RunSpec): Promise<RunResult> {
  const { scale, stores, say = () => undefined } = spec
  const database = await testDatabase()
  const masterKey = randomBytes(32)
  const folder = await mkdtemp(join(tmpdir(), 'folio-sync-'))
  const simulator = await spawnSimulator({
    folder,
    stores: stores.map(({ hash }) => ({ hash, token: TOKEN, currency: 'GBP', quota: spec.quota })),
  })
  const settings = {
    connectionString: database.connectionString,
    masterKey,
    environment: {
      SYNC_TIMES: JSON.stringify({
        // How long a process may take to begin is no property of the store: it stays what it is.
        leaveMs: LEAVE_MS,
        deadlineMs: 30_000 / scale,
        settleMs: 120_000 / scale,
        pullMs: 60_000 / scale,
      }),
    },
  }
  let ledger = await startLedger(settings)
  const client = retryingClient(() => ledger)
  try {
    const begunAt = Date.now()
    const orders = await connectStores(simulator, client, stores, spec.pieces)
    say(`${orders.length} orders imported after ${seconds(begunAt)}`)
    const notes = await creditPieces(client, orders, spec.pieces, CALLERS)
    say(`${notes.length} notes posted after ${seconds(begunAt)}`)
    await simulator.control.setFaults(spec.faults)
    const killing = new AbortController()
    const killer = killRepeatedly(spec, settings, killing.signal, {
      now: () => ledger,
      next: (started) => {
        ledger = started
      },
    })
    await requestRefunds(client, notes)
    say(`${notes.length} refunds asked for after ${seconds(begunAt)}`)
    const settled = waitUntilSettled(client, notes.length, spec.timeoutMs)
    const killed = await killer
    say(`${killed.kills} kills done after ${seconds(begunAt)}`)
    await settled
    killing.abort()
    await pulledOnce(spec.scale)
    const events = await readEvents(database.connectionString, masterKey)
    const hashes = stores.map(({ hash }) => hash)
    const found = await findings(events, simulator.control, hashes)
    return { ...found, notes: notes.length, ...killed, seconds: (Date.now() - begunAt) / 1000 }
  } catch (error) {
    await pause(500)
    throw new Error(`The ledger has said: ${ledger.said()}`, { cause: error })
  } finally {
    await ledger.kill('SIGKILL')
    await simulator.close()
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function requestRefunds(client: RetryingClient, notes: readonly Note[]): Promise<void> {
  await inParallel(notes, CALLERS, async ({ creditNoteId }) => {
    await client.must(
      'refund-order-on-platform',
      { creditNoteId, description: 'Came back' },
      `refund-${creditNoteId}`,
    )
  })
}

type Place = Readonly<{ now: () => KillableLedger; next: (ledger: KillableLedger) => void }>

/** At random moments, and once at each point. */
async function killRepeatedly(
  { killsAtRandom, killsAtPoints }: RunSpec,
  settings: Parameters<typeof startLedger>[0],
  signal: AbortSignal,
  { now, next }: Place,
): Promise<Pick<RunResult, 'kills' | 'pointsReached' | 'readyMs'>> {
  const readyMs: number[] = []
  const pointsReached: string[] = []
  let kills = 0
  const restart = async (point = ''): Promise<void> => {
    const begun = performance.now()
    next(await startLedger({ ...settings, point }))
    readyMs.push(performance.now() - begun)
  }
  const rounds = Math.max(killsAtRandom, killsAtPoints.length)
  for (let round = 0; round < rounds && !signal.aborted; round += 1) {
    const point = killsAtPoints[round]
    if (point !== undefined) {
      await now().kill('SIGKILL')
      await restart(`${point}:SIGKILL`)
      kills += 1
      const { child } = now()
      // Reached while there is something to do; where there is no more, it is killed all the same.
      await Promise.race([exitOf(child), pause(POINT_TIMEOUT_MS)])
      if (child.exitCode !== null || child.signalCode !== null) pointsReached.push(point)
      else await now().kill('SIGKILL')
      await restart()
      kills += 1
    }
    if (round < killsAtRandom) {
      await pause(
        MS_BETWEEN_KILLS_MIN + Math.random() * (MS_BETWEEN_KILLS_MAX - MS_BETWEEN_KILLS_MIN),
      )
      await now().kill('SIGKILL')
      kills += 1
      await restart()
    }
  }
  return { kills, pointsReached, readyMs }
}

const POINT_TIMEOUT_MS = 15_000

function exitOf(child: KillableLedger['child']): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

/** All that was asked for is in the list, and nothing of it goes on by itself. */
async function waitUntilSettled(
  client: RetryingClient,
  tasks: number,
  timeoutMs: number,
): Promise<void> {
  const until = Date.now() + timeoutMs
  for (;;) {
    const known = await countTasks(client, '')
    const open = await Promise.all(
      ['Due', 'In flight', 'Unknown'].map((state) =>
        countTasks(client, `&state=${encodeURIComponent(state)}`),
      ),
    )
    const left = open.reduce((sum, count) => sum + count, 0)
    if (known >= tasks && left === 0) return
    if (Date.now() > until) throw new Error(`${left} of ${known} tasks are still open.`)
    await pause(LOOK_MS)
  }
}

async function countTasks(client: RetryingClient, filter: string): Promise<number> {
  const { body } = await client.get(`/sync-tasks?limit=1${filter}`)
  return body['total'] as number
}

/** What is done at the store and not known here would be pulled within this time. */
async function pulledOnce(scale: number): Promise<void> {
  await pause(3_000 + 60_000 / scale)
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(0)} s`
}
