/**
 * L7 under every order of steps and every crash: processes that race over the same money are stepped append by append,
 * and one of them dies before or after each of its appends. Then a new process and its worker find what was left. The
 * judge reads the log alone.
 */
import { describe, expect, test } from 'vitest'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { releaseCredit } from '../../commands/credit/release-credit.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { allocationList } from '../../projections/allocation-list.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import type { EventStore, EventToAppend } from '../../src/event-store/event-store.js'
import { finishAllocations } from '../../src/workers/finish-allocations.js'
import { fold, planFold } from '../../src/workers/fold-events.js'
import { until } from '../embedded-postgres/folders.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { judgeAllocations } from './allocation-oracle.js'
import { adHocCredit, openInvoice } from './allocation-scenes.js'
import { everyOrder, type Order, type Process, steppedProcess } from './scheduled-store.js'
import { gbp } from './scenes.js'

/**
 * So often a process is interrupted by the other within one run; `FOLIO_SWITCHES` takes more, and with 99 there is no
 * order of appends that is left out.
 */
const SWITCHES_MAX = Number.parseInt(process.env['FOLIO_SWITCHES'] ?? '1', 10)
const TIMEOUT_MS = 600_000

type Asked = (ledger: TestLedger) => Promise<unknown>

type Scene = Readonly<{
  /** What each process asks, under a key of its own. */
  asked: readonly Asked[]
  /** What must hold in the end beside what always must. */
  finally?: (judged: ReturnType<typeof judgeAllocations>) => void
}>

describe('two processes, each order of their appends, one of them dying before or after each append', () => {
  test(
    'one credit allocated to two invoices at once',
    async () => {
      await everyCrash(async (ledger) => {
        const documentId = await adHocCredit(ledger, '100')
        const invoices = [await openInvoice(ledger, '80'), await openInvoice(ledger, '70')]
        return {
          asked: invoices.map(
            (invoiceId, index) => (process: TestLedger) =>
              process.ask(allocateCredit, { documentId, invoiceId }, { key: `invoice-${index}` }),
          ),
          finally: ({ used, applied }) => {
            expect(applied).toBe(2)
            expect(used.get(documentId)).toBe(100_00n)
          },
        }
      })
    },
    TIMEOUT_MS,
  )

  test(
    'two credits allocated to one invoice at once',
    async () => {
      await everyCrash(async (ledger) => {
        const invoiceId = await openInvoice(ledger, '100')
        const credits = [await adHocCredit(ledger, '80'), await adHocCredit(ledger, '70')]
        return {
          asked: credits.map((documentId, index) => (process: TestLedger) => {
            const amount = gbp(index === 0 ? '80.00' : '70.00')
            const input = { documentId, invoiceId, amount }
            return process.ask(allocateCredit, input, { key: `credit-${index}` })
          }),
          // Whoever came first has it; the other's credit is whole again.
          finally: ({ applied, used, due }) => {
            expect(applied).toBe(1)
            const drawn = credits.map((documentId) => used.get(documentId) ?? 0n)
            expect([
              [80_00n, 0n],
              [0n, 70_00n],
            ]).toContainEqual(drawn)
            expect(due.get(invoiceId)).toBe(100_00n - (drawn[0] ?? 0n) - (drawn[1] ?? 0n))
          },
        }
      })
    },
    TIMEOUT_MS,
  )

  test(
    'a credit allocated and refunded at once',
    async () => {
      await everyCrash(async (ledger) => {
        const documentId = await adHocCredit(ledger, '100')
        const invoiceId = await openInvoice(ledger, '80')
        return {
          asked: [
            (process) =>
              process.ask(allocateCredit, { documentId, invoiceId }, { key: 'allocate' }),
            (process) => {
              const input = { documentId, amount: gbp('50.00'), account: 'cash' }
              return process.ask(refundCredit, input, { key: 'refund' })
            },
          ],
        }
      })
    },
    TIMEOUT_MS,
  )

  test(
    'an invoice settled and paid at once',
    async () => {
      await everyCrash(async (ledger) => {
        const documentId = await adHocCredit(ledger, '100')
        const invoiceId = await openInvoice(ledger, '80')
        return {
          asked: [
            (process) =>
              process.ask(allocateCredit, { documentId, invoiceId }, { key: 'allocate' }),
            (process) => {
              const input = { invoiceId, amount: gbp('50.00'), account: 'cash' }
              return process.ask(registerPayment, input, { key: 'pay' })
            },
          ],
        }
      })
    },
    TIMEOUT_MS,
  )

  test(
    'an allocation released twice at once, and what comes back allocated anew',
    async () => {
      await everyCrash(async (ledger) => {
        const documentId = await adHocCredit(ledger, '100')
        const invoiceId = await openInvoice(ledger, '80')
        const { allocation } = await ledger.must(allocateCredit, { documentId, invoiceId })
        const { allocationId } = allocation
        const release = (key: string) => (process: TestLedger) =>
          process.ask(releaseCredit, { invoiceId, allocationId, reason: 'Wrong' }, { key })
        return {
          asked: [release('one'), release('two')],
          finally: ({ used, due }) => {
            expect(used.get(documentId)).toBe(0n)
            expect(due.get(invoiceId)).toBe(80_00n)
          },
        }
      })
    },
    TIMEOUT_MS,
  )

  test(
    'a reservation left behind, finished by two workers at once',
    async () => {
      await everyCrash(async (ledger) => {
        const documentId = await adHocCredit(ledger, '100')
        const invoiceId = await openInvoice(ledger, '80')
        const dying = steppedProcess(ledger.store)
        const other = await createTestLedger(dying.store)
        await dying.start(() => other.ask(allocateCredit, { documentId, invoiceId }))
        await dying.order('die after')
        const left = await unfinished(ledger)
        expect(left).toHaveLength(1)
        const finish: Asked = async ({ handler }) => {
          for (const one of left) await handler.finishAllocation(one)
        }
        return {
          asked: [finish, finish],
          finally: ({ used, applied }) => {
            expect(applied).toBe(1)
            expect(used.get(documentId)).toBe(80_00n)
          },
        }
      })
    },
    TIMEOUT_MS,
  )
})

