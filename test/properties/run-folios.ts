/** Runs random folios over one log each batch, through two handlers at once, and lets the oracle judge the log. */
import { closeAccount } from '../../commands/books/close-account.js'
import { openAccount } from '../../commands/books/open-account.js'
import { openBooks } from '../../commands/books/open-books.js'
import { createHandler, type Handler } from '../../commands/handle.js'
import type { Outcome } from '../../commands/outcome.js'
import type { Caller } from '../../commands/ports.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import type { LedgerLog } from '../../src/event-store/log.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { createOracle } from '../oracle/oracle.js'
import { fingerprint, createTestClock } from '../support/ledger.js'
import { testSubjectKeys } from '../support/subject-keys.js'
import {
  type Known,
  randomOpening,
  randomRequest,
  remember,
  type Request,
} from './random-commands.js'
import type { RandomTerms } from './random-lines.js'
import { createRandom, type Random } from './random.js'

export const FOLIOS_PER_LOG = 100
/** Folios of one log that run at the same time, so that their numbers race too. */
const FOLIOS_AT_ONCE = 8
/** Positions at which every total of a log is added up; documents are judged at every position. */
const FULL_CHECKS_PER_LOG = 50

export type Tally = {
  folios: number
  commands: number
  outcomes: Map<string, number>
  events: number
  eventTypes: Map<string, number>
  /** Events of the log at work, by request: two handlers that make the very same events at once both say so. */
  appended: Map<string, number>
  violations: string[]
  /** Exceptions, with the folio that can be run again alone. */
  thrown: string[]
  unexplained: string[]
}

const BOOKS = [
  { currency: 'GBP', digits: 2, rounding: 'per_line' },
  { currency: 'GBP', digits: 2, rounding: 'global' },
  { currency: 'JPY', digits: 0, rounding: 'per_line' },
  { currency: 'KWD', digits: 3, rounding: 'global' },
] as const

/** Each log is made from the seed and its own number, so that one of many can be run again alone. */
export async function runFolios({
  seed,
  count,
  firstLog = 0,
}: Readonly<{ seed: number; count: number; firstLog?: number }>): Promise<Tally> {
  const tally: Tally = {
    folios: 0,
    commands: 0,
    outcomes: new Map(),
    events: 0,
    eventTypes: new Map(),
    appended: new Map(),
    violations: [],
    thrown: [],
    unexplained: [],
  }
  for (let log = firstLog; tally.folios < count; log += 1) {
    await runLog({ seed, log, folios: Math.min(FOLIOS_PER_LOG, count - tally.folios) }, tally)
  }
  return tally
}

type Batch = Readonly<{ seed: number; log: number; folios: number }>
type World = Readonly<{
  handlers: readonly [Handler, Handler]
  terms: RandomTerms
  tally: Tally
  batch: Batch
}>

async function runLog(batch: Batch, tally: Tally): Promise<void> {
  const store = createMemoryEventStore()
  const log = createLedgerLog(store, testSubjectKeys())
  const clock = createTestClock()
  const handlers = [
    createHandler({ log, clock, fingerprint }),
    createHandler({ log, clock, fingerprint }),
  ] as const
  const books = BOOKS[batch.log % BOOKS.length] ?? BOOKS[0]
  await openRandomBooks(handlers[0], books)
  const world: World = { handlers, terms: books, tally, batch }
  const random = createRandom(batch.seed).branch(batch.log)
  for (let first = 0; first < batch.folios; first += FOLIOS_AT_ONCE) {
    const together = Math.min(FOLIOS_AT_ONCE, batch.folios - first)
    await Promise.all(
      Array.from({ length: together }, (_, index) =>
        runFolio(world, first + index, random.branch(first + index)),
      ),
    )
  }
  await Promise.all(handlers.map((handler) => handler.close()))
  await judge(store, log, world)
  await store.close()
}

async function judge(store: EventStore, log: LedgerLog, { tally, batch }: World): Promise<void> {
  const oracle = createOracle()
  const random = createRandom(batch.seed).branch(1_000_000 + batch.log)
  const label = `FOLIO_SEED=${batch.seed} FOLIO_LOG=${batch.log}`
  let after: bigint | null = null
  let fromFolios = 0
  const head = await store.head()
  for (;;) {
    const page = await store.readAll({ after, limit: 1000 })
    const last = page.at(-1)
    if (last === undefined) break
    after = last.position
    const events = await log.open(page)
    events.forEach((event, index) => {
      oracle.feed(event, page[index])
      tally.eventTypes.set(event.type, (tally.eventTypes.get(event.type) ?? 0) + 1)
      if (random.chance(FULL_CHECKS_PER_LOG / Number(head ?? 1n))) oracle.check()
      if (event.stream.startsWith('folio-') && event.type !== 'NumberReleased') fromFolios += 1
    })
    tally.events += page.length
  }
  tally.violations.push(...oracle.finish().map((violation) => `${label}: ${violation}`))
  tally.unexplained.push(...oracle.unexplainedNumbers().map((number) => `${label}: ${number}`))
  const accepted = [...tally.appended.values()].reduce((sum, events) => sum + events, 0)
  if (fromFolios !== accepted) {
    tally.violations.push(
      `${label}: ${accepted} events were accepted, ${fromFolios} stand in the log`,
    )
  }
  tally.appended.clear()
}

