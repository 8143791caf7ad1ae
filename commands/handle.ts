/**
 * The way of a command (architecture 5): parse, load, known key?, decide, take a number, append at the revision read,
 * answer. One lane per stream in this process; retries, bounded, are for other processes.
 */
import { v5 as uuidv5 } from 'uuid'
import type { z } from 'zod'
import { type Books, evolveBooks, initialBooks } from '../src/aggregates/books.js'
import { CorruptStream } from '../src/aggregates/corrupt-stream.js'
import { evolveAnyFolio } from '../src/aggregates/evolve-folio.js'
import { type Folio, initialFolio } from '../src/aggregates/folio.js'
import { evolveInstance, initialInstance, type Instance } from '../src/aggregates/instance.js'
import { evolveSubject, initialSubject, type Subject } from '../src/aggregates/subject.js'
import {
  isBooksEvent,
  isInstanceEvent,
  isSubjectEvent,
  type LedgerEvent,
} from '../src/events/ledger-event.js'
import type { LedgerLog } from '../src/event-store/log.js'
import { createAggregateCache } from './aggregate-cache.js'
import type { AllocationIds } from './allocation-events.js'
import { underClaim } from './claim-key.js'
import type { BooksCommand, FolioCommand, InstanceCommand, SubjectCommand } from './command.js'
import { folioOfDocument, folioStream, HAND_OPENED_NAMESPACE } from './document-id.js'
import type { FollowUp } from './follow-ups.js'
import { concludeInLane, handleBooks } from './handle-books.js'
import { type FolioRequest, handleFolio } from './handle-folio.js'
import { handleInstance, instanceStream } from './handle-instance.js'
import { finishForgetting, handleSubject, subjectStream } from './handle-subject.js'
import { createLanes } from './lanes.js'
import { createNumberSeries } from './number-series.js'
import { answered, originOf, type Outcome, type Requested } from './outcome.js'
import { parseInput } from './parse-input.js'
import type { PeriodEnd } from './period-change.js'
import type { Caller, Clock, Fingerprint, KeyClaims, People } from './ports.js'
import { type Preview, previewFolio } from './preview-folio.js'
import { finishAllocation, withFollowUps } from './run-follow-ups.js'
import type { SeriesKey } from './series-stream.js'
import { settleSeries, type SettledSeries } from './settle-series.js'

/** Whose steps are those that no caller asked for. */
const LEDGER_PRINCIPAL = 'folio'

export type Handler = Readonly<{
  folio: <Input extends z.ZodType, Answer>(
    command: FolioCommand<Input, Answer>,
    input: unknown,
    caller: Caller,
  ) => Promise<Outcome<Answer>>
  /** What the command would record now; nothing is appended, and its key is not used. */
  preview: <Input extends z.ZodType, Answer>(
    command: FolioCommand<Input, Answer>,
    input: unknown,
    caller: Caller,
  ) => Promise<Preview>
  books: <Input extends z.ZodType, Answer>(
    command: BooksCommand<Input, Answer>,
    input: unknown,
    caller: Caller,
  ) => Promise<Outcome<Answer>>
  instance: <Input extends z.ZodType, Answer>(
    command: InstanceCommand<Input, Answer>,
    input: unknown,
    caller: Caller,
  ) => Promise<Outcome<Answer>>
  /** Forgets a person (A6). */
  subject: <Input extends z.ZodType, Answer>(
    command: SubjectCommand<Input, Answer>,
    input: unknown,
    caller: Caller,
  ) => Promise<Outcome<Answer>>
  /** Drops the keys of somebody forgotten that a crash left; how many there still were. */
  finishForgetting: (subject: string) => Promise<number>
  /** The books as they stand now, to show what would be decided. */
  readBooks: (slug: string) => Promise<Books>
  /** The connected store as it is known now. */
  readInstance: (instance: string) => Promise<Instance>
  /** The folio as it stands now, for whoever plans commands; never for deciding. */
  readFolio: (folioId: string) => Promise<Folio>
  /** Takes the steps that an allocation across two folios still needs; what it has come to already stays. */
  finishAllocation: (ids: AllocationIds) => Promise<void>
  /** Looks up what became of the numbers that a series still watches; for `folio doctor`. */
  settleSeries: (
    key: SeriesKey,
    options: Readonly<{ release: boolean }>,
    caller: Caller,
  ) => Promise<SettledSeries>
  /** Carries on a change of the closed period that a crash left under way; without one it does nothing (L10). */
  continuePeriodChange: (slug: string, caller: Caller) => Promise<PeriodEnd>
  close: () => Promise<void>
}>

