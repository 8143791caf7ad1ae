/** An event store that fails on purpose, over a real one. */
import type {
  AppendOutcome,
  EventStore,
  EventToAppend,
  ExpectedRevision,
} from '../../src/event-store/event-store.js'

/** What becomes of one append. `lost` and `landed` both answer *unknown*; `crash` throws before anything is stored. */
export type Fault = 'none' | 'lost' | 'landed' | 'conflict' | 'crash' | 'crash after'

export class Crash extends Error {}

export type FaultyStore = EventStore &
  Readonly<{
    /** The next append to a stream whose name begins so goes wrong; faults of one prefix queue up. */
    next(prefix: string, ...faults: readonly Fault[]): void
    /** Runs once before the next append to such a stream: what somebody else does in between. */
    before(prefix: string, meanwhile: () => Promise<unknown>): void
  }>

export function faultyStore(store: EventStore): FaultyStore {
  const faults: { prefix: string; fault: Fault }[] = []
  const meanwhiles: { prefix: string; meanwhile: () => Promise<unknown> }[] = []

  const take = <Planned extends { prefix: string }>(planned: Planned[], stream: string) => {
    const index = planned.findIndex(({ prefix }) => stream.startsWith(prefix))
    return index === -1 ? undefined : planned.splice(index, 1)[0]
  }

  async function append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendOutcome> {
    await take(meanwhiles, stream)?.meanwhile()
    const fault = take(faults, stream)?.fault ?? 'none'
    const unknown = { outcome: 'unknown', reason: 'no answer' } as const
    if (fault === 'lost') return unknown
    if (fault === 'conflict') return { outcome: 'conflict', expected, actual: expected }
    if (fault === 'crash') throw new Crash('before the append')
    const answer = await store.append(stream, expected, events)
    if (fault === 'landed') return unknown
    if (fault === 'crash after') throw new Crash('after the append')
    return answer
  }

  return {
    ...store,
    append,
    next: (prefix, ...planned) => void faults.push(...planned.map((fault) => ({ prefix, fault }))),
    before: (prefix, meanwhile) => void meanwhiles.push({ prefix, meanwhile }),
  }
}
