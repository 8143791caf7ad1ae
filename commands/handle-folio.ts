/** One command on a folio: read, decide, take a number, append at the revision read (architecture 5). */
import type { Books, OpenBooks } from '../src/aggregates/books.js'
import { booksOfFolio, type Folio } from '../src/aggregates/folio.js'
import type { Instance } from '../src/aggregates/instance.js'
import { isDeliverySeries } from '../src/events/series-events.js'
import type { LedgerLog, Origin, StreamEnd } from '../src/event-store/log.js'
import { type AggregateCache, requestKey } from './aggregate-cache.js'
import { type Attempt, untilDecided } from './attempts.js'
import { claimBillNumber } from './bill-numbers.js'
import { withConsequences } from './consequences.js'
import type { FolioCommand } from './command.js'
import { type Accepted, type Decision, refuse } from './decision.js'
import { folioOfDocument, folioStream } from './document-id.js'
import { datesOfNewYears, openYearOf } from './fiscal-years.js'
import { refusedByLimit } from './limit-refusal.js'
import type { NumberSeries } from './number-series.js'
import { revisionRefusal } from './expected-revision.js'
import { accepted, type Done, originOf, replay, type Requested } from './outcome.js'
import type { Clock } from './ports.js'
import type { Refusal } from './refusal.js'
import { settleNumbers } from './release-numbers.js'
import type { NoNumber, TakenNumber } from './series-lane.js'

export type FolioRequest = Requested<FolioCommand> &
  Readonly<{
    folioId: string
    /** The folio is named from this request itself, so that it is there only if this is a repeat. */
    isNamedFromRequest: boolean
  }>
export type FolioWorld = Readonly<{
  log: LedgerLog
  clock: Clock
  folios: AggregateCache<Folio>
  books: AggregateCache<Books>
  instances: AggregateCache<Instance>
  numbers: NumberSeries
}>

/** The ledger's own work and the command line are bound by no role. */
const LEDGER_ROLE = 'administrator'
/** Settings change seldom, and every posting is guarded by its number: this old they may be for an acceptance. */
const BOOKS_AGE_MAX_MS = 500

export async function handleFolio(request: FolioRequest, world: FolioWorld): Promise<Done> {
  const taken: TakenNumber[] = []
  // First on what is cached; a refusal, or an acceptance of nothing, only after reading to the end. A caller that names
  // a revision may be as far behind as the cache, and a number would be taken for nothing.
  let ageMaxMs = request.caller.expectedRevision === undefined ? Number.POSITIVE_INFINITY : 0
  const done = await untilDecided(async () => {
    const attempt = await attemptFolio(request, world, taken, ageMaxMs)
    // Stale, or somebody appended first, or the answer did not come: what stands in the log now decides again.
    ageMaxMs = 0
    return attempt
  })
  await settle(taken, request, world)
  return taken.length === 0 ? done : withRevisionOfNow(done, request, world)
}

/** Giving back a number is an event of its own: a caller told the revision before it would be refused once more. */
async function withRevisionOfNow(
  outcome: Done,
  request: FolioRequest,
  { folios, log }: FolioWorld,
): Promise<Done> {
  if (outcome.outcome !== 'refused' || outcome.refusal.code !== 'revision_differs') return outcome
  const refusal = await revisionRefusal(request, await folios.load(request.stream, 0), log)
  return refusal === null ? outcome : { outcome: 'refused', refusal }
}

function settle(numbers: readonly TakenNumber[], request: FolioRequest, world: FolioWorld) {
  const { stream } = request
  return settleNumbers(numbers, { ...world, stream, origin: originOf(request, world.clock, {}) })
}

async function attemptFolio(
  request: FolioRequest,
  world: FolioWorld,
  taken: TakenNumber[],
  ageMaxMs: number,
): Promise<Attempt> {
  const { stream, caller } = request
  const loaded =
    request.isNamedFromRequest && ageMaxMs > 0
      ? world.folios.presumedNew(stream)
      : await world.folios.load(stream, ageMaxMs)
  const known = loaded.keys.get(requestKey(caller.principal, caller.key))
  if (known !== undefined) return replay(request, known, world.log)
  const stale = await revisionRefusal(request, loaded, world.log)
  if (stale !== null) return { outcome: 'refused', refusal: stale }
  try {
    const settings = await loadBooks(request, loaded.state, world, ageMaxMs)
    const { books } = settings
    if ('code' in books) return ageMaxMs > 0 ? 'again' : { outcome: 'refused', refusal: books }
    const origin = originOf(request, world.clock, decidedUnder(settings))
    const around = await lookAround(request, loaded.state, world, ageMaxMs)
    const decided = decideOn(request, loaded.state, books, around)
    const decision = await claimed(decided, { books, origin }, world)
    if (decision.outcome === 'refused') return ageMaxMs > 0 ? 'again' : decision
    const newYears = datesOfNewYears(decision.numbers, books)
    if (newYears.length > 0) {
      for (const date of newYears) await openYearOf(date, settings.stream, { ...world, origin })
      return 'again'
    }
    const answers = await takeNumbers(decision, books, loaded.state, world)
    const given = answers.filter((answer) => answer !== 'period_closed')
    taken.push(...given)
    // Closed since the books were read; as they are now, they say what becomes of it.
    if (given.length < answers.length) return 'again'
    const elsewhen = given.filter(
      ({ boundFor, request: { series, postingDate } }) =>
        boundFor !== postingDate && !isDeliverySeries(series),
    )
    if (elsewhen.length > 0) {
      // A number is the permission to post on its date and no other: it is given back, and another one taken.
      await settle(elsewhen, request, world)
      return 'again'
    }
    const facts = decision.events(given.map(({ text }) => text))
    if (facts.length === 0) {
      return ageMaxMs > 0 ? 'again' : accepted([], stream, loaded)
    }
    const answer = await world.log.append(stream, loaded.end, facts, origin, loaded.generation)
    if (answer.outcome !== 'appended') return 'again'
    const after = world.folios.appended(stream, loaded, answer.events)
    return accepted(answer.events, stream, after)
  } catch (reason) {
    const refused = refusedByLimit(reason)
    return ageMaxMs > 0 ? 'again' : refused
  }
}

