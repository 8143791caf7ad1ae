/** Folding facts through one projection, without a database. */
import type { AnyRow, Projection } from '../../projections/projection.js'
import type { EventMetadata } from '../../src/events/event.js'
import type { LedgerEvent, LedgerFact } from '../../src/events/ledger-event.js'

/** The rows by key, as the projection's folds leave them. What is not there yet is not there. */
export function project(projection: Projection, facts: readonly LedgerFact[]): readonly AnyRow[] {
  const rows = new Map<string, AnyRow>()
  for (const [index, fact] of facts.entries()) {
    const folding = projection.on[fact.type]
    if (folding === 'ignored') continue
    const event = eventOf(fact, index)
    for (const key of folding.rows(event)) {
      const id = JSON.stringify(projection.table.key.map((name) => key[name]))
      const row = folding.fold(rows.get(id), event, key)
      if (row === null) rows.delete(id)
      else rows.set(id, row)
    }
  }
  return [...rows.values()]
}

function eventOf(fact: LedgerFact, index: number): LedgerEvent {
  const recordedAt = '2026-03-01T10:00:00.000Z'
  const metadata = { recordedAt, principal: 'tester' } as EventMetadata
  return {
    ...fact,
    id: `e${index}`,
    stream: 's',
    revision: index,
    position: BigInt(index + 1),
    metadata,
  }
}