async function everyCrash(setUp: (ledger: TestLedger) => Promise<Scene>): Promise<void> {
  const start = createMemoryEventStore()
  const first = await createTestLedger(start)
  const { asked, finally: also } = await setUp(first)
  await first.handler.close()
  const [head] = await start.readAll({ after: null, limit: 1 })
  expect(head).toBeDefined()
  const crashes = { none: 0, before: 0, after: 0 }
  const runs = await everyOrder(async (choose) => {
    const store = await copyOf(start)
    const processes = asked.map(() => steppedProcess(store))
    const answers: unknown[] = []
    for (const [index, process] of processes.entries()) {
      const ledger = await createLedgerOf(process)
      const work = asked[index]
      await process.start(async () => {
        if (work !== undefined) answers[index] = await work(ledger)
      })
    }
    let crash: Order = 'go'
    let current = null as Process | null
    let switches = 0
    for (;;) {
      const waiting = mayGoOn(processes, current, switches)
      if (waiting.length === 0) break
      const orders: readonly Order[] = crash === 'go' ? ['go', 'die before', 'die after'] : ['go']
      const possible = waiting.flatMap((process) => orders.map((order) => ({ process, order })))
      const next = possible[choose(possible.length)]
      if (next === undefined) throw new RangeError('nothing was chosen')
      if (next.order !== 'go') crash = next.order
      if (current?.waits() === true && next.process !== current) switches += 1
      current = next.process
      await next.process.order(next.order)
    }
    crashes[crash === 'go' ? 'none' : crash === 'die before' ? 'before' : 'after'] += 1

    const recovered = await createTestLedger(store)
    await recover(recovered)
    // Whoever heard an answer hears it again, and whoever heard none hears one now.
    for (const [index, work] of asked.entries()) {
      const repeated = plain(await work(recovered))
      if (answers[index] !== undefined) expect(repeated).toEqual(plain(answers[index]))
    }
    const judged = judgeAllocations(await recovered.events())
    expect([judged.violations, judged.hanging]).toEqual([[], []])
    expect(await unfinished(recovered)).toEqual([])
    also?.(judged)
  })
  expect(Math.min(crashes.none, crashes.before, crashes.after)).toBeGreaterThan(1)
  if (process.env['FOLIO_FIGURES'] !== undefined) console.log(runs, crashes)
}

/** Those that may take the next step: whoever is under way, and others as long as it may be interrupted. */
function mayGoOn(
  processes: readonly Process[],
  current: Process | null,
  switches: number,
): readonly Process[] {
  const waiting = processes.filter((process) => process.waits())
  if (current?.waits() !== true || switches < SWITCHES_MAX) return waiting
  return [current]
}

/** What a caller is told, whether for the first time or again; a refusal may have changed its figures since. */
function plain(answer: unknown): unknown {
  const outcome = answer as
    { outcome?: string; answer?: unknown; refusal?: { code: string } } | undefined
  if (outcome?.outcome === 'accepted') return outcome.answer
  return outcome?.outcome
}

/** The worker of a new process, until nothing is left. */
async function recover(ledger: TestLedger): Promise<void> {
  const warnings: string[] = []
  let ticks = 0
  const worker = finishAllocations({
    unfinished: () => unfinished(ledger),
    finish: ledger.handler.finishAllocation,
    isLeading: () => true,
    onWarning: (message) => warnings.push(message),
    monotonicMs: () => (ticks += 1),
    pollMs: 1,
    graceMs: 0,
  })
  await until(async () => (await unfinished(ledger)).length === 0)
  await worker.stop()
  expect(warnings).toEqual([])
}

/** As the read model shows them. */
async function unfinished(ledger: TestLedger) {
  const { written, failure } = fold(planFold(allocationList, await ledger.events()), new Map())
  if (failure !== null) throw failure.error
  return written
    .filter((row) => row['isFinished'] === false)
    .map((row) => ({
      allocationId: String(row['allocationId']),
      invoiceId: String(row['invoiceId']),
    }))
}

/** Opened while nobody steps it: what it appends to find the books open is none of the story. */
async function createLedgerOf(process: Process): Promise<TestLedger> {
  return createTestLedger(process.store)
}

async function copyOf(store: EventStore): Promise<EventStore> {
  const copy = createMemoryEventStore()
  const revisions = new Map<string, number>()
  for (const { stream, revision, ...event } of await store.readAll({
    after: null,
    limit: 10_000,
  })) {
    const before = revisions.get(stream)
    const events: EventToAppend[] = [event]
    await copy.append(stream, before ?? 'no_stream', events)
    revisions.set(stream, revision)
  }
  return copy
}
