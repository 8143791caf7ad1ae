/** How a command ends, and what its events say of where it came from. */
import type { LedgerLog, Origin } from '../src/event-store/log.js'
import type { Position } from '../src/event-store/event-store.js'
import type { KeyUse, Loaded } from './aggregate-cache.js'
import type { BooksCommand, FolioCommand } from './command.js'
import { folioOfStream } from './document-id.js'
import type { Issue } from './parse-input.js'
import type { Caller, Clock } from './ports.js'
import type { Refusal } from './refusal.js'

export type Outcome<Answer = unknown> = Readonly<
  | { outcome: 'malformed'; issues: readonly Issue[] }
  | { outcome: 'refused'; refusal: Refusal }
  | {
      outcome: 'accepted'
      answer: Answer
      /** The same request was accepted before; nothing was appended now. */
      replayed: boolean
      stream: string
      /** Where the stream stood after this command, also for a repeat; `null`: it has no events. */
      revision: number | null
      /** Where its last event stood in the log then: a read that waits for it sees this command (H5). */
      position: Position | null
      appended: number
    }
>

/** The answer of a repeat is made from the events that the first request appended. */
export async function replay(
  request: Readonly<{
    command: FolioCommand | BooksCommand
    caller: Caller
    stream: string
    fingerprint: string
  }>,
  known: KeyUse,
  log: LedgerLog,
): Promise<Outcome> {
  const { command, caller, stream, fingerprint } = request
  if (known.command !== command.name || known.fingerprint !== fingerprint) {
    const { key } = caller
    return {
      outcome: 'refused',
      refusal: { code: 'idempotency_key_used_differently', key, command: known.command },
    }
  }
  const events = (await log.read(stream, known.from)).filter(({ revision }) => revision <= known.to)
  const { revision = known.to, position = null } = events.at(-1) ?? {}
  const answer = command.answer(events, folioOfStream(stream))
  return { outcome: 'accepted', answer, replayed: true, stream, revision, position, appended: 0 }
}

export function accepted(
  answer: unknown,
  stream: string,
  { end, position }: Loaded<unknown>,
  appended: number,
): Outcome {
  const revision = end === 'no_stream' ? null : end.revision
  return { outcome: 'accepted', answer, replayed: false, stream, revision, position, appended }
}

export function originOf(
  {
    command,
    caller,
    fingerprint,
  }: Readonly<{ command: { name: string }; caller: Caller; fingerprint: string }>,
  clock: Clock,
  under: Readonly<Record<string, number>>,
): Origin {
  const { principal, key, correlation, causation } = caller
  return {
    command: command.name,
    commandKey: key,
    fingerprint,
    principal,
    correlation,
    ...(causation === undefined ? {} : { causation }),
    recordedAt: clock.now(),
    decidedUnder: under,
  }
}
