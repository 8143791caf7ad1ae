/** Facts of deliveries in a story. */
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { folioId, numbered, orderId, PARTY } from './ledger-story.js'

/** Planned, then gone or not sent after all. */
export function deliveryStory(folio: number, shipment: number): LedgerFact[] {
  const shipmentId = `${folioId(folio)}-s${shipment}`
  const content = {
    shipmentId,
    books: 'default',
    warehouse: 'WH',
    order: { orderId: orderId(folio), number: `${1000 + folio}`, placedOn: '2026-03-01' },
    party: PARTY,
    shipTo: { name: 'Ada Byron', email: 'ada@example.com' },
    lines: [{ orderLine: 0, sku: 'LAMP', description: 'A lamp', quantity: '1' }],
  }
  const planned: LedgerFact = {
    type: 'ShipmentPlanned',
    data: { ...content, plannedFor: '2026-03-02' },
  }
  if (shipment % 3 === 0) return [planned, { type: 'ShipmentPlanDiscarded', data: { shipmentId } }]
  return [
    planned,
    {
      type: 'DeliveryValidated',
      data: {
        ...content,
        number: `WH/OUT/${numbered(folio * 100 + shipment)}`,
        shippedAt: '2026-03-03T09:00:00.000Z',
        shippedOn: '2026-03-03',
        tracks: [],
      },
    },
    { type: 'TrackingAdded', data: { shipmentId, track: { number: `T${shipment}` } } },
  ]
}
