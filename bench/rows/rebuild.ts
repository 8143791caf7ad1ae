/** Rebuilding all list views, against Emmett's two ways, and the memory it takes for a longer log. */
import { type Bench, figuresOf, filledLog, interleaved } from '../bench.js'
import type { Comparison } from '../statistics.js'

/** Emmett's rate does not depend on the length of its log, but the patience of whoever waits for it does. */
const EMMETT_EVENTS = { sql: 6_000, documents: 1_500 } as const
const EMMETT_RATIO_MIN = 10
/** Flat, as far as a garbage collector that has room lets it be. */
const MEMORY_RATIO_MAX = 1.25

export async function rebuild(bench: Bench): Promise<readonly Comparison[]> {
  return [...(await againstEmmett(bench)), await memory(bench)]
}

async function againstEmmett(bench: Bench): Promise<readonly Comparison[]> {
  const folio = await bench.contender('folio-rebuild', await filledLog(bench, bench.events))
  const emmett = async (way: keyof typeof EMMETT_EVENTS) =>
    bench.contender('emmett-rebuild', {
      database: await bench.database(),
      events: EMMETT_EVENTS[way],
      way,
    })
  const [sql, documents] = [await emmett('sql'), await emmett('documents')]
  const rounds = await interleaved(bench, 'rebuild', {
    folio: () => folio.round(0),
    sql: () => sql.round(0),
    documents: () => documents.round(0),
  })
  await Promise.all([folio.end(), sql.end(), documents.end()])
  const ours = { name: 'Folio, ten lists', figures: figuresOf(rounds.folio, 'eventsPerSecond') }
  const against = (row: string, way: string, figures: readonly number[]): Comparison => ({
    row,
    what: 'Rebuild, events',
    unit: 'per second',
    ours,
    peer: { name: `Emmett, three lists, ${way}`, figures },
    aim: { kind: 'ratio_at_least', ratio: EMMETT_RATIO_MIN },
  })
  return [
    against('rebuild-sql', 'raw SQL batch', figuresOf(rounds.sql, 'eventsPerSecond')),
    against('rebuild-documents', 'documents', figuresOf(rounds.documents, 'eventsPerSecond')),
  ]
}

/** A fresh process for each log, so that each has a peak of its own. */
async function memory(bench: Bench): Promise<Comparison> {
  const peakOf = async (events: number) => {
    const log = await filledLog(bench, events)
    const { peakMb = Number.NaN, eventsPerSecond = Number.NaN } = await once(bench, log)
    const rate = `${Math.round(eventsPerSecond)} a second`
    bench.say(`rebuild of ${events} events: peak of ${Math.round(peakMb)} MB, ${rate}`)
    return peakMb
  }
  const few = await peakOf(bench.events)
  const many = await peakOf(bench.manyEvents)
  return {
    row: 'rebuild-memory',
    what: `Peak memory of a rebuild, ${bench.manyEvents} events`,
    unit: 'MB',
    ours: { name: 'Folio', figures: [many] },
    peer: { name: `itself at ${bench.events} events`, figures: [few] },
    aim: { kind: 'ratio_at_most', ratio: MEMORY_RATIO_MAX },
  }
}

async function once(bench: Bench, log: Awaited<ReturnType<typeof filledLog>>) {
  const running = await bench.contender('folio-rebuild', log)
  const figures = await running.round(0)
  await running.end()
  return figures
}
