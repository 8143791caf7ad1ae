/**
 * Takes numbers from their series (architecture 3): in the order asked, without a duplicate under concurrency and
 * crashes, and the same document always gets the same number back. Callers that wait together share one append.
 */
import { formatNumber, type Series } from '../src/aggregates/series.js'
import type { LedgerFact } from '../src/events/ledger-event.js'
import { type Binding, NUMBERS_PER_APPEND_MAX } from '../src/events/series-events.js'
import type { LedgerLog } from '../src/event-store/log.js'
import type { NumberRequest } from './decision.js'
import type { Clock } from './ports.js'
import {
  appendToSeries,
  type LoadedSeries,
  loadSeries,
  type SeriesKey,
  seriesStream,
} from './series-stream.js'

/** A number as it was given: `INV/2026/00064`, and what it is made of. */
export type TakenNumber = Readonly<{
  text: string
  books: string
  year: number
  number: number
  /** The posting date that it is the permission for; of a number bound before, perhaps not the one asked for. */
  boundFor: string
  request: NumberRequest
}>

/** Others kept taking from the series between our reading and our append. */
export class SeriesBusy extends Error {
  constructor(stream: string) {
    super(`${stream} was changed by others ${ATTEMPTS_MAX} times in a row`)
    this.name = 'SeriesBusy'
  }
}

const ATTEMPTS_MAX = 50
const USED_PER_APPEND_MAX = NUMBERS_PER_APPEND_MAX * 4

type Waiting = Readonly<{
  request: NumberRequest
  resolve: (number: TakenNumber) => void
  reject: (reason: unknown) => void
}>

type Lane = {
  readonly key: SeriesKey
  readonly stream: string
  loaded: LoadedSeries | null
  waiting: Waiting[]
  /** Not written down yet: numbers whose document stands posted. */
  used: number[]
  /** The turn that comes last; each waits for the one before it, whatever became of that. */
  lastTurn: Promise<unknown>
}
type World = Readonly<{ log: LedgerLog; clock: Clock }>

export type NumberSeries = ReturnType<typeof createNumberSeries>

export function createNumberSeries(log: LedgerLog, clock: Clock) {
  const world = { log, clock }
  const lanes = new Map<string, Lane>()

  /** The number of the document, now or already bound to it. */
  function take(books: string, request: NumberRequest): Promise<TakenNumber> {
    const lane = laneOf(books, request)
    return new Promise((resolve, reject) => {
      lane.waiting.push({ request, resolve, reject })
      // The first to wait asks for a turn; whoever comes before it begins joins the same append.
      if (lane.waiting.length === 1) void inTurn(lane, () => serveWaiting(lane, world))
    })
  }

  /** The document stands posted with its number; the series need not watch it any more. Written with the next take. */
  function used(taken: TakenNumber): void {
    laneOf(taken.books, taken.request).used.push(taken.number)
  }

  /** The number will never be used; only after the folio has said so by an event of its own. */
  async function abandon({ books, number, request }: TakenNumber, reason: string): Promise<void> {
    const lane = laneOf(books, request)
    const { document } = request
    await inTurn(lane, () =>
      change(lane, world, ({ open }) =>
        open.get(document)?.number === number
          ? [{ type: 'NumberVoided', data: { ...lane.key, number, document, reason } }]
          : [],
      ),
    )
  }

  /** Writes down what is known to be used, so that nothing of a clean stop is left open. */
  async function close(): Promise<void> {
    for (const lane of lanes.values()) {
      await inTurn(lane, async () => {
        while (lane.used.length > 0) {
          const used = lane.used.slice(0, USED_PER_APPEND_MAX)
          await change(lane, world, (series) => {
            const watched = stillWatched(used, series)
            if (watched.length === 0) return []
            return [{ type: 'NumbersTaken', data: { ...lane.key, taken: [], used: watched } }]
          })
          lane.used = lane.used.slice(used.length)
        }
      })
    }
  }

  function laneOf(books: string, { series, postingDate }: NumberRequest): Lane {
    const year = Number.parseInt(postingDate.slice(0, 4), 10)
    const key = { books, series, year }
    const stream = seriesStream(key)
    const lane = lanes.get(stream) ?? {
      key,
      stream,
      loaded: null,
      waiting: [],
      used: [],
      lastTurn: Promise.resolve(),
    }
    lanes.set(stream, lane)
    return lane
  }

  return { take, used, abandon, close }
}

function inTurn(lane: Lane, work: () => Promise<unknown>): Promise<unknown> {
  // Whoever asked for the turn before hears of its failure; this one begins all the same.
  lane.lastTurn = lane.lastTurn.then(work, work)
  return lane.lastTurn
}

async function serveWaiting(lane: Lane, world: World): Promise<void> {
  while (lane.waiting.length > 0) {
    const batch = lane.waiting.slice(0, NUMBERS_PER_APPEND_MAX)
    try {
      const taken = await takeBatch(lane, world, batch)
      batch.forEach(({ resolve, reject }, index) => {
        const number = taken[index]
        if (number === undefined) reject(new RangeError(`${lane.stream} gave too few numbers`))
        else resolve(number)
      })
    } catch (reason) {
      batch.forEach(({ reject }) => {
        reject(reason)
      })
    } finally {
      lane.waiting = lane.waiting.slice(batch.length)
    }
  }
}

async function takeBatch(
  lane: Lane,
  world: World,
  batch: readonly Waiting[],
): Promise<TakenNumber[]> {
  const used = lane.used.slice(0, USED_PER_APPEND_MAX)
  let numbers: TakenNumber[] = []
  const written = await change(lane, world, (series) => {
    const { next, open } = series
    const taken = new Map<string, Binding>()
    numbers = batch.map(({ request }) => {
      const { document, postingDate } = request
      const fresh = { number: next + taken.size, document, postingDate }
      const bound = open.get(document) ?? taken.get(document) ?? fresh
      if (bound === fresh) taken.set(document, fresh)
      return takenNumber(lane.key, bound, request)
    })
    if (taken.size === 0) return []
    const watched = stillWatched(used, series)
    const data = { ...lane.key, taken: [...taken.values()], used: watched }
    return [{ type: 'NumbersTaken', data }]
  })
  // Only now: an append that did not succeed has written nothing of them down.
  if (written) lane.used = lane.used.slice(used.length)
  return numbers
}

export function takenNumber(
  { books, series, year }: SeriesKey,
  { number, postingDate: boundFor }: Binding,
  request: NumberRequest,
): TakenNumber {
  return { text: formatNumber(series, year, number), books, year, number, boundFor, request }
}

/** Another process, or the doctor, may have noted some of them in the meantime. */
function stillWatched(used: readonly number[], { open }: Series): number[] {
  const watched = new Set([...open.values()].map(({ number }) => number))
  return used.filter((number) => watched.has(number))
}

/** Reads, changes, appends; somebody else's append in between starts it over. Whether anything was appended. */
async function change(
  lane: Lane,
  { log, clock }: World,
  decide: (series: Series) => LedgerFact[],
): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const loaded = (lane.loaded ??= await loadSeries(log, lane.stream))
    const facts = decide(loaded.series)
    if (facts.length === 0) return false
    // A conflict, or an answer that never came: what is in the log then decides anew, bindings included.
    lane.loaded = null
    lane.loaded = await appendToSeries(log, lane, loaded, facts, clock.now())
    if (lane.loaded !== null) return true
  }
  throw new SeriesBusy(lane.stream)
}
