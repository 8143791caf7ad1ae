/**
 * Events as EventStoreDB keeps them: data as the very bytes that were hashed, for the client would parse JSON and write it
 * anew, at a third of the reading speed. Metadata it always tries to parse as JSON, so that is stored as one JSON string:
 * parsed it is the very text, whatever that is, with nothing to write anew.
 */
import type { AllStreamResolvedEvent, EventData, RecordedEvent } from '@eventstore/db-client'
import { IDENTITY_STREAM } from './event-store.js'
import type { EventToAppend, Position, StoredEvent } from './event-store.js'

const encoder = new TextEncoder()

export function toWire({ id, type, data, metadata }: EventToAppend): EventData {
  return {
    id,
    type,
    contentType: 'application/octet-stream',
    data: encoder.encode(data),
    metadata: encoder.encode(JSON.stringify(metadata)),
  }
}

/** `metadata` is empty where somebody else wrote none: no event of ours is without. */
export function fromWire(recorded: RecordedEvent): StoredEvent {
  const { id, type, streamId: stream, revision } = recorded
  return {
    id,
    type,
    data: textOf(recorded.data),
    metadata: metadataFromWire(recorded.metadata),
    stream,
    revision: Number(revision),
    position: positionOf(recorded),
  }
}

/** Commit and prepare position are the same since version 20; a stream's events carry theirs since 22.6. */
export function positionOf({ position }: RecordedEvent): Position {
  if (position === undefined) {
    throw new Error('This EventStoreDB gives events without positions; version 22.6 or later does.')
  }
  return position.commit
}

export function wirePosition(position: Position): Readonly<{ commit: bigint; prepare: bigint }> {
  return { commit: position, prepare: position }
}

/** For the server to leave out what is not the ledger's: its own streams begin with `$`. */
export const LEDGER_STREAMS = String.raw`^(?!\$|${IDENTITY_STREAM}$)`

/** The event, where it is one of the ledger's. */
export function ledgerEvent({
  event,
}: Pick<AllStreamResolvedEvent, 'event'>): RecordedEvent | null {
  if (event === undefined) return null
  const { streamId } = event
  return streamId.startsWith('$') || streamId === IDENTITY_STREAM ? null : event
}

function metadataFromWire(metadata: unknown): string {
  if (typeof metadata === 'string') return metadata
  return metadata === undefined ? '' : textOf(metadata)
}

/** What somebody else wrote as JSON is shown as such; its hash will not be one of ours. */
function textOf(written: unknown): string {
  return written instanceof Uint8Array ? utf8(written) : JSON.stringify(written)
}

function utf8({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8')
}
