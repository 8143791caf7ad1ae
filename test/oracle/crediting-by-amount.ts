/**
 * A note of money alone (L14): its gross is exact and is split over what the invoice has left, to the unit; of each part
 * the tax is the part's share of the tax left, and the net is the rest.
 */
import type { EventOfType } from '../../src/events/ledger-event.js'
import { magnitude, share, units } from './arithmetic.js'
import { taxGiven } from './content.js'
import { baseOf, type InvoiceState, type LineState, taxCode } from './taxed-lines.js'
import type { Report } from './report.js'

type Note = EventOfType<'CreditNotePosted'>['data']
type Part = { left: bigint; taxLeft: bigint; gross: bigint; tax: bigint }

export function isAmountNote({ lines }: Note): boolean {
  return lines.every(({ byAmount }) => byAmount === true)
}

/** Before the note is taken off. */
export function checkAmountNote(note: Note, { item, lines }: InvoiceState, report: Report): void {
  const { prices, rounding } = item.content
  const parts = new Map<string, Part>()
  const partAt = (index: number, { line }: LineState) => {
    const isAlone = rounding === 'per_line' || taxGiven(line) !== null
    const key = isAlone ? `line ${index}` : taxCode(line.tax)
    const part = parts.get(key) ?? { left: 0n, taxLeft: 0n, gross: 0n, tax: 0n }
    parts.set(key, part)
    return part
  }
  lines.forEach((state, index) => {
    const part = partAt(index, state)
    const taxLeft = units(state.line.taxAmount) - state.tax
    const baseLeft = baseOf(state.line, prices) - state.base
    part.taxLeft += taxLeft
    part.left += prices === 'tax_excluded' ? baseLeft + taxLeft : baseLeft
  })
  for (const { invoiceLine = -1, gross, taxAmount } of note.lines) {
    const state = lines[invoiceLine]
    if (state === undefined) continue
    const part = partAt(invoiceLine, state)
    part.gross += units(gross)
    part.tax += units(taxAmount)
  }
  const total = units(note.totals.gross)
  const left = [...parts.values()].reduce((sum, part) => sum + part.left, 0n)
  for (const [key, part] of parts) {
    const of = `${note.creditNoteId} ${key}`
    // Largest remainder: less than a unit from the exact share.
    if (left !== 0n && magnitude(part.gross * left - total * part.left) >= magnitude(left)) {
      report(
        'amount_split',
        of,
        `${part.gross} units of ${total}, where ${part.left} of ${left} are left`,
      )
    }
    const right = part.left === 0n ? 0n : share(part.taxLeft, part.gross, part.left)
    if (total !== left && part.left !== 0n && part.tax !== right) {
      report(
        'amount_tax',
        of,
        `${part.tax} units in ${part.gross}, ${part.taxLeft} in ${part.left} left`,
      )
    }
  }
}
