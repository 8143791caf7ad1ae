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
import { answered, originOf, type Outcome } from './outcome.js'
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
  return {
    deps,
    log,
    clock,
    folios: cacheOf<Folio>(initialFolio, evolveAnyFolio),
    books: cacheOf<Books>(initialBooks, evolveAnyBooks),
    instances: cacheOf<Instance>(initialInstance, evolveAnyInstance),
    subjects: cacheOf<Subject>(initialSubject, evolveAnySubject),
    numbers: createNumberSeries(log, clock),
    inLane: createLanes(),
    underWay: new Set<Promise<unknown>>(),
  }
}

function folioHandling(
  world: World,
): Pick<Handler, 'folio' | 'preview' | 'readFolio' | 'finishAllocation'> {
  const { deps, log, folios, inLane, underWay } = world

  const requestOf = async (
    command: FolioCommand,
    { input, parsed, caller }: Readonly<{ input: unknown; parsed: unknown; caller: Caller }>,
  ): Promise<FolioRequest> => {
    const named = folioOf(command, parsed, caller)
    const stream = folioStream(named.folioId)
    const fingerprint = await deps.fingerprint({ command: command.name, input, stream })
    return { command, input: parsed, caller, ...named, stream, fingerprint }
  }
  const handleInLane = (request: FolioRequest) =>
    inLane(request.stream, () => handleFolio(request, world))
  const takeStep = async ({ command, input, key }: FollowUp, cause: LedgerEvent) => {
    const { correlation } = cause.metadata
    const caller = { principal: LEDGER_PRINCIPAL, key, correlation, causation: cause.id }
    return handleInLane(await requestOf(command, { input, parsed: input, caller }))
  }

  return {
    folio: async (command, input, caller) => {
      const parsed = parseInput(command.input, input)
      if ('issues' in parsed) return { outcome: 'malformed', issues: parsed.issues }
      const request = await requestOf(command, { input, parsed: parsed.value, caller })
      const outcome = await watched(underWay, async () => {
        const done = await underClaim(deps.claims, request, () => handleInLane(request))
        // Out of the lane and of the claim: two folios may wait for each other, and a repeat may help to finish.
        return withFollowUps(done, command, takeStep)
      })
      return outcome as Outcome<ReturnType<typeof command.answer>>
    },
    preview: async (command, input, caller) => {
      const parsed = parseInput(command.input, input)
      if ('issues' in parsed) return { outcome: 'malformed', issues: parsed.issues }
      const request = await requestOf(command, { input, parsed: parsed.value, caller })
      return previewFolio(request, world)
    },
    readFolio: async (folioId) => (await folios.load(folioStream(folioId), 0)).state,
    finishAllocation: (ids) => watched(underWay, () => finishAllocation(ids, log, takeStep)),
  }
}

/** Books and instances. */
function settingsHandling(world: World): Pick<Handler, 'books' | 'instance' | 'readBooks'> {
  const { deps, books, inLane, underWay } = world
  return {
    books: async (command, input, caller) => {
      const parsed = parseInput(command.input, input)
      if ('issues' in parsed) return { outcome: 'malformed', issues: parsed.issues }
      const stream = `books-${command.books(parsed.value)}`
      const fingerprint = await deps.fingerprint({ command: command.name, input, stream })
      const request = { command, input: parsed.value, caller, stream, fingerprint }
      const outcome = await watched(underWay, () =>
        underClaim(deps.claims, request, () => handleBooks(request, world)),
      )
      return answered(outcome, command) as Outcome<ReturnType<typeof command.answer>>
    },
    instance: async (command, input, caller) => {
      const parsed = parseInput(command.input, input)
      if ('issues' in parsed) return { outcome: 'malformed', issues: parsed.issues }
      const instance = command.instance(parsed.value)
      const stream = instanceStream(instance)
      const fingerprint = await deps.fingerprint({ command: command.name, input, stream })
      const request = { command, input: parsed.value, caller, instance, stream, fingerprint }
      const done = await watched(underWay, () =>
        underClaim(deps.claims, request, () =>
          inLane(stream, () => handleInstance(request, world)),
        ),
      )
      if (done.outcome === 'refused') return done
      const { events, ...outcome } = done
      return { ...outcome, answer: command.answer(events, instance) }
    },
    readBooks: async (slug) => (await books.load(`books-${slug}`, 0)).state,
  }
}

function subjectHandling(world: World): Pick<Handler, 'subject' | 'finishForgetting'> {
  const { deps, log, clock, subjects, inLane, underWay } = world
  return {
    subject: async (command, input, caller) => {
      const parsed = parseInput(command.input, input)
      if ('issues' in parsed) return { outcome: 'malformed', issues: parsed.issues }
      const subject = command.subject(parsed.value)
      const stream = subjectStream(subject)
      const fingerprint = await deps.fingerprint({ command: command.name, input, stream })
      const request = { command, input: parsed.value, caller, subject, stream, fingerprint }
      const people = { log, clock, subjects, people: peopleOf(deps) }
      const done = await watched(underWay, () =>
        underClaim(deps.claims, request, () =>
          inLane(stream, () => handleSubject(request, people)),
        ),
      )
      if (done.outcome === 'refused') return done
      const { events, ...outcome } = done
      return { ...outcome, answer: command.answer(events, subject) }
    },
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

function evolveAnyInstance(instance: Instance, event: LedgerEvent): Instance {
  if (!isInstanceEvent(event)) throw new CorruptStream(event, 'it belongs to no instance')
  return evolveInstance(instance, event)
}

function evolveAnySubject(subject: Subject, event: LedgerEvent): Subject {
  if (!isSubjectEvent(event)) throw new CorruptStream(event, 'it belongs to no subject')
  return evolveSubject(subject, event)
}

function peopleOf({ people }: Deps): People {
  if (people === undefined) throw new TypeError('This ledger was opened without its people')
  return people
}

function evolveAnyBooks(books: Books, event: LedgerEvent): Books {
  if (!isBooksEvent(event)) throw new CorruptStream(event, 'it belongs to no books')
  return evolveBooks(books, event)
}
