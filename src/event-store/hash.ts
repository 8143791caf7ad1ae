/**
 * The hash of an event: SHA-256 over length-prefixed bytes of everything that is stored of it but the hash itself, its
 * stream and revision included; its position is not, for the log assigns that (architecture 2, A3).
 */
import { createHash } from 'node:crypto'
import { v5 as uuidv5 } from 'uuid'

/** The namespace of event ids: an id is UUIDv5 of the hash, so that only the very same event is taken for a repeat. */
const EVENT_ID_NAMESPACE = 'c0c4b0f6-6f0c-5d3e-9a5e-0f1e6f4c5a10'

export type HashedParts = Readonly<{
  stream: string
  revision: number
  type: string
  /** Canonical JSON of the stored data, personal fields sealed. */
  data: string
  /** Canonical JSON of the metadata without `hash`; it holds the hash of the event before. */
  metadata: string
}>

/** Lower-case hexadecimal. */
export function eventHash({ stream, revision, type, data, metadata }: HashedParts): string {
  // In one go: each call into the hash costs as much as a kilobyte of it.
  const bytes = [stream, `${revision}`, type, data, metadata]
    .map((part) => `${Buffer.byteLength(part)}:${part}`)
    .join('')
  return createHash('sha256').update(bytes).digest('hex')
}

export function eventId(hash: string): string {
  return uuidv5(hash, EVENT_ID_NAMESPACE)
}
