/** The lines of an invoice as crediting counts them, in units. */
import type { EventOfType } from '../../src/events/ledger-event.js'
import type { Tax } from '../../src/events/parts.js'
import { type Both, units } from './arithmetic.js'
import type { InvoiceItem } from './documents.js'

export type Line = EventOfType<'InvoicePosted'>['data']['lines'][number]
export type LineState = {
  line: Line
  quantity: bigint
  base: bigint
  tax: bigint
  lowered: boolean
}
export type InvoiceState = {
  item: InvoiceItem
  lines: LineState[]
  gross: bigint
  touched: Map<string, Both>
  /** Input tax of reverse charge that the notes took back, by code and rate. */
  assessed: Map<string, bigint>
  /** Taxes are no plain sums over what is credited any more: amounts were credited, or a note was voided. */
  isDisturbed: boolean
}

export function baseOf(line: Line, prices: string): bigint {
  return units(prices === 'tax_excluded' ? line.net : line.gross)
}

export function taxCode({ code, ratePercent, reverseCharge }: Tax): string {
  return `${code} ${ratePercent}${reverseCharge === true ? ' reverse charge' : ''}`
}

/** Under reverse charge the supplier charges none. */
export function chargedRate({ ratePercent, reverseCharge }: Tax): string {
  return reverseCharge === true ? '0' : ratePercent
}
