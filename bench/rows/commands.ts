/** Decided and durable commands in process, against Emmett, and against the limit of committing one by one. */
import { type Bench, figuresOf, interleaved, newLedger, query } from '../bench.js'
import type { Comparison } from '../statistics.js'

const FEW_CALLERS = 8
const MANY_CALLERS = 32
const EMMETT_RATIO_MIN = 5
const INSERT_RATIO_MIN = 1

export async function commands(bench: Bench): Promise<readonly Comparison[]> {
  return [await againstEmmett(bench), await againstInserts(bench)]
}

async function againstEmmett(bench: Bench): Promise<Comparison> {
  const ms = bench.seconds * 1000
  const callers = FEW_CALLERS
  const folio = await bench.contender('folio-commands', { ...(await newLedger(bench)), callers })
  const emmett = await bench.contender('emmett-commands', {
    database: await bench.database(),
    callers,
  })
  const rounds = await interleaved(bench, `commands, ${FEW_CALLERS} callers`, {
    folio: () => folio.round(ms),
    emmett: () => emmett.round(ms),
  })
  await Promise.all([folio.end(), emmett.end()])
  return {
    row: 'commands-8',
    what: `Commands in process, ${FEW_CALLERS} callers`,
    unit: 'per second',
    ours: { name: 'Folio', figures: figuresOf(rounds.folio, 'perSecond') },
    peer: { name: 'Emmett CommandHandler', figures: figuresOf(rounds.emmett, 'perSecond') },
    aim: { kind: 'ratio_at_least', ratio: EMMETT_RATIO_MIN },
  }
}

async function againstInserts(bench: Bench): Promise<Comparison> {
  const ms = bench.seconds * 1000
  const ledger = await newLedger(bench)
  const folio = await bench.contender('folio-commands', { ...ledger, callers: MANY_CALLERS })
  // The rows are as long as the events are on average, which a short round of ours shows.
  await folio.round(ms / 4)
  const inserts = await bench.contender('row-inserts', {
    database: await bench.database(),
    callers: MANY_CALLERS,
    ...(await eventSize(ledger.database)),
  })
  const rounds = await interleaved(bench, `commands, ${MANY_CALLERS} callers`, {
    folio: () => folio.round(ms),
    inserts: () => inserts.round(ms),
  })
  await Promise.all([folio.end(), inserts.end()])
  return {
    row: 'commands-32',
    what: `Commands in process, ${MANY_CALLERS} callers`,
    unit: 'per second',
    ours: { name: 'Folio', figures: figuresOf(rounds.folio, 'perSecond') },
    peer: { name: 'one-row INSERTs', figures: figuresOf(rounds.inserts, 'perSecond') },
    aim: { kind: 'ratio_at_least', ratio: INSERT_RATIO_MIN },
  }
}

async function eventSize(database: string) {
  const [size] = await query<{ dataBytes: number; metadataBytes: number }>(
    database,
    `select avg(octet_length(data))::int as "dataBytes", avg(octet_length(metadata))::int as "metadataBytes"
     from event_log.events join event_log.streams on streams.id = stream_id where name like 'folio-%'`,
  )
  if (size === undefined) throw new Error('The log that was just written is empty.')
  return size
}
