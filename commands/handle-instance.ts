/** One command on a connected store: read, decide, append at the revision read. */
import type { Books } from '../src/aggregates/books.js'
import type { Instance } from '../src/aggregates/instance.js'
import type { LedgerLog } from '../src/event-store/log.js'
import { type AggregateCache, requestKey } from './aggregate-cache.js'
import type { InstanceCommand } from './command.js'
import type { Decision } from './decision.js'
import { revisionRefusal } from './expected-revision.js'
import { accepted, type Done, originOf, replay } from './outcome.js'
import type { Caller, Clock } from './ports.js'

export type InstanceRequest = Readonly<{
  command: InstanceCommand
  input: unknown
  caller: Caller
  instance: string
  stream: string
  fingerprint: string
}>
export type InstanceWorld = Readonly<{
  log: LedgerLog
  clock: Clock
  instances: AggregateCache<Instance>
  books: AggregateCache<Books>
}>

const ATTEMPTS_MAX = 20

export function instanceStream(instance: string): string {
  return `instance-${instance}`
}

export async function handleInstance(
  request: InstanceRequest,
  world: InstanceWorld,
): Promise<Done> {
  const { caller, stream } = request
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const loaded = await world.instances.load(stream, 0)
    const known = loaded.keys.get(requestKey(caller.principal, caller.key))
    if (known !== undefined) return replay(request, known, world.log)
    const stale = await revisionRefusal(request, loaded, world.log)
    if (stale !== null) return { outcome: 'refused', refusal: stale }
    const decision = await decided(request, loaded.state, world)
    if (decision.outcome === 'refused') return decision
    const facts = decision.events([])
    if (facts.length === 0) return accepted([], stream, loaded)
    const origin = originOf(request, world.clock, {})
    const answer = await world.log.append(stream, loaded.end, facts, origin, loaded.generation)
    if (answer.outcome !== 'appended') continue
    return accepted(answer.events, stream, world.instances.appended(stream, loaded, answer.events))
  }
  return { outcome: 'refused', refusal: { code: 'folio_busy', attempts: ATTEMPTS_MAX } }
}

/** With the books that the instance belongs to, or is to belong to. */
async function decided(
  { command, input, instance: instanceId }: InstanceRequest,
  instance: Instance,
  world: InstanceWorld,
): Promise<Decision> {
  const slug = instance.status === 'registered' ? instance.books : command.books(input)
  if (slug === null) {
    return {
      outcome: 'refused',
      refusal: { code: 'instance_not_registered', instance: instanceId },
    }
  }
  const { state: books } = await world.books.load(`books-${slug}`, 0)
  if (books.status === 'absent') {
    return { outcome: 'refused', refusal: { code: 'books_not_open', books: slug } }
  }
  return command.decide(input, { instance, instanceId, books })
}
