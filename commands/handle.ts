/**
 * The way of a command (architecture 5): parse, load, known key?, decide, take a number, append at the revision read,
 * answer. One lane per stream in this process; retries, bounded, are for other processes.
 */
import { v5 as uuidv5 } from 'uuid'
import type { z } from 'zod'
import { type Books, evolveBooks, initialBooks } from '../src/aggregates/books.js'
import { CorruptStream } from '../src/aggregates/corrupt-stream.js'
import { evolveAnyFolio, type Folio, initialFolio } from '../src/aggregates/folio.js'
import { isBooksEvent, type LedgerEvent } from '../src/events/ledger-event.js'
import type { LedgerLog } from '../src/event-store/log.js'
import { createAggregateCache } from './aggregate-cache.js'
import { underClaim } from './claim-key.js'
import type { BooksCommand, FolioCommand } from './command.js'
import { folioOfDocument, folioStream, HAND_OPENED_NAMESPACE } from './document-id.js'
import { handleBooks } from './handle-books.js'
import { type FolioRequest, handleFolio } from './handle-folio.js'
import { createLanes } from './lanes.js'
import { createNumberSeries } from './number-series.js'
import { originOf, type Outcome } from './outcome.js'
import { parseInput } from './parse-input.js'
import type { Caller, Clock, Fingerprint, KeyClaims } from './ports.js'
import type { SeriesKey } from './series-stream.js'
import { settleSeries, type SettledSeries } from './settle-series.js'

export type Handler = Readonly<{
  folio: <Input extends z.ZodType, Answer>(
    command: FolioCommand<Input, Answer>,
    input: unknown,
    caller: Caller,
  ) => Promise<Outcome<Answer>>
  books: <Input extends z.ZodType, Answer>(
    command: BooksCommand<Input, Answer>,
    input: unknown,
    caller: Caller,
  ) => Promise<Outcome<Answer>>
  /** The books as they stand now, to show what would be decided. */
  readBooks: (slug: string) => Promise<Books>
  /** The folio as it stands now, for whoever plans commands; never for deciding. */
  readFolio: (folioId: string) => Promise<Folio>
  /** Looks up what became of the numbers that a series still watches; for `folio doctor`. */
  settleSeries: (
    key: SeriesKey,
    options: Readonly<{ release: boolean }>,
    caller: Caller,
  ) => Promise<SettledSeries>
  close: () => Promise<void>
}>

type Deps = Readonly<{
  log: LedgerLog
  clock: Clock
  fingerprint: Fingerprint
  /** Left out: no early answers, the log alone decides. */
  claims?: KeyClaims
}>

export function createHandler(deps: Deps): Handler {
  const { log, clock } = deps
  const folios = createAggregateCache<Folio>(
    log,
    { initial: initialFolio, evolve: evolveAnyFolio },
    () => clock.monotonicMs(),
  )
  const books = createAggregateCache<Books>(
    log,
    { initial: initialBooks, evolve: evolveAnyBooks },
    () => clock.monotonicMs(),
  )
  const numbers = createNumberSeries(log, clock)
  const inLane = createLanes()
  const underWay = new Set<Promise<unknown>>()

  const readFolio = async (folioId: string) => (await folios.load(folioStream(folioId), 0)).state

  return {
    folio: async (command, input, caller) => {
      const parsed = parseInput(command.input, input)
      if ('issues' in parsed) return { outcome: 'malformed', issues: parsed.issues }
      const { folioId, isNamedFromRequest } = folioOf(command, parsed.value, caller)
      const stream = folioStream(folioId)
      const request: FolioRequest = {
        command,
        input: parsed.value,
        caller,
        folioId,
        stream,
        isNamedFromRequest,
        fingerprint: await deps.fingerprint({ command: command.name, input, stream }),
      }
      const outcome = await watched(underWay, () =>
        underClaim(deps.claims, request, () =>
          inLane(stream, () => handleFolio(request, { log, clock, folios, books, numbers })),
        ),
      )
      return outcome as Outcome<ReturnType<typeof command.answer>>
    },
    books: async (command, input, caller) => {
      const parsed = parseInput(command.input, input)
      if ('issues' in parsed) return { outcome: 'malformed', issues: parsed.issues }
      const stream = `books-${command.books(parsed.value)}`
      const fingerprint = await deps.fingerprint({ command: command.name, input, stream })
      const request = { command, input: parsed.value, caller, stream, fingerprint }
      const outcome = await watched(underWay, () =>
        underClaim(deps.claims, request, () =>
          inLane(stream, () => handleBooks(request, { log, clock, books })),
        ),
      )
      return outcome as Outcome<ReturnType<typeof command.answer>>
    },
    readBooks: async (slug) => (await books.load(`books-${slug}`, 0)).state,
    readFolio,
    settleSeries: (key, options, caller) => {
      const request = { command: { name: 'settle-series' }, caller, fingerprint: '' }
      const origin = originOf(request, clock, {})
      return settleSeries(key, options, { log, folios, numbers, origin })
    },
    close: async () => {
      await Promise.allSettled(underWay)
      await numbers.close()
    },
  }
}

/** Also what nobody waits for any more: whoever closes does. */
async function watched<Value>(
  underWay: Set<Promise<unknown>>,
  work: () => Promise<Value>,
): Promise<Value> {
  const working = work()
  underWay.add(working)
  try {
    return await working
  } finally {
    underWay.delete(working)
  }
}

function folioOf(
  command: FolioCommand,
  input: unknown,
  { principal, key, folio }: Caller,
): Pick<FolioRequest, 'folioId' | 'isNamedFromRequest'> {
  const document = command.document(input)
  const known = document === null ? (folio ?? command.opens?.(input)) : folioOfDocument(document)
  if (known !== undefined) return { folioId: known, isNamedFromRequest: false }
  const folioId = uuidv5(JSON.stringify([principal, command.name, key]), HAND_OPENED_NAMESPACE)
  return { folioId, isNamedFromRequest: true }
}

function evolveAnyBooks(books: Books, event: LedgerEvent): Books {
  if (!isBooksEvent(event)) throw new CorruptStream(event, 'it belongs to no books')
  return evolveBooks(books, event)
}
