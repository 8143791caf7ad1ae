/**
 * Events as EventStoreDB keeps them. Its client takes JSON as values and not as text, so a text is written as JSON only
 * where parsing it and writing it out again gives the very same text (so it is with everything of the ledger); any
 * other goes as plain bytes. Either way it comes back byte for byte.
 */
import type { AllStreamResolvedEvent, EventData, RecordedEvent } from '@eventstore/db-client'
import { IDENTITY_STREAM } from './event-store.js'
import type { EventToAppend, Position, StoredEvent } from './event-store.js'

/** Before metadata that the client must not take for JSON. */
const NOT_JSON = 0

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export function toWire(event: EventToAppend): EventData {
  const { id, type } = event
  const metadata = metadataToWire(event.metadata)
  const json = valueOfStableJson(event.data)
  return json === null
    ? { id, type, metadata, contentType: 'application/octet-stream', data: bytesOf(event.data) }
    : { id, type, metadata, contentType: 'application/json', data: json.value as string }
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

function metadataToWire(text: string): Uint8Array {
  if (valueOfStableJson(text) !== null) return bytesOf(text)
  const bytes = bytesOf(text)
  const marked = new Uint8Array(bytes.length + 1)
  marked[0] = NOT_JSON
  marked.set(bytes, 1)
  return marked
}

function metadataFromWire(metadata: unknown): string {
  if (metadata === undefined) return ''
  if (!(metadata instanceof Uint8Array)) return JSON.stringify(metadata)
  return textOf(metadata[0] === NOT_JSON ? metadata.subarray(1) : metadata)
}

function valueOfStableJson(text: string): Readonly<{ value: unknown }> | null {
  try {
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text ? { value } : null
  } catch {
    return null
  }
}

function textOf(data: unknown): string {
  return data instanceof Uint8Array ? decoder.decode(data) : JSON.stringify(data)
}

function bytesOf(text: string): Uint8Array {
  return encoder.encode(text)
}