async function openRandomBooks(handler: Handler, { currency, rounding }: (typeof BOOKS)[number]) {
  let keys = 0
  const caller = (): Caller => ({
    principal: 'tester',
    key: `books-${(keys += 1)}`,
    correlation: 'test',
  })
  const outcomes = [
    await handler.books(openBooks, { currency, rounding }, caller()),
    await handler.books(
      openAccount,
      { account: 'gateway-shop', name: 'Shop', type: 'gateway' },
      caller(),
    ),
    await handler.books(
      openAccount,
      { account: 'bank-direct', name: 'Direct', type: 'bank' },
      caller(),
    ),
    await handler.books(
      openAccount,
      { account: 'bank-closed', name: 'Closed', type: 'bank' },
      caller(),
    ),
    await handler.books(closeAccount, { account: 'bank-closed' }, caller()),
    await handler.books(
      openAccount,
      { account: 'bank-foreign', name: 'Foreign', type: 'bank', currency: 'CHF' },
      caller(),
    ),
    ...(await openSecondBank(handler, caller)),
  ]
  const refused = outcomes.find(({ outcome }) => outcome !== 'accepted')
  if (refused !== undefined) throw new Error(`The books did not open: ${JSON.stringify(refused)}`)
}

async function openSecondBank(handler: Handler, caller: () => Caller): Promise<Outcome[]> {
  const pair = { receipts: 'two-receipts', payments: 'two-payments' }
  return [
    await handler.books(
      openAccount,
      { account: pair.receipts, name: 'In', type: 'outstanding' },
      caller(),
    ),
    await handler.books(
      openAccount,
      { account: pair.payments, name: 'Out', type: 'outstanding' },
      caller(),
    ),
    await handler.books(
      openAccount,
      { account: 'bank-two', name: 'Two', type: 'bank', outstanding: pair },
      caller(),
    ),
  ]
}

type Asked = Readonly<{ request: Request; caller: Caller }>

async function runFolio(world: World, index: number, random: Random): Promise<void> {
  const known: Known = {
    direction: 'out',
    platformOrderId: `${random.whole(1, 1_000_000_000)}`,
    orders: [],
    invoices: [],
    notes: [],
    payments: [],
    overpayments: [],
    posted: [],
    lines: [],
    total: 0n,
  }
  const asked: Asked[] = []
  const next = (request: Request): Asked => {
    const again = asked.length > 0 && random.chance(0.06) ? random.pick(asked) : null
    // The same request again; or another one under a key that was used.
    if (again !== null && random.chance(0.7)) return again
    const key = again?.caller.key ?? `${index}-${asked.length}`
    const caller = { principal: 'tester', key, correlation: 'test' }
    asked.push({ request, caller })
    return { request, caller }
  }
  world.tally.folios += 1
  const opening = next(randomOpening(random, known, world.terms))
  await send(world, index, known, random.chance(0.1) ? [opening, opening] : [opening])
  for (let step = random.whole(6, 30); step > 0; step -= 1) {
    const together = random.chance(0.3) ? random.whole(2, 5) : 1
    const batch = Array.from({ length: together }, () =>
      next(randomRequest(random, known, world.terms)),
    )
    await send(world, index, known, random.chance(0.05) ? [...batch, ...batch] : batch)
  }
}

/** All at once, through one handler and the other in turn. */
async function send(
  world: World,
  index: number,
  known: Known,
  batch: readonly Asked[],
): Promise<void> {
  const { handlers, tally } = world
  await Promise.all(
    batch.map(async ({ request, caller }, turn) => {
      tally.commands += 1
      const { command, input } = request
      try {
        const handler = handlers[(turn + index) % 2] ?? handlers[0]
        const outcome = await handler.folio(command, input, caller)
        count(tally, outcome)
        if (outcome.outcome !== 'accepted') return
        if (outcome.appended > 0) {
          tally.appended.set(`${outcome.stream} ${caller.key}`, outcome.appended)
        }
        remember(known, outcome.answer)
      } catch (reason) {
        const { seed, log } = world.batch
        const what = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason)
        tally.thrown.push(
          `FOLIO_SEED=${seed} FOLIO_LOG=${log}, folio ${index}: ${command.name} ${JSON.stringify(input)} threw ${what}`,
        )
      }
    }),
  )
}

function count({ outcomes }: Tally, outcome: Outcome): void {
  const name =
    outcome.outcome === 'refused'
      ? outcome.refusal.code
      : outcome.outcome === 'malformed'
        ? 'malformed'
        : outcome.replayed
          ? 'accepted: replayed'
          : outcome.appended === 0
            ? 'accepted: nothing to do'
            : 'accepted'
  outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
}