type Deps = Readonly<{
  log: LedgerLog
  clock: Clock
  fingerprint: Fingerprint
  /** Left out: no early answers, the log alone decides. */
  claims?: KeyClaims
  /** Left out: nobody can be forgotten. */
  people?: People
  /** Whether a store may be in a private network, and be connected to there. Left out: none may. */
  allowsPrivateStores?: boolean
}>

export function createHandler(deps: Deps): Handler {
  const world = openWorld(deps)
  return {
    ...folioHandling(world),
    ...settingsHandling(world),
    ...subjectHandling(world),
    ...upkeep(world),
    close: async () => {
      await Promise.allSettled(world.underWay)
      await world.numbers.close()
    },
  }
}

type World = ReturnType<typeof openWorld>

/** What all commands of a process share. */
function openWorld(deps: Deps) {
  const { log, clock } = deps
  const cacheOf = <State>(initial: State, evolve: (state: State, event: LedgerEvent) => State) =>
    createAggregateCache<State>(log, { initial, evolve }, () => clock.monotonicMs())
  const { allowsPrivateStores = false } = deps
  return {
    deps,
    log,
    clock,
    allowsPrivateStores,
    folios: cacheOf<Folio>(initialFolio, evolveAnyFolio),
    books: cacheOf<Books>(initialBooks, evolveOnly(isBooksEvent, evolveBooks)),
    instances: cacheOf<Instance>(initialInstance, evolveOnly(isInstanceEvent, evolveInstance)),
    subjects: cacheOf<Subject>(initialSubject, evolveOnly(isSubjectEvent, evolveSubject)),
    numbers: createNumberSeries(log, clock),
    inLane: createLanes(),
    underWay: new Set<Promise<unknown>>(),
  }
}

function folioHandling(
  world: World,
): Pick<Handler, 'folio' | 'preview' | 'readFolio' | 'finishAllocation'> {
  const { deps, log, folios, inLane, underWay } = world

  const requestOf = (
    command: FolioCommand,
    asked: Readonly<{ input: unknown; parsed: unknown; caller: Caller }>,
  ): Promise<FolioRequest> => {
    const named = folioOf(command, asked.parsed, asked.caller)
    return requested(command, asked, { ...named, stream: folioStream(named.folioId) }, deps)
  }
  const handleInLane = (request: FolioRequest) =>
    inLane(request.stream, () => handleFolio(request, world))
  const takeStep = async ({ command, input, key }: FollowUp, cause: LedgerEvent) => {
    const { correlation } = cause.metadata
    const caller = { principal: LEDGER_PRINCIPAL, key, correlation, causation: cause.id }
    return handleInLane(await requestOf(command, { input, parsed: input, caller }))
  }

  return {
    folio: (command, input, caller) =>
      ifWellFormed(command.input, input, async (parsed) => {
        const request = await requestOf(command, { input, parsed, caller })
        const done = await watched(underWay, async () => {
          const first = await underClaim(deps.claims, request, () => handleInLane(request))
          // Out of the lane and of the claim: two folios may wait for each other, and a repeat may help to finish.
          return withFollowUps(first, command, takeStep)
        })
        return answered(done, (events) => command.answer(events, request.folioId))
      }),
    preview: (command, input, caller) =>
      ifWellFormed(command.input, input, async (parsed) =>
        previewFolio(await requestOf(command, { input, parsed, caller }), world),
      ),
    readFolio: async (folioId) => (await folios.load(folioStream(folioId), 0)).state,
    finishAllocation: (ids) => watched(underWay, () => finishAllocation(ids, log, takeStep)),
  }
}

/** Books and instances. */
function settingsHandling(
  world: World,
): Pick<Handler, 'books' | 'instance' | 'readBooks' | 'readInstance'> {
  const { deps, books, instances, inLane, underWay } = world
  return {
    books: (command, input, caller) =>
      ifWellFormed(command.input, input, async (parsed) => {
        const stream = `books-${command.books(parsed)}`
        const request = await requested(command, { input, parsed, caller }, { stream }, deps)
        const done = await watched(underWay, () =>
          underClaim(deps.claims, request, () => handleBooks(request, world)),
        )
        return answered(done, (events) => command.answer(events))
      }),
    instance: (command, input, caller) =>
      ifWellFormed(command.input, input, async (parsed) => {
        const instance = command.instance(parsed)
        const at = { instance, stream: instanceStream(instance) }
        const request = await requested(command, { input, parsed, caller }, at, deps)
        const done = await watched(underWay, () =>
          underClaim(deps.claims, request, () =>
            inLane(at.stream, () => handleInstance(request, world)),
          ),
        )
        return answered(done, (events) => command.answer(events, instance))
      }),
    readBooks: async (slug) => (await books.load(`books-${slug}`, 0)).state,
    readInstance: async (instance) => (await instances.load(instanceStream(instance), 0)).state,
  }
}

