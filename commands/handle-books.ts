/** One command on a legal entity's books: read, decide, append at the revision read. */
import type { Books } from '../src/aggregates/books.js'
import type { LedgerLog } from '../src/event-store/log.js'
import { type AggregateCache, requestKey } from './aggregate-cache.js'
import type { BooksCommand } from './command.js'
import { revisionRefusal } from './expected-revision.js'
import { accepted, originOf, type Outcome, replay } from './outcome.js'
import type { Caller, Clock } from './ports.js'

const ATTEMPTS_MAX = 20

export async function handleBooks(
  request: Readonly<{
    command: BooksCommand
    input: unknown
    caller: Caller
    stream: string
    fingerprint: string
  }>,
  world: Readonly<{ log: LedgerLog; clock: Clock; books: AggregateCache<Books> }>,
): Promise<Outcome> {
  const { command, input, caller, stream } = request
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const loaded = await world.books.load(stream, 0)
    const known = loaded.keys.get(requestKey(caller.principal, caller.key))
    if (known !== undefined) return replay(request, known, world.log)
    const stale = await revisionRefusal(request, loaded, world.log)
    if (stale !== null) return { outcome: 'refused', refusal: stale }
    const decision = command.decide(input, loaded.state)
    if (decision.outcome === 'refused') return decision
    const facts = decision.events([])
    if (facts.length === 0) return accepted(command.answer([]), stream, loaded, 0)
    const answer = await world.log.append(
      stream,
      loaded.end,
      facts,
      originOf(request, world.clock, {}),
    )
    if (answer.outcome !== 'appended') continue
    const after = world.books.appended(stream, loaded, answer.events)
    return accepted(command.answer(facts), stream, after, facts.length)
  }
  return { outcome: 'refused', refusal: { code: 'folio_busy', attempts: ATTEMPTS_MAX } }
}
