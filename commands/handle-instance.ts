/** One command on a connected store, decided with the books that it belongs to. */
import type { Books } from '../src/aggregates/books.js'
import type { Instance } from '../src/aggregates/instance.js'
import type { LedgerLog } from '../src/event-store/log.js'
import type { AggregateCache } from './aggregate-cache.js'
import type { InstanceCommand } from './command.js'
import { decideAndAppend } from './decide-and-append.js'
import { type Decision, refuse } from './decision.js'
import type { Done, Requested } from './outcome.js'
import type { Clock } from './ports.js'

type InstanceRequest = Requested<InstanceCommand> & Readonly<{ instance: string }>
type InstanceWorld = Readonly<{
  log: LedgerLog
  clock: Clock
  instances: AggregateCache<Instance>
  books: AggregateCache<Books>
  allowsPrivateStores: boolean
}>

export function instanceStream(instance: string): string {
  return `instance-${instance}`
}

export function handleInstance(request: InstanceRequest, world: InstanceWorld): Promise<Done> {
  const { log, clock, instances: cache } = world
  const decide = (instance: Instance) => decided(request, instance, world)
  return decideAndAppend(request, { log, clock, cache, decide })
}

/** With the books that the instance belongs to, or is to belong to. */
async function decided(
  { command, input, instance: instanceId }: InstanceRequest,
  instance: Instance,
  world: InstanceWorld,
): Promise<Decision> {
  const slug = instance.status === 'registered' ? instance.books : command.books(input)
  if (slug === null) return refuse({ code: 'instance_not_registered', instance: instanceId })
  const { state: books } = await world.books.load(`books-${slug}`, 0)
  if (books.status === 'absent') return refuse({ code: 'books_not_open', books: slug })
  const { allowsPrivateStores } = world
  return command.decide(input, { instance, instanceId, books, allowsPrivateStores })
}
