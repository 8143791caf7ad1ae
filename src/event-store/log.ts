/** The log as the ledger sees it: facts in, events out. This is what commands know of it. */
import type { EventMetadata } from '../events/event.js'
import type { LedgerEvent, LedgerFact } from '../events/ledger-event.js'
import type { AppendOutcome, Position, StoredEvent } from './event-store.js'

/** Up to which event a stream was read; an append says it continues from there. */
export type StreamEnd = Readonly<{ revision: number; hash: string }> | 'no_stream'

export type Origin = Omit<EventMetadata, 'schemaVersion' | 'previousHash' | 'hash'>

export type LogAppend =
  | Readonly<{
      outcome: 'appended'
      end: StreamEnd
      /** Of the append's last event. */
      position: Position
      events: readonly LedgerEvent[]
    }>
  | Exclude<AppendOutcome, { outcome: 'appended' }>

export interface LedgerLog {
  /** The whole rest of a stream from a revision on, forwards; checked to begin there and to have no hole. */
  read(stream: string, from: number): Promise<readonly LedgerEvent[]>
  /** At most `limit` events back from the stream's end, newest first. */
  readBack(
    stream: string,
    options: Readonly<{ from?: number; limit: number }>,
  ): Promise<readonly LedgerEvent[]>
  append(
    stream: string,
    end: StreamEnd,
    facts: readonly LedgerFact[],
    origin: Origin,
    /** The generation that the facts were decided in: in a later one it is a conflict. Left out: now. */
    decidedIn?: number,
  ): Promise<LogAppend>
  /**
   * Counts up whenever this process learns that somebody was forgotten (A6). What was read before may hold names that
   * nobody may know any more, least of all seal again: it is not to be kept, and not to be decided on.
   */
  generation(): number
  /** Turns a page of stored events into ledger events, fetching the subjects' keys in one go. */
  open(page: readonly StoredEvent[]): Promise<readonly LedgerEvent[]>
}
