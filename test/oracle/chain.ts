/** The chain of a log: revisions without a hole, hashes that link and are right, ids made of hashes. */
import { createHash } from 'node:crypto'
import type { StoredEvent } from '../../src/event-store/event-store.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import type { Report } from './report.js'

const EVENT_ID_NAMESPACE = 'c0c4b0f66f0c5d3e9a5e0f1e6f4c5a10'

export function createChain(report: Report) {
  const ends = new Map<string, { revision: number; hash: string }>()
  const ids = new Map<string, string>()
  let lastPosition = 0n

  return {
    /** `stored` is the event as its bytes are; without it the hash itself cannot be worked out again. */
    feed(event: LedgerEvent, stored?: StoredEvent): void {
      const { stream, revision, id, position, metadata } = event
      const before = ends.get(stream)
      const expected = before === undefined ? 0 : before.revision + 1
      if (revision !== expected) {
        report('revision', `${stream}@${revision}`, `the stream goes on with ${expected}`)
      }
      if (metadata.previousHash !== (before?.hash ?? '')) {
        report(
          'previous_hash',
          `${stream}@${revision}`,
          'does not name the hash of the event before it',
        )
      }
      if (position <= lastPosition) {
        report('position', `${position}`, `comes after position ${lastPosition}`)
      }
      if (id !== eventIdOf(metadata.hash)) {
        report('event_id', id, `is not the id of the hash ${metadata.hash}`)
      }
      const twin = ids.get(id)
      if (twin !== undefined) report('event_id', id, `stands at ${twin} already`)
      if (stored !== undefined) checkBytes(event, stored, report)
      ids.set(id, `${stream}@${revision}`)
      ends.set(stream, { revision, hash: metadata.hash })
      lastPosition = position
    },
  }
}

function checkBytes(event: LedgerEvent, stored: StoredEvent, report: Report): void {
  const { hash, ...unhashed } = JSON.parse(stored.metadata) as Record<string, unknown>
  const worked = createHash('sha256')
  for (const part of [
    stored.stream,
    `${stored.revision}`,
    stored.type,
    stored.data,
    canonicalJson(unhashed),
  ]) {
    const bytes = Buffer.from(part, 'utf8')
    worked.update(Buffer.concat([Buffer.from(`${bytes.length}:`, 'ascii'), bytes]))
  }
  const right = worked.digest('hex')
  const at = `${stored.stream}@${stored.revision}`
  if (hash !== right || event.metadata.hash !== right) {
    report('hash', at, `its content has the hash ${right}, it says ${String(hash)}`)
  }
  if (stored.metadata !== canonicalJson(event.metadata) || stored.id !== event.id) {
    report('stored_metadata', at, 'is stored otherwise than it reads')
  }
}

/** Keys sorted by UTF-16 units, no white space, numbers and texts as JSON has them (RFC 8785). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

/** UUIDv5 by hand: SHA-1 over namespace and name, with version and variant set. */
export function eventIdOf(hash: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from(EVENT_ID_NAMESPACE, 'hex'))
    .update(hash, 'utf8')
    .digest()
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6)
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = digest.toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-')
}
