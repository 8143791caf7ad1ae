import { randomUUID } from 'node:crypto'
import type { EventStore, EventToAppend, StoredEvent } from '../../src/event-store/event-store.js'

/** A log under test. All tests of a suite share it, so each uses streams of its own and starts at the head it finds. */
export type OpenedEventStore = Readonly<{
  store: EventStore
  /** A further instance over the same log, as a second process would have; closed by its user. */
  another?: () => Promise<EventStore>
  /** Writes to the log for a moment and rolls back, where the log has transactions. */
  rollBack?: () => Promise<void>
  close(): Promise<void>
}>

export function anEvent(fields: Partial<EventToAppend> = {}): EventToAppend {
  return { id: randomUUID(), type: 'SomethingHappened', data: '{}', metadata: '{}', ...fields }
}

export function someEvents(count: number): EventToAppend[] {
  return Array.from({ length: count }, (_, index) => anEvent({ data: `{"nth":${index}}` }))
}

export function aStream(prefix = 'folio'): string {
  return `${prefix}-${randomUUID()}`
}

/** What was handed over, taken from what came back. */
export function asAppended(stored: readonly StoredEvent[]): EventToAppend[] {
  return stored.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))
}
