import { z } from 'zod'
import { laterDay } from '../../src/events/day.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  deliveryValidated,
  type ShipmentLine,
  type Track,
} from '../../src/events/shipment-events.js'
import { documentIdSchema, text } from '../../src/events/text.js'
import { compareDecimal, minusDecimal } from '../../src/money/quantity.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { acceptNumbered, refuse } from '../decision.js'
import { nextShipmentId } from '../document-id.js'
import { firstFact } from '../first-fact.js'
import type { Refusal } from '../refusal.js'
import {
  linesLeftToShip,
  linesToShip,
  shipmentContact,
  shipmentLinesInput,
  shippableOrder,
} from './lines-to-ship.js'

/**
 * The goods left. What of the plan did not leave is planned again as a shipment of its own, unless it is said that it
 * will not be delivered (M13). Deliveries post nothing: no stock values are kept.
 */
export const validateDelivery = folioCommand({
  name: 'validate-delivery',
  area: 'shipment',
  summary: 'Confirms that the goods of a planned delivery left, in full or in part',
  rows: ['M7', 'M13'],
  input: z.strictObject({
    shipmentId: documentIdSchema,
    lines: shipmentLinesInput
      .optional()
      .describe(
        'Order lines counted from 0, and what of each left; left out, all that is planned.',
      ),
    tracks: deliveryValidated.schema.shape.tracks.default([]).describe('One for each parcel.'),
    restPlanned: z
      .boolean()
      .default(true)
      .describe('Whether what did not leave is planned as a delivery of its own.'),
  }),
  output: z.strictObject({
    shipmentId: documentIdSchema,
    number: text(40).meta({ examples: ['WH/OUT/00077'] }),
    lines: deliveryValidated.schema.shape.lines,
    rest: documentIdSchema
      .nullable()
      .describe('The shipment that is planned for what did not leave.'),
  }),
  document: ({ shipmentId }) => shipmentId,
  books: () => DEFAULT_BOOKS,
  decide({ shipmentId, lines: asked, tracks, restPlanned }, context) {
    const { folio, folioId, now, today } = context
    const shipment = folio.shipments.get(shipmentId)
    if (shipment === undefined) return refuse({ code: 'shipment_not_found', shipment: shipmentId })
    if (shipment.status !== 'planned') {
      const { status } = shipment
      return refuse({ code: 'shipment_not_planned', shipment: shipmentId, status })
    }
    const refusal = tracksRefusal(shipmentId, tracks)
    if (refusal !== null) return refuse(refusal)
    const { content: planned, plannedFor } = shipment
    const order = shippableOrder(planned.order.orderId, context)
    if ('code' in order) return refuse(order)
    // The address is the order's as it is now: it may have been corrected since it was planned.
    const content = { ...planned, party: order.party, shipTo: shipmentContact(order) }
    const left = linesLeftToShip(order, folio, shipmentId).map(({ ordered, quantity }, line) => ({
      ordered,
      quantity: smaller(quantity, plannedQuantity(content.lines, line)),
    }))
    const lines = linesToShip(left, asked ?? content.lines.map(quantityOf))
    if ('code' in lines) return refuse(lines)
    const rest = restPlanned ? restOf(content.lines, lines) : []
    return acceptNumbered(
      [{ series: `${content.warehouse}/OUT`, document: shipmentId, postingDate: today }],
      (number): LedgerFact[] => [
        {
          type: 'DeliveryValidated',
          data: { ...content, lines, number, shippedAt: now, shippedOn: today, tracks },
        },
        ...(rest.length === 0
          ? []
          : [
              {
                type: 'ShipmentPlanned' as const,
                data: {
                  ...content,
                  shipmentId: nextShipmentId(folioId, folio),
                  lines: rest,
                  plannedFor: laterDay(plannedFor, today),
                  restOf: shipmentId,
                },
              },
            ]),
      ],
    )
  },
  answer: (facts) => {
    const { shipmentId, number, lines } = firstFact(facts, 'DeliveryValidated').data
    const rest = facts.find((fact) => fact.type === 'ShipmentPlanned')
    return { shipmentId, number, lines, rest: rest?.data.shipmentId ?? null }
  },
})

function tracksRefusal(shipmentId: string, tracks: readonly Track[]): Refusal | null {
  const twice = tracks.find(
    ({ number }, index) => tracks.findIndex((track) => track.number === number) < index,
  )
  return twice === undefined
    ? null
    : { code: 'tracking_known_already', shipment: shipmentId, number: twice.number }
}

function plannedQuantity(planned: readonly ShipmentLine[], line: number): string {
  return planned.find(({ orderLine }) => orderLine === line)?.quantity ?? '0'
}

function quantityOf({ orderLine, quantity }: ShipmentLine) {
  return { line: orderLine, quantity }
}

function restOf(
  planned: readonly ShipmentLine[],
  shipped: readonly ShipmentLine[],
): ShipmentLine[] {
  return planned.flatMap((line) => {
    const quantity = minusDecimal(line.quantity, plannedQuantity(shipped, line.orderLine))
    return compareDecimal(quantity, '0') > 0 ? [{ ...line, quantity }] : []
  })
}

function smaller(left: string, right: string): string {
  return compareDecimal(left, right) < 0 ? left : right
}
