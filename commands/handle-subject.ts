/**
 * Forgetting a person (A6): find what names them, say so in the log, then drop the keys. The event comes first: whatever
 * is cut off after it is completed by asking again or by `folio doctor`, and drops exactly the keys that it names.
 */
import type { Subject } from '../src/aggregates/subject.js'
import type { LedgerLog } from '../src/event-store/log.js'
import { type AggregateCache, type Loaded, requestKey } from './aggregate-cache.js'
import { type Attempt, untilDecided } from './attempts.js'
import type { SubjectCommand, SubjectContext } from './command.js'
import { folioStream } from './document-id.js'
import { revisionRefusal } from './expected-revision.js'
import {
  accepted,
  type Done,
  isSameRequest,
  originOf,
  recorded,
  replay,
  type Requested,
} from './outcome.js'
import { type NamedDocuments, namedDocuments } from './party/named-documents.js'
import type { Clock, People } from './ports.js'

type SubjectRequest = Requested<SubjectCommand> & Readonly<{ subject: string }>
type SubjectWorld = Readonly<{
  log: LedgerLog
  clock: Clock
  subjects: AggregateCache<Subject>
  people: People
}>

/** The read models do not follow the log, so not everything that names the person can be found. It can be asked again. */
export class ReadModelsBehind extends Error {
  constructor() {
    super('The read models did not reach the end of the log in time: nobody can be forgotten yet')
    this.name = 'ReadModelsBehind'
  }
}

/** What was appended while we looked and dropped is looked for again; nothing new can be sealed with a dropped key. */
const LOOKS_MAX = 3
/** Each event has up to 300 kB. */
const EVENTS_PER_APPEND = 3
const FOLIOS_READ_AT_ONCE = 4

export function handleSubject(request: SubjectRequest, world: SubjectWorld): Promise<Done> {
  return untilDecided(() => attemptSubject(request, world))
}

/** Drops what the log says is forgotten, where a crash came before; how many keys were still there. */
export async function finishForgetting(
  subject: string,
  { subjects, people }: Pick<SubjectWorld, 'subjects' | 'people'>,
): Promise<number> {
  const { state } = await subjects.load(subjectStream(subject), 0)
  return (await people.drop(state.keys)).length
}

export function subjectStream(subject: string): string {
  return `subject-${subject}`
}

async function attemptSubject(request: SubjectRequest, world: SubjectWorld): Promise<Attempt> {
  const { command, input, caller, stream } = request
  let loaded = await world.subjects.load(stream, 0)
  const key = requestKey(caller.principal, caller.key)
  const known = loaded.keys.get(key)
  if (known !== undefined && !isSameRequest(request, known)) {
    return replay(request, known, world.log)
  }
  const stale = known === undefined ? await revisionRefusal(request, loaded, world.log) : null
  if (stale !== null) return { outcome: 'refused', refusal: stale }
  await world.people.drop(loaded.state.keys)
  // A repeat forgets nothing that came after it was first asked; it may find what was appended meanwhile.
  for (let look = known === undefined ? 0 : 1; look < LOOKS_MAX; look += 1) {
    const decision = command.decide(input, await lookFor(request, loaded, { ...world, look }))
    if (decision.outcome === 'refused') return decision
    const facts = decision.events([])
    if (facts.length === 0) break
    for (let from = 0; from < facts.length; from += EVENTS_PER_APPEND) {
      const some = facts.slice(from, from + EVENTS_PER_APPEND)
      const answer = await world.log.append(
        stream,
        loaded.end,
        some,
        originOf(request, world.clock, {}),
      )
      if (answer.outcome !== 'appended') return 'again'
      loaded = world.subjects.appended(stream, loaded, answer.events)
    }
    await world.people.drop(loaded.state.keys)
  }
  const used = loaded.keys.get(key)
  if (used === undefined) return accepted([], stream, loaded)
  const answer = await recorded(stream, used, world.log)
  if (known !== undefined) return answer
  return { ...answer, replayed: false, appended: answer.events.length }
}

async function lookFor(
  { command, input, subject }: SubjectRequest,
  { state, end }: Loaded<Subject>,
  { log, people, look }: SubjectWorld & Readonly<{ look: number }>,
): Promise<SubjectContext> {
  const party = command.party(input)
  const folioIds = party === null ? [subject] : await people.foliosNaming(party)
  if (folioIds === 'behind') throw new ReadModelsBehind()
  const streams = folioIds.map(folioStream)
  const subjects = [...(party === null ? [] : [party]), ...streams]
  const read = await readAll(streams, new Set(subjects), log)
  const late = read.flatMap(({ forgotten }) => forgotten).filter((id) => !state.documents.has(id))
  const listed = {
    isFirst: end === 'no_stream',
    subject,
    isKnown: read.some(({ events }) => events > 0),
  }
  const parties = [...new Set(read.flatMap((found) => found.parties))]
  if (look > 0) return { ...listed, parties, keys: [], documents: late }
  const before = new Set(state.keys.map((known) => known.key))
  const keys = (await people.keysOf(subjects)).filter(({ key }) => !before.has(key))
  // Between event and drop the names can still be read, though they are forgotten.
  const named = keys.length === 0 ? [] : read.flatMap((found) => found.named)
  return { ...listed, parties, keys, documents: [...new Set([...named, ...late])] }
}

async function readAll(
  streams: readonly string[],
  subjects: ReadonlySet<string>,
  log: LedgerLog,
): Promise<(NamedDocuments & Readonly<{ events: number }>)[]> {
  const found: (NamedDocuments & Readonly<{ events: number }>)[] = []
  for (let from = 0; from < streams.length; from += FOLIOS_READ_AT_ONCE) {
    const some = streams.slice(from, from + FOLIOS_READ_AT_ONCE)
    found.push(
      ...(await Promise.all(
        some.map(async (stream) => {
          const events = await log.read(stream, 0)
          return { ...namedDocuments(stream, events, subjects), events: events.length }
        }),
      )),
    )
  }
  return found
}
