/** The write side over the memory log, with a clock that the test sets and keys it does not have to think of. */
import { z } from 'zod'
import { openBooks } from '../../commands/books/open-books.js'
import type { BooksCommand, FolioCommand } from '../../commands/command.js'
import { createHandler, type Handler } from '../../commands/handle.js'
import type { Outcome } from '../../commands/outcome.js'
import type { Caller, Clock, KeyClaims, People } from '../../commands/ports.js'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js'
import { createFingerprint } from '../../src/event-store/fingerprint.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import type { LedgerLog } from '../../src/event-store/log.js'
import type { SubjectKeys } from '../../src/event-store/subject-keys.js'
import { testSubjectKeys } from './subject-keys.js'

export const TODAY = '2026-11-22'

export const fingerprint = createFingerprint(Buffer.alloc(32, 7), testSubjectKeys())

export type TestLedger = Readonly<{
  store: EventStore
  log: LedgerLog
  handler: Handler
  clock: { day: string }
  /** Runs a command that must be accepted and gives its answer. */
  must<Input extends z.ZodType, Answer>(
    command: FolioCommand<Input, Answer>,
    input: unknown,
    caller?: Partial<Caller>,
  ): Promise<NonNullable<Answer>>
  /** Runs a command, whatever comes. */
  ask<Input extends z.ZodType, Answer>(
    command: FolioCommand<Input, Answer>,
    input: unknown,
    caller?: Partial<Caller>,
  ): Promise<Outcome<Answer>>
  askBooks<Input extends z.ZodType, Answer>(
    command: BooksCommand<Input, Answer>,
    input: unknown,
    caller?: Partial<Caller>,
  ): Promise<Outcome<Answer>>
  /** The whole log, opened. */
  events(): Promise<readonly LedgerEvent[]>
}>

/** Counted over all ledgers, for two of them over one store are two processes and not one caller. */
let keysUsed = 0

export function createTestClock(): Clock & { day: string } {
  let ticks = 0
  return {
    day: TODAY,
    now() {
      return `${this.day}T10:00:00.000Z`
    },
    today() {
      return this.day
    },
    monotonicMs: () => (ticks += 1),
  }
}

/** A second ledger over the same store is another process of the same books. */
export async function createTestLedger(
  store: EventStore = createMemoryEventStore(),
  books: Readonly<Record<string, unknown>> = {},
  claims?: KeyClaims,
  keys: SubjectKeys = testSubjectKeys(),
): Promise<TestLedger> {
  const log = createLedgerLog(store, keys)
  const clock = createTestClock()
  const handler = createHandler({
    log,
    clock,
    fingerprint,
    people: peopleIn(store, keys),
    ...(claims === undefined ? {} : { claims }),
  })
  const caller = (given: Partial<Caller> = {}): Caller => ({
    principal: 'tester',
    key: `key-${(keysUsed += 1)}`,
    correlation: 'test',
    ...given,
  })
  const opened = await handler.books(openBooks, books, caller())
  const isOpenAlready = opened.outcome === 'refused' && opened.refusal.code === 'books_open_already'
  if (opened.outcome !== 'accepted' && !isOpenAlready) throw new Error(JSON.stringify(opened))
  return {
    store,
    log,
    handler,
    clock,
    ask: async (command, input, given) =>
      fitting(command, await handler.folio(command, input, caller(given))),
    askBooks: async (command, input, given) =>
      fitting(command, await handler.books(command, input, caller(given))),
    async must(command, input, given) {
      const outcome = fitting(command, await handler.folio(command, input, caller(given)))
      if (
        outcome.outcome !== 'accepted' ||
        outcome.answer === null ||
        outcome.answer === undefined
      ) {
        throw new Error(
          `${command.name}: ${JSON.stringify(outcome, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v))}`,
        )
      }
      return outcome.answer
    },
    events: async () => log.open(await wholeLog(store)),
  }
}

/** As the read models would say, read off the log itself. */
function peopleIn(store: EventStore, keys: SubjectKeys): People {
  return {
    foliosNaming: async (party) => {
      const naming = (await wholeLog(store)).filter(
        ({ stream, data }) => stream.startsWith('folio-') && data.includes(`"party":"${party}"`),
      )
      return [...new Set(naming.map(({ stream }) => stream.slice('folio-'.length)))]
    },
    keysOf: (subjects) => keys.named(subjects),
    drop: (named) => keys.drop(named),
  }
}

/** Every accepted answer fits what its command says it answers. */
function fitting<Answer>(
  { name, output }: Readonly<{ name: string; output: z.ZodType<Answer> }>,
  outcome: Outcome<Answer>,
): Outcome<Answer> {
  if (outcome.outcome !== 'accepted') return outcome
  const { error } = output.safeParse(outcome.answer)
  if (error !== undefined) throw new Error(`${name} answers otherwise: ${z.prettifyError(error)}`)
  return outcome
}

async function wholeLog(store: EventStore): Promise<StoredEvent[]> {
  const events: StoredEvent[] = []
  for (;;) {
    const page = await store.readAll({ after: events.at(-1)?.position ?? null, limit: 10_000 })
    if (page.length === 0) return events
    events.push(...page)
  }
}
