/** What of an order is still to be shipped: ordered, less what left and what is planned to leave (M13). */
import { z } from 'zod'
import type { Folio } from '../../src/aggregates/folio.js'
import type { OpenOrder } from '../../src/aggregates/order.js'
import { type Contact, type Line, LINES_MAX } from '../../src/events/parts.js'
import type { ShipmentLine } from '../../src/events/shipment-events.js'
import { compareDecimal, minusDecimal } from '../../src/money/quantity.js'
import type { FolioContext } from '../command.js'
import { decimalInput } from '../line-input.js'
import type { Refusal } from '../refusal.js'

export const shipmentLinesInput = z
  .array(z.strictObject({ line: z.int().min(0), quantity: decimalInput }))
  .min(1)
  .max(LINES_MAX)

export type LineQuantity = z.infer<typeof shipmentLinesInput>[number]

/** The order, unless nothing of it is shipped: it is cancelled (L15), or history (L29). */
export function shippableOrder(
  orderId: string,
  { folio: { order }, instance }: Pick<FolioContext, 'folio' | 'instance'>,
): OpenOrder | Refusal {
  if (order.status === 'absent' || order.orderId !== orderId) {
    return { code: 'order_not_found', order: orderId }
  }
  if (order.platform?.isHistory === true) {
    return { code: 'order_is_history', order: orderId, startDate: instance?.startDate ?? null }
  }
  if (order.status === 'cancelled') return { code: 'order_cancelled', order: orderId }
  return order
}

/**
 * By order line, counted from 0; below zero where the order was lowered after its goods left. The shipment named is left
 * out of what is planned.
 */
export function quantitiesToShip(
  { lines }: OpenOrder,
  { shipments }: Folio,
  exceptShipment: string | null = null,
): string[] {
  const left = lines.map((line) => (isShippable(line) ? line.quantity : '0'))
  for (const shipment of shipments.values()) {
    if (shipment.status === 'discarded') continue
    if (shipment.status === 'planned' && shipment.content.shipmentId === exceptShipment) continue
    for (const { orderLine, quantity } of shipment.content.lines) {
      left[orderLine] = minusDecimal(left[orderLine] ?? '0', quantity)
    }
  }
  return left
}

export function everythingLeft(left: readonly string[]): LineQuantity[] {
  return left.flatMap((quantity, line) =>
    compareDecimal(quantity, '0') > 0 ? [{ line, quantity }] : [],
  )
}

/** The lines of a shipment, none beyond what is left; or why not. */
export function linesToShip(
  { lines }: OpenOrder,
  left: readonly string[],
  asked: readonly LineQuantity[],
): ShipmentLine[] | Refusal {
  const seen = new Set<number>()
  const shipped: ShipmentLine[] = []
  for (const { line, quantity } of asked) {
    const ordered = lines[line]
    if (ordered === undefined) return { code: 'order_line_not_found', line, lines: lines.length }
    if (seen.has(line)) return { code: 'order_line_named_twice', line }
    seen.add(line)
    if (!isShippable(ordered)) {
      return { code: 'line_not_shippable', line, kind: ordered.kind }
    }
    if (compareDecimal(quantity, '0') <= 0) {
      return { code: 'quantity_not_positive', line, requested: quantity }
    }
    const lineLeft = left[line] ?? '0'
    if (compareDecimal(quantity, lineLeft) > 0) {
      return { code: 'quantity_exceeds_to_ship', line, left: lineLeft, requested: quantity }
    }
    const { sku, description } = ordered
    shipped.push({
      orderLine: line,
      ...(sku === undefined ? {} : { sku }),
      description,
      quantity,
    })
  }
  return shipped
}

/** Who gets the goods, complete for whoever shows it: e-mail and phone are the buyer's where the address has none. */
export function shipmentContact({ billTo, shipTo }: OpenOrder): Contact | null {
  if (shipTo === null || billTo === null) return shipTo ?? billTo
  const { email, phone } = billTo
  return {
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...shipTo,
  }
}

/** Charges and discount lines (L3) are no goods. */
function isShippable({ kind, quantity, unitPrice }: Line): boolean {
  return kind === 'item' && !quantity.startsWith('-') && !unitPrice.startsWith('-')
}
