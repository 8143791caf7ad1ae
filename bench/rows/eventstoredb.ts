/** The EventStoreDB adapter against the bare client on the same call path, over the server of EVENTSTORE_URL. */
import { type Bench, figuresOf, interleaved } from '../bench.js'
import type { Comparison } from '../statistics.js'

const CLIENT_RATIO_MIN = 0.9
const CALLERS = [1, 8, 64]
const MS_PER_SECOND = 1_000

export async function eventstoredb(bench: Bench): Promise<readonly Comparison[]> {
  const eventStoreUrl = process.env['EVENTSTORE_URL'] ?? ''
  if (eventStoreUrl === '') {
    bench.say(
      'NOT RUN: eventstoredb. EVENTSTORE_URL names no server; what is measured stays in it.',
    )
    return []
  }
  const comparisons: Comparison[] = []
  for (const callers of CALLERS) {
    comparisons.push(await compared(bench, { eventStoreUrl, work: 'append', callers }))
  }
  const filling = await bench.contender('eventstoredb-folio', {
    ...{ eventStoreUrl, work: 'fill', events: bench.events },
  })
  // Only what the ledger's adapter wrote: what the peer has written is JSON, which both would have to parse.
  const { after = 0 } = await filling.round(0)
  await filling.end()
  comparisons.push(await compared(bench, { eventStoreUrl, work: 'read', after }))
  return comparisons
}

async function compared(
  bench: Bench,
  setup: Readonly<{
    eventStoreUrl: string
    work: 'append' | 'read'
    callers?: number
    after?: number
  }>,
): Promise<Comparison> {
  const { work, callers } = setup
  const folio = await bench.contender('eventstoredb-folio', setup)
  const bare = await bench.contender('eventstoredb-bare', setup)
  const row = work === 'read' ? 'eventstoredb, readAll' : `eventstoredb, ${callers ?? 0} callers`
  const ms = bench.seconds * MS_PER_SECOND
  const rounds = await interleaved(bench, row, {
    folio: () => folio.round(ms),
    bare: () => bare.round(ms),
  })
  await Promise.all([folio.end(), bare.end()])
  const figure = work === 'read' ? 'eventsPerSecond' : 'perSecond'
  return {
    row,
    what: work === 'read' ? 'Reading the log, events' : 'Appends of one event',
    unit: 'per second',
    ours: { name: 'Folio', figures: figuresOf(rounds.folio, figure) },
    peer: {
      name: 'bare client',
      figures: figuresOf(rounds.bare, figure),
    },
    aim: { kind: 'ratio_at_least', ratio: CLIENT_RATIO_MIN },
  }
}
