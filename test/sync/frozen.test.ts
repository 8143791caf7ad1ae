/**
 * A worker that stands still (SIGSTOP) at any point before its look at the clock, or after its write, while another
 * process takes over; then it wakes up. There is one refund, whatever each of them believes.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SpawnedSimulator, spawnSimulator } from '../simulators/bigcommerce/spawn.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { connectStores, creditPieces, type Note, TOKEN } from './connected-stores.js'
import { type KillableLedger, startLedger } from './killable-ledger.js'
import { findings, readEvents } from './oracle.js'
import { retryingClient } from './store-client.js'

/** Looks come after no answer, here to a request that the store never took. */
const POINTS = [
  ['before_question', false],
  ['before_start', false],
  ['after_start', false],
  ['before_send', false],
  ['after_send', false],
  ['before_record', false],
  ['after_record', false],
  ['before_look', true],
  ['between_looks', true],
  ['after_look', true],
] as const
const HASH = 'frozen'
const SETTLED_TIMEOUT_MS = 60_000
const LOOK_MS = 100
const TIMES = { leaveMs: 500, deadlineMs: 600, settleMs: 1_200, pullMs: 1_000 }
const TEST_TIMEOUT_MS = 180_000

let database: TestDatabase
let simulator: SpawnedSimulator
let folder: string
let notes: readonly Note[]
const masterKey = randomBytes(32)
let ledger: KillableLedger | null = null

const start = (point = '') =>
  startLedger({
    connectionString: database.connectionString,
    masterKey,
    point,
    environment: { SYNC_TIMES: JSON.stringify(TIMES) },
  })

beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'folio-frozen-'))
  simulator = await spawnSimulator({
    folder,
    stores: [{ hash: HASH, token: TOKEN, currency: 'GBP', quota: null }],
  })
  const first = await start()
  const client = retryingClient(() => first)
  const orders = await connectStores(simulator, client, [{ hash: HASH, orders: POINTS.length }], 1)
  notes = await creditPieces(client, orders, 1, 4)
  await first.kill('SIGTERM')
}, TEST_TIMEOUT_MS)

afterAll(async () => {
  await ledger?.kill('SIGKILL')
  await simulator.close()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

test.each(POINTS.map(([point, afterLoss], index) => ({ point, afterLoss, index })))(
  'frozen at $point, and woken after another has taken over: one refund',
  async ({ point, afterLoss, index }) => {
    const note = notes[index]
    if (note === undefined) throw new Error('There is a note for each point.')
    const frozen = await start(`${point}:1:SIGSTOP`)
    await simulator.control.setFaults(
      afterLoss ? [{ kind: 'reset_before', on: 'refunds', times: 1, orders: [note.order] }] : [],
    )
    await retryingClient(() => frozen).must(
      'refund-order-on-platform',
      { creditNoteId: note.creditNoteId, description: 'Came back' },
      `frozen-${note.creditNoteId}`,
    )
    await until(() => isStopped(frozen.pid), `${point} is reached`)
    const other = await start()
    ledger = other
    try {
      await until(() => isDone(other, note), `another process has done it`)
      process.kill(frozen.pid, 'SIGCONT')
      // It comes to the end of what it was at, or to that it has nothing to do.
      await pause(TIMES.leaveMs + TIMES.deadlineMs + TIMES.settleMs)
      expect(await refundsOf(note.order)).toBe(1)
    } finally {
      await frozen.kill('SIGKILL')
      await other.kill('SIGTERM')
    }
    const events = await readEvents(database.connectionString, masterKey)
    const found = await findings(events, simulator.control, [HASH])
    expect(found.violations).toEqual([])
    expect(found.open).toEqual([])
    expect(found.ledgerTotal).toBe(found.storeTotal)
  },
  TEST_TIMEOUT_MS,
)

async function refundsOf(order: number): Promise<number> {
  return (await simulator.control.order({ store: HASH, order })).refunds.length
}

async function isDone({ address, key }: KillableLedger, { creditNoteId }: Note): Promise<boolean> {
  const { body } = await retryingClient(() => ({ address, key })).get(
    `/credit-notes/${creditNoteId}`,
  )
  return body['platformRefundStatus'] === 'Refunded'
}

/** `T`: stopped, as the kernel has it. */
async function isStopped(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
}

async function until(is: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + SETTLED_TIMEOUT_MS
  while (!(await is())) {
    if (Date.now() > end) throw new Error(`Not within ${SETTLED_TIMEOUT_MS} ms: ${what}`)
    await pause(LOOK_MS)
  }
}
