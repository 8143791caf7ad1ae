/** One command on a stream whose events take no numbers: read, decide, append at the revision read. */
import type { LedgerLog } from '../src/event-store/log.js'
import { type AggregateCache, requestKey } from './aggregate-cache.js'
import { untilDecided } from './attempts.js'
import type { Decision } from './decision.js'
import { revisionRefusal } from './expected-revision.js'
import { accepted, type Done, originOf, replay, type Requested } from './outcome.js'
import type { Clock } from './ports.js'

type World<State> = Readonly<{
  log: LedgerLog
  clock: Clock
  cache: AggregateCache<State>
  decide: (state: State) => Decision | Promise<Decision>
}>

export function decideAndAppend<State>(
  request: Requested,
  { log, clock, cache, decide }: World<State>,
): Promise<Done> {
  const { caller, stream } = request
  return untilDecided(async () => {
    const loaded = await cache.load(stream, 0)
    const known = loaded.keys.get(requestKey(caller.principal, caller.key))
    if (known !== undefined) return replay(request, known, log)
    const stale = await revisionRefusal(request, loaded, log)
    if (stale !== null) return { outcome: 'refused', refusal: stale }
    const decision = await decide(loaded.state)
    if (decision.outcome === 'refused') return decision
    const facts = decision.events([])
    if (facts.length === 0) return accepted([], stream, loaded)
    const origin = originOf(request, clock, {})
    const answer = await log.append(stream, loaded.end, facts, origin, loaded.generation)
    if (answer.outcome !== 'appended') return 'again'
    return accepted(answer.events, stream, cache.appended(stream, loaded, answer.events))
  })
}
