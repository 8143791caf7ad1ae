/** How a command ends, and what its events say of where it came from. */
import { atPlace } from '../src/aggregates/at-place.js'
import type { LedgerEvent } from '../src/events/ledger-event.js'
import type { LedgerLog, Origin } from '../src/event-store/log.js'
import type { Position } from '../src/event-store/event-store.js'
import type { KeyUse, Loaded } from './aggregate-cache.js'
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

/** A command as its own stream has it; the answer is made from its events. */
export type Done = Readonly<
  | { outcome: 'refused'; refusal: Refusal }
  | (Omit<Extract<Outcome, { outcome: 'accepted' }>, 'answer'> & {
      /** What it appended, now or the first time. */
      events: readonly LedgerEvent[]
    })
>

/** A command with its input, parsed, and where it is to be decided. */
export type Requested<Command = Readonly<{ name: string }>> = Readonly<{
  command: Command
  input: unknown
  caller: Caller
  stream: string
  fingerprint: string
}>

/** The answer of a repeat is made from the events that the first request appended. */
export async function replay(
  request: Omit<Requested, 'input'>,
  known: KeyUse,
  log: LedgerLog,
): Promise<Done> {
  if (!isSameRequest(request, known)) {
    const { key } = request.caller
    return {
      outcome: 'refused',
      refusal: { code: 'idempotency_key_used_differently', key, command: known.command },
    }
  }
  return recorded(request.stream, known, log)
}

export function isSameRequest(
  { command, fingerprint }: Pick<Requested, 'command' | 'fingerprint'>,
  known: KeyUse,
): boolean {
  return known.command === command.name && known.fingerprint === fingerprint
}

/** What was accepted under a key, as its events say. */
export async function recorded(stream: string, { from, to }: KeyUse, log: LedgerLog) {
  const events = (await log.read(stream, from)).filter(({ revision }) => revision <= to)
  const { position } = atPlace(events, events.length - 1)
  return {
    outcome: 'accepted',
    events,
    replayed: true,
    stream,
    revision: to,
    position,
    appended: 0,
  } satisfies Done
}

export function accepted(
  events: readonly LedgerEvent[],
  stream: string,
  { end, position }: Loaded<unknown>,
): Done {
  const revision = end === 'no_stream' ? null : end.revision
  const appended = events.length
  return { outcome: 'accepted', events, replayed: false, stream, revision, position, appended }
}

/** With the answer that the command makes of its events, the first time and each further time. */
export function answered<Answer>(
  done: Done,
  answerOf: (events: readonly LedgerEvent[]) => Answer,
): Outcome<Answer> {
  if (done.outcome === 'refused') return done
  const { events, ...rest } = done
  return { ...rest, answer: answerOf(events) }
}

export function originOf(
  { command, caller, fingerprint }: Pick<Requested, 'command' | 'caller' | 'fingerprint'>,
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
