/** The log as the ledger sees it: facts in, events out. The adapters beneath know bytes only. */
import type { EventOfType, LedgerEvent, LedgerFact } from '../events/ledger-event.js'
import {
  CorruptEvent,
  decode,
  encode,
  type EncodedEvent,
  hasPersonalFields,
  subjectOf,
} from './codec.js'
import type { EventStore, ReadStreamOptions, StoredEvent } from './event-store.js'
import type { LedgerLog, LogAppend, Origin, StreamEnd } from './log.js'
import type { SubjectKeys } from './subject-keys.js'

export type { LedgerLog } from './log.js'

const READ_PAGE_SIZE = 500

export function createLedgerLog(store: EventStore, keys: SubjectKeys): LedgerLog {
  async function open(page: readonly StoredEvent[]): Promise<readonly LedgerEvent[]> {
    revokeForgotten(page, keys)
    const subjects = new Set(page.map(subjectOf).filter((subject) => subject !== null))
    const found = subjects.size === 0 ? new Map<string, Buffer>() : await keys.find([...subjects])
    return page.map((stored) => decode(stored, found))
  }

  async function readBack(stream: string, options: Omit<ReadStreamOptions, 'direction'>) {
    const page = await store.readStream(stream, { ...options, direction: 'backwards' })
    checkBackwards(stream, page, options.limit)
    return open(page)
  }

  async function read(stream: string, from: number): Promise<readonly LedgerEvent[]> {
    const events: LedgerEvent[] = []
    for (;;) {
      const next = from + events.length
      const page = await store.readStream(stream, { from: next, limit: READ_PAGE_SIZE })
      for (const [index, { revision }] of page.entries()) checkThere(stream, revision, next + index)
      events.push(...(await open(page)))
      if (page.length < READ_PAGE_SIZE) return events
    }
  }

  async function append(
    stream: string,
    end: StreamEnd,
    facts: readonly LedgerFact[],
    origin: Origin,
    decidedIn: number = keys.generation(),
  ): Promise<LogAppend> {
    const first = end === 'no_stream' ? 0 : end.revision + 1
    let previousHash = end === 'no_stream' ? '' : end.hash
    const encoded: EncodedEvent[] = []
    for (const [index, fact] of facts.entries()) {
      const subject = hasPersonalFields(fact) ? await subjectFor(fact, stream) : null
      const event = encode(fact, { stream, revision: first + index, previousHash, origin, subject })
      previousHash = event.metadata.hash
      encoded.push(event)
    }
    if (keys.generation() !== decidedIn) return decidedTooEarly(end)
    const answer = await store.append(
      stream,
      end === 'no_stream' ? 'no_stream' : end.revision,
      encoded.map(({ toAppend }) => toAppend),
    )
    if (answer.outcome !== 'appended') return answer
    const events = facts.map((fact, index): LedgerEvent => {
      const { toAppend, metadata } = encoded[index] as EncodedEvent
      return {
        ...fact,
        id: toAppend.id,
        stream,
        revision: first + index,
        // Events of one append stand beside each other only in our own log; nobody may count on it.
        position: answer.position,
        metadata,
      }
    })
    const { position, revision } = answer
    return { outcome: 'appended', end: { revision, hash: previousHash }, position, events }
  }

  async function subjectFor(fact: LedgerFact, stream: string) {
    const party = (fact.data as { party?: string | null }).party
    const name = party ?? stream
    return { name, key: await keys.obtain(name) }
  }

  return { read, readBack, append, open, generation: () => keys.generation() }
}

function checkBackwards(stream: string, page: readonly StoredEvent[], limit: number): void {
  const newest = page[0]?.revision ?? 0
  for (const [index, { revision }] of page.entries()) checkThere(stream, revision, newest - index)
  const oldest = page.at(-1)?.revision ?? 0
  // Only a stream that was cut off ends before its first event.
  if (page.length < limit) checkThere(stream, oldest, 0, oldest - 1)
}

function checkThere(stream: string, found: number, wanted: number, missing: number = wanted): void {
  if (found !== wanted) throw new CorruptEvent({ stream, revision: missing }, 'is missing')
}

/** The key of somebody forgotten may be there for a moment longer; nothing is opened with it any more. */
function revokeForgotten(page: readonly StoredEvent[], keys: SubjectKeys): void {
  for (const event of page.filter(({ type }) => type === 'SubjectForgotten')) {
    const { data } = decode(event, new Map()) as EventOfType<'SubjectForgotten'>
    keys.revoke(data.keys)
  }
}

/** Somebody was forgotten meanwhile: what is to be written down may name them. */
function decidedTooEarly(end: StreamEnd): LogAppend {
  const expected = end === 'no_stream' ? end : end.revision
  return { outcome: 'conflict', expected, actual: expected }
}
