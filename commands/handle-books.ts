/** One command on a legal entity's books, and what must follow from it before it is answered. */
import type { Books } from '../src/aggregates/books.js'
import type { Origin } from '../src/event-store/log.js'
import { requestKey } from './aggregate-cache.js'
import { busy } from './attempts.js'
import type { BooksCommand } from './command.js'
import { decideAndAppend } from './decide-and-append.js'
import type { Lanes } from './lanes.js'
import { accepted, type Done, originOf, recorded, type Requested } from './outcome.js'
import { concludePeriodChange, type PeriodEnd, type PeriodWorld } from './period-change.js'
import type { Clock } from './ports.js'

type BooksRequest = Requested<BooksCommand>
type BooksWorld = Omit<PeriodWorld, 'origin'> & Readonly<{ clock: Clock; inLane: Lanes }>

export async function handleBooks(request: BooksRequest, world: BooksWorld): Promise<Done> {
  const done = await world.inLane(request.stream, () => decided(request, world))
  if (done.outcome === 'refused' || request.command.changesPeriod !== true) return done
  return withPeriodConcluded(request, done, world)
}

function decided(request: BooksRequest, world: BooksWorld): Promise<Done> {
  const { log, clock, books: cache } = world
  const decide = (books: Books) =>
    request.command.decide(request.input, books, contextOf(books, world))
  return decideAndAppend(request, { log, clock, cache, decide })
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
  const answer = await recorded(stream, known, world.log)
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
