/** One command on a legal entity's books: read, decide, append at the revision read; then what must follow from it. */
import type { Books } from '../src/aggregates/books.js'
import type { Origin } from '../src/event-store/log.js'
import { requestKey } from './aggregate-cache.js'
import type { BooksCommand } from './command.js'
import { revisionRefusal } from './expected-revision.js'
import type { Lanes } from './lanes.js'
import { accepted, type Done, originOf, replay } from './outcome.js'
import { concludePeriodChange, type PeriodEnd, type PeriodWorld } from './period-change.js'
import type { Caller, Clock } from './ports.js'

const ATTEMPTS_MAX = 20

export type BooksRequest = Readonly<{
  command: BooksCommand
  input: unknown
  caller: Caller
  stream: string
  fingerprint: string
}>
export type BooksWorld = Omit<PeriodWorld, 'origin'> & Readonly<{ clock: Clock; inLane: Lanes }>

export async function handleBooks(request: BooksRequest, world: BooksWorld): Promise<Done> {
  const done = await world.inLane(request.stream, () => decided(request, world))
  if (done.outcome === 'refused' || request.command.changesPeriod !== true) return done
  return withPeriodConcluded(request, done, world)
}

async function decided(request: BooksRequest, world: BooksWorld): Promise<Done> {
  const { command, input, caller, stream } = request
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const loaded = await world.books.load(stream, 0)
    const known = loaded.keys.get(requestKey(caller.principal, caller.key))
    if (known !== undefined) return replay(request, known, world.log)
    const stale = await revisionRefusal(request, loaded, world.log)
    if (stale !== null) return { outcome: 'refused', refusal: stale }
    const decision = command.decide(input, loaded.state, contextOf(loaded.state, world))
    if (decision.outcome === 'refused') return decision
    const facts = decision.events([])
    if (facts.length === 0) return accepted([], stream, loaded)
    const answer = await world.log.append(
      stream,
      loaded.end,
      facts,
      originOf(request, world.clock, {}),
    )
    if (answer.outcome !== 'appended') continue
    const after = world.books.appended(stream, loaded, answer.events)
    return accepted(answer.events, stream, after)
  }
  return busy()
}

function contextOf(books: Books, { clock }: BooksWorld) {
  return { today: clock.today(books.status === 'absent' ? 'UTC' : books.timeZone) }
}

/**
 * The change that the request began, or found under way, is carried through before it is answered; its last event
 * carries the request's key too, so that a repeat answers the same.
 */
async function withPeriodConcluded(
  request: BooksRequest,
  done: Extract<Done, { outcome: 'accepted' }>,
  world: BooksWorld,
): Promise<Done> {
  const { caller, stream } = request
  const { state } = await world.books.load(stream, 0)
  const began = done.events.map(({ revision }) => revision)
  const change = state.status === 'open' ? state.period.change : null
  // A repeat of one that is done must not carry on what somebody else has begun since.
  if (change !== null && (began.length === 0 || began.includes(change.revision))) {
    const end = await concludeInLane(stream, originOf(request, world.clock, {}), world)
    if (end === 'busy') return busy()
  }
  const concluded = await world.books.load(stream, 0)
  const known = concluded.keys.get(requestKey(caller.principal, caller.key))
  if (known === undefined) return accepted([], stream, concluded)
  const answer = await replay(request, known, world.log)
  if (answer.outcome === 'refused') return answer
  return { ...answer, replayed: done.replayed, appended: done.replayed ? 0 : answer.events.length }
}

/** In a lane of its own: other commands on the books need not wait until every series has followed. */
export function concludeInLane(
  stream: string,
  origin: Origin,
  { inLane, ...world }: BooksWorld,
): Promise<PeriodEnd> {
  return inLane(`period of ${stream}`, () => concludePeriodChange(stream, { ...world, origin }))
}

function busy(): Done {
  return { outcome: 'refused', refusal: { code: 'folio_busy', attempts: ATTEMPTS_MAX } }
}
