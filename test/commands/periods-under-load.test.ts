/** Periods closed and opened while 32 callers post into them, through two handlers as through two processes. */
import { expect, test } from 'vitest'
import { closePeriod } from '../../commands/books/close-period.js'
import { reopenPeriod } from '../../commands/books/reopen-period.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { openPostgresEventStore } from '../../src/event-store/postgres.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createRandom } from '../properties/random.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { testDatabase } from '../support/postgres.js'
import { numberFaults } from './log-oracle.js'
import { movedEntries, oneSale, periodFaults, slowStore, type Tally } from './periods-callers.js'

const CALLERS = 32
const SALES_A_PHASE = 16
const SEED = Number.parseInt(process.env['FOLIO_SEED'] ?? '20261122', 10)
const TIMEOUT_MS = 120_000

test(
  `over the log in memory: nothing inside afterwards, nobody stuck (seed ${SEED})`,
  async () => {
    const memory = createMemoryEventStore()
    const stores = [1, 2].map((nth) => slowStore(memory, createRandom(SEED + 1000 * nth)))
    await closingUnderLoad([...stores, memory])
  },
  TIMEOUT_MS,
)

test(
  `over PostgreSQL: nothing inside afterwards, nobody stuck (seed ${SEED})`,
  async () => {
    const database = await testDatabase()
    const { connectionString } = database
    const stores = await Promise.all(
      [1, 2, 3].map(() => openPostgresEventStore({ connectionString })),
    )
    try {
      await closingUnderLoad(stores)
    } finally {
      for (const store of stores) await store.close()
      await database.drop()
    }
  },
  TIMEOUT_MS,
)

/** The callers go through the first two; the third is quick where they are slow. */
async function closingUnderLoad(stores: readonly EventStore[]): Promise<void> {
  const [here, there, quick] = [
    await createTestLedger(stores[0]),
    await createTestLedger(stores[1]),
    await createTestLedger(stores[2]),
  ] as const
  const tally: Tally = { sales: 0, refused: 0 }
  let isOver = false
  const callers = Array.from({ length: CALLERS }, async (_, index) => {
    const random = createRandom(SEED + index)
    while (!isOver) await oneSale(index % 2 === 0 ? here : there, random, tally)
    // Whoever was in the middle of it comes to an end too, and begins once more after the last closing.
    await oneSale(index % 2 === 0 ? here : there, random, tally)
  })
  const watched = Promise.all(callers)
  const soldMore = async () => {
    const aim = tally.sales + SALES_A_PHASE
    while (tally.sales < aim) {
      const turn = new Promise((resolve) => setImmediate(resolve))
      await Promise.race([turn, watched])
    }
  }
  await soldMore()
  // Two close the same at once: one carries on what the other began, or comes too late.
  await Promise.all([closed(here, '2025-12-31'), closed(there, '2025-12-31')])
  await soldMore()
  await closed(quick, '2026-10-31')
  await soldMore()
  await reopened(here, '2025-12-31')
  await soldMore()
  await Promise.all([closed(there, '2026-10-05'), closed(quick, '2026-10-05')])
  await closed(quick, '2026-10-31')
  await soldMore()
  isOver = true
  await watched
  await here.handler.close()
  await there.handler.close()

  const events = await here.events()
  expect(periodFaults(events)).toEqual([])
  expect(numberFaults(events)).toEqual([])
  // It was a race: posted inside before, refused inside after, and what had happened outside moved.
  const inside = events.filter(
    ({ data }) => 'entry' in data && data.entry.postingDate <= '2026-10-31',
  )
  expect(inside.length).toBeGreaterThan(CALLERS)
  expect(tally.refused).toBeGreaterThan(CALLERS)
  const moved = movedEntries(events)
  expect(moved.length).toBeGreaterThan(CALLERS)
  for (const { movedFrom = '', postingDate } of moved) {
    expect(movedFrom < postingDate, `${movedFrom} to ${postingDate}`).toBe(true)
  }
  const kinds = events.map(({ type }) => type).filter((type) => type.startsWith('Period'))
  expect(kinds).toEqual([
    ...['PeriodClosing', 'PeriodClosed', 'PeriodClosing', 'PeriodClosed'],
    ...['PeriodReopening', 'PeriodReopened'],
    ...['PeriodClosing', 'PeriodClosed', 'PeriodClosing', 'PeriodClosed'],
  ])
}

async function closed(ledger: TestLedger, through: string): Promise<void> {
  const outcome = await ledger.askBooks(closePeriod, { through })
  if (outcome.outcome === 'accepted') return
  expect(outcome).toMatchObject({
    refusal: { code: 'period_closed_already', through, closedThrough: through },
  })
}

async function reopened(ledger: TestLedger, through: string): Promise<void> {
  const outcome = await ledger.askBooks(reopenPeriod, { through, reason: 'A late bill' })
  expect(outcome).toMatchObject({ outcome: 'accepted' })
}
