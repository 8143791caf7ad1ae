/**
 * The way of a command (architecture 5): parse, load, known key?, decide, take a number, append at the revision read,
 * answer. One lane per stream in this process; retries, bounded, are for other processes.
 */
import { v5 as uuidv5 } from 'uuid'
import type { z } from 'zod'
import { evolveBooks, initialBooks, type Books, type OpenBooks } from '../src/aggregates/books.js'
import { CorruptStream } from '../src/aggregates/corrupt-stream.js'
import { evolveFolio, type Folio, initialFolio } from '../src/aggregates/folio.js'
import { isBooksEvent, isFolioEvent, type LedgerEvent } from '../src/events/ledger-event.js'
import { APPEND_BYTES_MAX, AppendTooLarge, type Position } from '../src/event-store/event-store.js'
import type { LedgerLog, Origin } from '../src/event-store/log.js'
import { AMOUNT_INTEGER_DIGITS_MAX, AmountTooLarge } from '../src/money/money.js'
import {
  type AggregateCache,
  createAggregateCache,
  type KeyUse,
  type Loaded,
  requestKey,
} from './aggregate-cache.js'
import { claimBillNumber } from './bill-numbers.js'
import type { BooksCommand, FolioCommand } from './command.js'
import { type Accepted, type Decision, refuse } from './decision.js'
import { folioOfDocument, folioStream } from './document-id.js'
import { createLanes } from './lanes.js'
import { createNumberSeries, type TakenNumber } from './number-series.js'
import { type Issue, parseInput } from './parse-input.js'
import type { Caller, Clock, Fingerprint } from './ports.js'
import { settleNumbers } from './release-numbers.js'
import type { Refusal } from './refusal.js'

export type Outcome<Answer = unknown> = Readonly<
  | { outcome: 'malformed'; issues: readonly Issue[] }
  | { outcome: 'refused'; refusal: Refusal }
  | {
      outcome: 'accepted'
      answer: Answer
      /** The same request was accepted before; nothing was appended now. */
      replayed: boolean
      stream: string
      revision: number | null
      /** Where the stream's last event stands: a read that waits for it sees this command (H5). */
      position: Position | null
      appended: number
    }
>

export type Handler = Readonly<{
  folio: <Input extends z.ZodType, Answer>(
    command: FolioCommand<Input, Answer>,
    input: unknown,
    caller: Caller,
  ) => Promise<Outcome<Answer>>
  books: <Input extends z.ZodType, Answer>(
    command: BooksCommand<Input, Answer>,
    input: unknown,
    caller: Caller,
  ) => Promise<Outcome<Answer>>
  /** The folio as it stands now, for whoever plans commands; never for deciding. */
  readFolio: (folioId: string) => Promise<Folio>
  close: () => Promise<void>
}>

const ATTEMPTS_MAX = 20
/** Settings change seldom, and every posting is guarded by its number: this old they may be for an acceptance. */
const BOOKS_AGE_MAX_MS = 500
/** Folios opened by hand are named from principal, command and key, so that a retry finds what the first try did. */
const HAND_OPENED_NAMESPACE = '9d1f6c52-3c1b-5d8e-8f6e-4b0b8d1c7a21'

type Deps = Readonly<{ log: LedgerLog; clock: Clock; fingerprint: Fingerprint }>

export function createHandler(deps: Deps): Handler {
  const { log, clock } = deps
  const folios = createAggregateCache<Folio>(
    log,
    { initial: initialFolio, evolve: evolveAnyFolio },
    () => clock.monotonicMs(),
  )
  const books = createAggregateCache<Books>(
    log,
    { initial: initialBooks, evolve: evolveAnyBooks },
    () => clock.monotonicMs(),
  )
  const numbers = createNumberSeries(log, clock)
  const inLane = createLanes()

  const readFolio = async (folioId: string) => (await folios.load(folioStream(folioId), 0)).state

  return {
    folio: async (command, input, caller) => {
      const parsed = parseInput(command.input, input)
      if ('issues' in parsed) return { outcome: 'malformed', issues: parsed.issues }
      const folioId = folioIdOf(command, parsed.value, caller)
      const request: FolioRequest = {
        command,
        input: parsed.value,
        caller,
        folioId,
        stream: folioStream(folioId),
        fingerprint: deps.fingerprint(command.name, parsed.value),
      }
      const outcome = await inLane(request.stream, () =>
        handleFolio(request, { ...deps, folios, books, numbers }),
      )
      return outcome as Outcome<ReturnType<typeof command.answer>>
    },
    books: async (command, input, caller) => {
      const parsed = parseInput(command.input, input)
      if ('issues' in parsed) return { outcome: 'malformed', issues: parsed.issues }
      const stream = `books-${command.books(parsed.value)}`
      const fingerprint = deps.fingerprint(command.name, parsed.value)
      const request = { command, input: parsed.value, caller, stream, fingerprint }
      const outcome = await inLane(stream, () => handleBooks(request, { ...deps, books }))
      return outcome as Outcome<ReturnType<typeof command.answer>>
    },
    readFolio,
    close: () => numbers.close(),
  }
}

