/** A page of events folded into the rows of one projection, in memory. */
import type { AnyRow, Folding, Projection } from '../../projections/projection.js'
import type { LedgerEvent } from '../events/ledger-event.js'
import { keyText } from './build-table.js'

/** An event that the projection cannot take, and why. Those before it were taken. */
export type FoldFailure = Readonly<{ event: LedgerEvent; error: Error }>

type Touch = Readonly<{ id: string; key: AnyRow }>
type Step = Readonly<{
  event: LedgerEvent
  folding: Folding<AnyRow, AnyRow, LedgerEvent>
  touches: readonly Touch[]
}>

/** What is to be done, told before any row was read. `taken` counts the ignored events too. */
export type FoldPlan = Readonly<{
  steps: readonly Step[]
  keys: ReadonlyMap<string, AnyRow>
  taken: readonly LedgerEvent[]
  failure: FoldFailure | null
}>

export function planFold({ table, on }: Projection, events: readonly LedgerEvent[]): FoldPlan {
  const steps: Step[] = []
  const keys = new Map<string, AnyRow>()
  for (const [index, event] of events.entries()) {
    const folding = on[event.type]
    if (folding === 'ignored') continue
    try {
      const touches = folding.rows(event).map((key) => ({ id: keyText(table, key), key }))
      if (touches.length === 0) continue
      for (const { id, key } of touches) keys.set(id, key)
      steps.push({ event, folding, touches })
    } catch (error) {
      return {
        steps,
        keys,
        taken: events.slice(0, index),
        failure: { event, error: asError(error) },
      }
    }
  }
  return { steps, keys, taken: events, failure: null }
}

export type FoldedRows = Readonly<{
  written: readonly AnyRow[]
  deleted: readonly AnyRow[]
  taken: readonly LedgerEvent[]
  failure: FoldFailure | null
}>

/** Each event once, in order, on each row that it touches; all of an event's rows or none. */
export function fold(plan: FoldPlan, found: ReadonlyMap<string, AnyRow>): FoldedRows {
  const rows = new Map<string, AnyRow | null>()
  let { taken, failure } = plan
  for (const { event, folding, touches } of plan.steps) {
    try {
      const folded = touches.map(({ id, key }): [string, AnyRow | null] => {
        const row = rows.has(id) ? (rows.get(id) ?? undefined) : found.get(id)
        return [id, folding.fold(row, event, key)]
      })
      for (const [id, row] of folded) rows.set(id, row)
    } catch (error) {
      taken = taken.slice(0, taken.indexOf(event))
      failure = { event, error: asError(error) }
      break
    }
  }
  const changed = [...rows].filter(([id, row]) => row !== (found.get(id) ?? null))
  return {
    written: changed.flatMap(([, row]) => (row === null ? [] : [row])),
    deleted: changed.flatMap(([id, row]) => (row === null ? [plan.keys.get(id) ?? {}] : [])),
    taken,
    failure,
  }
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
