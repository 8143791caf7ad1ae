import { z } from 'zod'
import { shipmentContentSchema, warehouseSchema } from '../../src/events/shipment-events.js'
import { daySchema, documentIdSchema } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { nextShipmentId } from '../document-id.js'
import { firstFact } from '../first-fact.js'
import {
  everythingLeft,
  linesLeftToShip,
  linesToShip,
  shipmentContact,
  shipmentLinesInput,
  shippableOrder,
} from './lines-to-ship.js'

const DEFAULT_WAREHOUSE = 'WH'

/** A delivery to come: in full or in part, never beyond what is left to ship (M13). It posts nothing. */
export const planShipment = folioCommand({
  name: 'plan-shipment',
  area: 'shipment',
  summary: 'Plans a delivery of the goods of an order, in full or in part',
  rows: ['M7', 'M13'],
  input: z.strictObject({
    orderId: documentIdSchema,
    lines: shipmentLinesInput
      .optional()
      .describe('Order lines counted from 0; left out, everything that is left to ship.'),
    warehouse: warehouseSchema
      .default(DEFAULT_WAREHOUSE)
      .describe(
        'Where the goods leave from; its deliveries are numbered in a series of their own.',
      ),
    plannedFor: daySchema.optional().describe('Today unless given.'),
  }),
  output: z.strictObject({
    shipmentId: documentIdSchema,
    lines: shipmentContentSchema.shape.lines,
  }),
  document: ({ orderId }) => orderId,
  books: () => DEFAULT_BOOKS,
  decide({ orderId, lines: asked, warehouse, plannedFor }, context) {
    const { folio, folioId, today } = context
    const order = shippableOrder(orderId, context)
    if ('code' in order) return refuse(order)
    const left = linesLeftToShip(order, folio)
    const quantities = asked ?? everythingLeft(left)
    if (quantities.length === 0) return refuse({ code: 'nothing_left_to_ship', order: orderId })
    const lines = linesToShip(left, quantities)
    if ('code' in lines) return refuse(lines)
    const { books, number, placedOn, party, platform } = order
    const ofPlatform =
      platform === null
        ? {}
        : { instance: platform.instance, platformOrderId: platform.platformOrderId }
    return accept({
      type: 'ShipmentPlanned',
      data: {
        shipmentId: nextShipmentId(folioId, folio),
        books,
        warehouse,
        order: { orderId, number, placedOn, ...ofPlatform },
        party,
        shipTo: shipmentContact(order),
        lines,
        plannedFor: plannedFor ?? today,
      },
    })
  },
  answer: (facts) => {
    const { shipmentId, lines } = firstFact(facts, 'ShipmentPlanned').data
    return { shipmentId, lines }
  },
})