type FolioRequest = Readonly<{
  command: FolioCommand
  input: unknown
  caller: Caller
  folioId: string
  stream: string
  fingerprint: string
}>
type FolioWorld = Deps &
  Readonly<{
    folios: AggregateCache<Folio>
    books: AggregateCache<Books>
    numbers: ReturnType<typeof createNumberSeries>
  }>

async function handleFolio(request: FolioRequest, world: FolioWorld): Promise<Outcome> {
  const taken: TakenNumber[] = []
  // First on what is cached; a refusal, or an acceptance of nothing, only after reading to the end.
  let ageMaxMs = Number.POSITIVE_INFINITY
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const outcome = await attemptFolio(request, world, taken, ageMaxMs)
    if (outcome !== 'again') {
      const { stream } = request
      const origin = originOf(request, world.clock, {})
      await settleNumbers(taken, { ...world, stream, origin })
      return outcome
    }
    // Stale, or somebody appended first, or the answer did not come: what stands in the log now decides again.
    ageMaxMs = 0
  }
  return { outcome: 'refused', refusal: { code: 'folio_busy', attempts: ATTEMPTS_MAX } }
}

async function attemptFolio(
  request: FolioRequest,
  world: FolioWorld,
  taken: TakenNumber[],
  ageMaxMs: number,
): Promise<Outcome | 'again'> {
  const { command, stream, caller } = request
  const loaded = await world.folios.load(stream, ageMaxMs)
  const known = loaded.keys.get(requestKey(caller.principal, caller.key))
  if (known !== undefined) return replay(request, known, loaded, world.log)
  try {
    const settings = await loadBooks(request, loaded.state, world, ageMaxMs)
    const origin = originOf(request, world.clock, decidedUnder(settings))
    const decision = await claimed(
      decideOn(request, loaded.state, settings.state, world.clock),
      { books: settings.state, origin },
      world,
    )
    if (decision.outcome === 'refused') return ageMaxMs > 0 ? 'again' : decision
    const given = await takeNumbers(decision, settings.state, loaded.state, world)
    taken.push(...given)
    const facts = decision.events(given.map(({ text }) => text))
    if (facts.length === 0) {
      return ageMaxMs > 0 ? 'again' : accepted(command.answer([]), stream, loaded, false, 0)
    }
    const answer = await world.log.append(stream, loaded.end, facts, origin)
    if (answer.outcome !== 'appended') return 'again'
    const after = world.folios.appended(stream, loaded, answer.events)
    return accepted(command.answer(facts), stream, after, false, facts.length)
  } catch (reason) {
    const refusal = limitRefusal(reason)
    if (refusal === null) throw reason
    return ageMaxMs > 0 ? 'again' : { outcome: 'refused', refusal }
  }
}

/** Figures that are each within their limits can come to more together: that is refused, not broken. */
function limitRefusal(reason: unknown): Refusal | null {
  if (reason instanceof AmountTooLarge) {
    const { currency } = reason
    return { code: 'amount_too_large', currency, integerDigitsMax: AMOUNT_INTEGER_DIGITS_MAX }
  }
  if (reason instanceof AppendTooLarge) {
    return { code: 'document_too_large', bytes: reason.bytes, bytesMax: APPEND_BYTES_MAX }
  }
  return null
}

async function handleBooks(
  request: Readonly<{
    command: BooksCommand
    input: unknown
    caller: Caller
    stream: string
    fingerprint: string
  }>,
  world: Deps & Readonly<{ books: AggregateCache<Books> }>,
): Promise<Outcome> {
  const { command, input, caller, stream } = request
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const loaded = await world.books.load(stream, 0)
    const known = loaded.keys.get(requestKey(caller.principal, caller.key))
    if (known !== undefined) return replay(request, known, loaded, world.log)
    const decision = command.decide(input, loaded.state)
    if (decision.outcome === 'refused') return decision
    const facts = decision.events([])
    if (facts.length === 0) return accepted(command.answer([]), stream, loaded, false, 0)
    const answer = await world.log.append(
      stream,
      loaded.end,
      facts,
      originOf(request, world.clock, {}),
    )
    if (answer.outcome !== 'appended') continue
    const after = world.books.appended(stream, loaded, answer.events)
    return accepted(command.answer(facts), stream, after, false, facts.length)
  }
  return { outcome: 'refused', refusal: { code: 'folio_busy', attempts: ATTEMPTS_MAX } }
}

