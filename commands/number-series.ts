/**
 * Takes numbers from their series (architecture 3): in the order asked, without a duplicate under concurrency and
 * crashes, and the same document always gets the same number back. Callers that wait together share one append.
 */
import { atPlace } from '../src/aggregates/at-place.js'
import { isClosedOn, type Series } from '../src/aggregates/series.js'
import { formatNumber } from '../src/events/document-number.js'
import type { LedgerFact } from '../src/events/ledger-event.js'
import { yearOf } from '../src/events/day.js'
import {
  type Binding,
  isDeliverySeries,
  NUMBERS_PER_APPEND_MAX,
} from '../src/events/series-events.js'
import type { LedgerLog, Origin } from '../src/event-store/log.js'
import type { NumberRequest } from './decision.js'
import type { Clock } from './ports.js'
import {
  changeSeries,
  inTurn,
  type NoNumber,
  type SeriesLane,
  type SeriesWorld,
  type TakenNumber,
  type Waiting,
} from './series-lane.js'
import { type SeriesKey, seriesStream } from './series-stream.js'

const USED_PER_APPEND_MAX = NUMBERS_PER_APPEND_MAX * 4

export type NumberSeries = ReturnType<typeof createNumberSeries>

export function createNumberSeries(log: LedgerLog, clock: Clock) {
  const world = { log, clock }
  const lanes = new Map<string, SeriesLane>()

  /** The number of the document, now or already bound to it, also where its day was closed since. */
  function take(books: string, request: NumberRequest): Promise<TakenNumber | NoNumber> {
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
      changeSeries(lane, world, ({ open }) =>
        open.get(document)?.number === number
          ? [{ type: 'NumberVoided', data: { ...lane.key, number, document, reason } }]
          : [],
      ),
    )
  }

  /** From here on no number up to this day; `null`: a number for every day. See {@link closeSeries}. */
  function closeThrough(key: SeriesKey, through: string | null, change: Wanted): Promise<void> {
    return closeSeries(laneOfKey(key), through, change, world)
  }

  /** Writes down what is known to be used of a series; else that is written with its next take. */
  function writeUsed(key: SeriesKey): Promise<void> {
    return writeUsedOf(laneOfKey(key), world)
  }

  /** So that nothing of a clean stop is left open. */
  async function close(): Promise<void> {
    for (const { key } of lanes.values()) await writeUsed(key)
  }

  function laneOf(books: string, { series, postingDate }: NumberRequest): SeriesLane {
    const year = isDeliverySeries(series) ? null : yearOf(postingDate)
    return laneOfKey({ books, series, year })
  }

  function laneOfKey(key: SeriesKey): SeriesLane {
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

  return { take, used, abandon, closeThrough, writeUsed, close }
}

async function serveWaiting(lane: SeriesLane, world: SeriesWorld): Promise<void> {
  while (lane.waiting.length > 0) {
    const batch = lane.waiting.slice(0, NUMBERS_PER_APPEND_MAX)
    try {
      const taken = await takeSurely(lane, world, batch)
      batch.forEach(({ resolve }, index) => {
        resolve(atPlace(taken, index))
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

/** A number that is not given is guarded by no append: only the series as it stands now may say so. */
async function takeSurely(
  lane: SeriesLane,
  world: SeriesWorld,
  batch: readonly Waiting[],
): Promise<readonly (TakenNumber | NoNumber)[]> {
  const numbers = await takeBatch(lane, world, batch)
  if (!numbers.includes('period_closed')) return numbers
  lane.loaded = null
  return takeBatch(lane, world, batch)
}

async function takeBatch(
  lane: SeriesLane,
  world: SeriesWorld,
  batch: readonly Waiting[],
): Promise<readonly (TakenNumber | NoNumber)[]> {
  const used = lane.used.slice(0, USED_PER_APPEND_MAX)
  let numbers: (TakenNumber | NoNumber)[] = []
  const written = await changeSeries(lane, world, (series) => {
    const { next, open } = series
    const taken = new Map<string, Binding>()
    numbers = batch.map(({ request }) => {
      const { document, postingDate } = request
      const bound = open.get(document) ?? taken.get(document)
      if (bound !== undefined) return takenNumber(lane.key, bound, request)
      if (isClosedOn(series, postingDate)) return 'period_closed'
      const fresh = { number: next + taken.size, document, postingDate }
      taken.set(document, fresh)
      return takenNumber(lane.key, fresh, request)
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

/** Whether the change that the closing belongs to is still under way, and who asked for it. */
type Wanted = Readonly<{ isWanted: () => Promise<boolean>; origin: Origin }>

/** What `isWanted` reads is read after the series: whatever comes after that makes the append conflict. */
async function closeSeries(
  lane: SeriesLane,
  through: string | null,
  { isWanted, origin }: Wanted,
  world: SeriesWorld,
): Promise<void> {
  await inTurn(lane, () => {
    lane.loaded = null
    const decide = async ({ closedThrough }: Series): Promise<LedgerFact[]> => {
      if (closedThrough === through || !(await isWanted())) return []
      return [{ type: 'SeriesClosedThrough', data: { ...lane.key, through } }]
    }
    return changeSeries(lane, world, decide, origin)
  })
}

async function writeUsedOf(lane: SeriesLane, world: SeriesWorld): Promise<void> {
  await inTurn(lane, async () => {
    while (lane.used.length > 0) {
      const used = lane.used.slice(0, USED_PER_APPEND_MAX)
      await changeSeries(lane, world, (series) => {
        const watched = stillWatched(used, series)
        if (watched.length === 0) return []
        return [{ type: 'NumbersTaken', data: { ...lane.key, taken: [], used: watched } }]
      })
      lane.used = lane.used.slice(used.length)
    }
  })
}

/** Another process, or the doctor, may have noted some of them in the meantime. */
function stillWatched(used: readonly number[], { open }: Series): number[] {
  const watched = new Set([...open.values()].map(({ number }) => number))
  return used.filter((number) => watched.has(number))
}
