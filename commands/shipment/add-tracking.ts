import { z } from 'zod'
import { trackSchema } from '../../src/events/shipment-events.js'
import { documentIdSchema } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { firstFact } from '../first-fact.js'

/** A tracking number that came after the goods had left (M13). */
export const addTracking = folioCommand({
  name: 'add-tracking',
  area: 'shipment',
  summary: 'Adds a tracking number to a delivery that left before',
  rows: ['M13'],
  input: z.strictObject({ shipmentId: documentIdSchema, track: trackSchema }),
  output: z.strictObject({ shipmentId: documentIdSchema, track: trackSchema }),
  document: ({ shipmentId }) => shipmentId,
  books: () => DEFAULT_BOOKS,
  decide({ shipmentId, track }, { folio }) {
    const shipment = folio.shipments.get(shipmentId)
    if (shipment === undefined) {
      return refuse({ code: 'shipment_not_found', shipment: shipmentId })
    }
    if (shipment.status !== 'delivered') {
      const { status } = shipment
      return refuse({ code: 'shipment_not_delivered', shipment: shipmentId, status })
    }
    const { number } = track
    if (shipment.tracks.some((known) => known.number === number)) {
      return refuse({ code: 'tracking_known_already', shipment: shipmentId, number })
    }
    return accept({ type: 'TrackingAdded', data: { shipmentId, track } })
  },
  answer: (facts) => {
    const { shipmentId, track } = firstFact(facts, 'TrackingAdded').data
    return { shipmentId, track }
  },
})
