/** Runs random folios over one log each batch, through two handlers at once, and lets the oracle judge the log. */
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { createHandler, type Handler } from '../../commands/handle.js'
import type { Outcome } from '../../commands/outcome.js'
import type { Caller } from '../../commands/ports.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import type { LedgerLog } from '../../src/event-store/log.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { createOracle } from '../oracle/oracle.js'
import { fingerprint, createTestClock } from '../support/ledger.js'
import { testSubjectKeys } from '../support/subject-keys.js'
import { openRandomBooks, randomBooksChange, randomTerms, reopenAll } from './random-books.js'
import { randomOpening, randomRequest } from './random-commands.js'
import { BOUNCED_AFTER_REFUND } from './random-credits.js'
import { type Known, newKnown, type Pool, remember, type Request } from './random-known.js'
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
  /** Allocations of which one side never heard the end. */
  unfinished: string[]
}

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
    unfinished: [],
  }
  for (let log = firstLog; tally.folios < count; log += 1) {
    await runLog({ seed, log, folios: Math.min(FOLIOS_PER_LOG, count - tally.folios) }, tally)
  }
  return tally
}

type Batch = Readonly<{ seed: number; log: number; folios: number }>
type World = Readonly<{
  handlers: readonly [Handler, Handler]
  pool: Pool
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
  const random = createRandom(batch.seed).branch(batch.log)
  const instances = await openRandomBooks(handlers[0], batch.log)
  const world: World = { handlers, pool: { credits: [], invoices: [], instances }, tally, batch }
  for (let first = 0; first < batch.folios; first += FOLIOS_AT_ONCE) {
    const together = Math.min(FOLIOS_AT_ONCE, batch.folios - first)
    await Promise.all(
      Array.from({ length: together }, (_, index) =>
        runFolio(world, first + index, random.branch(first + index)),
      ),
    )
    await reopenAll(handlers[1])
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
      if (isCounted(event)) fromFolios += 1
    })
    tally.events += page.length
  }
  tally.violations.push(...oracle.finish().map((violation) => `${label}: ${violation}`))
  tally.unexplained.push(...oracle.unexplainedNumbers().map((number) => `${label}: ${number}`))
  tally.unfinished.push(...oracle.unfinishedAllocations().map((id) => `${label}: ${id}`))
  const accepted = [...tally.appended.values()].reduce((sum, events) => sum + events, 0)
  if (fromFolios !== accepted) {
    tally.violations.push(
      `${label}: ${accepted} events were accepted, ${fromFolios} stand in the log`,
    )
  }
  tally.appended.clear()
}

/**
 * What the answer of one request counts. An allocation across two folios may be refused after it was reserved, and the
 * ledger's own steps answer nobody.
 */
function isCounted({ stream, type, metadata }: LedgerEvent): boolean {
  const isOwn = metadata.principal === 'folio' || metadata.command === allocateCredit.name
  return stream.startsWith('folio-') && type !== 'NumberReleased' && !isOwn
}

/** The books change between two requests of a folio, and so in the middle of those of the folios beside it. */
async function changeBooks({ handlers, tally, batch }: World, random: Random): Promise<void> {
  try {
    count(tally, await randomBooksChange(random.pick(handlers), random, batch.log))
  } catch (reason) {
    tally.thrown.push(
      `FOLIO_SEED=${batch.seed} FOLIO_LOG=${batch.log}: books threw ${String(reason)}`,
    )
  }
}

type Asked = Readonly<{ request: Request; caller: Caller }>

async function runFolio(world: World, index: number, random: Random): Promise<void> {
  const { terms, isForeign } = randomTerms(random, world.batch.log)
  const known = newKnown(random, world.pool, terms, isForeign)
  const asked: Asked[] = []
  const next = (request: Request): Asked => {
    const again = asked.length > 0 && random.chance(0.06) ? random.pick(asked) : null
    // The same request again; or another one under a key that was used.
    if (again !== null && random.chance(0.7)) return again
    const key = again?.caller.key ?? `${index}-${asked.length}`
    const principal = again?.caller.principal ?? random.pick(['ann', 'ben'] as const)
    const role = random.chance(0.7) ? { role: 'operator' } : {}
    const caller = { principal, key, correlation: 'test', ...role }
    asked.push({ request, caller })
    return { request, caller }
  }
  world.tally.folios += 1
  const opening = next(randomOpening(random, known))
  await send(world, index, known, random.chance(0.1) ? [opening, opening] : [opening])
  for (const maker of random.chance(0.12) ? BOUNCED_AFTER_REFUND : []) {
    const request = maker(random, known)
    if (request !== null) await send(world, index, known, [next(request)])
  }
  for (let step = random.whole(6, 30); step > 0; step -= 1) {
    const together = random.chance(0.3) ? random.whole(2, 5) : 1
    const batch = Array.from({ length: together }, () => next(randomRequest(random, known)))
    const change = random.chance(0.03) ? changeBooks(world, random.branch(step)) : null
    await send(world, index, known, random.chance(0.05) ? [...batch, ...batch] : batch)
    await change
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
        if (outcome.appended > 0 && command.name !== allocateCredit.name) {
          tally.appended.set(
            `${outcome.stream} ${caller.principal} ${caller.key}`,
            outcome.appended,
          )
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
