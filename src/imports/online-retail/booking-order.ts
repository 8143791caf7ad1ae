import type { PlannedDocument } from './import-plan.js'

/**
 * The entries of a plan in the order they can be booked: file order, but a credit note whose
 * invoice stands further down waits for it. In a file sorted by date this is file order.
 */
export const inBookingOrder = (entries: readonly PlannedDocument[]): PlannedDocument[] => {
  const placeOf = new Map(entries.map(({ number }, index) => [number, index]))
  const waitsFor = entries.map((entry, index) =>
    entry.kind === 'credit'
      ? Math.max(index, ...entry.linked.map((note) => placeOf.get(note.invoiceNumber) ?? index))
      : index,
  )
  return entries
    .map((entry, index) => ({ entry, index, place: waitsFor[index] ?? index }))
    .sort(
      (left, right) =>
        left.place - right.place || waits(left) - waits(right) || left.index - right.index,
    )
    .map(({ entry }) => entry)
}

/** Of those with one place, what stands there comes before what waited for it. */
const waits = ({ index, place }: { index: number; place: number }): 0 | 1 =>
  index === place ? 0 : 1
