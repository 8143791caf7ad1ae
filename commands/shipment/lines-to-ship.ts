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

/** Of one order line, counted from 0. */
export type LineLeft = Readonly<{ ordered: Line; quantity: string }>

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
export function linesLeftToShip(
  { lines }: OpenOrder,
  { shipments }: Folio,
  exceptShipment: string | null = null,
): LineLeft[] {
  const leaving = [...shipments.values()].flatMap((shipment) =>
    shipment.status === 'discarded' || shipment.content.shipmentId === exceptShipment
      ? []
      : shipment.content.lines,
  )
  return linesLeftAfter(leaving, lines)
}

/** Whether every piece of the goods left; of an order without goods nothing did. */
export function isDelivered({ lines }: OpenOrder, { shipments }: Folio): boolean {
  const delivered = [...shipments.values()].flatMap((shipment) =>
    shipment.status === 'delivered' ? shipment.content.lines : [],
  )
  const goods = linesLeftAfter(delivered, lines).filter(({ ordered }) => isShippable(ordered))
  return goods.length > 0 && goods.every(({ quantity }) => compareDecimal(quantity, '0') <= 0)
}

function linesLeftAfter(shipped: readonly ShipmentLine[], lines: readonly Line[]): LineLeft[] {
  return lines.map((ordered, index) => ({
    ordered,
    quantity: shipped
      .filter(({ orderLine }) => orderLine === index)
      .reduce(
        (left, { quantity }) => minusDecimal(left, quantity),
        isShippable(ordered) ? ordered.quantity : '0',
      ),
  }))
}

export function everythingLeft(left: readonly LineLeft[]): LineQuantity[] {
  return left.flatMap(({ quantity }, line) =>
    compareDecimal(quantity, '0') > 0 ? [{ line, quantity }] : [],
  )
}

/** The lines of a shipment, none beyond what is left; or why not. */
export function linesToShip(
  left: readonly LineLeft[],
  asked: readonly LineQuantity[],
): ShipmentLine[] | Refusal {
  const seen = new Set<number>()
  const shipped: ShipmentLine[] = []
  for (const { line, quantity } of asked) {
    const lineLeft = left[line]
    if (lineLeft === undefined) return { code: 'order_line_not_found', line, lines: left.length }
    const { ordered } = lineLeft
    if (seen.has(line)) return { code: 'order_line_named_twice', line }
    seen.add(line)
    if (!isShippable(ordered)) {
      return { code: 'line_not_shippable', line, kind: ordered.kind }
    }
    if (compareDecimal(quantity, '0') <= 0) {
      return { code: 'quantity_not_positive', line, requested: quantity }
    }
    if (compareDecimal(quantity, lineLeft.quantity) > 0) {
      return {
        code: 'quantity_exceeds_to_ship',
        line,
        left: lineLeft.quantity,
        requested: quantity,
      }
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
