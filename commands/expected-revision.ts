/** Acting on what one saw: a caller that names a revision is refused at any other (H4). */
import type { LedgerLog } from '../src/event-store/log.js'
import type { Loaded } from './aggregate-cache.js'
import type { Caller } from './ports.js'
import type { Refusal } from './refusal.js'

/** Whoever is further behind reads the documents anew. */
const EVENTS_TOLD_MAX = 100

export async function revisionRefusal(
  { caller, stream }: Readonly<{ caller: Caller; stream: string }>,
  { end }: Pick<Loaded<unknown>, 'end'>,
  log: LedgerLog,
): Promise<Refusal | null> {
  const expected = caller.expectedRevision
  const actual = end === 'no_stream' ? null : end.revision
  if (expected === undefined || expected === actual) return null
  const later = actual !== null && actual > expected ? await log.read(stream, expected + 1) : []
  const events = later
    .slice(0, EVENTS_TOLD_MAX)
    .map(({ revision, type, metadata: { recordedAt, principal, command } }) => ({
      revision,
      type,
      recordedAt,
      principal,
      command,
    }))
  return { code: 'revision_differs', expected, actual, events }
}
