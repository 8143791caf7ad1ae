/** What a command would record, decided on what stands in the log now: nothing is appended, and no number taken (L29). */
import type { LedgerFact } from '../src/events/ledger-event.js'
import { provisionalNumber } from './consequences.js'
import {
  decideOn,
  type FolioRequest,
  type FolioWorld,
  loadBooks,
  lookAround,
} from './handle-folio.js'
import { refusedByLimit } from './limit-refusal.js'
import type { Issue } from './parse-input.js'
import type { Refusal } from './refusal.js'

/** Numbers in the events are provisional. */
export type Preview = Readonly<
  | { outcome: 'malformed'; issues: readonly Issue[] }
  | { outcome: 'refused'; refusal: Refusal }
  | { outcome: 'previewed'; events: readonly LedgerFact[] }
>

export async function previewFolio(request: FolioRequest, world: FolioWorld): Promise<Preview> {
  const { state: folio } = await world.folios.load(request.stream, 0)
  const { books } = await loadBooks(request, folio, world, 0)
  if ('code' in books) return { outcome: 'refused', refusal: books }
  try {
    const around = await lookAround(request, folio, world, 0)
    const decision = decideOn(request, folio, books, around)
    if (decision.outcome === 'refused') return decision
    return {
      outcome: 'previewed',
      events: decision.events(decision.numbers.map(provisionalNumber)),
    }
  } catch (reason) {
    return refusedByLimit(reason)
  }
}