function decideOn(request: FolioRequest, folio: Folio, books: Books, clock: Clock): Decision {
  const { command, input, folioId } = request
  if (books.status === 'absent') {
    return { outcome: 'refused', refusal: { code: 'books_not_open', books: command.books(input) } }
  }
  return command.decide(input, { folio, folioId, books, today: clock.today(books.timeZone) })
}

async function loadBooks(request: FolioRequest, folio: Folio, world: FolioWorld, ageMaxMs: number) {
  const slug = booksOfFolio(folio) ?? request.command.books(request.input)
  const stream = `books-${slug}`
  return { stream, ...(await world.books.load(stream, Math.min(ageMaxMs, BOOKS_AGE_MAX_MS))) }
}

/** A folio stays in the books it was opened in. */
function booksOfFolio(folio: Folio): string | null {
  if (folio.source !== null) return folio.source.books
  if (folio.order.status !== 'absent') return folio.order.books
  for (const document of [...folio.invoices.values(), ...folio.creditNotes.values()]) {
    if (document.status !== 'discarded') return document.content.books
  }
  return null
}

/** The decision, refused after all where another bill holds the supplier's number. */
async function claimed(
  decision: Decision,
  { books, origin }: Readonly<{ books: Books; origin: Origin }>,
  world: FolioWorld,
): Promise<Decision> {
  if (decision.outcome === 'refused' || decision.claim === null || books.status === 'absent') {
    return decision
  }
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
  books: Books,
  folio: Folio,
  world: FolioWorld,
): Promise<TakenNumber[]> {
  const slug = (books as OpenBooks).books
  return Promise.all(
    requests.map(async (request) => {
      const taken = await world.numbers.take(slug, request)
      if (folio.numbers.get(taken.text) !== 'released') return taken
      await world.numbers.abandon(taken, 'released by its folio')
      return world.numbers.take(slug, request)
    }),
  )
}

/** The answer of a repeat is made from the events that the first request appended. */
async function replay(
  request: Readonly<{
    command: FolioCommand | BooksCommand
    caller: Caller
    stream: string
    fingerprint: string
  }>,
  known: KeyUse,
  loaded: Loaded<unknown>,
  log: LedgerLog,
): Promise<Outcome> {
  const { command, caller, stream, fingerprint } = request
  if (known.command !== command.name || known.fingerprint !== fingerprint) {
    const { key } = caller
    return {
      outcome: 'refused',
      refusal: { code: 'idempotency_key_used_differently', key, command: known.command },
    }
  }
  const events = (await log.read(stream, known.from)).filter(({ revision }) => revision <= known.to)
  return accepted(command.answer(events), stream, loaded, true, 0)
}

function accepted(
  answer: unknown,
  stream: string,
  { end, position }: Loaded<unknown>,
  replayed: boolean,
  appended: number,
): Outcome {
  const revision = end === 'no_stream' ? null : end.revision
  return { outcome: 'accepted', answer, replayed, stream, revision, position, appended }
}

function originOf(
  {
    command,
    caller,
    fingerprint,
  }: Readonly<{ command: { name: string }; caller: Caller; fingerprint: string }>,
  clock: Clock,
  under: Readonly<Record<string, number>>,
): Origin {
  const { principal, key, correlation, causation } = caller
  return {
    command: command.name,
    commandKey: key,
    fingerprint,
    principal,
    correlation,
    ...(causation === undefined ? {} : { causation }),
    recordedAt: clock.now(),
    decidedUnder: under,
  }
}

function decidedUnder({ stream, end }: Loaded<Books> & { stream: string }): Record<string, number> {
  return end === 'no_stream' ? {} : { [stream]: end.revision }
}

function folioIdOf(
  command: FolioCommand,
  input: unknown,
  { principal, key, folio }: Caller,
): string {
  const document = command.document(input)
  if (document !== null) return folioOfDocument(document)
  if (folio !== undefined) return folio
  return (
    command.opens?.(input) ??
    uuidv5(JSON.stringify([principal, command.name, key]), HAND_OPENED_NAMESPACE)
  )
}

function evolveAnyFolio(folio: Folio, event: LedgerEvent): Folio {
  if (!isFolioEvent(event)) throw new CorruptStream(event, 'it belongs to no folio')
  return evolveFolio(folio, event)
}

function evolveAnyBooks(books: Books, event: LedgerEvent): Books {
  if (!isBooksEvent(event)) throw new CorruptStream(event, 'it belongs to no books')
  return evolveBooks(books, event)
}
