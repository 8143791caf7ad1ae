/**
 * Kill -9 of a process at each step of an allocation across two folios, over a real PostgreSQL, while another process
 * races for the same money (`FOLIO_KILLS` rounds). A third, which was there all the time, finishes what was left; the
 * judge reads the log alone.
 */
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { STORES_DEFAULTS } from '../../src/config.js'
import { type Ledger, openLedger } from '../../src/open-ledger.js'
import { unfinishedAllocations } from '../../src/queries/allocations.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { judgeAllocations } from '../commands/allocation-oracle.js'
import { adHocCredit, openInvoice } from '../commands/allocation-scenes.js'
import { gbp } from '../commands/scenes.js'
import { until } from '../embedded-postgres/folders.js'
import type { TestLedger } from '../support/ledger.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { type AllocatingProcesses, allocatingProcesses, type Dying } from './allocating-process.js'

const ROUNDS = Number.parseInt(process.env['FOLIO_KILLS'] ?? '1', 10)
/** Reserved, a number taken, applied, concluded. */
const APPENDS = 4
const TIMEOUT_MS = 120_000 + ROUNDS * 120_000

let database: TestDatabase
let ledger: Ledger
let processes: AllocatingProcesses
const said: string[] = []

beforeAll(async () => {
  database = await testDatabase()
  const masterKey = randomBytes(32)
  const config = {
    dataDirectory: tmpdir(),
    host: '127.0.0.1',
    port: 0,
    databaseUrl: database.connectionString,
    eventStoreUrl: null,
    masterKey,
    ...STORES_DEFAULTS,
  }
  ledger = await openLedger(config, { say: (line) => said.push(line), projections: true })
  processes = await allocatingProcesses(database.connectionString, masterKey)
}, TIMEOUT_MS)

afterAll(async () => {
  await processes.close()
  await ledger.close()
  await database.drop()
})

let asked = 0
const callerOf = (key: string) => ({ principal: 'killed', key, correlation: 'kills' })
const here: Pick<TestLedger, 'must'> = {
  must: async (command, input) => {
    const outcome = await ledger.handler.folio(command, input, callerOf(`key-${(asked += 1)}`))
    if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
    return outcome.answer as NonNullable<typeof outcome.answer>
  },
}

/** One round takes each moment of one kind only: after an append and before the next one is much the same. */
function momentsOf(kind: 'credit' | 'invoice'): readonly Dying['when'][] {
  if (ROUNDS > 1) return ['before', 'after']
  return [kind === 'credit' ? 'before' : 'after']
}

type Input = Readonly<{ documentId: string; invoiceId: string; amount: ReturnType<typeof gbp> }>

/** One credit for two invoices, or two credits for one invoice: there is not enough for both. */
async function rivals(kind: 'credit' | 'invoice'): Promise<readonly [Input, Input]> {
  if (kind === 'credit') {
    const documentId = await adHocCredit(here, '100')
    const invoices = [await openInvoice(here, '80'), await openInvoice(here, '70')]
    const [first = '', second = ''] = invoices
    return [
      { documentId, invoiceId: first, amount: gbp('80.00') },
      { documentId, invoiceId: second, amount: gbp('70.00') },
    ]
  }
  const invoiceId = await openInvoice(here, '100')
  const credits = [await adHocCredit(here, '80'), await adHocCredit(here, '70')]
  const [first = '', second = ''] = credits
  return [
    { documentId: first, invoiceId, amount: gbp('80.00') },
    { documentId: second, invoiceId, amount: gbp('70.00') },
  ]
}

async function wholeLog(): Promise<readonly LedgerEvent[]> {
  const events: LedgerEvent[] = []
  for (;;) {
    const after = events.at(-1)?.position ?? null
    const page = await ledger.store.readAll({ after, limit: 1_000 })
    if (page.length === 0) return events
    events.push(...(await ledger.log.open(page)))
  }
}

test(
  `killed at each of ${APPENDS} appends, ${ROUNDS} times: nothing over-used, nothing lost, nothing stuck`,
  async () => {
    const tried: { input: Input; key: string; answer: unknown }[] = []
    let killed = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const kind of ['credit', 'invoice'] as const) {
        for (let at = 1; at <= APPENDS; at += 1) {
          for (const when of momentsOf(kind)) {
            const [dying, living] = await rivals(kind)
            const dies: Dying = { at, when }
            const tasks = [
              { input: dying, key: `dies-${(asked += 1)}`, dies },
              { input: living, key: `lives-${(asked += 1)}`, dies: null },
            ]
            const started = await Promise.all(
              tasks.map(({ input, key, dies: own }) =>
                processes.start({ input, caller: callerOf(key), dies: own }),
              ),
            )
            for (const process of started) process.begin()
            const ends = await Promise.all(started.map(({ ended }) => ended))
            // The loser of a race ends before it comes to its later appends.
            killed += ends[0]?.killed === true ? 1 : 0
            expect(ends[1]?.killed).toBe(false)
            for (const [index, { input, key }] of tasks.entries()) {
              tried.push({ input, key, answer: ends[index]?.answer ?? null })
            }
          }
        }
      }
    }
    await until(async () => {
      const head = await ledger.store.head()
      if (head !== null) await ledger.waitFor(head, { timeoutMs: 10_000 })
      return (await unfinishedAllocations(ledger.db)).length === 0
    })
    // Whoever heard an answer hears it again; whoever was killed hears one now.
    for (const { input, key, answer } of tried) {
      const again = await ledger.handler.folio(allocateCredit, input, callerOf(key))
      expect(['accepted', 'refused']).toContain(again.outcome)
      const first = answer as { outcome: string; answer?: unknown } | null
      if (first === null || again.outcome === 'malformed') continue
      expect(again.outcome).toBe(first.outcome)
      if (again.outcome === 'accepted') expect(again.answer).toEqual(first.answer)
    }
    const judged = judgeAllocations(await wholeLog())
    expect([judged.violations, judged.hanging]).toEqual([[], []])
    // Of each pair one was applied, and the other had nothing left to take.
    expect(judged.applied).toBe(tried.length / 2)
    expect(said).toEqual([])
    expect(killed).toBeGreaterThan(tried.length / 4)
    if (ROUNDS > 1)
      console.log(`${killed} killed of ${tried.length / 2}; ${judged.refused} refused`)
  },
  TIMEOUT_MS,
)
