/** A process that dies between any two steps of closing or opening a period, and what comes after it. */
import { describe, expect, test } from 'vitest'
import { closePeriod } from '../../commands/books/close-period.js'
import { reopenPeriod } from '../../commands/books/reopen-period.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { entrySeriesSchema } from '../../src/events/series-events.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import type { Outcome } from '../../commands/outcome.js'
import type { Caller } from '../../commands/ports.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { Crash, faultyStore } from './faulty-store.js'
import { numberFaults, releasedNumbers } from './log-oracle.js'
import { periodFaults } from './periods-callers.js'
import { item } from './scenes.js'

const THROUGH = '2026-10-31'
const CLOSE = { through: THROUGH }
const REOPEN = { through: '2025-12-31', reason: 'A late bill' }
const WORKER = { principal: 'folio', key: 'worker', correlation: 'worker' }
/** More appends than any change makes. */
const STEPS_MAX = 60

const drafted = async (ledger: TestLedger) =>
  (await ledger.must(draftInvoice, { lines: [item('100')], documentDate: '2025-11-05' })).invoiceId

/** Dies at its nth append, before or after it is stored: nothing of this process comes through any more. */
function dyingStore(store: EventStore, appends: number, when: 'before' | 'after') {
  let left = appends
  const alive = () => {
    if (left <= 0) throw new Crash('the process is dead')
  }
  return {
    ...store,
    readStream: async (...read: Parameters<EventStore['readStream']>) => {
      alive()
      return store.readStream(...read)
    },
    append: async (...append: Parameters<EventStore['append']>) => {
      alive()
      left -= 1
      if (left > 0) return store.append(...append)
      if (when === 'after') await store.append(...append)
      throw new Crash(`${when} its last append`)
    },
  }
}

/** Two years; in the one to close a number that stands and is not noted, and two that wait for their documents. */
async function openBooksWithTraces(): Promise<EventStore> {
  const store = faultyStore(createMemoryEventStore())
  const ledger = await createTestLedger(store)
  const [old, standing, lost, taken, later] = [
    await drafted(ledger),
    await drafted(ledger),
    await drafted(ledger),
    await drafted(ledger),
    await drafted(ledger),
  ]
  await ledger.must(postInvoice, { invoiceId: old })
  await ledger.must(postInvoice, { invoiceId: standing, postingDate: '2026-10-05' })
  store.next('folio-', 'crash', 'crash', 'crash after')
  for (const [invoiceId, postingDate] of [
    [lost, '2026-10-06'],
    [taken, '2026-11-06'],
    [later, '2026-10-07'],
  ]) {
    await expect(ledger.ask(postInvoice, { invoiceId, postingDate })).rejects.toThrow(Crash)
  }
  return store
}

/** Whoever comes after the crash: the same request again, another one for the same, or the worker of the server. */
const SUCCESSORS = {
  'the same request again': (ask: Ask) => ask({ key: 'first' }),
  'another request for the same': (ask: Ask) => ask(),
  'the worker, and then the same request': async (ask: Ask, ledger: TestLedger) => {
    expect(await ledger.handler.continuePeriodChange('main', WORKER)).toBe('done')
    return ask({ key: 'first' })
  },
} as const
type Ask = (caller?: Partial<Caller>) => Promise<Outcome>
type Change = (ledger: TestLedger) => Ask

const closing: Change = (ledger) => (caller) => ledger.askBooks(closePeriod, CLOSE, caller)
const reopening: Change = (ledger) => (caller) => ledger.askBooks(reopenPeriod, REOPEN, caller)

