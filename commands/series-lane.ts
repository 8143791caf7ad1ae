/** A number series as one process works on it: one turn after another, what was read last, and who waits for a number. */
import type { Series } from '../src/aggregates/series.js'
import type { LedgerFact } from '../src/events/ledger-event.js'
import type { LedgerLog, Origin } from '../src/event-store/log.js'
import type { NumberRequest } from './decision.js'
import type { Clock } from './ports.js'
import { appendToSeries, type LoadedSeries, loadSeries, type SeriesKey } from './series-stream.js'

/** A number as it was given: `INV/2026/00064`, and what it is made of. */
export type TakenNumber = Readonly<{
  text: string
  books: string
  year: number | null
  number: number
  /** The posting date that it is the permission for; of a number bound before, perhaps not the one asked for. */
  boundFor: string
  request: NumberRequest
}>

/** The series gives no further number for the posting date: the period is being closed, or is closed (L10). */
export type NoNumber = 'period_closed'

/** Others kept taking from the series between our reading and our append. */
export class SeriesBusy extends Error {
  constructor(stream: string) {
    super(`${stream} was changed by others ${ATTEMPTS_MAX} times in a row`)
    this.name = 'SeriesBusy'
  }
}

const ATTEMPTS_MAX = 50

export type Waiting = Readonly<{
  request: NumberRequest
  resolve: (number: TakenNumber | NoNumber) => void
  reject: (reason: unknown) => void
}>

export type SeriesLane = {
  readonly key: SeriesKey
  readonly stream: string
  loaded: LoadedSeries | null
  waiting: Waiting[]
  /** Not written down yet: numbers whose document stands posted. */
  used: number[]
  /** The turn that comes last; each waits for the one before it, whatever became of that. */
  lastTurn: Promise<unknown>
}
export type SeriesWorld = Readonly<{ log: LedgerLog; clock: Clock }>

export function inTurn(lane: SeriesLane, work: () => Promise<unknown>): Promise<unknown> {
  // Whoever asked for the turn before hears of its failure; this one begins all the same.
  lane.lastTurn = lane.lastTurn.then(work, work)
  return lane.lastTurn
}

/** Reads, changes, appends; somebody else's append in between starts it over. Whether anything was appended. */
export async function changeSeries(
  lane: SeriesLane,
  { log, clock }: SeriesWorld,
  decide: (series: Series) => LedgerFact[] | Promise<LedgerFact[]>,
  origin?: Origin,
): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const loaded = (lane.loaded ??= await loadSeries(log, lane.stream))
    const facts = await decide(loaded.series)
    if (facts.length === 0) return false
    // A conflict, or an answer that never came: what is in the log then decides anew, bindings included.
    lane.loaded = null
    lane.loaded = await appendToSeries(log, lane, loaded, facts, origin ?? ownOrigin(clock))
    if (lane.loaded !== null) return true
  }
  throw new SeriesBusy(lane.stream)
}

/** An append of numbers is made for many requests at once, so it names none of them. */
function ownOrigin(clock: Clock): Origin {
  return {
    command: 'take-number',
    commandKey: '',
    fingerprint: '',
    principal: 'folio',
    correlation: '',
    recordedAt: clock.now(),
    decidedUnder: {},
  }
}
