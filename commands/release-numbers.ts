/**
 * What becomes of the numbers that a command took. A number that stands on its document is noted as used. One that does
 * not, because the document was refused after all or took another one, is given back: first by an event on the folio,
 * so that a slow poster of the same document conflicts, then by an event on its series (architecture 3).
 */
import type { Folio } from '../src/aggregates/folio.js'
import type { LedgerLog, Origin } from '../src/event-store/log.js'
import type { AggregateCache } from './aggregate-cache.js'
import type { NumberSeries } from './number-series.js'
import type { TakenNumber } from './series-lane.js'

const ATTEMPTS_MAX = 5

type World = Readonly<{
  log: LedgerLog
  folios: AggregateCache<Folio>
  numbers: NumberSeries
  stream: string
  origin: Origin
  /** Why a number that does not stand is given back. */
  reason?: string
}>

/** What cannot be given back now stays bound to its document. */
export async function settleNumbers(taken: readonly TakenNumber[], world: World): Promise<void> {
  const unique = new Map(taken.map((number) => [number.text, number]))
  for (const number of unique.values()) {
    const fate = await fateOf(number, world)
    if (fate === 'standing') world.numbers.used(number)
    if (fate === 'released') {
      await world.numbers.abandon(number, world.reason ?? 'its document was refused')
    }
  }
}

async function fateOf(taken: TakenNumber, world: World) {
  const { log, folios, stream, origin } = world
  const { reason = 'its document was refused after the number was taken' } = world
  const { books, year, number, request } = taken
  const { series, document } = request
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const loaded = await folios.load(stream, attempt === 1 ? Number.POSITIVE_INFINITY : 0)
    const fate = loaded.state.numbers.get(taken.text)
    if (fate !== undefined) return fate
    const data = { books, series, year, number, document, reason }
    const answer = await log.append(stream, loaded.end, [{ type: 'NumberReleased', data }], {
      ...origin,
      // The refused command may be tried again under its key, so this event must not carry it; nor one that a caller
      // could choose, and those have no blanks.
      commandKey: `${origin.commandKey} release ${taken.text}`,
    })
    if (answer.outcome === 'appended') {
      folios.appended(stream, loaded, answer.events)
      return 'released'
    }
  }
  return 'bound'
}