/** Lets a process die at each of its appends in turn, and a successor finish; how often it died. */
async function dyingAtEachStep(
  change: Change,
  {
    when,
    successor,
    prepare,
    check,
  }: Readonly<{
    when: 'before' | 'after'
    successor: (typeof SUCCESSORS)[keyof typeof SUCCESSORS]
    prepare: () => Promise<EventStore>
    check: (store: EventStore) => Promise<void>
  }>,
): Promise<number> {
  for (let appends = 1; appends <= STEPS_MAX; appends += 1) {
    const store = await prepare()
    const doomed = await createTestLedger(dyingStore(store, appends, when))
    const first = await change(doomed)({ key: 'first' }).catch((reason: unknown) => reason)
    if (!(first instanceof Crash)) {
      expect(first).toMatchObject({ outcome: 'accepted' })
      return appends - 1
    }
    const next = await createTestLedger(store)
    const outcome = await successor(change(next), next)
    const isTooLate =
      outcome.outcome === 'refused' &&
      ['period_closed_already', 'period_not_closed'].includes(outcome.refusal.code)
    // Only another request may come when all is done; of the first one the answer is what it was.
    if (!isTooLate || successor !== SUCCESSORS['another request for the same']) {
      expect(outcome).toMatchObject({ outcome: 'accepted' })
    }
    await next.handler.close()
    await check(store)
  }
  throw new Error(`more than ${STEPS_MAX} appends`)
}

describe.each(['before', 'after'] as const)('a process that dies %s an append', (when) => {
  describe.each(Object.keys(SUCCESSORS) as (keyof typeof SUCCESSORS)[])('and %s', (name) => {
    const successor = SUCCESSORS[name]

    test('closing: all is closed, and each number inside stands or was given back', async () => {
      const crashes = await dyingAtEachStep(closing, {
        when,
        successor,
        prepare: openBooksWithTraces,
        check: async (store) => {
          const events = await changedBooks(store, THROUGH)
          expect(closedSeries(events)).toEqual(allSeries({ 2025: '2025-12-31', 2026: THROUGH }))
          expect(releasedNumbers(events)).toEqual(['INV/2026/00002'])
          expect(numberFaults(events)).toEqual([
            // For a day that is open: its document may still come.
            'INV/2026/00003 was taken and neither stands nor was voided',
          ])
        },
      })
      // The books before and after, each series of two years, one release on both sides, two notes of use.
      expect(crashes).toBe(2 + 2 * entrySeriesSchema.options.length + 2 + 2)
    })

    test('reopening: the series follow, and nothing is closed but what was to stay', async () => {
      const crashes = await dyingAtEachStep(reopening, {
        when,
        successor,
        prepare: async () => {
          const store = await openBooksWithTraces()
          await closing(await createTestLedger(store))()
          return store
        },
        check: async (store) => {
          const events = await changedBooks(store, REOPEN.through)
          expect(closedSeries(events)).toEqual(allSeries({ 2025: '2025-12-31', 2026: null }))
          const ledger = await createTestLedger(store)
          const invoiceId = await drafted(ledger)
          await ledger.must(postInvoice, { invoiceId, postingDate: '2026-01-01' })
        },
      })
      // Series of the year that stays closed need no event.
      expect(crashes).toBe(2 + entrySeriesSchema.options.length)
    })
  })
})

async function changedBooks(store: EventStore, through: string) {
  const ledger = await createTestLedger(store)
  const books = await ledger.handler.readBooks('main')
  expect(books).toMatchObject({ period: { closedThrough: through, change: null } })
  const events = await ledger.events()
  expect(periodFaults(events)).toEqual([])
  return events
}

/** The last closed day of each series, as its newest event says. */
function closedSeries(events: readonly LedgerEvent[]): Record<string, string | null> {
  const closed: Record<string, string | null> = {}
  for (const { type, data } of events) {
    if (type === 'SeriesClosedThrough') closed[`${data.series} ${data.year}`] = data.through
  }
  return closed
}

function allSeries(years: Readonly<Record<number, string | null>>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(years).flatMap(([year, through]) =>
      entrySeriesSchema.options.map((series) => [`${series} ${year}`, through]),
    ),
  )
}
