/** Deliveries: planned, left or discarded, never more of an order's line than was ordered (M13). */
import type { EventOfType } from '../../src/events/ledger-event.js'
import { millionths } from './arithmetic.js'
import type { createOrders } from './orders.js'
import type { Report } from './report.js'

type Shipment = { status: 'planned' | 'delivered' | 'discarded'; tracks: Set<string> }

export function createShipments(report: Report, orders: ReturnType<typeof createOrders>) {
  const shipments = new Map<string, Shipment>()
  const delivered = new Map<string, bigint>()

  function plan({ data }: EventOfType<'ShipmentPlanned'>): void {
    if (shipments.has(data.shipmentId))
      report('shipment_state', data.shipmentId, 'is planned twice')
    shipments.set(data.shipmentId, { status: 'planned', tracks: new Set() })
  }

  function discard({ data }: EventOfType<'ShipmentPlanDiscarded'>): void {
    const shipment = shipments.get(data.shipmentId)
    if (shipment?.status !== 'planned') report('shipment_state', data.shipmentId, 'is not planned')
    else shipment.status = 'discarded'
  }

  function deliver({ data }: EventOfType<'DeliveryValidated'>): void {
    const { shipmentId, order, lines, tracks } = data
    const shipment = shipments.get(shipmentId)
    if (shipment?.status !== 'planned') {
      report('shipment_state', shipmentId, 'leaves and is not planned')
      return
    }
    shipment.status = 'delivered'
    for (const { number } of tracks) shipment.tracks.add(number)
    for (const { orderLine, quantity } of lines) {
      const key = `${order.orderId} ${orderLine}`
      const sum = (delivered.get(key) ?? 0n) + millionths(quantity)
      delivered.set(key, sum)
      const ordered = orders.ordered(order.orderId, orderLine)
      if (millionths(quantity) <= 0n || (ordered !== null && sum > ordered)) {
        report(
          'shipped_beyond_order',
          key,
          `${sum} of ${ordered ?? 0n} millionths with ${shipmentId}`,
        )
      }
    }
  }

  function track({ data }: EventOfType<'TrackingAdded'>): void {
    const shipment = shipments.get(data.shipmentId)
    if (shipment?.status !== 'delivered' || shipment.tracks.has(data.track.number)) {
      report('shipment_state', data.shipmentId, `cannot get the track ${data.track.number}`)
      return
    }
    shipment.tracks.add(data.track.number)
  }

  return { plan, discard, deliver, track }
}