function subjectHandling(world: World): Pick<Handler, 'subject' | 'finishForgetting'> {
  const { deps, log, clock, subjects, inLane, underWay } = world
  return {
    subject: (command, input, caller) =>
      ifWellFormed(command.input, input, async (parsed) => {
        const subject = command.subject(parsed)
        const at = { subject, stream: subjectStream(subject) }
        const request = await requested(command, { input, parsed, caller }, at, deps)
        const people = { log, clock, subjects, people: peopleOf(deps) }
        const done = await watched(underWay, () =>
          underClaim(deps.claims, request, () =>
            inLane(at.stream, () => handleSubject(request, people)),
          ),
        )
        return answered(done, (events) => command.answer(events, subject))
      }),
    finishForgetting: (subject) => finishForgetting(subject, { subjects, people: peopleOf(deps) }),
  }
}

/** What no caller asks for: a doctor, or a worker that finishes what a crash left. */
function upkeep(world: World): Pick<Handler, 'settleSeries' | 'continuePeriodChange'> {
  const { clock, underWay } = world
  return {
    settleSeries: (key, options, caller) => {
      const request = { command: { name: 'settle-series' }, caller, fingerprint: '' }
      return settleSeries(key, options, { ...world, origin: originOf(request, clock, {}) })
    },
    continuePeriodChange: (slug, caller) => {
      const request = { command: { name: 'continue-period-change' }, caller, fingerprint: '' }
      const origin = originOf(request, clock, {})
      return watched(underWay, () => concludeInLane(`books-${slug}`, origin, world))
    },
  }
}

/** What every kind of command begins with: nothing is asked of anybody with an input that its schema does not take. */
async function ifWellFormed<Schema extends z.ZodType, Answered>(
  schema: Schema,
  input: unknown,
  handled: (parsed: z.infer<Schema>) => Promise<Answered>,
): Promise<Answered | Extract<Outcome, { outcome: 'malformed' }>> {
  const parsed = parseInput(schema, input)
  if ('issues' in parsed) return { outcome: 'malformed', issues: parsed.issues }
  return handled(parsed.value)
}

/** Known by the input as it was given, and decided on as it was parsed. */
async function requested<
  Command extends Readonly<{ name: string }>,
  At extends Readonly<{ stream: string }>,
>(
  command: Command,
  { input, parsed, caller }: Readonly<{ input: unknown; parsed: unknown; caller: Caller }>,
  at: At,
  { fingerprint }: Deps,
): Promise<Requested<Command> & At> {
  const { stream } = at
  const print = await fingerprint({ command: command.name, input, stream })
  return { command, input: parsed, caller, fingerprint: print, ...at }
}

/** Also what nobody waits for any more: whoever closes does. */
async function watched<Value>(
  underWay: Set<Promise<unknown>>,
  work: () => Promise<Value>,
): Promise<Value> {
  const working = work()
  underWay.add(working)
  try {
    return await working
  } finally {
    underWay.delete(working)
  }
}

function folioOf(
  command: FolioCommand,
  input: unknown,
  { principal, key, folio }: Caller,
): Pick<FolioRequest, 'folioId' | 'isNamedFromRequest'> {
  const document = command.document(input)
  const known = document === null ? (folio ?? command.opens?.(input)) : folioOfDocument(document)
  if (known !== undefined) return { folioId: known, isNamedFromRequest: false }
  const folioId = uuidv5(JSON.stringify([principal, command.name, key]), HAND_OPENED_NAMESPACE)
  return { folioId, isNamedFromRequest: true }
}

function peopleOf({ people }: Deps): People {
  if (people === undefined) throw new TypeError('This ledger was opened without its people')
  return people
}

/** A stream has events of its own kind only: another one, and all that follows is in doubt. */
function evolveOnly<State, Own extends LedgerEvent>(
  isOwn: (event: LedgerEvent) => event is Own,
  evolve: (state: State, event: Own) => State,
) {
  return (state: State, event: LedgerEvent): State => {
    if (!isOwn(event)) throw new CorruptStream(event, 'it belongs to another kind of stream')
    return evolve(state, event)
  }
}
