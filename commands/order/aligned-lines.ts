/**
 * The lines of an order's newer state at the places they had in the one before, for invoices, deliveries and notes name
 * them by place. A line that is gone stays, of quantity 0; a new one stands behind all others.
 */
import type { OrderLine } from '../../src/events/order-events.js'
import { LINES_MAX } from '../../src/events/parts.js'

export function alignedLines(
  known: readonly OrderLine[],
  incoming: readonly OrderLine[],
): readonly OrderLine[] {
  const places = placesOf(known, incoming)
  const taken = new Map(places.map((place, index) => [place, index]))
  const aligned = [
    ...known.map((line, place) => incoming[taken.get(place) ?? -1] ?? nothingOf(line)),
    ...incoming.filter((_, index) => places[index] === null),
  ]
  // Beyond the limit there is no place left for lines that are gone.
  return aligned.length > LINES_MAX ? incoming : aligned
}

type Names = (line: OrderLine, place: number) => string | null

/** What a line is told by, the surest first. Another stock-keeping unit is another line, wherever it stands. */
const NAMES: readonly Names[] = [
  (line) => JSON.stringify([...identity(line), line.unitPrice]),
  (line) => JSON.stringify(identity(line)),
  ({ kind, sku }, place) => (sku === undefined ? JSON.stringify([kind, place]) : null),
]

function identity({ kind, sku, description }: OrderLine): readonly (string | null)[] {
  return sku === undefined ? [kind, null, description] : [kind, sku]
}

/** By incoming line: its place among the known ones; `null`: it is new. */
function placesOf(
  known: readonly OrderLine[],
  incoming: readonly OrderLine[],
): readonly (number | null)[] {
  const places: (number | null)[] = incoming.map(() => null)
  const free = new Map(known.entries())
  for (const nameOf of NAMES) {
    const waiting = new Map<string, number[]>()
    for (const [place, line] of free) {
      const name = nameOf(line, place)
      if (name !== null) waiting.set(name, [...(waiting.get(name) ?? []), place])
    }
    incoming.forEach((line, index) => {
      const name = places[index] === null ? nameOf(line, index) : null
      const place = name === null ? undefined : waiting.get(name)?.shift()
      if (place === undefined) return
      places[index] = place
      free.delete(place)
    })
  }
  return places
}

function nothingOf({
  discount: _discount,
  platformTax: _platformTax,
  ...line
}: OrderLine): OrderLine {
  return { ...line, quantity: '0' }
}
