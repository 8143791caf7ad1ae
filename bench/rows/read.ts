/** Reading the log from end to end, against the SELECT beneath it. */
import { type Bench, figuresOf, filledLog, interleaved } from '../bench.js'
import type { Comparison } from '../statistics.js'

const SELECT_RATIO_MIN = 0.6

export async function read(bench: Bench): Promise<readonly Comparison[]> {
  const log = await filledLog(bench, bench.events)
  const folio = await bench.contender('folio-read', log)
  const select = await bench.contender('select-pages', log)
  const rounds = await interleaved(bench, 'read', {
    folio: () => folio.round(0),
    select: () => select.round(0),
  })
  await Promise.all([folio.end(), select.end()])
  return [
    {
      row: 'read',
      what: 'Reading the log, events',
      unit: 'per second',
      ours: { name: 'Folio', figures: figuresOf(rounds.folio, 'eventsPerSecond') },
      peer: { name: 'bare paged SELECT', figures: figuresOf(rounds.select, 'eventsPerSecond') },
      aim: { kind: 'ratio_at_least', ratio: SELECT_RATIO_MIN },
    },
  ]
}
