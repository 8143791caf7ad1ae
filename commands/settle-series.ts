/**
 * What became of the numbers of a series that it still watches. A crash between an append to a folio and the note that
 * the number is used leaves it open for good; one between taking and appending leaves it to a document that may never
 * come. This looks each up in its folio.
 */
import type { Folio } from '../src/aggregates/folio.js'
import type { LedgerLog, Origin } from '../src/event-store/log.js'
import type { AggregateCache } from './aggregate-cache.js'
import { folioOfDocument, folioStream } from './document-id.js'
import { type NumberSeries, takenNumber } from './number-series.js'
import { settleNumbers } from './release-numbers.js'
import { loadSeries, type SeriesKey, seriesStream } from './series-stream.js'

export type SettledSeries = Readonly<{
  /** Found on their documents, and noted as used. */
  used: readonly string[]
  /** Given back for good. */
  released: readonly string[]
  /** Taken for a document that does not stand: it may be under way, or its request may be tried again. */
  waiting: readonly Readonly<{ number: string; document: string }>[]
}>

type SettleWorld = Readonly<{
  log: LedgerLog
  folios: AggregateCache<Folio>
  numbers: NumberSeries
  origin: Origin
}>

/** With `release`, what waits is given back: a poster that is merely slow conflicts and takes another number. */
export async function settleSeries(
  key: SeriesKey,
  { release }: Readonly<{ release: boolean }>,
  world: SettleWorld,
): Promise<SettledSeries> {
  const { log, folios } = world
  const used: string[] = []
  const released: string[] = []
  const waiting: { number: string; document: string }[] = []
  const { series } = await loadSeries(log, seriesStream(key))
  for (const binding of series.open.values()) {
    const { document, postingDate } = binding
    const request = { series: key.series, document, postingDate }
    const taken = takenNumber(key, binding, request)
    const stream = folioStream(folioOfDocument(binding.document))
    const folio = (await folios.load(stream, 0)).state
    const fate = folio.numbers.get(taken.text)
    if (fate === undefined && !release && !isDiscarded(binding.document, folio)) {
      waiting.push({ number: taken.text, document: binding.document })
      continue
    }
    await settleNumbers([taken], { ...world, stream })
    if (fate === 'standing') used.push(taken.text)
    else released.push(taken.text)
  }
  return { used, released, waiting }
}

/** A discarded draft is never posted, so its number is given back without asking. */
function isDiscarded(document: string, { invoices, creditNotes, shipments }: Folio): boolean {
  const found = invoices.get(document) ?? creditNotes.get(document) ?? shipments.get(document)
  return found?.status === 'discarded'
}
