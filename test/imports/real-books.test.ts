/**
 * The real sales of December 2010, booked through the product's own wiring and judged by the oracle, which reads the
 * log alone: the invariants of postings.md at the end and at a thousand positions drawn by chance.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECTIONS } from '../../projections/index.js'
import { importPlan, type ImportSummary, planFile } from '../../src/cli/import-file.js'
import type { Position } from '../../src/event-store/event-store.js'
import { STORES_DEFAULTS } from '../../src/config.js'
import { type Ledger, openLedger } from '../../src/open-ledger.js'
import { rebuildProjections } from '../../src/workers/rebuild.js'
import { createOracle } from '../oracle/oracle.js'
import { testDatabase, type TestDatabase } from '../support/postgres.js'

const REAL_FILE = join(import.meta.dirname, '../../../shared/data/online-retail-2010-12.csv')
const CHECKS = 1_000
const PAGE_SIZE = 1_000
const TIMEOUT_MS = 300_000

if (!existsSync(REAL_FILE)) {
  console.warn('NOT RUN: the books of December 2010, because ../shared/data is not here.')
}

describe.runIf(existsSync(REAL_FILE))('the books of December 2010', () => {
  let database: TestDatabase
  let folder: string
  let ledger: Ledger
  let first: ImportSummary

  beforeAll(async () => {
    database = await testDatabase()
    folder = await mkdtemp(join(tmpdir(), 'folio-real-books-'))
    const config = {
      dataDirectory: folder,
      host: '127.0.0.1',
      port: 0,
      databaseUrl: database.connectionString,
      eventStoreUrl: null,
      masterKey: randomBytes(32),
      ...STORES_DEFAULTS,
    }
    ledger = await openLedger(config, { say: () => undefined, projections: true })
    first = await importRealFile()
  }, TIMEOUT_MS)

  afterAll(async () => {
    await ledger.close()
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  })

  async function importRealFile(): Promise<ImportSummary> {
    const request = { file: REAL_FILE, vat: false, report: undefined }
    const plan = await planFile(request, ledger.clock.today('Europe/London'))
    const { signal } = new AbortController()
    const { report: _path, ...summary } = await importPlan(plan, ledger, {
      dataDirectory: folder,
      report: undefined,
      signal,
    })
    return summary
  }

  test('come to the figures of the independent count', () => {
    expect(first).toMatchObject({
      lines: 39_522,
      documents: 1_892,
      invoices: 1_453,
      inputTotal: '681498.86',
      bookedTotal: '721789.24',
      refusedTotal: '-40290.38',
    })
  })

  test(
    `hold every invariant at the end and at ${CHECKS} positions drawn by chance`,
    async () => {
      const head = await ledger.store.head()
      const positions = drawn(CHECKS, Number(head))
      const oracle = createOracle()
      let checked = 0
      for await (const { stored, event } of wholeLog(ledger)) {
        oracle.feed(event, stored)
        if (!positions.has(Number(event.position))) continue
        expect(oracle.check(), `at position ${event.position}`).toEqual([])
        checked += 1
      }
      expect(checked).toBe(positions.size)
      expect(oracle.finish()).toEqual([])
      expect(oracle.unexplainedNumbers()).toEqual([])
    },
    TIMEOUT_MS,
  )

  test(
    'are not touched by a second run, which gives the same totals',
    async () => {
      const before = await ledger.store.head()
      const { eventsAppended, seconds: _seconds, ...again } = await importRealFile()
      const { eventsAppended: _appended, seconds: _first, ...once } = first
      expect(again).toEqual(once)
      expect(eventsAppended).toBe(0)
      expect(await ledger.store.head()).toBe(before)
    },
    TIMEOUT_MS,
  )

  test(
    'are rebuilt byte for byte',
    async () => {
      const { db, store, log, holder } = ledger
      const results = await rebuildProjections({ db, store, log, projections: PROJECTIONS, holder })
      expect(results.map(({ name, identical }) => ({ name, identical }))).toEqual(
        PROJECTIONS.map(({ name }) => ({ name, identical: true })),
      )
    },
    TIMEOUT_MS,
  )
})

function drawn(count: number, head: number): Set<number> {
  const positions = new Set<number>()
  while (positions.size < count) positions.add(randomInt(1, head + 1))
  return positions
}

async function* wholeLog({ store, log }: Ledger) {
  let after: Position | null = null
  for (;;) {
    const page = await store.readAll({ after, limit: PAGE_SIZE })
    const events = await log.open(page)
    for (const [index, event] of events.entries()) {
      const stored = page[index]
      if (stored !== undefined) yield { stored, event }
    }
    const last = page.at(-1)
    if (last === undefined) return
    after = last.position
  }
}