/** What the decision looks at beside its own folio and the books; it guards nothing of it. */
export async function lookAround(
  { command, input, caller }: FolioRequest,
  { order }: Folio,
  { clock, folios, instances }: FolioWorld,
  ageMaxMs: number,
) {
  const document = command.alsoReads?.(input) ?? null
  const platform = order.status === 'absent' ? null : order.platform
  const instance = command.instance?.(input) ?? platform?.instance
  const settingsAgeMaxMs = Math.min(ageMaxMs, BOOKS_AGE_MAX_MS)
  const [other, known] = await Promise.all([
    document === null ? null : folios.load(folioStream(folioOfDocument(document)), 0),
    instance === undefined ? null : instances.load(`instance-${instance}`, settingsAgeMaxMs),
  ])
  const { principal, role = LEDGER_ROLE } = caller
  return {
    clock,
    principal,
    role,
    other: other?.state ?? null,
    instance: known?.state.status === 'registered' ? known.state : null,
  }
}

export function decideOn(
  request: FolioRequest,
  folio: Folio,
  books: OpenBooks,
  { clock, ...around }: Awaited<ReturnType<typeof lookAround>>,
): Decision {
  const { command, input, folioId } = request
  const open = booksOfFolio(folio)
  if (command.document(input) === null && open !== null && open !== command.books(input)) {
    return refuse({ code: 'folio_in_other_books', books: open, given: command.books(input) })
  }
  const context = {
    ...around,
    folio,
    folioId,
    books,
    today: clock.today(books.timeZone),
    now: clock.now(),
  }
  return withConsequences(command.decide(input, context), context)
}

/** The books of the folio, or of one that is opened now; or why nothing can be decided in them. */
export async function loadBooks(
  request: FolioRequest,
  folio: Folio,
  world: FolioWorld,
  ageMaxMs: number,
): Promise<Readonly<{ stream: string; end: StreamEnd; books: OpenBooks | Refusal }>> {
  const slug = booksOfFolio(folio) ?? request.command.books(request.input)
  const stream = `books-${slug}`
  const { state, end } = await world.books.load(stream, Math.min(ageMaxMs, BOOKS_AGE_MAX_MS))
  const books = state.status === 'open' ? state : ({ code: 'books_not_open', books: slug } as const)
  return { stream, end, books }
}

/** The decision, refused after all where another bill holds the supplier's number. */
async function claimed(
  decision: Decision,
  { books, origin }: Readonly<{ books: OpenBooks; origin: Origin }>,
  world: FolioWorld,
): Promise<Decision> {
  if (decision.outcome === 'refused' || decision.claim === null) return decision
  const { claim } = decision
  const holder = await claimBillNumber(
    world.log,
    { ...claim, books: books.books },
    {
      origin,
      folioOf: async (document) =>
        (await world.folios.load(folioStream(folioOfDocument(document)), 0)).state,
    },
  )
  if (holder === null) return decision
  const { supplierReference } = claim
  return refuse({ code: 'supplier_reference_used', supplierReference, document: holder })
}

/** A number that the folio gave back is voided for good, even if a crash came between, and another one taken. */
async function takeNumbers(
  { numbers: requests }: Accepted,
  { books: slug }: OpenBooks,
  folio: Folio,
  world: FolioWorld,
): Promise<(TakenNumber | NoNumber)[]> {
  return Promise.all(
    requests.map(async (request) => {
      const taken = await world.numbers.take(slug, request)
      if (taken === 'period_closed' || folio.numbers.get(taken.text) !== 'released') return taken
      await world.numbers.abandon(taken, 'released by its folio')
      return world.numbers.take(slug, request)
    }),
  )
}

function decidedUnder({
  stream,
  end,
}: Readonly<{ stream: string; end: StreamEnd }>): Record<string, number> {
  return end === 'no_stream' ? {} : { [stream]: end.revision }
}
